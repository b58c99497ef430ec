"""The bank in other programs' formats, one module each.

A module is named in `MODULES` and has a `FORMAT`. It is imported when it is used, since some need a library of the
`exports` extra.
"""

from __future__ import annotations

from importlib import import_module

from quizzes.exports.base import Format

MODULES = {
    "json": "json_bank",
    "anki": "anki",
    "csv": "csv_bank",
    "paper": "paper",
    "moodle": "moodle_xml",
    "gift": "gift",
    "qti21": "qti21",
    "qti12": "qti12",
    "h5p": "h5p",
    "scorm12": "scorm12",
    "scorm2004": "scorm2004",
}


def load(name: str) -> Format:
    """Return a format by its name; raises ImportError where a library that it needs is not installed."""
    found: Format = import_module(f"quizzes.exports.{MODULES[name]}").FORMAT
    return found


def every() -> list[Format]:
    """Return all formats, in the order of MODULES."""
    return [load(name) for name in MODULES]
