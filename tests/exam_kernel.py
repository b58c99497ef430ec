"""The kernel behind a notebook's exam room, with records in memory: what the tests of both of its sides share."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from quizzes.bank import Bank
from quizzes.practice import FromBank
from quizzes.study.exam_room import ExamRoom

NOW = 1_795_545_000
EXAM = "tp0re0"  # NOW in base 36


class Records:
    """Records in memory, with the store's functions."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.kept: dict[tuple[str, str], Any] = {}
        self.trouble = ""

    def read(self, kind: str, id: str) -> Any:  # noqa: A002
        """Return a record, or None."""
        return copy.deepcopy(self.kept.get((kind, id)))

    def write(self, kind: str, id: str, value: Any) -> None:  # noqa: A002
        """Keep a record; None removes it."""
        if value is None:
            self.kept.pop((kind, id), None)
        else:
            self.kept[kind, id] = copy.deepcopy(value)

    def update(self, kind: str, id: str, change: Callable[[Any], Any]) -> None:  # noqa: A002
        """Keep what becomes of a record."""
        self.write(kind, id, change(self.read(kind, id) or {}))

    def all(self, kind: str) -> dict[str, Any]:
        """Return the records of a kind."""
        return {name: self.read(kind, name) for each, name in self.kept if each == kind}

    def log_attempt(self, id: str, attempt: dict[str, Any]) -> None:  # noqa: A002
        """Add an attempt."""
        self.update("item", id, lambda item: {**item, "log": [*item.get("log", []), attempt]})

    def kept_not(self) -> str:
        """Return why nothing is kept."""
        return self.trouble


class Kernel:
    """An exam room whose answers are caught on their way to the front end."""

    def __init__(self, store: Records, bank: Bank) -> None:
        """Make the room."""
        self.store, self.practised, self.runs = store, [], True
        source = FromBank()
        self.room = ExamRoom(
            store, source.index, lambda ids: {name: source.html([name]) for name in ids}, self._practise
        )
        self._said: list[Any] = []
        self.room.send = self._said.append

    def _practise(self, missed: list[str]) -> None:
        self.practised = missed

    def hear(self, content: Any) -> list[Any]:
        """Handle a message as from the front end; returns what was answered, after its way through JSON."""
        if not self.runs:
            return []
        self._said.clear()
        self.room._receive(self.room, json.loads(json.dumps(content)), [])
        return list(json.loads(json.dumps(self._said)))

    def keep(self, *operations: dict[str, Any]) -> Any:
        """Hand in changes; returns the answer."""
        (answer,) = self.hear({"what": "keep", "to": "a:1", "operations": list(operations)})
        return answer

    def keep_exam(self, value: Any, stamp: str = "") -> Any:
        """Hand in an exam; returns what is kept of it now."""
        answer = self.keep({"what": "exam", "id": EXAM, "value": value, "stamp": stamp})
        (kept,) = answer["kept"]
        return kept


@pytest.fixture
def store() -> Records:
    """Return an empty store."""
    return Records()


@pytest.fixture
def kernel(store: Records, bank: Bank) -> Kernel:
    """Return a room on the store."""
    return Kernel(store, bank)
