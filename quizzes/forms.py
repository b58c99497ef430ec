"""Forms: the key-free paper that a learner answers. Pure: values in, values out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from quizzes.items import AnyItem, Question, rule
from quizzes.marking import is_blank


class FormItem(BaseModel):
    """An item as asked: texts, options, and the points of each part; no key and no rationale."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    kind: str
    scenario: str
    questions: tuple[Question, ...]
    points: dict[str, float]


class Form(BaseModel):
    """A form; `form` is a digest of everything that the learner reads, so that answers name the paper they answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal["project-or-operation/form"] = "project-or-operation/form"
    version: Literal[1] = 1
    assignment: str
    title: str
    form: str
    items: tuple[FormItem, ...]

    @property
    def points(self) -> float:
        """Return the most that the form can earn."""
        return sum(sum(item.points.values()) for item in self.items)


def form_item(item: AnyItem, points: Mapping[str, float] | None, names: Mapping[str, str]) -> FormItem:
    """Return the item without its key, with every part where `points` is None; `names` names the differentiators.

    Raises ValueError as `rule` does.
    """
    asked = {part.name: part.points for part in rule(item, points)}
    questions = tuple(question for question in item.questions(names) if question.name in asked)
    return FormItem(id=item.id, kind=item.kind, scenario=item.scenario, questions=questions, points=asked)


def build_form(
    assignment: str, title: str, items: Sequence[AnyItem], points: Mapping[str, float], names: Mapping[str, str]
) -> Form:
    """Return the form of these items in this order."""
    form_items = tuple(form_item(item, points, names) for item in items)
    content = json.dumps([item.model_dump(mode="json") for item in form_items], sort_keys=True)
    digest = hashlib.sha256(f"{assignment}\n{content}".encode()).hexdigest()[:12]
    return Form(assignment=assignment, title=title, form=digest, items=form_items)


def form_file(assignment: str) -> str:
    """Return the name of the file in which a form is released beside its notebook."""
    return f"{assignment}.form.json"


def fault_of_response(item: FormItem, response: Any) -> str:
    """Return why a response does not fit the form's item, or an empty text. Used where answers are typed."""
    questions = {question.name: question for question in item.questions}
    for name, value in response.items():
        if name not in questions:
            return f"{item.id}: '{name}' is not asked: use {', '.join(questions)}"
        if not _fits(questions[name], value):
            return f"{item.id}: {name}: {value!r} does not fit: use {_fitting(questions[name])}"
    return ""


def _fits(question: Question, value: Any) -> bool:
    if question.groups:
        rows, places = list(question.options), list(question.groups)
        return isinstance(value, Mapping) and all(row in rows and place in places for row, place in value.items())
    if isinstance(value, list) != (question.type == "some"):
        return False
    choices, options = value if isinstance(value, list) else [value], list(question.options)
    return all(choice in options and choices.count(choice) == 1 for choice in choices)


def _fitting(question: Question) -> str:
    options = ", ".join(question.options)
    return f"a record of {options} to {', '.join(question.groups)}" if question.groups else options


def is_answered(item: FormItem, response: Any) -> bool:
    """Return whether nothing but reasons is left out: each other question has its answer, each row its place."""
    if not isinstance(response, Mapping):
        return False
    values = [(question, response.get(question.name)) for question in item.questions if not question.reason]
    return all(
        isinstance(value, Mapping) and len(value) == len(question.options) if question.groups else not is_blank(value)
        for question, value in values
    )
