"""Questions of other programs as items of a private bank folder, one module for each format.

A module is named in `MODULES` and has `read`. It is imported when it is used, since some need a library of the
`exports` extra.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from quizzes.imports.base import Imported
from quizzes.imports.builder import Builder

MODULES = {"moodle": "moodle_xml", "gift": "gift", "csv": "csv_bank"}
Read = Callable[[bytes, Builder], Imported]


def load(name: str) -> Read:
    """Return what reads a format by its name; raises ImportError where a library that it needs is not installed."""
    found: Read = import_module(f"quizzes.imports.{MODULES[name]}").read
    return found
