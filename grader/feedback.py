"""Feedback for learners: how much of it the assignment allows, and `python -m grader feedback`, which writes it fast.

Nothing that a learner wrote becomes markup: the reasons are made anew from the bank, and the rest is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbgrader import api
from nbgrader.api import BaseCell, Comment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Connection, Row, select

from grader.batch import Line, marked_file
from grader.build import ANSWERS_CELL, grade_id
from grader.course import Course, CourseError
from grader.database import engine_for
from grader.explain import StaleKeyError
from grader.hand_ins import own_form
from grader.intake import IntakeError, carry
from grader.leftovers import left_over
from grader.rebuild import METADATA, Notebook, cell_id, is_item, source_of
from grader.scheme import Scheme, load_scheme
from quizzes.amounts import amount, brief
from quizzes.answers import parse_record
from quizzes.records import RecordError, parse_json, write_bytes


def at_level(notebook: Any, level: str) -> Any:
    """Return nbgrader's notebook with what learners may see: `full`, `outcomes` (right or wrong), or `score` alone.

    A comment or score that a person gave is shown at every level.
    """
    if level == "full":
        return notebook
    own = notebook.metadata.get(METADATA, {})
    if level == "score":
        notebook.cells = [cell for cell in notebook.cells if not is_item(cell)]
        for cell in notebook.cells:
            if cell_id(cell) == ANSWERS_CELL and cell.metadata.nbgrader.get("comment") == own.get("summary"):
                cell.metadata.nbgrader["comment"] = None
        return notebook
    for cell in notebook.cells:
        if is_item(cell):
            for output in cell.outputs:
                output.get("data", {}).pop("text/html", None)
    return notebook


@cache
def _environment() -> Environment:
    folder = Path(__file__).with_name("templates")
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    made.filters |= {"amount": amount, "brief": brief}
    return made


@cache
def _prompt(text: str) -> Markup:
    return Markup(mistune.create_markdown(escape=True)(text))  # noqa: S704  the instructor's words, escaped


@dataclass(frozen=True)
class Graded:
    """What the gradebook says of one submission: total and penalty, and the score and comment of each cell."""

    penalty: float
    scores: Mapping[str, float]
    by_hand: frozenset[str]
    comments: Mapping[str, str]
    waiting: frozenset[str]

    @property
    def total(self) -> float:
        """Return the points that count."""
        return max(0.0, sum(self.scores.values()) - self.penalty)


def _of(connection: Connection, notebook: str, penalty: float | None) -> Graded:
    grades = connection.execute(
        select(BaseCell.name, Grade.score.label("score"), Grade.manual_score, Grade.needs_manual_grade)
        .join(Grade, Grade.cell_id == BaseCell.id)
        .where(Grade.notebook_id == notebook)
    ).all()
    comments = connection.execute(
        select(BaseCell.name, Comment.manual_comment)
        .join(Comment, Comment.cell_id == BaseCell.id)
        .where(Comment.notebook_id == notebook, Comment.manual_comment.is_not(None))
    ).all()
    return Graded(
        penalty=float(penalty or 0),
        scores={row.name: float(row.score) for row in grades},
        by_hand=frozenset(row.name for row in grades if row.manual_score is not None),
        comments={row.name: row.manual_comment for row in comments},
        waiting=frozenset(row.name for row in grades if row.needs_manual_grade),
    )


def _submissions(connection: Connection, scheme: Scheme) -> dict[str, Row[Any]]:
    query = (
        select(SubmittedAssignment.student_id, SubmittedNotebook.id, SubmittedNotebook.late_submission_penalty)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(api.Notebook, api.Notebook.id == SubmittedNotebook.notebook_id)
        .join(api.Assignment, api.Assignment.id == SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == scheme.name, api.Notebook.name == scheme.name)
    )
    return {row.student_id: row for row in connection.execute(query)}


def page(course: Course, scheme: Scheme, student: str, graded: Graded) -> str:
    """Return a student's feedback as one page; raises IntakeError where the submission was not marked."""
    try:
        notebook = parse_json(marked_file(course, scheme.name, student).read_bytes())
        kept = notebook["metadata"][METADATA]
        record = parse_record(kept["record"]) if kept["record"] else None
        cells = {cell_id(cell): cell for cell in notebook["cells"]}
        form = scheme.form or own_form(course, scheme.name, student)
        results = scheme.results(form, record)
    except (OSError, RecordError, KeyError, TypeError, AttributeError, StaleKeyError) as error:
        raise IntakeError(f"no feedback: it is not marked: run `python -m grader mark {scheme.name}`") from error
    items = [(grade_id(number), result) for number, result in enumerate(results, 1)]
    return (
        _environment()
        .get_template("feedback_page.html.jinja")
        .render(
            title=scheme.plan.title,
            student=student,
            level=scheme.plan.feedback,
            graded=graded,
            points=scheme.plan.points_of(form),
            items=[
                {"id": name, "line": result.line, "html": Markup(result.html), "points": result.mark.points}  # noqa: S704  of our template
                for name, result in items
            ],
            own=[
                {"cell": cell, "prompt": _prompt(cell.prompt), "given": _given(cells, scheme.cells, cell.id)}
                for cell in scheme.plan.cells
            ],
            notes=kept["notes"],
            answers=ANSWERS_CELL,
        )
    )


def _given(cells: Mapping[str, Notebook], released: Mapping[str, str], name: str) -> str:
    """Return what a learner wrote into a cell, without the indent by which Markdown shows it as it is."""
    text = source_of(cells[name]) if name in cells else ""
    if text.strip() == released.get(name, "").strip():
        return ""
    return "\n".join(line.removeprefix("    ") for line in text.removeprefix("    Answer:").strip("\n").splitlines())


def feedback(course: Course, name: str, students: list[str] | None = None) -> Iterator[Line]:
    """Write the feedback of all marked submissions, or of some students, and give a line for each.

    Raises CourseError before anything is written where the assignment is unknown.
    """
    scheme = load_scheme(course, name)
    with engine_for(course.db_url).connect() as connection:
        found = _submissions(connection, scheme)
        unknown = sorted(set(students or ()) - set(found))
        if unknown:
            raise CourseError(f"gradebook: no submission of {name} by {unknown[0]}")
        for student in sorted(set(found) - left_over(course.root)) if students is None else students:
            row = found[student]
            try:
                text = page(course, scheme, student, _of(connection, row.id, row.late_submission_penalty))
            except IntakeError as error:
                yield Line(student, fault=str(error))
                continue
            target = course.root / "feedback" / student / name / f"{name}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(target, text.encode(), mode=0o644)
            carry(course.submission(student, name), target.parent)
            yield Line(student)
