"""What makes the site work when it is opened from disk, where browsers refuse modules and `fetch`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from sphinx.errors import ExtensionError

from quizzes.site.esbuild import IMPORT, minified

SOURCE = Path(__file__).parent.with_name("frontend") / "offline.js"
_ITEM = re.compile(r'<div class="quiz-item" id="item-([a-z0-9-]+)"')
_DIV = re.compile(r"<(/?)div\b")


def loader(folder: str) -> str:
    """Return the script that a page needs to load `offline.js` of a folder when it is opened from disk."""
    return (
        '<script>if(location.protocol=="file:")document.head.appendChild(document.createElement("script")).src='
        f'"{folder}/offline.js"</script>'
    )


def _check_order(modules: Mapping[str, str]) -> None:
    """Raise ExtensionError where modules import each other in a circle: a Blob needs the addresses of its imports."""
    try:
        TopologicalSorter({name: IMPORT.findall(source) for name, source in modules.items()}).prepare()
    except CycleError as error:
        raise ExtensionError(
            f"from disk: modules import each other in a circle: {' <- '.join(error.args[1])}"
        ) from None


def bundle(modules: Mapping[str, str]) -> str:
    """Return `offline.js` with the modules in it, by name."""
    missing = {name for source in modules.values() for name in IMPORT.findall(source)} - set(modules)
    if missing:
        raise ExtensionError(f"from disk: no module {', '.join(sorted(missing))}")
    _check_order(modules)
    source = minified(SOURCE.read_text(encoding="utf-8"), ".js")
    return source.replace("MODULES_OF_THE_SITE", json.dumps(dict(modules), ensure_ascii=False, sort_keys=True), 1)


def _element(html: str, start: int) -> str:
    """Return the `div` that starts at a place, with all that is in it."""
    depth = 0
    for tag in _DIV.finditer(html, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start : html.index(">", tag.start()) + 1]
    raise ExtensionError(f"from disk: a <div> is not closed: {html[start : start + 80]}")


def items_of(html: str) -> Iterator[tuple[str, str]]:
    """Return the items of a page that have an address, each with its HTML."""
    for found in _ITEM.finditer(html):
        yield found[1], _element(html, found.start())


def write(folder: Path, front_end: Path) -> None:
    """Write `offline.js` and the items of all pages beside the modules."""
    modules = {path.name: path.read_text(encoding="utf-8") for path in sorted(front_end.glob("*.mjs"))}
    pages = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html")))
    items = dict(each for page in pages for each in items_of(page))
    text = json.dumps(items, ensure_ascii=False, sort_keys=True)
    (front_end / "offline.js").write_text(bundle(modules), encoding="utf-8")
    (front_end / "offline-items.js").write_text(f"globalThis.quizOfflineItems={text};\n", encoding="utf-8")
