"""A checked bank, and how items are chosen from it: by id, by condition, or drawn by seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from quizzes.blueprints import Blueprint
from quizzes.items import AnyItem
from quizzes.vocabulary import Differentiator, Exams, Misconception, Term


class SelectionError(ValueError):
    """A selection asks for an item or a number that the bank does not have."""


@dataclass(frozen=True)
class Bank:
    """A checked bank. Items keep the order of their files."""

    items: Mapping[str, AnyItem]
    differentiators: Mapping[str, Differentiator]
    misconceptions: Mapping[str, Misconception]
    terms: Mapping[str, Term]
    exams: Exams
    blueprints: Mapping[str, Blueprint] = field(default_factory=dict)
    files: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def differentiator_names(self) -> dict[str, str]:
        """Return each differentiator's name by its id."""
        return {d.id: d.name for d in self.differentiators.values()}

    def get(self, ids: Iterable[str]) -> tuple[AnyItem, ...]:
        """Return the items with these ids; raises SelectionError for an unknown id."""
        return tuple(self._one(item_id) for item_id in ids)

    def _one(self, item_id: str) -> AnyItem:
        if item_id not in self.items:
            raise SelectionError(f"'{item_id}' is not an item of the bank: `python -m quizzes list` shows the ids")
        return self.items[item_id]

    def select(
        self,
        *,
        use: str | None = None,
        kind: str | None = None,
        differentiator: str | None = None,
        exam: str | None = None,
    ) -> tuple[AnyItem, ...]:
        """Return the items that meet every given condition, in bank order; `exam` is an exam or an exam/topic."""
        wanted = {"use": use, "kind": kind, "differentiator": differentiator}
        given = {name: value for name, value in wanted.items() if value is not None}
        matching = (i for i in self.items.values() if all(getattr(i, name) == value for name, value in given.items()))
        return tuple(i for i in matching if exam is None or any(exam in (tag, tag.split("/")[0]) for tag in i.exam))


def draw(items: Sequence[AnyItem], number: int, seed: int) -> tuple[AnyItem, ...]:
    """Draw `number` items by seed, at most one of a family while families last. Same input, same draw.

    Raises SelectionError where there are too few.
    """
    if not 1 <= number <= len(items):
        raise SelectionError(f"{number} items asked and {len(items)} match: ask for fewer or widen the selection")
    shuffled = random.Random(seed).sample(list(items), len(items))  # noqa: S311  a draw, no secret
    families: dict[str, list[AnyItem]] = {}
    for item in shuffled:
        families.setdefault(item.family, []).append(item)
    rounds = zip_longest(*families.values())  # one of each family, then the second of each, and so on
    return tuple(item for each in rounds for item in each if item is not None)[:number]
