"""`make grade-demo`: the whole course on eight made submissions, through nbgrader's own commands."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from grader.build import build
from grader.course import Course
from grader.init import init
from grader.marks import Row, marks, table
from quizzes.answers import RECEIPT_TYPE, AnswerRecord, sidecar_file
from quizzes.bank import Bank
from quizzes.forms import Form
from quizzes.items import AnyItem

Responses = dict[str, dict[str, Any]]


def keyed(item: AnyItem) -> dict[str, Any]:
    """Return the right response to every part of an item, of whatever kind."""
    return {part.name: part.places or (list(part.key) if part.type == "some" else part.key[0]) for part in item.parts()}


def missed(item: AnyItem) -> dict[str, Any]:
    """Return a wrong response to every part of an item whose parts are choices."""
    wrong = {part.name: [option for option in part.options if option not in part.key] for part in item.parts()}
    return {part.name: wrong[part.name] if part.type == "some" else wrong[part.name][0] for part in item.parts()}


@dataclass(frozen=True)
class Maker:
    """Makes submissions to a released assignment."""

    course: Course
    form: Form
    bank: Bank

    def responses(self, answer: Callable[[AnyItem], dict[str, Any]], first: int | None = None) -> Responses:
        """Return responses to the form's first items, all of them where `first` is None."""
        return {item.id: answer(item) for item in self.bank.get(item.id for item in self.form.items[:first])}

    def record(self, responses: Responses) -> dict[str, Any]:
        """Return the record of these responses."""
        return AnswerRecord(
            assignment=self.form.assignment,
            form=self.form.form,
            revision=max(1, len(responses)),
            responses=responses,
            saved_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
        ).model_dump(mode="json")

    def submit(self, student: str, *, receipt: Any = None, sidecar: Any = None) -> Path:
        """Hand in a copy of the released notebook with the given carriers; returns the submission's folder."""
        name = self.form.assignment
        folder = self.course.submission(student, name)
        shutil.copytree(self.course.root / "release" / name, folder)
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        if receipt is not None:
            output = nbformat.v4.new_output("display_data", data={RECEIPT_TYPE: receipt, "text/plain": "answers"})
            next(cell for cell in notebook.cells if cell.cell_type == "code").outputs = [output]
        nbformat.write(notebook, folder / f"{name}.ipynb")
        if sidecar is not None:
            (folder / sidecar_file(name)).write_text(json.dumps(sidecar), encoding="utf-8")
        return folder


def make_submissions(maker: Maker) -> None:
    """Hand in eight submissions, one of each sort that a course sees sooner or later."""
    name = maker.form.assignment
    right = maker.record(maker.responses(keyed))
    wrong = maker.record(maker.responses(missed))
    half = maker.record(maker.responses(keyed, len(maker.form.items) // 2))
    maker.submit("1-perfect", receipt=right, sidecar=right)
    maker.submit("2-all-wrong", receipt=wrong, sidecar=wrong)
    maker.submit("3-half", receipt=half, sidecar=half)
    maker.submit("4-blank")
    maker.submit("5-no-sidecar", receipt=right)
    maker.submit("6-no-receipt", sidecar=right)
    maker.submit("7-malformed-record", receipt={**right, "revision": "many"}, sidecar={**right, "responses": []})
    broken = maker.submit("8-broken-notebook")
    (broken / f"{name}.ipynb").write_text('{"cells": [', encoding="utf-8")


def run(course: Course, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of nbgrader's commands in the course."""
    return subprocess.run(  # noqa: S603  our own arguments
        [sys.executable, "-m", "nbgrader", *command],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )


def demo(folder: Path, name: str = "ps1") -> list[Row]:
    """Make a course in an empty folder and take it from build to export; returns the marks.

    Raises RuntimeError where one of nbgrader's commands fails that should not.
    """
    course = init(folder)
    _, form = build(course, name)
    expect(run(course, "generate_assignment", name))
    make_submissions(Maker(course, form, course.bank(course.assignment(name))))
    run(course, "autograde", name)  # ends with an error where a submission could not be marked; the table says which
    expect(run(course, "generate_feedback", name))
    expect(run(course, "export"))
    return marks(course, name)


def expect(done: subprocess.CompletedProcess[str]) -> None:
    """Raise RuntimeError with the end of what a command said, where it has failed."""
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, done.args[1:]))} failed:\n{done.stderr[-2000:]}")


def report(folder: Path) -> str:
    """Run the demonstration and return what to print."""
    rows = demo(folder)
    return f"{table(rows)}\n\nCourse, feedback and grades.csv: {folder}"
