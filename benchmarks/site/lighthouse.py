"""Lighthouse's four scores for a page, as for a phone on a slow network: the defaults of its command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

from benchmarks.command import BIN, ROOT, run
from benchmarks.site.measure import FLAGS
from tests.ensure_browser import installed

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def scores(script: Path, address: str) -> dict[str, int]:
    """Return the score of each category, 0 to 100. Raises CommandError where Lighthouse fails."""
    options = (
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(_quoted(flag) for flag in ('--headless', *FLAGS))}",
    )
    environment = {"CHROME_PATH": installed() or "", "PATH": os.pathsep.join((str(BIN), os.environ.get("PATH", "")))}
    printed = run(BIN / "node", script, address, *options, cwd=ROOT, env=environment)
    categories = json.loads(printed)["categories"]
    return {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES}


def _quoted(flag: str) -> str:
    """Quote a flag's value as Lighthouse's parser takes it."""
    name, equals, value = flag.partition("=")
    return f'{name}{equals}"{value}"' if " " in value else flag
