"""Sort: statements go into groups. Order: steps get their numbers. Both are answered row by row, without dragging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from quizzes.kinds.about import About, Fields, Given, Trait
from quizzes.kinds.base import BaseItem, Question, Row, Slug, Stem, Text, check_apart
from quizzes.marking import Part, Rule


class SortedRow(Row):
    """A statement with the group that it belongs to."""

    group: Slug


class SortQuestion(Stem):
    """Statements to be put into groups, or two lists to be matched."""

    kind: Literal["sort"]
    groups: dict[Slug, Text] = Field(min_length=2, max_length=6)
    rows: dict[Slug, SortedRow] = Field(min_length=3, max_length=10)

    @model_validator(mode="after")
    def _rows_have_a_group(self) -> SortQuestion:
        for name, row in self.rows.items():
            if row.group not in self.groups:
                raise ValueError(f"rows.{name}: group '{row.group}' is unknown: use one of {', '.join(self.groups)}")
        check_apart({name: row.text for name, row in self.rows.items()})
        check_apart(self.groups)
        if unused := set(self.groups) - {row.group for row in self.rows.values()}:
            raise ValueError(f"groups: nothing belongs to {', '.join(sorted(unused))}: add a row or remove the group")
        return self

    def parts(self) -> Rule:
        """Return the one part: each row's group."""
        key = tuple(row.group for row in self.rows.values())
        return (Part("sort", "match", tuple(self.rows), key, groups=tuple(self.groups)),)

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the one part as asked; `names` is not used."""
        rows = {name: row.text for name, row in self.rows.items()}
        return (Question(name="sort", type="match", legend=self.stem, options=rows, groups=self.groups),)

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return the rows with their rationales."""
        return {"sort": dict(self.rows)}

    @classmethod
    def from_part(cls, part: Given) -> Fields:
        """Return the question's fields."""
        return {"kind": "sort", "stem": part.asked, "differentiator": part.difference, **part.placed()}


class Sort(SortQuestion, BaseItem):
    """A sort item of the bank."""

    about: ClassVar[About] = About(
        title="Sort", folder="sorts", traits=Trait.MATCH, roles=("sort",), parts="sort", example="sort"
    )
    scenario: str = ""

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the question."""
        return cls.from_part(parts["sort"])


class Order(Stem, BaseItem):
    """Steps to be numbered in their sequence; `rows` stand as shown, `key` in the right order."""

    about: ClassVar[About] = About(
        title="Put in order", folder="sorts", traits=Trait.ORDER, roles=("order",), parts="order", example="order"
    )
    kind: Literal["order"]
    scenario: str = ""
    key: tuple[str, ...]
    rows: dict[Slug, Row] = Field(min_length=3, max_length=8)

    @model_validator(mode="after")
    def _key_is_an_order(self) -> Order:
        if sorted(self.key) != sorted(self.rows):
            raise ValueError(f"key: give each of {', '.join(self.rows)} once, in the right order")
        if self.key == tuple(self.rows):
            raise ValueError("key: the rows are shown in the right order already: show them in another one")
        check_apart({name: row.text for name, row in self.rows.items()})
        return self

    def parts(self) -> Rule:
        """Return the one part: the steps in the right order."""
        return (Part("order", "order", tuple(self.rows), self.key, groups=self._positions),)

    @property
    def _positions(self) -> tuple[str, ...]:
        return tuple(str(number) for number in range(1, len(self.rows) + 1))

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the one part as asked; `names` is not used."""
        rows = {name: row.text for name, row in self.rows.items()}
        places = {number: number for number in self._positions}
        return (Question(name="order", type="order", legend=self.stem, options=rows, groups=places),)

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return the rows with their rationales."""
        return {"order": dict(self.rows)}

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the steps."""
        part = parts["order"]
        return {"kind": "order", "stem": part.asked, "differentiator": part.difference, **part.ordered()}
