"""Reads questions in a format, and the items that come of them."""

from __future__ import annotations

from pydantic import TypeAdapter

from quizzes import imports
from quizzes.bank import Bank
from quizzes.imports.base import Imported
from quizzes.imports.builder import Builder
from quizzes.items import AnyItem, Item

FORMATS = ("moodle", "gift")
ADAPTER: TypeAdapter[AnyItem] = TypeAdapter(Item)


def read(bank: Bank, name: str, content: str | bytes, exam: str = "capm/fundamentals") -> Imported:
    """Read questions in a format."""
    written = content.encode() if isinstance(content, str) else content
    return imports.load(name)(written, Builder(bank, "a test", "family", "to-be-named-test", exam))
