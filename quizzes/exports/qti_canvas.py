"""Items as Canvas knows questions: one a part, with answers by number, and one for all gaps of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizzes.bank import Bank
from quizzes.exports.moodle_html import asked_and_told
from quizzes.exports.units import Unit
from quizzes.items import AnyItem, Trait
from quizzes.kinds.base import INLINE
from quizzes.render import emphasis

FIRST = 1001  # Canvas takes numbers for the ids of answers and matches, and sees 0 as none
CHOICE, SEVERAL, MATCHING = "multiple_choice_question", "multiple_answers_question", "matching_question"
GAPS = "multiple_dropdowns_question"


@dataclass(frozen=True)
class Answer:
    """An option or row: its number in the question, its text and feedback, and the number that it is matched with."""

    number: str
    text: str
    feedback: str
    right: bool = False
    match: str = ""


@dataclass(frozen=True)
class Entry:
    """A question as Canvas knows it.

    `answers` are by the name of the response that they belong to: one for a choice, one for each gap, and one for each
    row that is matched with one of `matches`, texts by number.
    """

    name: str
    type: str
    points: float
    text: str
    answers: Mapping[str, tuple[Answer, ...]]
    matches: Mapping[str, str]
    general: str = ""

    @property
    def every(self) -> list[Answer]:
        """Return all answers in order."""
        return [answer for answers in self.answers.values() for answer in answers]


def html(*paragraphs: str) -> str:
    """Return paragraphs as HTML."""
    return "".join(Markup("<p>{}</p>").format(emphasis(each)) for each in paragraphs if each)


def _options(unit: Unit, first: int) -> tuple[Answer, ...]:
    return tuple(
        Answer(str(number), unit.choices[option].text, unit.choices[option].feedback, option in unit.part.key)
        for number, option in enumerate(unit.part.options, first)
    )


def _chosen(unit: Unit, told: Sequence[Unit]) -> Entry:
    answers = {"response1": _options(unit, FIRST)}
    text = html(unit.scenario, unit.legend)
    return Entry(
        unit.id, CHOICE if unit.part.type == "one" else SEVERAL, unit.part.points, text, answers, {}, _evidence(told)
    )


def _evidence(told: Sequence[Unit]) -> str:
    """Return the words that show it, which are told with the reason and not asked."""
    shown = [unit.choices[name] for unit in told for name in unit.part.options if name in unit.part.key]
    phrases = [f"{phrase.text} {phrase.rationale}" for phrase in shown]
    return " ".join(["The words that show it:", *phrases]) if phrases else ""


def _matched(unit: Unit) -> Entry:
    start = FIRST + len(unit.part.options)
    numbers = {group: str(number) for number, group in enumerate(unit.groups, start)}
    answers = {}
    for number, row in enumerate(unit.part.options, FIRST):
        choice = unit.choices[row]
        told, match = f"Right place: {choice.place}. {choice.feedback}", numbers[unit.part.places[row]]
        answers[f"response_{number}"] = (Answer(str(number), choice.text, told, right=True, match=match),)
    matches = {numbers[group]: text for group, text in unit.groups.items()}
    text = html(unit.scenario, unit.legend)
    return Entry(unit.id, MATCHING, unit.part.points, text, answers, matches)


def _filled(item: AnyItem, asked: Sequence[Unit]) -> Entry:
    """Return an item of gaps as one question: Canvas finds `[gap1]` in the text."""
    answers, number = {}, FIRST
    for unit in asked:
        answers[f"response_{_gap(unit.part.name)}"] = _options(unit, number)
        number += len(unit.part.options)
    text = INLINE.sub(lambda found: f"[{_gap(found[1])}]", str(getattr(item, "scenario", "")))
    points = sum(unit.part.points for unit in asked)
    return Entry(item.id, GAPS, points, html(text), answers, {})


def _gap(name: str) -> str:
    return name.replace(".", "")


def entries(item: AnyItem, bank: Bank) -> list[Entry]:
    """Return an item as Canvas's questions: one a part, and one for all gaps of a text."""
    asked, told = asked_and_told(item, bank)
    if Trait.GAPS in item.traits:
        return [_filled(item, asked)]
    return [_matched(unit) if unit.part.groups else _chosen(unit, told if unit is asked[-1] else ()) for unit in asked]
