"""Items as H5P knows questions: Multiple Choice for what is chosen, Drag the Words for rows, steps and gaps.

What the fields are was read in the semantics.json of each content type, and how answers are marked in its script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from quizzes.bank import Bank
from quizzes.exports.moodle_html import SHOWN, asked_and_told, escaped, paragraph, question_html
from quizzes.exports.units import Choice, Unit
from quizzes.items import AnyItem, Trait

# A content type, and the version whose fields are written. A platform takes a file only where it has this very version.
CHOICE, WORDS = "H5P.MultiChoice 1.16", "H5P.DragText 1.10"
SHORT = 20  # characters: Drag the Words cuts a longer word once it is dropped
INTO_GAPS = "Drag a word into each gap."
# Look-alikes of Drag the Words' own signs. Some platforms turn a reference such as `&#58;` back into the sign.
_STAR, _DASH = "\N{ASTERISK OPERATOR}", " \N{EN DASH}"
_LOOK_ALIKES = str.maketrans({"*": _STAR, ":": "\N{RATIO}", "\\": "\N{REVERSE SOLIDUS OPERATOR}"})
_ANY_SCORE = [{"from": 0, "to": 100}]
_BUTTONS = {"enableRetry": True, "enableSolutionsButton": True, "enableCheckButton": True}
_COLON = re.compile(r":(?= |$)")

Question = tuple[str, str, dict[str, Any]]


def inert(text: str) -> str:
    """Return a text as HTML in one line, in which no character marks a word to drag, its tip or its feedback."""
    line = " ".join(text.split())
    return escaped(_COLON.sub(_DASH, line).translate(_LOOK_ALIKES))


def _chosen(unit: Unit, told: Sequence[Unit]) -> dict[str, Any]:
    several = unit.part.type == "some"
    shown = " ".join(_evidence(told))
    return {
        "media": {"disableImageZooming": False},
        "question": question_html(unit),
        "answers": [
            _answer(choice, right=name in unit.part.key, more=shown if name in unit.part.key else "")
            for name, choice in unit.choices.items()
        ],
        "overallFeedback": _ANY_SCORE,
        "behaviour": {
            **_BUTTONS,
            "type": "multi" if several else "single",
            "singlePoint": False,
            "randomAnswers": False,
            "showSolutionsRequiresInput": True,
            "confirmCheckDialog": False,
            "confirmRetryDialog": False,
            "autoCheck": False,
            "passPercentage": 100,
            "showScorePoints": several,
        },
    }


def _answer(choice: Choice, *, right: bool, more: str) -> dict[str, Any]:
    feedback = escaped(choice.feedback) + (f"<br>{escaped(more)}" if more else "")
    return {
        "text": f"<div>{escaped(choice.text)}</div>",
        "correct": right,
        "tipsAndFeedback": {"tip": "", "chosenFeedback": feedback, "notChosenFeedback": ""},
    }


def _evidence(told: Iterable[Unit]) -> list[str]:
    """Return the words that show it, each with why; they are told with the right answer and not asked."""
    phrases = [unit.choices[name] for unit in told for name in unit.part.options if name in unit.part.key]
    return [SHOWN, *(f"{phrase.text} {phrase.rationale}" for phrase in phrases)] if phrases else []


def _words(task: str, text: str, spare: Iterable[str]) -> dict[str, Any]:
    return {
        "media": {"disableImageZooming": False},
        "taskDescription": task,
        "textField": text,
        "distractors": " ".join(f"*{inert(word)}*" for word in spare),
        "overallFeedback": _ANY_SCORE,
        "behaviour": {**_BUTTONS, "instantFeedback": False},
    }


def _word(word: str, right: str, wrong: str) -> str:
    r"""Return a gap in Drag the Words' own notation: the right word, `\+` and `\-` before its feedback."""
    return f"*{inert(word)}\\+{inert(right)} \\-{inert(wrong)}*"


def _labels(texts: Iterable[str]) -> tuple[dict[str, str], str]:
    """Return the word to drag for each text, its number where texts are too long to drag, and the list of numbers."""
    every = dict.fromkeys(texts)
    if all(len(text) <= SHORT for text in every):
        return {text: text for text in every}, ""
    numbers = {text: str(number) for number, text in enumerate(every, 1)}
    return numbers, paragraph("\n".join(f"{number}. {text}" for text, number in numbers.items()))


def _placed(unit: Unit) -> dict[str, Any]:
    """Return rows as they are shown, each with a gap; one word more for each group, so that none is left for a row."""
    labels, listed = _labels(unit.groups.values())
    places = unit.part.places
    lines = [_row(unit.choices[name], labels[unit.groups[places[name]]]) for name in unit.part.options]
    spare = labels.values() if unit.part.type == "match" else ()
    return _words(question_html(unit) + listed, "\n".join(lines), spare)


def _row(row: Choice, word: str) -> str:
    said = f"“{row.text}”"
    return f"{inert(row.text)} {_word(word, f'{said} {row.rationale}', f'{said} {row.feedback}')}"


def _filled(item: AnyItem, asked: Sequence[Unit]) -> dict[str, Any]:
    """Return a text with gaps; its words stand in one pool, each as often as there are gaps that offer it."""
    labels, listed = _labels(choice.text for unit in asked for choice in unit.choices.values())
    by_gap = {unit.part.name: unit for unit in asked}
    text = "".join(_gap(by_gap[name], labels) if name else _between(piece) for name, piece in item.pieces())
    spare = [
        labels[choice.text] for unit in asked for name, choice in unit.choices.items() if name not in unit.part.key
    ]
    return _words(paragraph(INTO_GAPS) + listed, text, spare)


def _between(text: str) -> str:
    """Return the text between two gaps, with its spaces and line breaks, which Drag the Words shows."""
    return "\n".join(escaped(line) for line in text.split("\n")).replace("*", _STAR)


def _gap(unit: Unit, labels: Mapping[str, str]) -> str:
    (key,) = unit.part.key
    right = unit.choices[key]
    wrong = [choice for name, choice in unit.choices.items() if name != key]
    said = " ".join(f"“{choice.text}”: {choice.feedback}" for choice in (*wrong, right))
    return _word(labels[right.text], f"“{right.text}”: {right.rationale}", f"{unit.legend}. {said}")


def questions(item: AnyItem, bank: Bank) -> list[Question]:
    """Return an item's questions, each with its id, its content type and its parameters."""
    asked, told = asked_and_told(item, bank)
    if Trait.GAPS in item.traits:
        return [(item.id, WORDS, _filled(item, asked))]
    return [
        (unit.id, WORDS, _placed(unit))
        if unit.groups
        else (unit.id, CHOICE, _chosen(unit, told if unit is asked[-1] else ()))
        for unit in asked
    ]
