"""Pages without what only the readers of their sources need."""

from __future__ import annotations

import re

_KEPT = re.compile(r"(<(pre|textarea|script)\b.*?</\2>)", re.DOTALL)  # where every space counts
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NAVIGATION = re.compile(r'<nav class="bd-links.*?</nav>', re.DOTALL)
_UNSTYLED = re.compile(r' class="(?:reference internal|toctree-l\d)"|\btoctree-l\d (?=[^">]*">)')
# Beside these a line break is never seen: they start and end lines themselves.
_BLOCK = re.compile(
    r"(</?(?:article|aside|body|dd|details|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|html|legend|li|link|main|meta"
    r"|nav|ol|p|section|table|tbody|td|th|thead|title|tr|ul)\b[^>]*>)\n"
)


def compact(html: str) -> str:
    """Return a page without comments, indentation, and class names in the list of pages that no rule uses."""
    html = _NAVIGATION.sub(lambda found: _UNSTYLED.sub("", found[0]), html)
    kept: list[str] = []

    def aside(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"\0{len(kept) - 1}\0"

    bare = _BLOCK.sub(r"\1", re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", _KEPT.sub(aside, html))))
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], bare)
