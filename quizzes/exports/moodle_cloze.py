"""Items of several questions as one Moodle question with embedded answers, which its makers also call cloze."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import lcm

from quizzes.exports.moodle_html import escaped, paragraph, percent, wrong_feedback
from quizzes.exports.units import Unit, shares
from quizzes.kinds.base import pieces

DROP_DOWN, BUTTONS, BOXES = "MC", "MCV", "MR"  # multiple choice, upright, and with several answers
_CODED = {char: f"&#{ord(char)};" for char in "=~#{}%\\"}


def coded(text: str) -> str:
    """Return a text for within the braces, where Moodle decodes entities once before it shows the rest as HTML."""
    twice = escape(escape(text, quote=False), quote=False)
    return "".join(_CODED.get(char, char) for char in twice).replace("\n", " ")


def _answer(share: float, text: str, feedback: str) -> str:
    sign = "=" if share == 1 else f"%{percent(share)}%" if share else ""
    return f"{sign}{coded(text)}#{coded(feedback)}"


def _braces(weight: int, style: str, answers: list[str]) -> str:
    return f"{{{weight}:{style}:{'~'.join(answers)}}}"


def choices(unit: Unit, style: str, weight: int = 1) -> str:
    """Return a part that asks for one or some of its options."""
    share = shares(unit.part)
    answers = [_answer(share[name], choice.text, choice.feedback) for name, choice in unit.choices.items()]
    return _braces(weight, style, answers)


def rows(unit: Unit, weight: int) -> str:
    """Return a part that places rows, which share its weight: a list with a drop-down of the groups in each row."""
    lines = []
    for name, row in unit.choices.items():
        place = unit.part.places[name]
        answers = [
            _answer(float(group == place), text, wrong_feedback(row, right=group == place))
            for group, text in unit.groups.items()
        ]
        lines.append(
            f"<li>{outside(escaped(row.text))} {_braces(weight // len(unit.choices), DROP_DOWN, answers)}</li>"
        )
    return f"<ul>{''.join(lines)}</ul>"


def outside(html: str) -> str:
    """Return HTML for outside of the braces, in which no brace of its own opens a question."""
    return html.replace("{", "&#123;").replace("}", "&#125;")


def fill_html(scenario: str, asked: Sequence[Unit]) -> str:
    """Return the text with a drop-down in each gap."""
    gaps = {unit.part.name: choices(unit, DROP_DOWN) for unit in asked}
    texts = [gaps[name] if name else outside(escaped(text)) for name, text in pieces(scenario)]
    return f"<p>{''.join(texts)}</p>"


def weight(asked: Sequence[Unit]) -> int:
    """Return what a part weighs in marks: enough for every row of a part that has rows to weigh a whole number."""
    return lcm(*(len(unit.part.options) for unit in asked if unit.groups))


def _part_html(unit: Unit, weight: int) -> str:
    asked = outside(paragraph(unit.legend, stem=True))
    if unit.groups:
        return asked + rows(unit, weight)
    return f"{asked}<p>{choices(unit, BOXES if unit.part.type == 'some' else BUTTONS, weight)}</p>"


def parts_html(asked: Sequence[Unit]) -> str:
    """Return the scenario once, and then each question with its options."""
    return outside(paragraph(asked[0].scenario)) + "".join(_part_html(unit, weight(asked)) for unit in asked)
