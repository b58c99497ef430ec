"""What this computer keeps of a learner: the records of docs/site.md in a small SQLite database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import Any

import platformdirs

from quizzes.records import RecordError, parse_json
from quizzes.study.database import DAMAGED, IMPATIENCE, PATIENCE, identity, opened, reason, save
from quizzes.study.record_forms import fits

KINDS = ("item", "exam", "card", "setting")  # of the progress file
SESSION = "session"  # what is open: not exported
AGAIN = 2.0  # seconds until a file that cannot be opened is tried again for reading
META = "meta"  # the database's own: neither exported nor reset
LASTS = "What you do now lasts only as long as this notebook runs."
Record = Any
Records = dict[str, dict[str, Record]]
Changes = list[tuple[str, str, Record | None]]
Change = Callable[["_View"], Changes]


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


class _View:
    """Records as a change sees them: those of the file, under what was changed since."""

    def __init__(self, rows: Callable[[str, tuple[str, ...]], list[Any]], over: dict[tuple[str, str], Record]) -> None:
        """Take a query of the file and the records that lie over it."""
        self._rows, self.over = rows, over

    def read(self, kind: str, name: str) -> Record | None:
        """Return a record, or None where there is none that can be read."""
        if (kind, name) in self.over:
            return _copy(self.over[kind, name])
        rows = self._rows("SELECT value FROM records WHERE kind = ? AND id = ?", (kind, name))
        return _parsed(kind, name, rows[0][0]) if rows else None

    def all(self, kind: str) -> dict[str, Record]:
        """Return all records of a kind by id that can be read."""
        rows = self._rows("SELECT id, value FROM records WHERE kind = ? ORDER BY id", (kind,))
        found = {name: _parsed(kind, name, text) for name, text in rows}
        found |= {name: _copy(value) for (each, name), value in self.over.items() if each == kind}
        return {name: value for name, value in found.items() if value is not None}

    def everything(self) -> Records:
        """Return all records by kind and id."""
        return {kind: self.all(kind) for kind in (*KINDS, SESSION)}

    def put(self, changes: Changes) -> None:
        """Lay changes over the file; raises ValueError for what is no record."""
        for kind, name, value in changes:
            if value is not None and not _is_record(kind, name, value):
                raise ValueError(f"no {kind} record: {value!r:.80}")
            self.over[kind, name] = _copy(value)


class Store:
    """Records by kind and id, safe with several notebooks at once and a kernel that is killed while it writes.

    Whatever is wrong with the file, nothing raises: `kept_not` says it in one line, nothing is overwritten, and what is
    done lasts as long as this object. It is kept as changes, which are made again on what the file holds by then, once
    the file can be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the database, or make it."""
        self.path = path or default_path()
        self._waiting: list[Change] = []  # what the file has not taken
        self._over: dict[tuple[str, str], Record] = {}  # what these changes come to; None: removed
        self._lock = RLock()
        self._again = 0.0  # when a file that is not open is tried again
        self._base: sqlite3.Connection | None = None
        self._open(PATIENCE)

    def __repr__(self) -> str:
        """Return one line that says where progress is kept."""
        return self.kept_not() or f"Progress in {self.path}"

    def kept_not(self) -> str:
        """Return why records are not kept, in one line, or an empty text."""
        return f"{self.path}: {self._trouble}. {LASTS}" if self._trouble else ""

    def unread(self) -> bool:
        """Tell whether the file cannot be read, so that its records are missing in what is returned."""
        with self._lock:
            try:
                self._select("SELECT 1 FROM records LIMIT 1", ())
            except sqlite3.Error:
                return True
            return self._base is None and self.path.exists()

    # ---- records ----

    def read(self, kind: str, id: str) -> Record | None:  # noqa: A002  as in frontend/store.mjs
        """Return a record, or None where there is none that can be read."""
        with self._lock:
            return self._view().read(kind, id)

    def all(self, kind: str) -> dict[str, Record]:
        """Return all records of a kind by id that can be read."""
        with self._lock:
            return self._view().all(kind)

    def everything(self) -> Records:
        """Return all records by kind and id."""
        with self._lock:
            return self._view().everything()

    def damaged(self) -> list[tuple[str, str]]:
        """Return kind and id of what is in the file and cannot be read."""
        with self._lock:
            rows = self._rows("SELECT kind, id, value FROM records ORDER BY kind, id", ())
            return [(kind, name) for kind, name, text in rows if kind == DAMAGED or _parsed(kind, name, text) is None]

    def write(self, kind: str, id: str, value: Record | None) -> bool:  # noqa: A002
        """Keep a record, None removes it; tells whether the file took it."""
        kept = _copy(value)
        return self._change(lambda _: [(kind, id, kept)])

    def update(self, kind: str, id: str, change: Callable[[Any], Record]) -> Record:  # noqa: A002
        """Keep what `change` makes of a record, or of an empty one, and return it; nobody writes in between.

        Where the file cannot be written now, `change` is called again once it can.
        """
        self._change(lambda view: [(kind, id, change(view.read(kind, id) or {}))])
        return self.read(kind, id)

    def log_attempt(self, id: str, attempt: Mapping[str, Any]) -> Record:  # noqa: A002
        """Add an attempt to an item's history."""
        return self.update("item", id, lambda item: {**item, "log": [*item.get("log", []), dict(attempt)]})

    def change_all(self, make: Callable[[Records], Changes]) -> bool:
        """Keep all changes that `make` finds from all records, or none; tells whether the file took them.

        Where the file cannot be written now, `make` is called again once it can.
        """
        return self._change(lambda view: make(view.everything()))

    def reset(self) -> bool:
        """Remove all records; where the file cannot be written, nothing is removed, now or later."""

        def nothing(view: _View) -> Changes:
            return [(kind, name, None) for kind, names in view.everything().items() for name in names]

        with self._lock:
            return self._kept(nothing)

    def adopt(self, folder: Path) -> int:
        """Take over the answers that version 0.1 kept in a folder, one file an item, once; returns how many."""
        if self.read(META, "adopted") or not folder.is_dir():
            return 0
        answers = dict(_old_answers(folder))

        def changes(here: Records) -> Changes:
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

    def _open(self, patience: float) -> None:
        self._base, self._trouble, self._writable = opened(self.path, patience)
        self._file = identity(self.path)
        self._again = monotonic() + AGAIN

    def _follow(self, *, to_write: bool) -> None:
        """Open the file again where it was moved away, or could not be opened or written before."""
        moved = self._base is not None and self._file != identity(self.path)
        tried_long_ago = monotonic() >= self._again
        if moved or (not self._writable and (to_write or (self._base is None and tried_long_ago))):
            self.close()
            self._open(IMPATIENCE if self._trouble else PATIENCE)

    def _select(self, query: str, values: tuple[str, ...]) -> list[Any]:
        return [] if self._base is None else self._base.execute(query, values).fetchall()

    def _rows(self, query: str, values: tuple[str, ...]) -> list[Any]:
        """Return rows, none where the file cannot be read now."""
        try:
            found = self._select(query, values)
        except sqlite3.Error as error:
            self._failed(error)
            return []
        if self._writable and not self._waiting:
            self._trouble = ""
        return found

    def _view(self) -> _View:
        self._follow(to_write=False)
        return _View(self._rows, dict(self._over))

    def _change(self, change: Change) -> bool:
        """Keep a change, or remember it until the file takes it."""
        with self._lock:
            if self._kept(change):
                return True
            told, view = self._trouble, _View(self._rows, dict(self._over))
            view.put(change(view))
            self._over = view.over
            self._waiting.append(change)
            self._trouble = told  # that the file can be read does not mean that it takes the change
            return False

    def _kept(self, change: Change) -> bool:
        """Make what waits, then a change, on what the file holds now, in one transaction; tells whether it is kept."""
        self._follow(to_write=True)
        if self._base is None or not self._writable:
            return False
        try:
            self._base.execute("BEGIN IMMEDIATE")
            view = _View(self._select, {})
            for waiting in self._waiting:
                with suppress(ValueError):  # it was a record when it was made
                    view.put(waiting(view))
            view.put(change(view))
            save(self._base, view.over, lambda kind, name, text: _parsed(kind, name, text) is not None)
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            self._failed(error)
            return False
        finally:
            with suppress(sqlite3.Error):
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
        self._waiting, self._over, self._trouble = [], {}, ""
        self._base.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")
        return True

    def _failed(self, error: sqlite3.Error) -> None:
        self._trouble = reason(error)
        if self._base is not None:
            with suppress(sqlite3.Error):  # one wait is enough: the learner is told
                self._base.execute(f"PRAGMA busy_timeout = {int(IMPATIENCE * 1000)}")


def _copy(value: Record | None) -> Record | None:
    return json.loads(json.dumps(value))


def _is_record(kind: str, name: str, value: Any) -> bool:
    return kind in (SESSION, META, DAMAGED) or (kind in KINDS and fits(kind, name, value))


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
