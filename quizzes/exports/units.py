"""Items as other programs know questions: one part each, with all that a learner reads before and after the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizzes.bank import Bank
from quizzes.items import EVIDENCE, AnyItem, Question, role
from quizzes.kinds.base import pieces
from quizzes.level import level
from quizzes.marking import Part
from quizzes.render import answer_view, practice_rule


@dataclass(frozen=True)
class Choice:
    """One option or row: its text, why it is right or wrong, the trap it catches, and for a row its right place."""

    text: str
    rationale: str
    trap: str = ""
    mend: str = ""
    place: str = ""

    @property
    def feedback(self) -> str:
        """Return the rationale, with the trap and how to avoid it."""
        return f"{self.rationale} Trap: “{self.trap}” {self.mend}" if self.trap else self.rationale


@dataclass(frozen=True)
class Unit:
    """A part of an item as a question of its own.

    `id` is the item's, with the part's name where the item has several, as in `payroll-1.class`. `scenario` has
    "(Gap 1)" where a gap stands. `choices` and `groups` are by the option's and the group's id, in the order of `part`.
    """

    id: str
    item: AnyItem
    part: Part
    scenario: str
    legend: str
    choices: Mapping[str, Choice]
    groups: Mapping[str, str]
    tags: tuple[str, ...]
    inline: bool = False

    @property
    def stem(self) -> str:
        """Return the whole question in one text, in paragraphs."""
        return f"{self.scenario}\n\n{self.legend}" if self.scenario else self.legend


def units(item: AnyItem, bank: Bank, *, evidence: bool = False) -> list[Unit]:
    """Return the item's parts as questions, as practice asks them; the words that show it only where they are asked."""
    asked = {part.name: part for part in practice_rule(item, evidence)}
    questions = item.questions(bank.differentiator_names)
    text = scenario(item, questions)
    views = {view["name"]: view["options"] for view in answer_view(item, bank)}
    return [
        Unit(
            id=item.id if len(asked) == 1 else f"{item.id}.{question.name}",
            item=item,
            part=asked[question.name],
            scenario=text,
            legend=question.legend,
            choices={each["id"]: _choice(question, each) for each in views[question.name]},
            groups=question.groups,
            tags=tags(item),
            inline=question.inline,
        )
        for question in questions
        if question.name in asked
    ]


def _choice(question: Question, view: Mapping[str, str]) -> Choice:
    text = question.options[view["id"]]
    return Choice(text, view["rationale"], view["trap"], view["mend"], view["place"])


def scenario(item: AnyItem, questions: tuple[Question, ...]) -> str:
    """Return the scenario, with a number for each gap that stands in it; empty where the item has none."""
    text = str(getattr(item, "scenario", ""))
    gaps = {each.name: f"({each.legend})" for each in questions if each.inline}
    return "".join(gaps[name] if name else piece for name, piece in pieces(text)) if gaps else text


def tags(item: AnyItem) -> tuple[str, ...]:
    """Return what an item is sorted by, as words without spaces: `kind:classify`, `exam:pmp/closure` and so on."""
    return (
        f"kind:{item.kind}",
        f"difference:{item.differentiator}",
        f"family:{item.family}",
        f"sector:{item.sector}",
        f"level:{level(item)}",
        *(f"exam:{tag}" for tag in item.exam),
    )


def mostly_right(item: AnyItem) -> bool:
    """Tell whether more options are right than wrong: where any wrong choice costs a right one, it costs too little."""
    several = [part for part in item.parts() if part.type == "some" and role(part.name) != EVIDENCE]
    return any(2 * len(part.key) > len(part.options) for part in several)


def shares(part: Part) -> dict[str, float]:
    """Return what each option of a part earns: a share of the part's points, below 0 for a wrong one of several.

    The score of a choice is the sum, and never below 0. For a part whose rows have places, the shares are those of one
    row in its right place and of one in a wrong place, under `right` and `wrong`; an order has none.
    """
    if part.type == "one":
        return {option: float(option in part.key) for option in part.options}
    if part.type == "some":
        weight = max(1.0, len(part.key) / (len(part.options) - len(part.key)))
        return {option: (1 if option in part.key else -weight) / len(part.key) for option in part.options}
    if part.type == "match":
        return {"right": 1 / len(part.options), "wrong": -1 / (len(part.groups) - 1) / len(part.options)}
    return {}
