"""The items of a bank: what an author may write, and what each kind asks of a learner.

Items are data. A kind's model checks a bank entry and says of itself which parts it asks and with which key; marking,
rendering and exports work from that and hold no knowledge of their own about a kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args

from pydantic import Field, model_validator

from quizzes.kinds.about import EVIDENCE, Trait
from quizzes.kinds.base import BaseItem, Question, Slug, Strict, Text, role
from quizzes.kinds.case import Case
from quizzes.kinds.choice import Choice, Multiple
from quizzes.kinds.classify import CLASS_NAMES, Classify, Phrase
from quizzes.kinds.fill import Fill
from quizzes.kinds.placing import Order, Sort
from quizzes.marking import Rule

__all__ = [
    "CLASS_NAMES",
    "EVIDENCE",
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
    "Trait",
    "role",
    "rule",
]

# A new kind is imported above and named here. All else follows from what its class says of itself.
REGISTERED: tuple[type[BaseItem], ...] = (Classify, Choice, Multiple, Sort, Order, Fill, Case)

AnyItem = BaseItem
if TYPE_CHECKING:
    Item = BaseItem
else:
    Item = Annotated[Union[REGISTERED], Field(discriminator="kind")]  # noqa: UP007  of a tuple


def _name(kind: type[BaseItem]) -> str:
    return str(get_args(kind.model_fields["kind"].annotation)[0])


KINDS: Mapping[str, type[BaseItem]] = {_name(kind): kind for kind in REGISTERED}
ROLES = tuple(dict.fromkeys(each for kind in REGISTERED for each in kind.about.roles))


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
