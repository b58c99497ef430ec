"""students.csv: who takes the course, in the columns that `nbgrader db student import` reads."""

from __future__ import annotations

import csv

from grader.course import Course, CourseError

FILE = "students.csv"


def roster(course: Course) -> list[str]:
    """Return the ids of the students, in the order of the file; raises CourseError with one line."""
    path = course.root / FILE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise CourseError(f"{FILE}: not found: write it with a column 'id', or name students with --student") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{FILE}: no CSV file in UTF-8 ({error}): save it as that") from None
    ids = [(row.get("id") or "").strip() for row in rows]
    if not ids or not all(ids):
        line = ids.index("") + 2 if "" in ids else 1
        raise CourseError(f"{FILE}: line {line}: no id: each student needs one in the column 'id'")
    for name in ids:
        if ids.count(name) > 1:
            raise CourseError(f"{FILE}: the id '{name}' stands twice: remove one")
    return ids
