"""Make the built pages light: one stylesheet and one script of the theme with what the site uses, and a description."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx

from quizzes.site.esbuild import minified
from quizzes.site.icons import embedded, icons_drawn
from quizzes.site.scripts import bundle, with_fewer_scripts
from quizzes.site.small import compact
from quizzes.site.stylesheet import Block, Used, purged

THEME = "sphinx_book_theme"
FULL = "theme-whole.css"  # among the doctrees: what the lean stylesheet was made from, for comparison
FRONT_END = re.compile(r"quiz-[0-9a-f]+/")
# Those for one medium only, such as print, hold up nothing and stay.
_LINK = re.compile(
    r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*\bhref="([^"?]*)_static/([^"?]*)[^"]*"[^>]*>\n?'
)
_IMPORT = re.compile(r"@import\s+[\"']([^\"']+)[\"'];?")
_URL = re.compile(r"url\(([\"']?)(?!data:|#|/|https?:)([^)\"']+)\1\)")
_BANNER = re.compile(r"/\*!.*?\*/", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.?!]) ")


def _is_ours(app: Sphinx, name: str) -> bool:
    """Tell whether a stylesheet in `_static` is the course's own: nothing is left out of it."""
    ours = [file if isinstance(file, str) else file[0] for file in app.config.html_css_files]
    return bool(FRONT_END.match(name)) or name in ours


def _whole(file: Path, static: Path) -> str:
    """Return a stylesheet with what it imports, its addresses as seen from `static`."""
    text = file.read_text(encoding="utf-8")

    def moved(found: re.Match[str]) -> str:
        target = (file.parent / found[2]).resolve()
        return f"url({target.relative_to(static.resolve()).as_posix()})"

    text = _IMPORT.sub(lambda found: _whole(file.parent / found[1], static), text)
    return _URL.sub(moved, text).replace('@charset "UTF-8";', "")


def _sheets(pages: Iterable[str]) -> list[str]:
    """Return the names in `_static` of the stylesheets, in the order in which pages link them."""
    names = dict.fromkeys(name for html in pages for _, name in _LINK.findall(html))
    return [name for name in names if not re.fullmatch(r"lean-\w+\.css", name)]


def _used(static: Path, pages: Iterable[str], front_end: Iterable[Path]) -> Used:
    """Return what is on the pages, and what their scripts can put there."""
    used = Used()
    for html in pages:
        used.read_page(html)
        for name in re.findall(r'<script[^>]*src="[^"]*_static/([^"?]+)', html):
            if not FRONT_END.match(name):
                used.read_script((static / name).read_text(encoding="utf-8"))
    for module in front_end:
        used.read_module(module.read_text(encoding="utf-8"))
    return used


def lean_css(theirs: str, ours: str, used: Used, static: Path) -> str:
    """Return the rules of the theme that the site can use, with the fonts that it draws icons from; and ours, whole."""
    rules = purged(theirs, used, ours)
    fonts, others = (
        [str(rule) for rule in rules if _is_font(rule)],
        "".join(str(rule) for rule in rules if not _is_font(rule)),
    )
    icons = icons_drawn(others)
    faces = "".join(embedded(font, static, icons) for font in fonts if icons and _is_asked(font, others))
    banners = "".join(dict.fromkeys(_BANNER.findall(theirs)))
    return banners + faces + others + ours


def _is_font(rule: Any) -> bool:
    return isinstance(rule, Block) and rule.keyword == "font-face"


def _is_asked(font: str, css: str) -> bool:
    """Tell whether a font of icons is one whose class, such as `fa-solid`, has a rule left."""
    style = re.search(r"/(fa-[a-z]+)-\d+\.woff2", font)
    return style is None or bool(re.search(rf"\.{style[1]}\b(?!-)", css))


def _write(static: Path, ending: str, text: str) -> str:
    """Write a file whose name changes with its content; return the name."""
    for old in static.glob(f"lean-*.{ending}"):
        old.unlink()
    name = f"lean-{hashlib.sha256(text.encode()).hexdigest()[:10]}.{ending}"
    (static / name).write_text(text, encoding="utf-8")
    return name


def with_one_stylesheet(html: str, name: str) -> str:
    """Return a page with a link to `_static/<name>` in place of all its stylesheets, before all else that it loads."""
    link = _LINK.search(html)
    if link is None:
        return html
    line = f'<link rel="stylesheet" href="{link[1]}_static/{name}" />\n'
    return re.sub(r"(?=<(?:link|script|style|title|noscript)\b)", line, _LINK.sub("", html), count=1)


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html" or app.config.html_theme != THEME:
        return
    static = Path(app.outdir, "_static")
    pages = {file: file.read_text(encoding="utf-8") for file in _pages(Path(app.outdir))}
    sheets = _sheets(pages.values())
    if not sheets:  # every page was finished before
        return
    script = _write(static, "js", bundle(static))
    pages = {file: with_fewer_scripts(html, script) for file, html in pages.items()}
    theirs = "".join(_whole(static / name, static) for name in sheets if not _is_ours(app, name))
    ours = minified("".join(_whole(static / name, static) for name in sheets if _is_ours(app, name)), ".css")
    used = _used(static, pages.values(), static.glob("quiz-*/*.mjs"))
    style = _write(static, "css", lean_css(theirs, ours, used, static))
    Path(app.doctreedir, FULL).write_text(theirs + ours, encoding="utf-8")
    for file, html in pages.items():
        file.write_text(compact(with_one_stylesheet(html, style)), encoding="utf-8")


def _pages(folder: Path) -> list[Path]:
    apart = {"_static", "_sources", "lite"}
    return [file for file in sorted(folder.rglob("*.html")) if not apart & set(file.relative_to(folder).parts)]


def description(doctree: nodes.document) -> str:
    """Return what a page says first, as much of it as a search engine shows."""
    text = next((node.astext() for node in doctree.findall(nodes.paragraph) if len(node.astext()) > 40), "")
    kept = ""
    for sentence in _SENTENCE.split(" ".join(text.split())):
        if kept and len(kept) + len(sentence) > 160:
            break
        kept = f"{kept} {sentence}".strip()
    return kept


def _describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is None or 'name="description"' in context.get("metatags", ""):
        return
    if text := description(doctree):
        context["metatags"] = context.get("metatags", "") + f'\n<meta name="description" content="{escape(text)}" />'


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the steps."""
    app.connect("html-page-context", _describe)
    app.connect("build-finished", _finish, priority=600)  # after the theme has written the colours of code
    return {"parallel_read_safe": True, "parallel_write_safe": True}
