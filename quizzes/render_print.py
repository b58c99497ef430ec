"""Turn items into reading matter: questions with lettered options, and their answers for the end of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from string import ascii_uppercase
from typing import Any

from quizzes.bank import Bank
from quizzes.items import Question
from quizzes.kinds.base import pieces
from quizzes.render import answer_view, environment

_ITEM = re.compile(r"""<div class="quiz-item"(?: id="([\w-]+)")?[^>]* data-item='([^']*)'""")


@dataclass(frozen=True)
class Printed:
    """An item as a page asks it: its number on the page, its address where it has one, and the parts that are asked."""

    number: int
    id: str
    asked: frozenset[str]
    anchor: str = ""


def items_of(html: str, first: int) -> list[Printed]:
    """Return the items of a quiz's HTML, numbered from `first` on."""
    found = []
    for number, (anchor, data) in enumerate(_ITEM.findall(html), first):
        item = json.loads(unescape(data))
        found.append(Printed(number, item["id"], frozenset(part["name"] for part in item["rule"]), anchor))
    return found


def _part(question: Question, asked: bool, answer: dict[str, Any]) -> dict[str, Any]:
    lettered = zip(ascii_uppercase, question.options.items(), strict=False)
    return {
        "legend": question.legend,
        "type": question.type,
        "groups": list(question.groups.values()),
        "options": {name: (letter, text) for letter, (name, text) in lettered},
        "asked": asked,
        "answer": answer,
    }


def _view(printed: Printed, bank: Bank) -> dict[str, Any]:
    item = bank.items[printed.id]
    questions = item.questions(bank.differentiator_names)
    gaps = {question.name: f"({question.legend})" for question in questions if question.inline}
    text = getattr(item, "scenario", "")
    answers = answer_view(item, bank)
    return {
        "number": printed.number,
        "anchor": printed.anchor,
        "scenario": pieces(text) if gaps else [("", text)] if text else [],
        "gaps": gaps,
        "parts": [_part(each, each.name in printed.asked, told) for each, told in zip(questions, answers, strict=True)],
    }


def _render(macro: str, items: Iterable[Printed], bank: Bank) -> str:
    module = environment().get_template("print.html.jinja").module
    return str(getattr(module, macro)([_view(item, bank) for item in items])).strip() + "\n"


def render_questions(items: Iterable[Printed], bank: Bank) -> str:
    """Return the questions, each with a link to its answer."""
    return _render("questions", items, bank)


def render_answers(items: Iterable[Printed], bank: Bank) -> str:
    """Return the answers with the reasons of all options, and the words that show it where they were not asked."""
    return _render("answers", items, bank)
