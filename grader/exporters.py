"""Grade files for `nbgrader export --exporter=grader.exporters.Canvas` (or `Moodle`, or `Plain`).

Other than nbgrader's own file, these quote what needs it, give a spreadsheet no formula to run, keep a submission
without a mark apart from one with no points, and read each assignment with one query.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, TypeVar

from nbgrader.api import Assignment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import case, func, select

from grader.course import CourseError
from grader.enrolment import enrol_in, read_facts
from grader.layouts import canvas_number
from grader.leftovers import left_over
from grader.roster import FILE
from quizzes.records import write_bytes

# What makes a cell a formula in a spreadsheet, also in the full width that some of them read alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  meant as they are
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE_COLUMNS = ("username", "idnumber", "email")
PLAIN_COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "note",
)

T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A submission in points: `raw` is None where any of its cells has no mark yet, and `penalty` is for lateness."""

    raw: float | None
    penalty: float
    timestamp: datetime | None

    @property
    def score(self) -> float | None:
        """Return the points that count, never under 0; None where there is no mark."""
        return None if self.raw is None else max(0.0, self.raw - self.penalty)


@dataclass(frozen=True)
class Column:
    """An assignment with its submissions by student; a student without one has handed in nothing."""

    name: str
    due: datetime | None
    points: float
    entries: Mapping[str, Entry]

    def score(self, student: str) -> float | None:
        """Return the points that count; None where there is no mark."""
        entry = self.entries.get(student)
        return entry.score if entry else None


def safe(text: object) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula; None is an empty one."""
    shown = "" if text is None else str(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown


def number(value: float | None) -> str:
    """Return points without rounding errors: "7", "2.25", "" where there are none."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def csv_bytes(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """Return rows as a CSV file; by the mark at the start of utf-8-sig, spreadsheets know the encoding."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _entries(gradebook: Gradebook, assignment: Assignment) -> dict[str, Entry]:
    """Return the submissions of an assignment by student, with one query."""
    unmarked = case((Grade.auto_score.is_(None) & Grade.manual_score.is_(None), 1), else_=0)
    of_notebook = (
        select(Grade.notebook_id, func.sum(Grade.score).label("raw"), func.sum(unmarked).label("unmarked"))
        .group_by(Grade.notebook_id)
        .subquery()
    )
    query = (
        select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            func.sum(of_notebook.c.raw),
            func.sum(of_notebook.c.unmarked),
            func.sum(SubmittedNotebook.late_submission_penalty),
        )
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .outerjoin(of_notebook, of_notebook.c.notebook_id == SubmittedNotebook.id)
        .where(SubmittedAssignment.assignment_id == assignment.id)
        .group_by(SubmittedAssignment.id, SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
    )
    return {
        student: Entry(None if raw is None or blanks else float(raw), float(penalty or 0), timestamp)
        for student, timestamp, raw, blanks, penalty in gradebook.db.execute(query)
    }


class _GradeFile(ExportPlugin):
    """What the formats share: choose, lay out, and write the file in one step."""

    default_name: ClassVar[str] = "grades.csv"
    encoding: ClassVar[str] = "utf-8"

    def layout(self, columns: Sequence[Column], students: Sequence[Student]) -> Iterator[Sequence[str]]:
        """Give the rows of the file, the first with the names of its columns."""
        raise NotImplementedError

    def export(self, gradebook: Gradebook) -> None:
        """Write the file, with names and addresses as the course's students.csv has them now.

        Ends with one line where that file has a fault, or a student or an assignment that was asked for is not there.
        """
        self._enrol(gradebook)
        students = self._chosen("student", list(map(str, self.student)), {each.id: each for each in gradebook.students})
        students = self._without_left_over(students)
        known = {each.name: each for each in gradebook.assignments}
        assignments = self._chosen("assignment", list(map(str, self.assignment)), known)
        columns = [Column(each.name, each.duedate, each.max_score, _entries(gradebook, each)) for each in assignments]
        target = Path(self.to or self.default_name)
        content = csv_bytes(self.layout(columns, students), self.encoding)
        try:
            write_bytes(target, content)
        except OSError as error:
            raise SystemExit(f"export: {target} cannot be written: {error.strerror}") from None
        self.log.info("%s: %d students, %d assignments", target, len(students), len(columns))

    def _enrol(self, gradebook: Gradebook) -> None:
        directory = getattr(self.parent, "coursedir", None)
        try:
            facts = read_facts(Path(directory.root)) if directory else {}
        except CourseError as error:
            raise SystemExit(f"export: {error}") from None
        if facts:
            enrol_in(gradebook, facts)

    def _without_left_over(self, students: Sequence[Student]) -> list[Student]:
        """Return the students without those who were an LMS's number before students.csv named them."""
        directory = getattr(self.parent, "coursedir", None)
        try:
            gone = left_over(Path(directory.root)) if directory and not self.student else frozenset()
        except CourseError as error:
            raise SystemExit(f"export: {error}") from None
        for student in (each.id for each in students if each.id in gone):
            self.log.warning(
                "%s: left out, since %s names the student: run nbgrader db student remove %s --force",
                *(student, FILE, student),
            )
        return [each for each in students if each.id not in gone]

    @staticmethod
    def _chosen(kind: str, asked: list[str], known: Mapping[str, T]) -> list[T]:
        missing = [name for name in asked if name not in known]
        if missing:
            raise SystemExit(f"export: no {kind} {', '.join(missing)} in the gradebook: nothing was written")
        return [known[name] for name in asked or known]


def _full_name(student: Student) -> str:
    names = [name for name in (student.last_name, student.first_name) if name]
    return ", ".join(names) or str(student.id)


class Plain(_GradeFile):
    """nbgrader's own columns and a note, a row for each student and assignment; UTF-8 as spreadsheets recognise it."""

    encoding = "utf-8-sig"

    def layout(self, columns: Sequence[Column], students: Sequence[Student]) -> Iterator[Sequence[str]]:
        """Give the rows of the file."""
        yield PLAIN_COLUMNS
        for column in columns:
            for student in students:
                yield self._row(column, student)

    @staticmethod
    def _row(column: Column, student: Student) -> Sequence[str]:
        entry = column.entries.get(student.id)
        note = "not handed in" if entry is None else "no mark yet" if entry.raw is None else ""
        who = (student.id, student.last_name, student.first_name, student.email)
        points = (entry.raw, entry.penalty, entry.score) if entry else (None, None, None)
        texts = map(safe, (column.name, column.due, entry.timestamp if entry else None, *who))
        return (*texts, *map(number, (*points, column.points)), note)


class Canvas(_GradeFile):
    """A gradebook file for Canvas: the login is the student's id here, the Canvas id their `lms_user_id`.

    Who is known by Canvas' number alone has that and no login; not where another student has the number by now.
    A cell without a mark is empty, which Canvas leaves as it is.
    """

    default_name = "grades-canvas.csv"

    def layout(self, columns: Sequence[Column], students: Sequence[Student]) -> Iterator[Sequence[str]]:
        """Give the rows of the file; the second has the points of each assignment."""
        yield (*CANVAS_COLUMNS, *(safe(column.name) for column in columns))
        yield ("    Points Possible", "", "", "", "", *(number(column.points) for column in columns))
        own = {student.lms_user_id for student in students}
        for student in students:
            canvas_id, login = self._ids(student, own)
            who = map(safe, (_full_name(student), canvas_id, "", login, ""))
            yield (*who, *(number(column.score(student.id)) for column in columns))

    @staticmethod
    def _ids(student: Student, taken: Collection[str | None]) -> tuple[str | None, str]:
        """Return Canvas' id and login of a student."""
        known = canvas_number(student.id)
        if known is None:
            return student.lms_user_id, student.id
        return student.lms_user_id or ("" if known in taken else known), ""


class Moodle(_GradeFile):
    """A file for Moodle's import of grades; students who have no mark at all are left out."""

    default_name = "grades-moodle.csv"

    def layout(self, columns: Sequence[Column], students: Sequence[Student]) -> Iterator[Sequence[str]]:
        """Give the rows of the file."""
        yield (*MOODLE_COLUMNS, *(safe(column.name) for column in columns))
        for student in students:
            marks = [number(column.score(student.id)) for column in columns]
            if any(marks):
                yield (*map(safe, (student.id, student.lms_user_id, student.email)), *marks)
