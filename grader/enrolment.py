"""Names, e-mail addresses and LMS ids of students.csv in the gradebook, where grade files and the formgrader read them.

Nothing is taken away: a student who is not in the file, and what an empty cell leaves out, stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, Student
from sqlalchemy import Connection, bindparam, insert, select, update

from grader.course import CourseError
from grader.intake import NAME_LIMIT
from grader.senders import read_rows

COLUMNS = ("first_name", "last_name", "email", "lms_user_id")
_STUDENTS = Student.__table__
_VALUES: dict[str, Any] = {name: bindparam(f"the_{name}") for name in ("id", *COLUMNS)}

Facts = Mapping[str, Mapping[str, str]]  # by student: what the file says, by column


def read_facts(root: Path) -> Facts:
    """Read the course's students.csv, nothing where there is none; raises CourseError with one line."""
    facts = {}
    for where, row in read_rows(root):
        facts[row["id"]] = {name: row[name] for name in COLUMNS if row.get(name)}
        for name, text in facts[row["id"]].items():
            if len(text) > NAME_LIMIT or not text.isprintable():
                raise CourseError(
                    f"{where}: {name}: over {NAME_LIMIT} characters, or one that cannot be shown: mend it"
                )
    return facts


def enrol(connection: Connection, facts: Facts) -> None:
    """Write the facts into the gradebook's students; those who are not there yet are added."""
    query = select(*(_STUDENTS.c[name] for name in ("id", *COLUMNS)))
    known = {row.id: row for row in connection.execute(query)}
    new = [_row(student, own) for student, own in facts.items() if student not in known]
    changed = [
        _row(student, {**_kept(known[student]), **own})
        for student, own in facts.items()
        if student in known and any(getattr(known[student], name) != text for name, text in own.items())
    ]
    if new:
        connection.execute(insert(_STUDENTS).values(_VALUES), new)
    if changed:
        connection.execute(update(_STUDENTS).where(_STUDENTS.c.id == bindparam("the_id")).values(_VALUES), changed)


def enrol_in(gradebook: Gradebook, facts: Facts) -> None:
    """Write the facts into an open gradebook of nbgrader's, and keep them."""
    enrol(gradebook.db.connection(), facts)
    gradebook.db.commit()


def _kept(row: Any) -> dict[str, str | None]:
    return {name: getattr(row, name) for name in COLUMNS}


def _row(student: str, own: Mapping[str, str | None]) -> dict[str, str | None]:
    return {"the_id": student, **{f"the_{name}": own.get(name) for name in COLUMNS}}
