"""Blind reviews: what readers answered who saw an item as a learner does, without its key.

A review names the wording that was read by a digest, so that it stops counting once the item reads otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.forms import form_item
from quizzes.items import AnyItem, rule
from quizzes.kinds.base import Slug, Text
from quizzes.marking import Outcome, Part, Rule, is_blank, mark
from quizzes.records import RecordError, parse_json

REVIEWS_FILE = "reviews.jsonl"
READERS = 2  # who read each wording before it is released


class Review(BaseModel):
    """One reader's answer to one wording of one item: it agrees with the key or differs from it.

    It is `superseded` where the item was reworded between the reading and the record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    item: Slug
    wording: Text
    reader: Slug
    date: date
    response: dict[str, Any]
    outcome: Literal["agrees", "differs", "superseded"]
    doubt: str = ""


def _shown(item: AnyItem, names: dict[str, str]) -> dict[str, Any]:
    """Return the item as a learner sees it, every part asked."""
    shown = form_item(item, None, names)
    return shown.model_dump(mode="json", include={"id", "scenario", "questions"}, exclude_defaults=True)


def _digest(shown: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:12]


def wording(item: AnyItem, names: dict[str, str]) -> str:
    """Return a digest of everything that a learner reads of the item before answering."""
    return _digest(_shown(item, names))


def sheet(items: Iterable[AnyItem], bank: Bank) -> list[dict[str, Any]]:
    """Return the items for a blind reader: texts and options, without key, kind, status or rationale."""
    return [_shown(item, bank.differentiator_names) for item in items]


def wordings(sheet: Any) -> dict[str, str]:
    """Return the digest of each item on a sheet, by item; raises RecordError where it is no sheet."""
    if not isinstance(sheet, list) or not all(isinstance(each, dict) and "id" in each for each in sheet):
        raise RecordError("the sheet is not one that `blind sheet` wrote")
    return {str(each["id"]): _digest(each) for each in sheet}


def differences(item: AnyItem, response: Any) -> list[str]:
    """Return the names of the parts in which a response is not the key; raises RecordError where it does not fit."""
    parts = rule(item)
    result = mark(parts, response)
    if result.outcome is Outcome.MALFORMED:
        raise RecordError(f"{item.id}: {_misfit(parts, response) or result.reason}")
    return [part.name for part in result.parts if part.outcome is not Outcome.RIGHT]


def _misfit(parts: Rule, response: Mapping[str, Any]) -> str:
    """Return what does not fit in a response and what would, or an empty text."""
    names = {part.name: part for part in parts}
    for name, value in response.items():
        if name not in names:
            return f"'{name}' is not asked: use {', '.join(names)}"
        if fault := "" if is_blank(value) else _misfit_of(names[name], value):
            return f"{name}: {fault}"
    return ""


def _misfit_of(part: Part, value: Any) -> str:
    options = ", ".join(part.options)
    if part.groups:
        if not isinstance(value, Mapping):
            return f"{value!r} is no record: give each of {options} its place"
        rows = [f"{row!r} is no row: use {options}" for row in value if row not in part.options]
        groups = ", ".join(part.groups)
        places = [f"{place!r} is no place: use one of {groups}" for place in value.values() if place not in part.groups]
        return next(iter(rows + places), "")
    if part.type == "some" and not isinstance(value, list):
        return f"{value!r} is no list: give some of {options} in brackets"
    given = value if part.type == "some" else [value]
    which = "some" if part.type == "some" else "one"
    wrong = [f"{each!r} is no option: use {which} of {options}" for each in given if each not in part.options]
    twice = [f"{each!r} is given twice: remove one" for each in given if given.count(each) > 1]
    return next(iter(wrong + twice), "")


def found_by(item: AnyItem, reviews: Iterable[Review]) -> set[str]:
    """Return the readers who found the item's key as it is now, among reviews of its present wording."""
    return {each.reader for each in reviews if not differences(item, each.response)}


def unsettled(bank: Bank, reviews: Iterable[Review]) -> list[AnyItem]:
    """Return the items whose key fewer than two readers have found in the present wording, in bank order.

    One that a reader disputes is among them until it is reworded, dropped, or found by two others.
    """
    read = current(reviews, bank)
    return [item for item in bank.items.values() if len(found_by(item, read[item.id])) < READERS]


def review(bank: Bank, data: Any, reader: str, day: date, read: Mapping[str, str]) -> Review:
    """Return the review of one answer `{"item", "response", "doubt"}`; `read` has the wordings that the reader saw.

    Raises RecordError with one line.
    """
    doubt = data.get("doubt") or "" if isinstance(data, dict) else None
    if not isinstance(doubt, str) or not isinstance(data.get("response"), dict):
        raise RecordError("each answer is an object with item, response and, where there is one, doubt as a text")
    name = str(data.get("item"))
    try:
        item = bank.get([name])[0]
    except SelectionError as error:
        raise RecordError(str(error)) from None
    if name not in read:
        raise RecordError(f"{name}: not on the sheet: give the sheet that was answered")
    if read[name] != wording(item, bank.differentiator_names):
        outcome = "superseded"
    else:
        outcome = "differs" if differences(item, data["response"]) else "agrees"
    return Review(
        item=name,
        wording=read[name],
        reader=reader,
        date=day,
        response=data["response"],
        outcome=outcome,
        doubt=doubt.encode("utf-8", "replace").decode(),
    )


def read_reviews(path: Path) -> list[Review]:
    """Read a review file, one JSON record a line; raises RecordError with one line."""
    reviews = []
    try:
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise RecordError(f"{path.name}: not UTF-8 text: restore the file") from None
    for number, line in enumerate(lines, 1):
        try:
            reviews.append(Review.model_validate(parse_json(line)))
        except ValidationError as error:
            detail = error.errors()[0]
            place = ".".join(map(str, detail["loc"]))
            raise RecordError(f"{path.name}: line {number}: {place}: {detail['msg'].lower()}") from None
        except RecordError as error:
            raise RecordError(f"{path.name}: line {number}: {error}") from None
    return reviews


def with_answers(kept: Iterable[Review], found: Iterable[Review]) -> list[Review]:
    """Return all reviews; a reader's later answer to the same wording takes the place of the earlier one."""
    return list({(each.item, each.wording, each.reader): each for each in (*kept, *found)}.values())


def as_lines(reviews: Iterable[Review]) -> str:
    """Return reviews as a review file holds them."""
    return "".join(json.dumps(each.model_dump(mode="json")) + "\n" for each in reviews)


def current(reviews: Iterable[Review], bank: Bank) -> dict[str, list[Review]]:
    """Return the reviews of every item's present wording, by item; an item without one has an empty list."""
    present = {item.id: wording(item, bank.differentiator_names) for item in bank.items.values()}
    found: dict[str, list[Review]] = {name: [] for name in present}
    for each in reviews:
        if present.get(each.item) == each.wording:
            found[each.item].append(each)
    return found
