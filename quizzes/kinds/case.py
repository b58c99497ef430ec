"""Case: several questions on one scenario, none of which hangs on another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from quizzes.kinds.base import BaseItem, Question, Text
from quizzes.kinds.choice import ChoiceQuestion, MultipleQuestion
from quizzes.kinds.placing import SortQuestion
from quizzes.marking import Part, Rule

CaseQuestion = Annotated[ChoiceQuestion | MultipleQuestion | SortQuestion, Field(discriminator="kind")]


class Case(BaseItem):
    """A scenario with three to five questions; a part is named after its question, as in `q2.choice`."""

    kind: Literal["case"]
    scenario: Text
    asked: tuple[CaseQuestion, ...] = Field(alias="questions", min_length=3, max_length=5)

    @property
    def differentiator(self) -> str:
        """Return the differentiator of the first question."""
        return self.asked[0].differentiator

    @property
    def text(self) -> str:
        """Return what the learner reads before answering."""
        return self.scenario

    def parts(self) -> Rule:
        """Return all questions' parts. None decides: no question hangs on another."""

        def named(number: int, part: Part) -> Part:
            return replace(part, name=f"q{number}.{part.name}", decides=False)

        return tuple(named(number, part) for number, each in enumerate(self.asked, 1) for part in each.parts())

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return all questions as asked, numbered."""
        return tuple(
            one.model_copy(update={"name": f"q{number}.{one.name}", "legend": f"{number}. {one.legend}"})
            for number, each in enumerate(self.asked, 1)
            for one in each.questions(names)
        )

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return each part's options or rows with their rationales."""
        return {
            f"q{number}.{name}": options
            for number, each in enumerate(self.asked, 1)
            for name, options in each.rationales().items()
        }

    def differentiators(self) -> frozenset[str]:
        """Return the differentiators of all questions."""
        return frozenset(each.differentiator for each in self.asked)
