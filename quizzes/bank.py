"""A checked bank, and how items are chosen from it: by id, by condition, or drawn by seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quizzes.blueprints import Blueprint
from quizzes.choosing import SelectionError, draw_ids
from quizzes.items import AnyItem
from quizzes.nearest import meant
from quizzes.vocabulary import Differentiator, Exams, Misconception, Term


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
            near = meant(item_id, self.items)
            raise SelectionError(
                f"'{item_id}' is not an item of the bank: `python -m quizzes list` shows the ids{near}"
            )
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
    by_id = {item.id: item for item in items}
    return tuple(by_id[name] for name in draw_ids({item.id: item.family for item in items}, number, seed))
