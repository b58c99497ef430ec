"""Which files of a built site its readers need: what the pages link, load and import, and nothing else."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

STARTS = ("index.html", "search.html")  # a script, not a link, leads to the search page
FRONT_END = re.compile(r"_static/quiz-[0-9a-f]+/")
FOR_DISK = ("offline.js", "offline-items.js")
_NEVER = re.compile(r"\.(?:map|ttf|inv|txt|md|ipynb)$|^(?:downloads|_sources)/|^sw\.js$")
_TAG = re.compile(r"<(?:a|link|script|img|source|form|meta)\b[^>]*>")
_ADDRESS = re.compile(r'\b(?:href|src|action)="([^"#?]+)|http-equiv="refresh"[^>]*url=([^"#?]+)', re.IGNORECASE)
_IN_CSS = re.compile(r"""(?:url\(|@import\s+)\s*["']?([^"')#?]+)""")


def needed(folder: Path) -> list[str]:
    """Return the paths of the files that make up the site, sorted, without downloads and what is only for disk."""
    found: set[str] = set()
    todo = [name for name in STARTS if (folder / name).is_file()]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _leads_to(folder, name)
    return sorted(found)


def _leads_to(folder: Path, name: str) -> list[str]:
    if name.endswith(".html"):
        links = _of_page((folder / name).read_text(encoding="utf-8"))
    elif name.endswith(".css"):
        links = iter(_IN_CSS.findall((folder / name).read_text(encoding="utf-8")))
    elif name.endswith(".webmanifest"):
        links = iter(re.findall(r'"src":\s*"([^"]+)"', (folder / name).read_text(encoding="utf-8")))
    else:
        links = _of_front_end(folder, name)
    paths = (posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(link))) for link in links)
    return [path for path in paths if not _NEVER.search(path) and (folder / path).is_file()]


def _of_page(html: str) -> Iterator[str]:
    for tag in _TAG.findall(html):
        if 'rel="index"' in tag:  # the list of index entries, which nothing else leads to and which is empty
            continue
        for link, refreshed in _ADDRESS.findall(tag):
            yield link or refreshed


def _of_front_end(folder: Path, name: str) -> Iterator[str]:
    """Return the whole folder of a module of ours: rooms load modules by name."""
    if FRONT_END.match(name):
        yield from (path.name for path in (folder / name).parent.iterdir() if path.name not in FOR_DISK)
