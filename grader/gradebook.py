"""Write marks into nbgrader's gradebook: the rows that `nbgrader autograde` writes, in one transaction a submission."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from traitlets.config import Config

from grader.changes import NO_GRADE, Change, Scores, change_of, first_change, wanted_scores
from grader.course import CourseError
from grader.database import engine_for
from grader.lateness import penalty_of, seconds_late

TRIES = 5


@dataclass(frozen=True)
class Entry:
    """What to write of one submission: scores and comments by cell, and when it was handed in, in UTC.

    `scores` of None withdraws the automatic ones. A time of None leaves the one that is there.
    """

    student: str
    time: datetime | None = None
    scores: Scores | None = None
    comments: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Cells:
    """The ids of an assignment's notebook and of its cells by name, and the cells of other notebooks that it has."""

    assignment: str
    due: datetime | None
    notebook: str
    grades: Mapping[str, str]
    solutions: Mapping[str, str]
    others: Mapping[str, tuple[Sequence[str], ...]]


class Recorder:
    """Writes the marks of one assignment; raises CourseError where the gradebook does not know it."""

    def __init__(self, url: str, name: str, config: Config) -> None:
        self.engine = engine_for(url)
        self._config = config
        self._lock = threading.Lock()
        try:
            with self.engine.begin() as connection:
                self._cells = _read_cells(connection, name)
        except OperationalError as error:
            raise CourseError(
                f"gradebook: {str(error.orig).strip()}: run nbgrader generate_assignment {name}"
            ) from None

    def students(self) -> set[str]:
        """Return who has a submission in the gradebook."""
        with self.engine.connect() as connection:
            query = select(_SUBMISSIONS.c.student_id).where(_SUBMISSIONS.c.assignment_id == self._cells.assignment)
            return set(connection.execute(query).scalars())

    def record(self, entry: Entry) -> Change:
        """Write one submission's marks, all or nothing."""
        return self.record_all([entry])[0]

    def record_all(self, entries: Sequence[Entry]) -> list[Change]:
        """Write the marks of some submissions in one transaction, all or nothing.

        A mark given by hand stays, and asks for another look, as after `nbgrader autograde`.
        """
        with self._lock:
            for _ in range(TRIES):
                try:
                    return self._record_all(entries)
                except IntegrityError:  # another grader has just made the same rows
                    continue
            return self._record_all(entries)

    def foresee(self, entries: Sequence[Entry]) -> list[Change]:
        """Return what recording these submissions would change; nothing is written."""
        with self.engine.connect() as connection:
            return [self._foresee(connection, entry) for entry in entries]

    def _foresee(self, connection: Connection, entry: Entry) -> Change:
        which = {"assignment": self._cells.assignment, "student": entry.student}
        found = connection.execute(_FIND_SUBMISSION, which).first()
        if found is None:
            return first_change(entry.scores)
        grades = _grades(connection, _submitted_notebook(connection, found.id, self._cells.notebook))
        before = dict.fromkeys(self._cells.grades.values(), NO_GRADE) | grades
        return change_of(before, self._cells.grades, entry.scores)

    def _record_all(self, entries: Sequence[Entry]) -> list[Change]:
        with self.engine.begin() as connection:
            return [self._record(connection, entry) for entry in entries]

    def _record(self, connection: Connection, entry: Entry) -> Change:
        which = {"assignment": self._cells.assignment, "student": entry.student}
        found = connection.execute(_FIND_SUBMISSION, which).first()
        if found is None:
            return self._make(connection, entry)
        if entry.time is not None and found.timestamp != entry.time:
            connection.execute(update(_SUBMISSIONS).where(_SUBMISSIONS.c.id == found.id).values(timestamp=entry.time))
        notebook = _submitted_notebook(connection, found.id, self._cells.notebook)
        before = _grades(connection, notebook)
        if missing := sorted(set(self._cells.grades.values()) - set(before)):
            _make_rows(connection, _GRADES, notebook, missing)  # the assignment has more cells than it had then
            before = _grades(connection, notebook)
        self._write_scores(connection, notebook, before, entry.scores)
        _write_comments(connection, notebook, {self._cells.solutions[k]: v for k, v in entry.comments.items()})
        if entry.scores is not None:
            late = seconds_late(entry.time or found.timestamp, self._cells.due, found.extension)
            self._write_penalty(connection, entry.student, notebook, late)
        return change_of(before, self._cells.grades, entry.scores)

    def _make(self, connection: Connection, entry: Entry) -> Change:
        """Make the rows that nbgrader makes, student, submission, notebooks, grades and comments, with the marks."""
        if connection.execute(_FIND_STUDENT, {"student": entry.student}).first() is None:
            connection.execute(_ADD_STUDENT, {"id": entry.student})
        submission, notebook, scores = new_uuid(), new_uuid(), entry.scores or {}
        which = {"id": submission, "assignment_id": self._cells.assignment, "student_id": entry.student}
        connection.execute(_ADD_SUBMISSION, {**which, "timestamp": entry.time})
        total = sum(score or 0.0 for score in scores.values())
        late = 0 if entry.scores is None else seconds_late(entry.time, self._cells.due, None)
        penalty = penalty_of(self._config, entry.student, total, late)
        row = {"id": notebook, "assignment_id": submission, "notebook_id": self._cells.notebook}
        connection.execute(_ADD_NOTEBOOK, {**row, "late_submission_penalty": penalty})
        grades = [
            {"cell_id": cell, "auto_score": scores.get(name), "needs_manual_grade": scores.get(name) is None}
            for name, cell in self._cells.grades.items()
        ]
        connection.execute(_ADD_GRADE, [{"id": new_uuid(), "notebook_id": notebook, **each} for each in grades])
        comments = [{"cell_id": c, "auto_comment": entry.comments.get(n)} for n, c in self._cells.solutions.items()]
        connection.execute(_ADD_COMMENT, [{"id": new_uuid(), "notebook_id": notebook, **each} for each in comments])
        _make_others(connection, submission, self._cells)
        return first_change(entry.scores)

    def _write_scores(
        self, connection: Connection, notebook: str, before: Mapping[str, Any], scores: Scores | None
    ) -> None:
        rows = []
        for cell, score in wanted_scores(self._cells.grades, scores).items():
            old = before[cell]
            needs = scores is None or score is None or old.manual_score is not None
            if (old.auto_score, bool(old.needs_manual_grade)) != (score, needs):
                rows.append({"row": old.id, "auto": score, "needs": needs})
        if rows:
            connection.execute(_UPDATE_GRADE, rows)

    def _write_penalty(self, connection: Connection, student: str, notebook: str, late: float) -> None:
        total = connection.execute(_SUM_SCORES, {"notebook": notebook}).scalar() if late > 0 else 0
        penalty = penalty_of(self._config, student, float(total or 0), late)
        if connection.execute(_FIND_PENALTY, {"notebook": notebook}).scalar() != penalty:
            row = update(_NOTEBOOKS).where(_NOTEBOOKS.c.id == notebook)
            connection.execute(row.values(late_submission_penalty=penalty))


# Statements are made once: making them takes longer than running them.
_GRADES, _COMMENTS, _SUBMISSIONS = Grade.__table__, Comment.__table__, SubmittedAssignment.__table__
_NOTEBOOKS = SubmittedNotebook.__table__
_FIND_SUBMISSION = select(_SUBMISSIONS.c.id, _SUBMISSIONS.c.extension, _SUBMISSIONS.c.timestamp).where(
    _SUBMISSIONS.c.assignment_id == bindparam("assignment"), _SUBMISSIONS.c.student_id == bindparam("student")
)
_FIND_NOTEBOOK = select(_NOTEBOOKS.c.id).where(
    _NOTEBOOKS.c.assignment_id == bindparam("submission"), _NOTEBOOKS.c.notebook_id == bindparam("notebook")
)
_FIND_PENALTY = select(_NOTEBOOKS.c.late_submission_penalty).where(_NOTEBOOKS.c.id == bindparam("notebook"))
_FIND_GRADES = select(
    _GRADES.c.id,
    _GRADES.c.cell_id,
    _GRADES.c.auto_score,
    _GRADES.c.manual_score,
    _GRADES.c.extra_credit,
    _GRADES.c.needs_manual_grade,
).where(_GRADES.c.notebook_id == bindparam("notebook"))
_FIND_COMMENTS = select(_COMMENTS.c.id, _COMMENTS.c.cell_id, _COMMENTS.c.auto_comment).where(
    _COMMENTS.c.notebook_id == bindparam("notebook")
)
_FIND_STUDENT = select(Student.__table__.c.id).where(Student.__table__.c.id == bindparam("student"))
_SUM_SCORES = select(func.sum(Grade.score)).where(Grade.notebook_id == bindparam("notebook"))
_ADD_STUDENT, _ADD_SUBMISSION, _ADD_NOTEBOOK = insert(Student.__table__), insert(_SUBMISSIONS), insert(_NOTEBOOKS)
_ADD_GRADE, _ADD_COMMENT = insert(_GRADES), insert(_COMMENTS)
_UPDATE_GRADE = (
    update(_GRADES)
    .where(_GRADES.c.id == bindparam("row"))
    .values(auto_score=bindparam("auto"), needs_manual_grade=bindparam("needs"))
)
_UPDATE_COMMENT = update(_COMMENTS).where(_COMMENTS.c.id == bindparam("row")).values(auto_comment=bindparam("text"))


def _read_cells(connection: Connection, name: str) -> _Cells:
    found = connection.execute(
        select(Assignment.id, Assignment.duedate, Notebook.id.label("notebook"))
        .join(Notebook, Notebook.assignment_id == Assignment.id)
        .where(Assignment.name == name, Notebook.name == name)
    ).first()
    if found is None:
        raise CourseError(f"gradebook: no assignment {name} with its notebook: run nbgrader generate_assignment {name}")
    grades, solutions = (_ids(connection, kind, found.notebook) for kind in (GradeCell, SolutionCell))
    every = connection.execute(select(Notebook.id).where(Notebook.assignment_id == found.id)).scalars().all()
    others = {
        each: tuple(list(_ids(connection, kind, each).values()) for kind in (GradeCell, SolutionCell))
        for each in every
        if each != found.notebook
    }
    return _Cells(found.id, found.duedate, found.notebook, grades, solutions, others)


def _ids(connection: Connection, kind: Any, notebook: str) -> dict[str, str]:
    query = select(kind.name, kind.id).where(kind.notebook_id == notebook)
    return {row.name: row.id for row in connection.execute(query)}


def _make_others(connection: Connection, submission: str, cells: _Cells) -> None:
    """Make the empty rows of other notebooks that the assignment has in the gradebook, as nbgrader does."""
    for notebook, (grades, solutions) in cells.others.items():
        made = new_uuid()
        connection.execute(
            _ADD_NOTEBOOK,
            {"id": made, "assignment_id": submission, "notebook_id": notebook, "late_submission_penalty": None},
        )
        _make_rows(connection, _GRADES, made, grades)
        _make_rows(connection, _COMMENTS, made, solutions)


def _make_rows(connection: Connection, table: Any, notebook: str, cells: Sequence[str]) -> None:
    if cells:
        connection.execute(insert(table), [{"notebook_id": notebook, "cell_id": cell} for cell in cells])


def _submitted_notebook(connection: Connection, submission: str, notebook: str) -> str:
    which = {"submission": submission, "notebook": notebook}
    return str(connection.execute(_FIND_NOTEBOOK, which).scalar_one())


def _grades(connection: Connection, notebook: str) -> dict[str, Any]:
    return {row.cell_id: row for row in connection.execute(_FIND_GRADES, {"notebook": notebook})}


def _write_comments(connection: Connection, notebook: str, wanted: Mapping[str, str | None]) -> None:
    found = connection.execute(_FIND_COMMENTS, {"notebook": notebook}).all()
    rows = [
        {"row": row.id, "text": wanted[row.cell_id]}
        for row in found
        if row.cell_id in wanted and wanted[row.cell_id] != row.auto_comment
    ]
    if rows:
        connection.execute(_UPDATE_COMMENT, rows)
