"""Case: several questions on one scenario, none of which hangs on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from quizzes.kinds.about import About, Fields, Given, Trait
from quizzes.kinds.base import Asked, BaseItem, Question, Text, role
from quizzes.kinds.choice import ChoiceQuestion, MultipleQuestion
from quizzes.kinds.placing import SortQuestion
from quizzes.marking import Part, Rule

_BY_ROLE: dict[str, type[ChoiceQuestion | MultipleQuestion | SortQuestion]] = {
    "choice": ChoiceQuestion,
    "choices": MultipleQuestion,
    "sort": SortQuestion,
}
CaseQuestion = Annotated[ChoiceQuestion | MultipleQuestion | SortQuestion, Field(discriminator="kind")]


class Case(BaseItem):
    """A scenario with three to five questions; a part is named after its question, as in `q2.choice`."""

    about: ClassVar[About] = About(
        title="Case",
        folder="cases",
        traits=Trait.SEVERAL | Trait.ONE | Trait.SOME | Trait.MATCH,
        roles=tuple(_BY_ROLE),
        parts=r"q(\d+)\.(choice|choices|sort)",
        example="q1.choice, q2.choices or q3.sort",
    )
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

    def holder(self, part: str) -> Asked:
        """Return the question of which a part is."""
        return self.asked[_number(part) - 1]

    @classmethod
    def named(cls, types: Sequence[str]) -> tuple[str, ...]:
        """Return the parts' names, each with the number of its question."""
        roles = {"one": "choice", "some": "choices", "match": "sort"}
        if unknown := set(types) - set(roles):
            raise ValueError(f"a case asks no question of the type {', '.join(sorted(unknown))}")
        return tuple(f"q{number}.{roles[type_]}" for number, type_ in enumerate(types, 1))

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the questions in the order of their numbers."""
        names = sorted(parts, key=_number)
        return {"kind": "case", "questions": [_BY_ROLE[role(name)].from_part(parts[name]) for name in names]}


def _number(part: str) -> int:
    return int(part[1 : part.index(".")])
