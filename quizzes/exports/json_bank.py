"""The bank as one JSON document: an array `items`, in bank order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from quizzes.bank import Bank
from quizzes.exports.base import ASPECTS, Carry, Exported, Format, Support
from quizzes.items import AnyItem, Trait
from quizzes.marking import Part

SHARED = ("id", "kind", "family", "sector", "status", "use", "exam", "source", "replaces", "scenario", "stem")


def _options(item: AnyItem, bank: Bank) -> dict[str, list[dict[str, Any]]]:
    rationales = item.rationales()
    return {
        question.name: [
            {
                "id": name,
                "text": text,
                "rationale": rationales[question.name][name].rationale,
                "misconception": rationales[question.name][name].misconception,
            }
            for name, text in question.options.items()
        ]
        for question in item.questions(bank.differentiator_names)
    }


def _key(part: Part) -> Any:
    if part.type == "match":
        return part.places
    return part.key[0] if part.type == "one" else list(part.key)


def _asked(item: AnyItem, bank: Bank) -> list[dict[str, Any]]:
    """Return each part as a learner meets it, its options apart."""
    return [
        question.model_dump(mode="json", include={"name", "type", "legend", "groups"}, exclude_defaults=True)
        for question in item.questions(bank.differentiator_names)
    ]


def item_record(item: AnyItem, bank: Bank) -> dict[str, Any]:
    """Return an item as plain data.

    An item of one part has `options` as a list and `key` as an option id, or as a list of ids where several are
    right or rows are ordered, or as an object of row to group. An item of several parts has both as objects by part.
    """
    written = item.model_dump(mode="json", include={*SHARED, "style", "groups"}, exclude_none=True)
    written["questions"] = _asked(item, bank)
    options = _options(item, bank)
    key = {part.name: _key(part) for part in item.parts()}
    if len(key) == 1:
        (name,) = key
        return {**written, "differentiator": item.differentiator, "options": options[name], "key": key[name]}
    return {**written, "differentiator": item.differentiator, "options": options, "key": key}


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the document; nothing is lost in it."""
    document = {
        "format": "project-or-operation/bank",
        "version": 1,
        "items": [item_record(item, bank) for item in items],
    }
    return Exported((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode(), len(items))


FORMAT = Format(
    name="json",
    title="JSON",
    suffix=".json",
    becomes=dict.fromkeys(Trait, Support(Carry.WHOLE)),
    aspects=dict.fromkeys(ASPECTS, Support(Carry.WHOLE)),
    export=export,
)
