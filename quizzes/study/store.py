"""What this computer keeps of a learner: the records of docs/site.md in a small SQLite database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

import platformdirs

from quizzes.records import RecordError, parse_json
from quizzes.study.database import identity, opened, reason
from quizzes.study.record_forms import fits

KINDS = ("item", "exam", "card", "setting")  # of the progress file
SESSION = "session"  # what is open: not exported
META = "meta"  # the database's own: neither exported nor reset
LASTS = "What you do now lasts only as long as this notebook runs."
Record = Any
Records = dict[str, dict[str, Record]]


def default_path() -> Path:
    """Return where the database is kept: in the user's data folder."""
    return Path(platformdirs.user_data_path("project-or-operation")) / "progress.sqlite3"


def own_store() -> Store:
    """Return this kernel's one store at `default_path`, with the answers of version 0.1 taken over."""
    return _at(default_path())


@cache
def _at(path: Path) -> Store:
    store = Store(path)
    store.adopt(path.with_name("answers"))
    return store


class Store:
    """Records by kind and id, safe with several notebooks at once and a kernel that is killed while it writes.

    Whatever is wrong with the file, nothing raises: `kept_not` says it in one line, nothing is overwritten, and records
    that cannot be kept last as long as this object.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the database, or make it."""
        self.path = path or default_path()
        self._memory: dict[tuple[str, str], Record] = {}  # what the file did not take; None: removed
        self._trouble = ""
        self._lock = RLock()
        self._inside = False
        self._file: tuple[int, int] | None = None
        self._base: sqlite3.Connection | None = None
        self._open()

    def __repr__(self) -> str:
        """Return one line that says where progress is kept."""
        return f"Progress in {self.path}" if not self._trouble else self.kept_not()

    def kept_not(self) -> str:
        """Return why records are not kept, in one line, or an empty text."""
        return f"{self.path}: {self._trouble}. {LASTS}" if self._trouble else ""

    # ---- records ----

    def read(self, kind: str, id: str) -> Record | None:  # noqa: A002  as in frontend/store.mjs
        """Return a record, or None where there is none that can be read."""
        with self._lock:
            if (kind, id) in self._memory:
                return _copy(self._memory[kind, id])
            rows = self._rows("SELECT value FROM records WHERE kind = ? AND id = ?", (kind, id))
            return _parsed(kind, id, rows[0][0]) if rows else None

    def all(self, kind: str) -> dict[str, Record]:
        """Return all records of a kind by id that can be read."""
        with self._lock:
            rows = self._rows("SELECT id, value FROM records WHERE kind = ? ORDER BY id", (kind,))
            found = {name: _parsed(kind, name, text) for name, text in rows}
            found |= {name: _copy(value) for (each, name), value in self._memory.items() if each == kind}
            return {name: value for name, value in found.items() if value is not None}

    def everything(self) -> Records:
        """Return all records by kind and id."""
        with self._lock:
            return {kind: self.all(kind) for kind in (*KINDS, SESSION)}

    def damaged(self) -> list[tuple[str, str]]:
        """Return kind and id of what is kept and cannot be read."""
        with self._lock:
            rows = self._rows("SELECT kind, id, value FROM records ORDER BY kind, id", ())
            return [
                (kind, name)
                for kind, name, text in rows
                if kind != META and (kind, name) not in self._memory and _parsed(kind, name, text) is None
            ]

    def write(self, kind: str, id: str, value: Record | None) -> bool:  # noqa: A002
        """Keep a record, None removes it; tells whether the file took it."""
        return self.change_all(lambda _: [(kind, id, value)], read=False)

    def update(self, kind: str, id: str, change: Callable[[Any], Record]) -> Record:  # noqa: A002
        """Keep what `change` makes of a record, or of an empty one, and return it; nobody writes in between."""
        with self._lock, self._transaction():
            value = change(self.read(kind, id) or {})
            self._put(kind, id, value)
            return value

    def log_attempt(self, id: str, attempt: Mapping[str, Any]) -> Record:  # noqa: A002
        """Add an attempt to an item's history."""
        return self.update("item", id, lambda item: {**item, "log": [*item.get("log", []), dict(attempt)]})

    def change_all(self, make: Callable[[Records], list[tuple[str, str, Record | None]]], *, read: bool = True) -> bool:
        """Keep all changes that `make` finds from all records, or none; tells whether the file took them."""
        with self._lock:
            with self._transaction():
                for kind, name, value in make(self.everything() if read else {}):
                    self._put(kind, name, value)
            return not self._trouble

    def reset(self) -> bool:
        """Remove all records."""
        return self.change_all(lambda every: [(kind, name, None) for kind, names in every.items() for name in names])

    def adopt(self, folder: Path) -> int:
        """Take over the answers that version 0.1 kept in a folder, one file an item, once; returns how many."""
        if self.read(META, "adopted") or not folder.is_dir():
            return 0
        answers = dict(_old_answers(folder))

        def changes(here: Records) -> list[tuple[str, str, Record | None]]:
            fresh = [("item", name, value) for name, value in answers.items() if name not in here["item"]]
            return [*fresh, (META, "adopted", True)]

        self.change_all(changes)
        return len(answers)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            if self._base is not None:
                self._base.close()
                self._base = None

    # ---- the file ----

    def _open(self) -> None:
        self._base, self._trouble = opened(self.path)
        self._file = identity(self.path)

    def _rows(self, query: str, values: tuple[str, ...]) -> list[Any]:
        if self._base is None:
            return []
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._trouble = reason(error)
            return []

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Hold the file against others while a change is made, then keep it, and with it what was not kept before."""
        if self._inside:
            yield
            return
        self._follow()
        before, self._inside = dict(self._memory), True
        begun = self._begin()
        try:
            yield
            if begun:
                self._commit()
        except BaseException:
            self._memory = before
            raise
        finally:
            self._inside = False
            if begun and self._base is not None and self._base.in_transaction:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")

    def _begin(self) -> bool:
        if self._base is None:
            return False
        try:
            self._base.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._trouble = reason(error)
            return False
        return True

    def _commit(self) -> None:
        """Write what is in memory; where that fails, it stays there."""
        base = self._base
        assert base is not None  # noqa: S101  a transaction was begun
        try:
            for (kind, name), value in self._memory.items():
                if value is None:
                    base.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, name))
                else:
                    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                    base.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, name, text))
            base.execute("COMMIT")
        except sqlite3.Error as error:
            self._trouble = reason(error)
        else:
            self._memory.clear()
            self._trouble = ""

    def _put(self, kind: str, name: str, value: Record | None) -> None:
        if value is not None and not _is_record(kind, name, value):
            raise ValueError(f"no {kind} record: {value!r:.80}")
        self._memory[kind, name] = _copy(value)

    def _follow(self) -> None:
        """Begin a new file where the one that was opened has been moved away."""
        if self._base is None or self._file is None:
            return
        if self._file == identity(self.path):
            return
        self.close()
        self._open()


def _copy(value: Record | None) -> Record | None:
    return json.loads(json.dumps(value))


def _is_record(kind: str, name: str, value: Any) -> bool:
    return kind in (SESSION, META) or (kind in KINDS and fits(kind, name, value))


def _parsed(kind: str, name: str, text: str) -> Record | None:
    try:
        value = parse_json(text)
    except RecordError:
        return None
    return value if _is_record(kind, name, value) else None


def _old_answers(folder: Path) -> Iterator[tuple[str, Record]]:
    for path in sorted(folder.glob("*.json")):
        try:
            old = parse_json(path.read_bytes())
        except (OSError, RecordError):
            continue
        if isinstance(old, dict) and isinstance(old.get("response"), dict):
            yield path.stem, {"response": old["response"], **({"checked": True} if old.get("checked") is True else {})}
