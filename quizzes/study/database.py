"""The progress database's file: opened, made and checked; whatever is wrong with it is told in words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

VERSION = 1  # of the database's own form; that of the records is the progress file's
APPLICATION = 0x504F5143  # marks a database as this course's
PATIENCE = 5.0  # seconds to wait for another notebook that writes
IMPATIENCE = 0.2  # seconds, once it has been waited for in vain
DAMAGED = "damaged"  # the kind of a text that could not be read and was replaced
TABLE = """CREATE TABLE IF NOT EXISTS records
    (kind TEXT, id TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID"""
REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may only be read, not changed",
    "SQLITE_CANTOPEN": "it cannot be opened or made",
    "SQLITE_BUSY": "another program has locked it",
    "SQLITE_NOTADB": "it is not a progress database, or it is damaged. Move it elsewhere to begin a new one",
    "SQLITE_CORRUPT": "it is damaged. Move it elsewhere to begin a new one, and import your last export",
    "SQLITE_IOERR": "the disk reports an error",
}


class UnusableError(Exception):
    """The file is not to be touched; the text says why."""


def opened(path: Path, patience: float) -> tuple[sqlite3.Connection | None, str, bool]:
    """Open the database, or make it; returns it, why nothing can be kept in it now, and whether it can be written.

    One that can be read and not written is open to be read; one that is not to be touched, or that another program has
    locked for longer than `patience` seconds, is not open.
    """
    try:
        return _writable(path, patience), "", True
    except UnusableError as error:
        return None, str(error), False
    except (sqlite3.Error, OSError) as error:
        return _readable(path) if _is_for_reading(error) else None, reason(error), False


def _is_for_reading(error: sqlite3.Error | OSError) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))


def save(
    base: sqlite3.Connection,
    records: Mapping[tuple[str, str], Any],
    is_readable: Callable[[str, str, str], bool],
) -> None:
    """Write records by kind and id, None removes one; a text that cannot be read is set aside before it is replaced."""
    for (kind, name), value in records.items():
        for (text,) in base.execute("SELECT value FROM records WHERE kind = ? AND id = ?", (kind, name)).fetchall():
            if not is_readable(kind, name, text):
                aside = (DAMAGED, f"{kind}:{name}", json.dumps(text))
                base.execute("INSERT OR IGNORE INTO records VALUES (?, ?, ?)", aside)
        if value is None:
            base.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, name))
        else:
            base.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, name, json.dumps(value)))


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one that is put in its place."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def reason(error: sqlite3.Error | OSError) -> str:
    """Return what an error means, in words without a full stop."""
    if isinstance(error, OSError):
        return f"it cannot be opened or made ({error.strerror})"
    name = str(getattr(error, "sqlite_errorname", ""))
    found = next((words for start, words in REASONS.items() if name.startswith(start)), None)
    return found or " ".join(str(error).split())


def _writable(path: Path, patience: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    base = _connection(path, "mode=rwc", patience)
    try:
        _check(base)
        base.execute("BEGIN IMMEDIATE")  # finds out whether the file can be written
        _check(base)
        base.execute(TABLE)
        if not _pragma(base, "user_version"):
            base.execute(f"PRAGMA application_id = {APPLICATION}")
            base.execute(f"PRAGMA user_version = {VERSION}")
        base.execute("COMMIT")
    except BaseException:
        base.close()
        raise
    with suppress(OSError):
        path.chmod(0o600)
    return base


def _readable(path: Path) -> sqlite3.Connection | None:
    """Return a database that may only be read, so that a learner sees what is there.

    None where a journal lies beside it: what it holds is then half of a change.
    """
    if path.with_name(f"{path.name}-journal").exists():
        return None
    try:
        base = _connection(path, "mode=ro&immutable=1", IMPATIENCE)
        _check(base)
        base.execute("SELECT count(*) FROM records")
    except (sqlite3.Error, UnusableError):
        return None
    return base


def _connection(path: Path, options: str, patience: float) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)


def _pragma(base: sqlite3.Connection, name: str) -> Any:
    return base.execute(f"PRAGMA {name}").fetchone()[0]


def _check(base: sqlite3.Connection) -> None:
    """Look whether the database is whole and this course's; raises UnusableError or sqlite3.Error."""
    version, application = _pragma(base, "user_version"), _pragma(base, "application_id")
    if application == APPLICATION and version > VERSION:
        raise UnusableError("it was made by a newer version of this course. Update the course to go on with it")
    made = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if made and application != APPLICATION:
        raise UnusableError("it is another program's database. Move it elsewhere to begin a new one")
    if _pragma(base, "quick_check") != "ok":
        raise UnusableError(REASONS["SQLITE_CORRUPT"])
