"""The real site, as `make site` builds it: its practice page, its mock exam, every page at rest, and its precache.

`PRACTICE`, `exam.EXAM` and `precache` are all that knows how the site is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error

from benchmarks.command import say
from benchmarks.site import exam
from benchmarks.site.contestants import CONTESTANTS, OURS
from benchmarks.site.measure import weigh
from benchmarks.site.rounds import Subject
from benchmarks.site.server import wire_bytes

PRACTICE = "book/practice.html"
CODE = CONTESTANTS[0].code
WORKER = "sw.js"
FILES = re.compile(r"\bFILES\s*=\s*(\{.*?\})")


def practice(address: str) -> Subject:
    """Return the site's practice page as a subject of the rounds."""
    return Subject("site practice", f"{address}/{PRACTICE}", OURS, CODE)


def pages(folder: Path) -> list[str]:
    """Return the addresses of all pages of the book under the site's root."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("book/**/*.html"))


def precache(folder: Path) -> dict[str, int]:
    """Return how many files the service worker keeps, and their bytes as stored and over the wire.

    Raises ValueError where there is no list, or where it names what is not there.
    """
    worker = folder / WORKER
    found = FILES.search(worker.read_text(encoding="utf-8")) if worker.is_file() else None
    if not found:
        raise ValueError(f"{worker}: no list of files, FILES = {{path: digest}}")
    files = [folder / name for name in json.loads(found[1])]
    missing = next((path for path in files if not path.is_file()), None)
    if missing:
        raise ValueError(f"{worker}: lists {missing.relative_to(folder)}, which is not there")
    stored = sum(path.stat().st_size for path in files)
    return {"files": len(files), "bytes": stored, "wire_bytes": sum(wire_bytes(path) for path in files)}


def _weights(browser: Browser, address: str, names: list[str]) -> dict[str, Any]:
    say(f"weighing {len(names)} pages")
    return {name: asdict(weigh(browser, f"{address}/{name}", CODE)) for name in names}


def measure(browser: Browser, folder: Path, address: str) -> dict[str, Any]:
    """Return the figures of the whole site; what cannot be measured is told in `faults`, a line each."""
    found: dict[str, Any] = {"faults": {}}
    steps: dict[str, Callable[[], Any]] = {
        "pages": lambda: _weights(browser, address, pages(folder)),
        "exam": lambda: exam.measure(browser, lambda page: f"{address}/{page}"),
        "precache": lambda: precache(folder),
    }
    for name, step in steps.items():
        try:
            found[name] = step()
        except (Error, ValueError) as error:
            found["faults"][name] = str(error).splitlines()[0]
            say(f"{name}: {found['faults'][name]}")
    return found
