"""students.csv: who takes the course, in the columns that `nbgrader db student import` reads."""

from __future__ import annotations

import csv
from pathlib import Path

from grader.course import Course, CourseError

FILE = "students.csv"


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of the file by column, without blanks around a text; raises CourseError where it is no CSV."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error):
        raise CourseError(f"{FILE}: not a CSV file in UTF-8: save it as one") from None
    return [{name: (row[name] or "").strip() for name in row if isinstance(name, str)} for row in found]


def roster(course: Course) -> list[str]:
    """Return the ids of the students, in the order of the file; raises CourseError with one line."""
    try:
        ids = [row.get("id", "") for row in rows(course.root / FILE)]
    except FileNotFoundError:
        raise CourseError(f"{FILE}: not found: write it with a column 'id', or name students with --student") from None
    if not ids or not all(ids):
        line = ids.index("") + 2 if "" in ids else 1
        raise CourseError(f"{FILE}: line {line}: no id: each student needs one in the column 'id'")
    for name in ids:
        if ids.count(name) > 1:
            raise CourseError(f"{FILE}: the id '{name}' stands twice: remove one")
    return ids
