"""A gradebook's content by names, so that two of them can be compared whatever ids their rows have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, text

GRADES = """
select a.name as assignment, s.student_id as student, s.timestamp, n.late_submission_penalty as penalty, n.flagged,
       b.name as cell, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
from grade g join base_cell b on b.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
     join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id
"""
COMMENTS = """
select a.name as assignment, s.student_id as student, b.name as cell, c.auto_comment, c.manual_comment
from comment c join base_cell b on b.id = c.cell_id join submitted_notebook n on n.id = c.notebook_id
     join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id
"""
STUDENTS = "select id, first_name, last_name, email from student"


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the students, grades and comments of a gradebook, each sorted; points are rounded as they are shown."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: [tuple(map(_plain, row)) for row in connection.execute(text(query))]
            for name, query in (("students", STUDENTS), ("grades", GRADES), ("comments", COMMENTS))
        }
    engine.dispose()
    return {name: sorted(rows, key=str) for name, rows in found.items()}


def differences(one: str, other: str) -> list[tuple[Any, ...]]:
    """Return the rows that stand in one of two gradebooks only."""
    ours, theirs = content(one), content(other)
    return [row for name in ours for row in sorted({*ours[name]} ^ {*theirs[name]}, key=str)]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 9)
    return bool(value) if isinstance(value, bool) else value
