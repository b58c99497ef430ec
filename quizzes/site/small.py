"""Pages, scripts and stylesheets without what only the readers of their sources need."""

from __future__ import annotations

import re

import minify_html

# Comments that have lines of their own. The minifier would keep those that stand before a declaration.
COMMENTS = re.compile(r"^[ \t]*(/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
WRAPPED = {
    ".mjs": ('<script type="module">', "</script>"),
    ".js": ("<script>", "</script>"),
    ".css": ("<style>", "</style>"),
}


def minified(text: str, suffix: str) -> str:
    """Return a script (`.mjs`, `.js`) or a stylesheet (`.css`), made small by a parser that knows the language."""
    opening, closing = WRAPPED[suffix]
    small = minify_html.minify(f"{opening}{COMMENTS.sub('', text)}{closing}", minify_js=True, minify_css=True)
    return small.partition(">")[2].removesuffix(closing)


_KEPT = re.compile(r"(<(pre|textarea|script)\b.*?</\2>)", re.DOTALL)  # where every space counts
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NAVIGATION = re.compile(r'<nav class="bd-links.*?</nav>', re.DOTALL)


def compact(html: str) -> str:
    """Return a page without comments, indentation, and class names in the list of pages that no rule uses."""
    html = _NAVIGATION.sub(lambda found: found[0].replace(' class="reference internal"', ""), html)
    kept: list[str] = []

    def aside(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"\0{len(kept) - 1}\0"

    bare = re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", _KEPT.sub(aside, html)))
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], bare)
