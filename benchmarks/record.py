"""The record of one whole run: `measured.json`, and the page and the README that are written from it.

A record is written only after all four parts have run, all its files or none. A quick run never replaces a real one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from benchmarks import table
from benchmarks.command import ROOT
from benchmarks.measured import PARTS, Measured
from benchmarks.rows import Row

FILE = Path("benchmarks/measured.json")
TABLE = Path("book/_measured/table.txt")
README = Path("README.md")


class RecordError(RuntimeError):
    """A record that cannot be written or read; the message is one line."""


def read(root: Path = ROOT) -> Measured | None:
    """Return the record that stands, None where there is none; raises RecordError where it cannot be read."""
    file = root / FILE
    if not file.is_file():
        return None
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows = tuple(Row.from_json(row) for row in data.pop("rows"))
        return Measured(**{**data, "missing": tuple(data["missing"]), "rows": rows})
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError(f"{FILE}: no record of a run ({error}); `python -m benchmarks` writes it anew") from None


def refused(measured: Measured, root: Path = ROOT) -> str:
    """Return why a record may not be written, an empty text where it may."""
    left = [name for name in PARTS if name not in measured.minutes]
    if left:
        return f"not all parts ran: {', '.join(left)} left out"
    if measured.quick and (standing := read(root)) and not standing.quick:
        return f"a quick run does not replace the figures of a real one, of {standing.date}"
    return ""


def write(measured: Measured, root: Path = ROOT) -> list[Path]:
    """Write the record, the table of the page, and the lines of the README; returns what was written.

    Raises RecordError or MarkerError, with nothing written, where it may not be.
    """
    if reason := refused(measured, root):
        raise RecordError(reason)
    readme = table.in_readme(measured, (root / README).read_text(encoding="utf-8"))
    data = json.dumps(measured.as_json(), indent=1, ensure_ascii=False)
    texts = {FILE: f"{data}\n", TABLE: table.as_page(measured), README: readme}
    _replace({root / name: text for name, text in texts.items()})
    return list(texts)


def _replace(texts: Mapping[Path, str]) -> None:
    """Write all files beside their places first, so that a full disk changes none of them."""
    fresh = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh[path].write_text(text, encoding="utf-8", newline="\n")
        for path, beside in fresh.items():
            os.replace(beside, path)  # noqa: PTH105  one name for both systems
    finally:
        for beside in fresh.values():
            beside.unlink(missing_ok=True)
