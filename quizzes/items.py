"""The items of a bank: what an author may write, and what each kind asks of a learner.

Items are data. A kind's model checks a bank entry and says of itself which parts it asks and with which key; marking,
rendering and exports work from that and hold no knowledge of their own about a kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, model_validator

from quizzes.kinds.base import Question, Slug, Strict, Text
from quizzes.kinds.case import Case
from quizzes.kinds.choice import Choice, Multiple
from quizzes.kinds.classify import CLASS_NAMES, Classify, Phrase, segments
from quizzes.kinds.fill import Fill
from quizzes.kinds.placing import Order, Sort
from quizzes.marking import Rule

__all__ = [
    "CLASS_NAMES",
    "KINDS",
    "ROLES",
    "AnyItem",
    "Case",
    "Choice",
    "Classify",
    "Family",
    "Fill",
    "Item",
    "Multiple",
    "Order",
    "Phrase",
    "Question",
    "Slug",
    "Sort",
    "Text",
    "role",
    "rule",
    "segments",
]

AnyItem = Classify | Choice | Multiple | Sort | Order | Fill | Case
Item = Annotated[AnyItem, Field(discriminator="kind")]
KINDS = ("classify", "choice", "multiple", "sort", "order", "fill", "case")
ROLES = ("class", "differentiator", "evidence", "choice", "choices", "sort", "order", "gap")
_NUMBERED = re.compile(r"^(?:q\d+\.)?([a-z]+)(?:\.\d+)?$")


class Family(Strict):
    """One bank file: items that share a setting and a vocabulary; twins differ in what decides."""

    family: Slug
    sector: Slug
    items: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _items_inherit(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("items"), list):
            return data
        shared = {name: data[name] for name in ("family", "sector") if name in data}
        return {**data, "items": [{**shared, **item} if isinstance(item, dict) else item for item in data["items"]]}


def role(part: str) -> str:
    """Return what points are given for: a part's name without its number, `choice` for `q2.choice`."""
    found = _NUMBERED.match(part)
    return found[1] if found else part


def rule(item: AnyItem, points: Mapping[str, float] | None = None) -> Rule:
    """Return the item's rule; `points` is by part name or role, and a part with 0 points, or left out, is not asked.

    Raises ValueError where `points` is negative or asks no part of this item.
    """
    parts = item.parts()
    if points is None:
        return parts
    if any(value < 0 for value in points.values()):
        raise ValueError(f"{item.id}: points are 0 or more")
    worth = {part.name: points.get(part.name, points.get(role(part.name), 0)) for part in parts}
    asked = tuple(replace(part, points=worth[part.name]) for part in parts if worth[part.name] > 0)
    if not asked:
        roles = dict.fromkeys(role(part.name) for part in parts)
        raise ValueError(f"{item.id}: the points ask none of {', '.join(roles)}")
    return asked
