"""An empty progress database, and a record and an answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from quizzes.study.store import Store

ITEM = {
    "response": {"class": "project"},
    "checked": True,
    "log": [{"at": 1_795_545_000, "outcome": "right", "where": "study"}],
}
ANSWER = {"at": 1_795_545_100, "outcome": "wrong", "where": "study", "sure": 90}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is to be."""
    return tmp_path / "data" / "progress.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Return an empty store."""
    made = Store(path)
    yield made
    made.close()
