"""The marking scheme of an assignment: form, key, released notebook and tests, with which any submission is marked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.utils import compute_checksum, determine_grade

from grader.build import ANSWERS_CELL, HIDDEN_BEGIN, grade_id
from grader.course import Assignment, Course, CourseError
from grader.execution import execute
from grader.explain import ItemResult, Known, StaleKeyError, keyed_item, mark_record
from grader.intake import Carriers, Submission
from grader.rebuild import METADATA, Notebook, cell_id, is_item, rebuild, source_of, write_results
from quizzes.answers import AnswerRecord
from quizzes.bank import Bank
from quizzes.forms import Form
from quizzes.items import rule
from quizzes.records import RecordError, parse_json
from quizzes.render import answer_view

VERSION = 2  # of what a mark follows from, and of what a marked notebook holds: a new one marks everything again


@dataclass(frozen=True)
class Marked:
    """A marked submission: the notebook for nbgrader's pages, and what the gradebook keeps by cell.

    A score is None where a person has to mark; a comment is None where there is nothing to say.
    """

    notebook: Notebook
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]


@dataclass(frozen=True)
class Scheme:
    """What it takes to mark an assignment. `form` is None where every student has their own."""

    name: str
    plan: Assignment
    bank: Bank
    released: Notebook
    tests: Mapping[str, str]
    form: Form | None
    _known: Known = field(default_factory=dict, compare=False, repr=False)
    _digests: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is kept only for speed: a worker makes its own."""
        return {**self.__dict__, "_known": {}, "_digests": {}}

    @property
    def cells(self) -> dict[str, str]:
        """Return the released sources of the cells of nbgrader's own that learners answer, by id."""
        own = {cell.id for cell in self.plan.cells}
        return {cell_id(cell): source_of(cell) for cell in self.released["cells"] if cell_id(cell) in own}

    def digest(self, form: Form, carriers: Carriers) -> str:
        """Return a digest of everything that a mark follows from: a submission with the same one is marked already."""
        if form.form not in self._digests:
            self._digests[form.form] = _digest(
                [
                    VERSION,
                    form.model_dump(mode="json"),
                    self._key(form),
                    self.released,
                    dict(self.tests),
                    self.plan.execute,
                ]
            )
        parts = (carriers.notebook or b"", carriers.sidecar or b"", str(carriers.time).encode())
        hashes = [hashlib.sha256(part).hexdigest() for part in parts]
        return _digest([self._digests[form.form], hashes])

    def _key(self, form: Form) -> list[Any]:
        items = [(asked, keyed_item(self.bank, asked)) for asked in form.items]
        return [
            [[part.as_json() for part in rule(item, asked.points)], answer_view(item, self.bank)]
            for asked, item in items
        ]

    def results(self, form: Form, record: AnswerRecord | None) -> list[ItemResult]:
        """Mark and explain every item of a form; None marks all of them blank. Raises StaleKeyError."""
        return mark_record(form, self.bank, record, self._known)

    def mark(self, form: Form, submission: Submission, digest: str = "") -> Marked:
        """Mark a submission; code is run where the plan says so, and nothing else is. Raises StaleKeyError."""
        notebook = rebuild(self.released, submission)
        results = self.results(form, submission.record)
        write_results(notebook, results)
        executed = self._execute(notebook)
        notebook["metadata"][METADATA].update(summary=summary(results, submission.notes), digest=digest)
        scores = {cell_id(cell): _score(cell, executed) for cell in notebook["cells"] if _is_own(cell)}
        scores |= {grade_id(number): float(result.mark.score) for number, result in enumerate(results, 1)}
        comments = {cell_id(cell): _comment(cell) for cell in notebook["cells"] if _is(cell, "solution")}
        return Marked(notebook, scores, {**comments, ANSWERS_CELL: notebook["metadata"][METADATA]["summary"]})

    def _execute(self, notebook: Notebook) -> bool:
        if not self.tests or self.plan.execute == "never":
            return False
        execute(notebook, self.tests, sandbox=self.plan.execute == "sandbox")
        return True


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _is(cell: Notebook, what: str) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get(what))


def _is_own(cell: Notebook) -> bool:
    return _is(cell, "grade") and not is_item(cell)


def _score(cell: Notebook, executed: bool) -> float | None:
    """Return what nbgrader's own rule gives a cell: 0 for an answer left as it was; None asks for a person."""
    if cell["cell_type"] == "code" and not executed:
        return None
    score, _ = determine_grade(from_dict(cell))
    return None if score is None else float(score)


def _comment(cell: Notebook) -> str | None:
    unchanged = cell["metadata"]["nbgrader"].get("checksum") == compute_checksum(from_dict(cell))
    return "No response." if unchanged else None


def summary(results: list[ItemResult], notes: tuple[str, ...]) -> str:
    """Return a line for each item and note, as nbgrader's pages show comments: as Markdown with HTML in it."""
    # Those pages do not clean comments: nothing may read as markup.
    lines = [result.line for result in results]
    return "\n\n".join(escape(line) for line in [*lines, *(f"Note: {note}" for note in notes)])


def _notebook(path: Path, mend: str) -> Notebook:
    """Read a notebook of the course's own, each source as one text."""
    try:
        notebook: Notebook = parse_json(path.read_bytes())
    except (OSError, RecordError):
        shown = "/".join(path.parts[-3:])
        raise CourseError(f"{shown}: no usable notebook: {mend}") from None
    return {**notebook, "cells": [{**cell, "source": source_of(cell)} for cell in notebook["cells"]]}


def _only(bank: Bank, form: Form | None) -> Bank:
    """Return the bank with the items of a form alone, which is little to send to a worker."""
    if form is None:
        return bank
    wanted = {item.id for item in form.items}
    return replace(bank, items={name: item for name, item in bank.items.items() if name in wanted})


def load_scheme(course: Course, name: str) -> Scheme:
    """Read everything that marking an assignment needs; raises CourseError with one line."""
    plan = course.assignment(name)
    form = None if plan.siblings else course.form(name)
    released = _notebook(course.root / "release" / name / f"{name}.ipynb", f"run nbgrader generate_assignment {name}")
    scheme = Scheme(name, plan, _only(course.bank(plan), form), released, _tests(course, plan, name), form)
    if form:
        try:
            scheme.results(form, None)
        except StaleKeyError as error:
            raise CourseError(f"assignments/{name}.yaml: {error}") from None
    return scheme


def _tests(course: Course, plan: Assignment, name: str) -> dict[str, str]:
    """Return the tests of the cells with code, by the id of the cell that has the points."""
    wanted = {cell.graded for cell in plan.cells if cell.kind == "code"}
    if not wanted:
        return {}
    source = _notebook(course.root / "source" / name / f"{name}.ipynb", f"run `python -m grader build {name}`")
    tests = {cell_id(cell): source_of(cell) for cell in source["cells"] if cell_id(cell) in wanted}
    if set(tests) != wanted or not all(HIDDEN_BEGIN in text for text in tests.values()):
        raise CourseError(f"source/{name}/{name}.ipynb: tests are missing: run `python -m grader build {name}`")
    return tests
