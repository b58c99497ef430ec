"""Turn items into semantic HTML. The same HTML serves the site, JupyterLab, and a reader without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quizzes.bank import AnyItem, Bank
from quizzes.items import Classify, Question, rule, segments
from quizzes.marking import Rule

# Set while a book is built: a quiz in a notebook then shows itself as static HTML.
STATIC_FLAG = "PROJECT_OR_OPERATION_STATIC"
PRACTICE_POINTS = {"class": 1, "differentiator": 1, "choice": 1}
EVIDENCE_POINTS = {**PRACTICE_POINTS, "evidence": 1}


@cache
def environment() -> Environment:
    """Return the template environment: autoescaped, and strict about names."""
    folder = Path(__file__).with_name("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def practice_rule(item: AnyItem, evidence: bool) -> Rule:
    """Return the rule of an item in practice: one point a part, the evidence only where it is asked."""
    return rule(item, EVIDENCE_POINTS if evidence else PRACTICE_POINTS)


def _asked(item: AnyItem, bank: Bank, asked: Rule) -> tuple[Question, ...]:
    names = {part.name for part in asked}
    return tuple(question for question in item.questions(bank.differentiator_names) if question.name in names)


def _scenario(item: AnyItem) -> list[tuple[str, str]]:
    if isinstance(item, Classify):
        return list(segments(item))
    return [("", item.scenario)] if item.scenario else []


def answer_view(item: AnyItem, bank: Bank) -> list[dict[str, Any]]:
    """Return every part's legend, keyed labels, and options with rationale and, where wrong, the trap and its mend."""
    rationales, view = item.rationales(), []
    for part, question in zip(item.parts(), item.questions(bank.differentiator_names), strict=True):
        options = []
        for name, label in question.options.items():
            option = rationales[part.name][name]
            trap = bank.misconceptions[option.misconception] if option.misconception else None
            options.append(
                {
                    "id": name,
                    "label": label,
                    "keyed": name in part.key,
                    "rationale": option.rationale,
                    "trap": trap.name if trap else "",
                    "mend": trap.mend if trap else "",
                }
            )
        keys = [question.options[name] for name in part.key]
        view.append({"name": part.name, "legend": question.legend, "keys": keys, "options": options})
    return view


def render_practice(items: Iterable[AnyItem], bank: Bank, *, evidence: bool = False) -> str:
    """Return the HTML of practice items with their keys and rationales."""
    views = []
    for item in items:
        asked = practice_rule(item, evidence)
        views.append(
            {
                "data": {"id": item.id, "rule": [part.as_json() for part in asked]},
                "scenario": _scenario(item),
                "questions": _asked(item, bank, asked),
                "answer": answer_view(item, bank),
            }
        )
    return _html("practice", views)


def render_form(form_items: Iterable[Mapping[str, Any]]) -> str:
    """Return the HTML of a key-free form's items: texts and options, no key and no rationale."""
    views = [
        {
            "data": {"id": item["id"], "rule": []},
            "scenario": [("", item["scenario"])] if item["scenario"] else [],
            "questions": [Question.model_validate(question) for question in item["questions"]],
            "answer": None,
        }
        for item in form_items
    ]
    return _html("sheet", views)


def _html(mode: str, views: list[dict[str, Any]]) -> str:
    return environment().get_template("quiz.html.jinja").render(mode=mode, items=views).strip()
