"""Cut a theme's icon fonts down to the icons that are drawn, and put them into the stylesheet itself."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

_SOURCE = re.compile(r"url\(['\"]?([^)'\"]+\.woff2)['\"]?\)")
_SOURCES = re.compile(r"src:[^;}]+")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def icons_drawn(css: str) -> frozenset[int]:
    """Return the code points of the icons that a stylesheet draws: they lie in Unicode's area for private use."""
    return frozenset(map(ord, _PRIVATE_USE.findall(css)))


def subset(font: Path, code_points: Iterable[int]) -> bytes:
    """Return the font with these icons and no others, as WOFF2."""
    options = Options(layout_features=[], hinting=False, name_IDs=[13, 14], notdef_outline=True)
    options.flavor = "woff2"
    with TTFont(font) as opened:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=code_points)
        subsetter.subset(opened)
        opened.flavor = "woff2"
        written = io.BytesIO()
        opened.save(written)
    return written.getvalue()


def embedded(font_face: str, folder: Path, code_points: Iterable[int]) -> str:
    """Return a `@font-face` rule whose font is part of it: an icon is then there with the first paint of the page.

    `folder` is where the addresses in the rule start.
    """
    source = _SOURCE.search(font_face)
    if source is None:
        return font_face
    data = base64.b64encode(subset(folder / source[1], code_points)).decode()
    return _SOURCES.sub(f'src:url(data:font/woff2;base64,{data}) format("woff2")', font_face, count=1)
