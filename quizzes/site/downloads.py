"""Seal a finished site: its zip, the figures on the page of downloads, and the service worker that lists all files.

Works on the HTML folder alone and may be done again, as when the EPUB was made after the pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from quizzes.archive import archived
from quizzes.site.esbuild import minified
from quizzes.site.needed import FOR_DISK, FRONT_END, needed

NAME = "project-or-operation"
ZIP, EPUB = f"{NAME}.zip", f"{NAME}.epub"
FOLDER = "downloads"
WORKER = Path(__file__).parent.with_name("frontend") / "sw.js"
ELSEWHERE = "on the site of the course"  # what stands in the page as it is written, and in copies of the site
_PLACE = re.compile(r'(<span data-download="([\w.-]+)">).*?(</span>)', re.DOTALL)


def digest(content: bytes) -> str:
    """Return a short digest of a file's content."""
    return hashlib.sha256(content).hexdigest()[:10]


def worker(files: Mapping[str, bytes]) -> str:
    """Return the service worker's script for a site of these files."""
    digests = json.dumps({name: digest(content) for name, content in sorted(files.items())}, separators=(",", ":"))
    source = WORKER.read_text(encoding="utf-8")
    version = digest((source + digests).encode())
    small = minified(source, ".js")
    return small.replace("FILES_OF_THE_SITE", digests, 1).replace("VERSION_OF_THE_SITE", f'"{version}"', 1)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files in a folder of the course's name; the same for the same files."""
    return archived({f"{NAME}/{name}": content for name, content in sorted(files.items())})


def built_on() -> str:
    """Return the date of the build in words; `SOURCE_DATE_EPOCH` sets it."""
    at = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())), UTC)
    return f"{at.day} {at:%B %Y}"


def in_words(size: int) -> str:
    """Return a number of bytes as a reader of downloads expects it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def filled(html: str, describe: Callable[[str], str]) -> str:
    """Return a page with what is said of each download in its place."""
    return _PLACE.sub(lambda found: f"{found[1]}{describe(found[2])}{found[3]}", html)


def _describe(folder: Path, up: str, name: str) -> str:
    path = folder / FOLDER / name
    if not path.is_file():
        return f"{name} (not made yet: <code>make site</code> makes it)"
    link = f'<a href="{up}{FOLDER}/{name}" download>{name}</a>'
    return f"{link} ({in_words(path.stat().st_size)}, {built_on()})"


def _fill(folder: Path, name: str) -> None:
    page = folder / name
    html = page.read_text(encoding="utf-8")
    if _PLACE.search(html):
        up = "../" * name.count("/")
        page.write_text(filled(html, lambda file: _describe(folder, up, file)), encoding="utf-8")


def _copy(content: bytes) -> bytes:
    """Return a page as it stands in a copy of the site, which has no downloads beside it."""
    return filled(content.decode(), lambda _: ELSEWHERE).encode() if b"data-download" in content else content


def for_disk(folder: Path) -> dict[str, bytes]:
    """Return the files of the zip: the site, what makes it work from disk, and a service worker for who serves it."""
    names = needed(folder)
    front = {found[0] for found in map(FRONT_END.match, names) if found}
    names += [f"{each}{file}" for each in front for file in FOR_DISK if (folder / each / file).is_file()]
    files = {name: _copy((folder / name).read_bytes()) for name in names}
    shown = {name: content for name, content in files.items() if not name.endswith(FOR_DISK)}
    return {**files, "sw.js": worker(shown).encode()}


def seal(folder: Path) -> None:
    """Write the zip, then the pages that tell its size, then the service worker, which lists those pages."""
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / ZIP).write_bytes(zipped(for_disk(folder)))
    names = needed(folder)
    for name in names:
        if name.endswith(".html"):
            _fill(folder, name)
    script = worker({name: (folder / name).read_bytes() for name in names})
    (folder / "sw.js").write_text(script, encoding="utf-8")
