"""Fill: a text with gaps, each filled from a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from quizzes.kinds.about import About, Fields, Given, Trait
from quizzes.kinds.base import INLINE, BaseItem, Options, Question, Slug, Text, check_texts, pieces
from quizzes.marking import Part, Rule


class Fill(BaseItem):
    """A text in which `[gap.1]`, `[gap.2]` and so on stand for words that are chosen from lists."""

    about: ClassVar[About] = About(
        title="Fill the gaps",
        folder="sorts",
        traits=Trait.GAPS | Trait.ONE,
        roles=("gap",),
        parts=r"gap\.[1-9]",
        example="gap.1",
    )
    kind: Literal["fill"]
    scenario: Text
    differentiator: Slug
    gaps: dict[str, Options] = Field(min_length=1, max_length=4)

    @model_validator(mode="after")
    def _gaps_stand_in_the_text(self) -> Fill:
        if INLINE.findall(self.scenario) != list(self.gaps) or self.scenario.count("[gap") != len(self.gaps):
            raise ValueError(f"gaps: {', '.join(self.gaps)} must stand in the scenario as [gap.1], in this order, once")
        for name, gap in self.gaps.items():
            try:
                check_texts(gap.options)
            except ValueError as error:
                raise ValueError(f"gaps.{name}.{error}") from None
        return self

    @property
    def text(self) -> str:
        """Return the text with its gaps."""
        return self.scenario

    def parts(self) -> Rule:
        """Return one part a gap."""
        return tuple(Part(name, "one", tuple(gap.options), (gap.key,)) for name, gap in self.gaps.items())

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the gaps as asked; `names` is not used."""
        return tuple(
            Question(
                name=name,
                type="one",
                legend=f"Gap {number}",
                options={option: each.text for option, each in gap.options.items()},
                inline=True,
            )
            for number, (name, gap) in enumerate(self.gaps.items(), 1)
        )

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return each gap's options with their rationales."""
        return {name: dict(gap.options) for name, gap in self.gaps.items()}

    def differentiators(self) -> frozenset[str]:
        """Return the one differentiator."""
        return frozenset({self.differentiator})

    def pieces(self) -> list[tuple[str, str]]:
        """Return the text with its gaps."""
        return pieces(self.scenario)

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the gaps; the difference stands with the first."""
        first = next(iter(parts.values()))
        gaps = {name: parts[name].one() for name in sorted(parts)}
        return {"kind": "fill", "differentiator": first.difference, "gaps": gaps}
