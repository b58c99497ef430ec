"""The progress file: what a learner keeps as one document, and how a document is added to what is here.

Pure, and the same as frontend/transfer.mjs; docs/progress-file.md describes the file, docs/site.md the records.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, NoReturn

from quizzes.study.record_forms import fits, is_whole
from quizzes.study.spacing import replayed

Record = dict[str, Any]
Records = Mapping[str, Mapping[str, Any]]  # by kind, then by id

FORMAT = "project-or-operation/progress"
VERSION = 2
MOST_BYTES = 20_000_000
DEEPEST = 12
# The file's fields and the kinds of their records, the small ones first: they are kept where room is short.
FIELDS = {"items": "item", "cards": "card", "settings": "setting", "exams": "exam"}
_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
_SPACE += "\u205f\u3000\ufeff"  # what JavaScript trims
_NESTING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}  # strings take none
_READABLE = 100
_EXACT = 2**53  # whole numbers up to here are the same in both languages

_LARGE = "This file is larger than 20 MB: that is no progress file."
_EMPTY = "This file is empty."
_UNREADABLE = "This file cannot be read: it is not a progress file, or it is cut off."
_FOREIGN = "This is not a progress file of this course."
_NEWER = "This file comes from a newer version of the site. Reload this page, then import it again."
_MISBUILT = "This file is not built like a progress file."


class ProgressFileError(ValueError):
    """A file that is not added; the text is one line for the learner."""


@dataclass(frozen=True)
class Content:
    """What a file holds: records by kind and id, and how many were `left` out because they do not fit."""

    records: dict[str, Record]
    left: int = 0


@dataclass
class Added:
    """What an import brought; `marks` counts changed questions without an answer, `lost` what could not be kept."""

    answers: int = 0
    questions: int = 0
    exams: int = 0
    cards: int = 0
    settings: int = 0
    marks: int = 0
    lost: int = 0


def _refuse(why: str) -> NoReturn:
    raise ProgressFileError(f"{why} Nothing was changed.") from None


# ---- reading ----


def parse(text: str | bytes) -> Content:
    """Read a file; raises ProgressFileError."""
    if len(text) > MOST_BYTES:
        _refuse(_LARGE)
    file = _file(_document(text.decode("utf-8", "replace") if isinstance(text, bytes) else text))
    records: dict[str, Record] = {}
    left = 0
    for field, kind in FIELDS.items():
        found = file.get(field)
        if not isinstance(found, dict | None):
            _refuse(_MISBUILT)
        every = found or {}
        records[kind] = {name: value for name, value in every.items() if fits(kind, name, value)}
        left += len(every) - len(records[kind])
    return Content(records, left)


def _document(text: str) -> Any:
    if not text.strip(_SPACE):
        _refuse(_EMPTY)
    whole = text.removeprefix("\ufeff")  # editors add the mark
    _refuse_depths(whole)
    try:
        return json.loads(whole, parse_int=_number, parse_float=_number, parse_constant=_no_constant)
    except ValueError:
        return _refuse(_UNREADABLE)


def _refuse_depths(text: str) -> None:
    """Refuse what is nested so deep that reading it would end Python in a browser."""
    depth = deepest = 0
    for found in _NESTING.finditer(text):
        depth += _STEPS.get(found[0], 0)
        deepest = max(deepest, depth)
    if deepest > _READABLE:
        _refuse(_UNREADABLE if depth else _MISBUILT)


def _number(text: str) -> float | None:
    """Return a number as JavaScript keeps it: 1.0 is 1, and one that is too large is null."""
    value = float(text)
    if math.isinf(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _file(document: Any) -> Record:
    """Return the fields of a document of the present form."""
    version = document.get("version") if isinstance(document, dict) else None
    if not is_whole(version) or version < 1 or document.get("format") != FORMAT:
        _refuse(_FOREIGN)
    if version > VERSION:
        _refuse(_NEWER)
    if not _is_plain(document):
        _refuse(_MISBUILT)
    return document if version == VERSION else _migrated(document)


def _is_plain(document: Any) -> bool:
    """Tell whether it is as flat as a progress file, and free of the name that changes objects in JavaScript."""
    level = [document]
    for _ in range(DEEPEST + 1):
        if any(isinstance(each, dict) and "__proto__" in each for each in level):
            return False
        level = [value for each in level for value in _inside(each)]
    return not level


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _migrated(document: Record) -> Record:
    """Return the fields of version 1, which held `{response, checked}` by item and nothing else."""
    answers = document.get("answers")
    if not isinstance(answers, dict):
        _refuse(_MISBUILT)
    return {"items": {name: _from_answer(answer) for name, answer in answers.items()}}


def _from_answer(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return answer
    response = {"response": answer["response"]} if "response" in answer else {}
    return {**response, **({"checked": True} if answer.get("checked") is True else {})}


# ---- joining: nothing that is here is lost, and a file that comes twice changes nothing ----


def _text(value: Any) -> str:
    """Return what is the same for two values that are the same in JavaScript: True is not 1 there."""
    return json.dumps(value, sort_keys=True)


def _name(entry: Record) -> str:
    return _text([entry.get(name) for name in ("at", "where", "outcome", "knew")])


def _united(mine: list[Record], theirs: list[Record]) -> list[Record]:
    known = {_name(entry) for entry in mine}
    added = []
    for entry in theirs:
        if (name := _name(entry)) not in known:
            known.add(name)
            added.append(entry)
    return sorted([*mine, *added], key=lambda entry: entry["at"]) if added else mine


def _answered_at(item: Record) -> float:
    """Return when the response was given, as far as is known; -1 where there is none."""
    if item.get("response") is None:
        return -1
    log = item.get("log") or [{"at": 0}]
    return float(log[-1]["at"])


def _merged_item(mine: Record, theirs: Record) -> Record:
    answer = ("response", "checked")
    newer = theirs if _answered_at(theirs) > _answered_at(mine) else mine
    both = {name: value for name, value in {**theirs, **mine}.items() if name not in answer}
    log = _united(mine.get("log", []), theirs.get("log", []))
    return {**both, **{name: newer[name] for name in answer if name in newer}, **({"log": log} if log else {})}


def _merged_card(mine: Record, theirs: Record, zone: tzinfo | None) -> Record:
    before = mine.get("log", [])
    log = _united(before, theirs.get("log", []))
    return {**theirs, **mine, **replayed(log, zone)} if len(log) > len(before) else mine


def _is_set(value: Any) -> bool:
    return value not in (None, False, 0, "")  # what JavaScript takes for true: an empty list is


def _merged_exam(mine: Record, theirs: Record) -> Record:
    if _is_set(mine.get("submitted")) or _is_set(theirs.get("submitted")):
        return mine if _is_set(mine.get("submitted")) else theirs
    return theirs if len(theirs["responses"]) > len(mine["responses"]) else mine


def merged(kind: str, mine: Any, theirs: Any, zone: tzinfo | None = None) -> Any:
    """Return what two records with one id come to; `zone` tells when days begin, else this computer does."""
    merges: dict[str, Callable[[Any, Any], Any]] = {
        "item": _merged_item,
        "exam": _merged_exam,
        "card": partial(_merged_card, zone=zone),
        "setting": lambda mine, _: mine,
    }
    return merges[kind](mine, theirs)


def _gained(before: Record, after: Record) -> int:
    """Return how many answers a record brings: attempts, or a response from before attempts were kept."""
    attempts = len(after.get("log", [])) - len(before.get("log", []))
    return attempts or int(before.get("response") is None and after.get("response") is not None)


def add(content: Content, here: Records, zone: tzinfo | None = None) -> tuple[list[tuple[str, str, Any]], Added]:
    """Return the records to write, as (kind, id, value), the small ones first, and what they bring.

    `here` is what is kept, by kind and id; nothing of it is changed. What cannot be written is for the caller to count
    in `lost`.
    """
    changes: list[tuple[str, str, Any]] = []
    added = Added()
    for field, kind in FIELDS.items():
        kept = here.get(kind, {})
        for name, theirs in content.records[kind].items():
            value = merged(kind, kept[name], theirs, zone) if name in kept else theirs
            if name in kept and _text(kept[name]) == _text(value):
                continue
            changes.append((kind, name, value))
            _count(added, field, _gained(kept.get(name, {}), value) if kind == "item" else 0)
    return changes, added


def _count(added: Added, field: str, answers: int) -> None:
    added.answers += answers
    counted = field if field != "items" else "questions" if answers else "marks"
    setattr(added, counted, getattr(added, counted) + 1)


# ---- telling and writing ----


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def told(added: Added, left: int = 0) -> str:
    """Return what an import did, in a learner's words; `left` records of the file did not fit."""
    names = {"marks": "flag", "exams": "exam", "cards": "card", "settings": "setting"}
    parts = [_counted(number, name) for field, name in names.items() if (number := getattr(added, field))]
    if added.questions:
        parts.insert(0, f"{_counted(added.answers, 'answer')} to {_counted(added.questions, 'question')}")
    lines = [f"Added: {', '.join(parts)}." if parts else "Everything in this file was here already."]
    if left:
        lines.append(f"{_counted(left, 'record')} of the file did not fit and {_was(left)} left out.")
    if added.lost:
        gone = "could not be kept and will be gone when this page closes. What was kept before is unchanged."
        lines.append(f"{_counted(added.lost, 'record')} {gone}")
    return " ".join(lines)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def document(records: Records, now: float) -> dict[str, Any]:
    """Return the records, by kind and id, as the file's document; other kinds of records are not in it."""
    at = datetime.fromtimestamp(int(now), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {field: dict(records.get(kind, {})) for field, kind in FIELDS.items()}
    return {"format": FORMAT, "version": VERSION, "exported_at": at, **fields}
