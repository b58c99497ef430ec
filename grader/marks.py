"""The table of marks of an assignment: every submission has a mark or one line that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from grader.batch import marked_file
from grader.build import planned_form
from grader.course import Course, add_scripts_to_path
from grader.hand_ins import own_form
from grader.intake import IntakeError, check_name, shown, take_in
from quizzes.amounts import brief
from quizzes.forms import Form


@dataclass(frozen=True)
class Row:
    """One student's mark; `score` is None where there is none, and `note` says why or what was left out."""

    student: str
    score: float | None
    points: float
    note: str


def _note(course: Course, name: str, student: str, common: Form | None) -> tuple[bool, str]:
    """Return whether the submission can be marked, and a line about it; without a common form, by the student's own."""
    try:
        check_name(student)
        submission = take_in(course.submission(student, name), common or own_form(course, name, student))
    except IntakeError as error:
        return False, f"no mark: {error}"
    blank = submission.record is None or not submission.record.responses
    return True, "; ".join([*(["no answers"] if blank else []), *submission.notes])


def marks(course: Course, name: str) -> list[Row]:
    """Return a row for each submission of the assignment, by student; raises CourseError where no form was built."""
    plan = course.assignment(name)
    common = None if plan.siblings else course.form(name)
    points, rows = plan.points_of(common or planned_form(course, name)), []
    add_scripts_to_path()
    with Gradebook(course.db_url) as gradebook:
        for student in course.students(name):
            markable, note = _note(course, name, student, common)
            marked = markable and marked_file(course, name, student).exists()
            rows.append(Row(shown(student), _score(gradebook, name, student) if marked else None, points, note))
    return rows


def _score(gradebook: Gradebook, name: str, student: str) -> float | None:
    try:
        return float(gradebook.find_submission(name, student).score)
    except MissingEntry:
        return None


def table(rows: list[Row]) -> str:
    """Return the rows as text, a line each."""
    width = max([len("student"), *(len(row.student) for row in rows)])
    lines = [f"{'student':{width}}  {'mark':>9}  note"]
    for row in rows:
        mark = f"{brief(row.score)} / {brief(row.points)}" if row.score is not None else "-"
        note = row.note or ("" if row.score is not None else "not marked yet: run `python -m grader mark`")
        lines.append(f"{row.student:{width}}  {mark:>9}  {note}".rstrip())
    return "\n".join(lines)
