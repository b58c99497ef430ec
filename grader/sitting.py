"""Read what was handed in for an assignment, and mark it without the words of feedback."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.analysis import Array
from grader.course import Assignment, Course, CourseError
from grader.explain import StaleKeyError, keyed_item
from grader.hand_ins import own_form
from grader.intake import IntakeError, check_name, shown, take_in
from quizzes.answers import AnswerRecord
from quizzes.bank import Bank
from quizzes.forms import Form, FormItem
from quizzes.items import AnyItem, rule
from quizzes.marking import Mark, Outcome, Rule, mark


@dataclass(frozen=True)
class Asked:
    """An item with the rule that it is marked by, as the assignment asks it."""

    item: AnyItem
    rule: Rule

    @property
    def points(self) -> float:
        """Return the most that the item can earn."""
        return sum(part.points for part in self.rule)


@dataclass(frozen=True)
class Learner:
    """One learner's submission with the marks by item id; without a record there are answers to nothing."""

    student: str
    record: AnswerRecord | None
    marks: Mapping[str, Mark]

    @property
    def answered(self) -> bool:
        """Return whether there is an answer at all."""
        return any(part.outcome is not Outcome.BLANK for each in self.marks.values() for part in each.parts)

    def response(self, item_id: str) -> Any:
        """Return what was answered to an item, None where nothing was."""
        return self.record.responses.get(item_id) if self.record else None

    @property
    def seconds(self) -> Mapping[str, int]:
        """Return the times by item id, those of items that were asked; empty where the record has none."""
        kept = self.record.seconds if self.record else {}
        return {item_id: kept[item_id] for item_id in self.marks if item_id in kept}


@dataclass(frozen=True)
class Sitting:
    """All submissions of an assignment: the items that were asked, the learners with a mark, and those without."""

    title: str
    bank: Bank
    asked: Mapping[str, Asked]
    learners: tuple[Learner, ...]
    unmarked: tuple[str, ...]
    salt: str

    @property
    def present(self) -> tuple[Learner, ...]:
        """Return the learners who answered something: statistics are over them."""
        return tuple(learner for learner in self.learners if learner.answered)

    @property
    def points(self) -> Array:
        """Return the points of each item."""
        return np.array([each.points for each in self.asked.values()], dtype=float)

    def scores(self, learners: tuple[Learner, ...]) -> Array:
        """Return learners x items in points, NaN where a learner was not asked an item."""
        rows = [[each.marks[i].score if i in each.marks else np.nan for i in self.asked] for each in learners]
        return np.array(rows, dtype=float).reshape(len(learners), len(self.asked))

    def codes(self) -> dict[str, str]:
        """Return a code for each student, in an order that tells nothing of their names and is always the same."""
        students = [*(each.student for each in self.learners), *self.unmarked]
        ordered = sorted(students, key=lambda name: hashlib.sha256(f"{self.salt}\n{name}".encode()).digest())
        return {student: f"S{number:03}" for number, student in enumerate(ordered, 1)}


def _forms(course: Course, name: str, plan: Assignment) -> dict[str, Form | None]:
    """Return the form of each student who handed in; None where none was made for them, or the name is no id."""
    students = _students(course, name)
    common = None if plan.siblings else course.form(name)
    forms: dict[str, Form | None] = {}
    for student in students:
        try:
            check_name(student)
            forms[student] = common or own_form(course, name, student)
        except IntakeError:
            forms[student] = None
    return forms


def _students(course: Course, name: str) -> list[str]:
    if students := course.students(name):
        return students
    raise CourseError(f"submitted/*/{name}: nothing was handed in: collect the submissions first")


def _asked(bank: Bank, form_item: FormItem) -> Asked:
    try:
        item = keyed_item(bank, form_item)
    except StaleKeyError as error:
        raise CourseError(str(error)) from None
    return Asked(item, rule(item, form_item.points))


def _learner(course: Course, name: str, student: str, form: Form | None, asked: Mapping[str, Asked]) -> Learner | None:
    """Return a marked learner, None where no answer can be told."""
    if form is None:
        return None
    try:
        record = take_in(course.submission(student, name), form).record
    except IntakeError:
        return None
    responses = record.responses if record else {}
    marks = {item.id: mark(asked[item.id].rule, responses.get(item.id)) for item in form.items}
    return Learner(student, record, marks)


def sitting(course: Course, name: str) -> Sitting:
    """Read and mark all submissions of an assignment.

    Raises CourseError where nothing was handed in, a form is missing, or the bank has no key that fits it.
    """
    plan = course.assignment(name)
    forms = _forms(course, name, plan)
    bank = course.bank(plan)
    asked = _all_asked(bank, filter(None, forms.values()))
    read = {student: _learner(course, name, student, form, asked) for student, form in forms.items()}
    return Sitting(
        title=plan.title,
        bank=bank,
        asked=asked,
        learners=tuple(learner for learner in read.values() if learner),
        unmarked=tuple(shown(student) for student, learner in read.items() if not learner),
        salt=" ".join(sorted({form.form for form in forms.values() if form})),
    )


def _all_asked(bank: Bank, forms: Iterable[Form]) -> dict[str, Asked]:
    """Return each item of all forms once, in the order of the forms; every form is checked against the bank."""
    different = {form.form: form for form in forms}
    return {item.id: _asked(bank, item) for form in different.values() for item in form.items}
