"""The table of marks of an assignment: every submission has a mark or one line that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from grader.course import Course
from grader.intake import IntakeError, take_in
from grader.nbgrader_config import add_scripts_to_path


@dataclass(frozen=True)
class Row:
    """One student's mark; `score` is None where there is none, and `note` says why or what was left out."""

    student: str
    score: float | None
    points: float
    note: str


def _note(course: Course, student: str, name: str) -> tuple[bool, str]:
    """Return whether the submission can be marked, and a line about it."""
    try:
        submission = take_in(course.submission(student, name), course.form(name))
    except IntakeError as error:
        return False, f"no mark: {error}"
    blank = submission.record is None or not submission.record.responses
    return True, "; ".join([*(["no answers"] if blank else []), *submission.notes])


def marks(course: Course, name: str) -> list[Row]:
    """Return a row for each submission of the assignment, by student; raises CourseError where no form was built."""
    points = course.form(name).points
    folders = sorted(path.parent for path in course.root.glob(f"submitted/*/{name}") if path.is_dir())
    rows = []
    add_scripts_to_path()
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        for student in (folder.name for folder in folders):
            markable, note = _note(course, student, name)
            marked = markable and (course.root / "autograded" / student / name / f"{name}.ipynb").exists()
            rows.append(Row(student, _score(gradebook, name, student) if marked else None, points, note))
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
        mark = f"{row.score:g} / {row.points:g}" if row.score is not None else "-"
        note = row.note or ("" if row.score is not None else "not marked yet: run nbgrader autograde")
        lines.append(f"{row.student:{width}}  {mark:>9}  {note}".rstrip())
    return "\n".join(lines)
