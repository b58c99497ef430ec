"""Which values are records of docs/site.md: the forms of frontend/store.mjs and transfer.mjs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeGuard

from quizzes.study.spacing import DAYS, LATEST

Record = dict[str, Any]

_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)


def fits(kind: str, name: str, value: Any) -> bool:
    """Tell whether a value is a record of its kind that may be added."""
    if not _ID.fullmatch(name):
        return False
    if kind == "setting":
        return value is not None
    return isinstance(value, dict) and _FORMS[kind](value)


def is_number(value: Any) -> TypeGuard[float]:
    """Tell whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: Any) -> TypeGuard[int]:
    """Tell whether it is a whole number."""
    return is_number(value) and value == int(value)


def _has(value: Record, name: str, kind: type) -> bool:
    """Tell whether a field is of a type, where it is there and not null."""
    return isinstance(value.get(name), kind | None)


def _is_log(log: Any, fitting: Callable[[Record], bool]) -> bool:
    return isinstance(log, list) and all(
        isinstance(entry, dict) and is_whole(entry.get("at")) and 0 <= entry["at"] <= LATEST and fitting(entry)
        for entry in log
    )


def _is_attempt(entry: Record) -> bool:
    named = isinstance(entry.get("where"), str) or isinstance(entry.get("knew"), bool)
    return named and isinstance(entry.get("outcome"), str)


def _is_item(value: Record) -> bool:
    return isinstance(value.get("response", {}), dict) and _is_log(value.get("log", []), _is_attempt)


def _is_card(value: Record) -> bool:
    box = value.get("box")
    return (
        is_whole(box)
        and 0 <= box < len(DAYS)
        and is_number(value.get("due"))
        and _is_log(value.get("log", []), lambda entry: isinstance(entry.get("knew"), bool))
    )


def _is_exam(value: Record) -> bool:
    sections = value.get("sections")
    return (
        is_number(value.get("started"))
        and isinstance(value.get("responses"), dict)
        and _has(value, "seconds", dict)
        and _has(value, "flags", list)
        and isinstance(sections, list)
        and all(isinstance(section, list) for section in sections)
    )


_FORMS: dict[str, Callable[[Record], bool]] = {"item": _is_item, "card": _is_card, "exam": _is_exam}
