"""Small JSON records on disk: written whole or not at all, and read without trust."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class RecordError(ValueError):
    """A record cannot be read; the message is one line."""


def write_json(path: Path, data: Any) -> None:
    """Write JSON as `write_text` does."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1))


def write_text(path: Path, text: str) -> None:
    """Write a text as `write_bytes` does, for its owner alone, in a folder that is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, text.encode("utf-8"), mode=0o600)


def write_bytes(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write beside the target and move into place, so that a reader sees the old file or the new one.

    `mode` holds the permissions that a new file has, less those that the system takes away. Raises OSError where the
    file cannot be written; nothing is left beside it.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def file_state(paths: Iterable[Path]) -> tuple[tuple[str, int, int] | None, ...]:
    """Return what tells files that have changed: name, time of the last change and size, None for a missing one."""
    return tuple(_state(path) for path in paths)


def _state(path: Path) -> tuple[str, int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return str(path), status.st_mtime_ns, status.st_size


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise RecordError("a name is given twice")
    return record


def _no_constant(name: str) -> Any:
    raise RecordError(f"{name} is not a JSON number")


def parse_json(text: str | bytes) -> Any:
    """Parse strict JSON: no duplicate names, no NaN. Raises RecordError with one line."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecordError:
        raise
    except (ValueError, RecursionError) as error:
        reason = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise RecordError(f"not valid JSON ({reason})") from None
