"""The bank as one JSON document: an array `items`, in bank order."""

from __future__ import annotations

import json
from typing import Any

from quizzes.bank import AnyItem, Bank

SHARED = ("id", "kind", "family", "sector", "status", "use", "exam", "source", "replaces", "scenario", "stem", "style")


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


def item_record(item: AnyItem, bank: Bank) -> dict[str, Any]:
    """Return an item as plain data.

    An item of one part has `options` as a list and `key` as an option id. An item of several parts has both as
    objects by part, where the key of a part of several choices is a list of option ids.
    """
    written = item.model_dump(mode="json", include=set(SHARED), exclude_none=True)
    options = _options(item, bank)
    key = {part.name: list(part.key) if part.type == "some" else part.key[0] for part in item.parts()}
    if len(key) == 1:
        (name,) = key
        return {**written, "differentiator": item.differentiator, "options": options[name], "key": key[name]}
    return {**written, "differentiator": item.differentiator, "options": options, "key": key}


def export(bank: Bank) -> str:
    """Return the document as text."""
    document = {
        "format": "project-or-operation/bank",
        "version": 1,
        "items": [item_record(item, bank) for item in bank.items.values()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
