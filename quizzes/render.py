"""Turn items into semantic HTML. The same HTML serves the site, JupyterLab, and a reader without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from quizzes.amounts import amount, brief
from quizzes.bank import Bank
from quizzes.items import EVIDENCE, ROLES, AnyItem, Question, rule
from quizzes.kinds.base import pieces
from quizzes.marking import Rule

# Set while a book is built: a quiz in a notebook then shows itself as static HTML.
STATIC_FLAG = "PROJECT_OR_OPERATION_STATIC"
EVIDENCE_POINTS = dict.fromkeys(ROLES, 1)
PRACTICE_POINTS = {**EVIDENCE_POINTS, EVIDENCE: 0}
EMPHASIS = re.compile(r"\b(NOT|LEAST|EXCEPT|BEST|FIRST|NEXT|MOST|TWO|THREE)\b")


@cache
def environment() -> Environment:
    """Return the template environment: autoescaped, and strict about names."""
    folder = Path(__file__).with_name("templates")
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    made.filters["emphasis"] = emphasis
    made.filters["attribute_json"] = attribute_json
    made.filters |= {"amount": amount, "brief": brief}
    return made


def emphasis(text: str) -> Markup:
    """Return a stem as HTML with its capital words set off in type, as exams do."""
    return Markup(EMPHASIS.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704  escaped before


def attribute_json(data: Any) -> Markup:
    """Return data as JSON for an attribute in single quotes: its many double quotes then stay as they are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char, entity in {"&": "&amp;", "'": "&#39;", "<": "&lt;", ">": "&gt;"}.items():
        text = text.replace(char, entity)
    return Markup(text)  # noqa: S704  escaped above


def practice_rule(item: AnyItem, evidence: bool) -> Rule:
    """Return the rule of an item in practice: one point a part, the evidence only where it is asked."""
    return rule(item, EVIDENCE_POINTS if evidence else PRACTICE_POINTS)


def _asked(item: AnyItem, bank: Bank, asked: Rule) -> tuple[Question, ...]:
    names = {part.name for part in asked}
    return tuple(question for question in item.questions(bank.differentiator_names) if question.name in names)


def _option_view(option: Any, label: str, keyed: bool, bank: Bank) -> dict[str, Any]:
    trap = bank.misconceptions[option.misconception] if option.misconception else None
    return {
        "label": label,
        "keyed": keyed,
        "rationale": option.rationale,
        "trap": trap.name if trap else "",
        "mend": trap.mend if trap else "",
    }


def answer_view(item: AnyItem, bank: Bank) -> list[dict[str, Any]]:
    """Return every part's legend, keyed labels, and options with rationale and, where wrong, the trap and its mend.

    A part whose rows have places has no keyed labels: each of its options has its `place` instead.
    """
    rationales, view = item.rationales(), []
    for part, question in zip(item.parts(), item.questions(bank.differentiator_names), strict=True):
        given, places = rationales[part.name], {row: question.groups[place] for row, place in part.places.items()}
        options = [
            {
                "id": name,
                "place": places.get(name, ""),
                **_option_view(given[name], label, not places and name in part.key, bank),
            }
            for name, label in ((name, question.options[name]) for name in places or question.options)
        ]
        keys = [] if places else [question.options[name] for name in part.key]
        view.append({"name": part.name, "type": part.type, "legend": question.legend, "keys": keys, "options": options})
    return view


def _scenario(text: str, questions: Iterable[Question]) -> list[tuple[str, str]]:
    """Return the scenario in pieces: brackets are gaps only where a question stands in the text."""
    return pieces(text) if any(question.inline for question in questions) else [("", text)] if text else []


def _view(item_id: str, asked: Rule, scenario: list[tuple[str, str]], questions: Iterable[Question]) -> dict[str, Any]:
    every = list(questions)
    return {
        "data": {"id": item_id, "rule": [part.as_json() for part in asked]},
        "scenario": scenario,
        "inline": {question.name: question for question in every if question.inline},
        "questions": [question for question in every if not question.inline],
        "anchor": "",
        "answer": None,
    }


def render_practice(
    items: Iterable[AnyItem], bank: Bank, *, evidence: bool = False, anchored: Collection[str] = ()
) -> str:
    """Return the HTML of practice items with keys and rationales; those `anchored` have an address, `#item-<id>`."""
    views = []
    for item in items:
        asked = practice_rule(item, evidence)
        questions = _asked(item, bank, asked)
        view = _view(item.id, asked, item.pieces(), questions)
        anchor = f"item-{item.id}" if item.id in anchored else ""
        views.append({**view, "anchor": anchor, "answer": answer_view(item, bank)})
    return _html("practice", views)


def render_form(form_items: Iterable[Mapping[str, Any]]) -> str:
    """Return the HTML of a key-free form's items: texts and options, no key and no rationale."""
    views = []
    for item in form_items:
        questions = [Question.model_validate(question) for question in item["questions"]]
        views.append(_view(item["id"], (), _scenario(item["scenario"], questions), questions))
    return _html("sheet", views)


def _html(mode: str, views: list[dict[str, Any]]) -> str:
    return environment().get_template("quiz.html.jinja").render(mode=mode, items=views).strip()
