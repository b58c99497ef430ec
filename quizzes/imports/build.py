"""Questions as they were read become items of the bank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pydantic import TypeAdapter, ValidationError

from quizzes.exports.base import Loss
from quizzes.imports.base import Entry, Imported, ImportRefusedError
from quizzes.imports.builder import Builder, Fields, slug
from quizzes.imports.kinds import fields
from quizzes.items import KINDS, AnyItem, Item
from quizzes.kinds.base import SLUG

TAKEN = "the bank has an item of this id: '-imported' was added to it"
_ADAPTER: TypeAdapter[AnyItem] = TypeAdapter(Item)


def _topics(builder: Builder, entry: Entry) -> list[str]:
    known = {f"{exam.id}/{topic.id}" for exam in builder.bank.exams.exams for topic in exam.topics}
    found = [tag for tag in entry.tagged("exam") if tag in known]
    return found or ([builder.exam] if builder.exam else [])


def _first(values: Iterable[str], allowed: Sequence[str], otherwise: str) -> str:
    return next((value for value in values if value in allowed), otherwise)


def _id(builder: Builder, entry: Entry) -> str:
    name = entry.name if re.fullmatch(SLUG, entry.name) else slug(entry.name, "question")
    if name in builder.bank.items:
        builder.note(entry, TAKEN)
        name = f"{name}-imported"
    number, free = 2, name
    while free in builder.ids or free in builder.bank.items:
        free, number = f"{name}-{number}", number + 1
    builder.ids.add(free)
    return free


def _item(builder: Builder, entry: Entry) -> Fields:
    """Return the whole item; raises ImportRefusedError where the bank would not have it."""
    made = fields(builder, entry)
    named = [each for each in entry.tagged("family") if re.fullmatch(SLUG, each)]
    sector = [each for each in entry.tagged("sector") if re.fullmatch(SLUG, each)]
    item = {
        "id": "to-come",
        "family": named[0] if named else slug(entry.family, builder.family),
        "sector": sector[0] if sector else "imported",
        "kind": made.pop("kind"),
        "status": _first(entry.tagged("status"), ("F", "C"), "F"),
        "use": _first(entry.tagged("use"), ("practice", "assessment"), "practice"),
        "exam": _topics(builder, entry),
        "source": builder.source,
        **made,
    }
    try:
        _ADAPTER.validate_python(item)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"] if step not in KINDS)
        what = str(first.get("ctx", {}).get("error", first["msg"]))
        raise ImportRefusedError(f"not carried: {': '.join(filter(None, (place, what)))}") from None
    return {**item, "id": _id(builder, entry)}


def build(builder: Builder, entries: Sequence[Entry], losses: Sequence[Loss]) -> Imported:
    """Return the items of what was read, with a loss for each thing that could not be carried.

    Raises ImportRefusedError where nothing is left, or a question has no exam topic and none is given for it.
    """
    without = [entry.name for entry in entries if not _topics(builder, entry)]
    if without:
        raise ImportRefusedError(
            f"{len(without)} questions name no exam topic, first '{without[0][:60]}': "
            "say which is theirs, as in --exam capm/fundamentals"
        )
    items, builder.losses = [], list(losses)
    for entry in entries:
        before = len(builder.losses)
        try:
            items.append(_item(builder, entry))
        except ImportRefusedError as error:
            del builder.losses[before:]  # of what is not carried, nothing else matters
            builder.note(entry, str(error))
    if not items:
        raise ImportRefusedError(f"no question in it can be an item: {_why(builder.losses)}")
    return Imported(tuple(items), tuple(builder.losses))


def _why(losses: Sequence[Loss]) -> str:
    return f"{losses[0].item}: {losses[0].what}" if losses else "it has none"
