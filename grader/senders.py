"""Whom the numbers and names of an LMS stand for, by the course's students.csv.

Beside nbgrader's own columns (id, first_name, last_name, email, lms_user_id) it may have `moodle_ids`, Moodle's
participant numbers with spaces between: Moodle gives a student another one in each assignment. `lms_user_id` is Canvas'
user id here, as in the grade files. nbgrader reads past columns that it does not know.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import CourseError
from grader.layouts import Lms, Sender
from grader.roster import FILE, rows

TWICE = "the id or an LMS's number stands in an earlier line too: remove one"


def _key(name: str) -> tuple[str, ...]:
    """Return what is compared of a full name: its words in any order, without what an LMS takes out of file names."""
    text = unicodedata.normalize("NFKC", name.casefold()).replace("_", " ").replace(",", " ")
    words = ("".join(c for c in word if c.isalnum() or unicodedata.category(c)[0] == "M") for word in text.split())
    return tuple(sorted(filter(None, words)))


@dataclass(frozen=True)
class Senders:
    """The course's students by what LMSs call them; `known` is false where there is no students.csv."""

    known: bool = False
    numbers: Mapping[tuple[Lms, str], str] = field(default_factory=dict)
    names: Mapping[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    def has_number(self, sender: Sender) -> bool:
        """Return whether the file names the sender's number."""
        return (sender.lms, sender.number) in self.numbers

    def students(self, senders: Iterable[Sender]) -> dict[Sender, str | None]:
        """Return the student of each sender by number, else by a full name that one student and one sender have."""
        found = {sender: self.numbers.get((sender.lms, sender.number)) for sender in senders}
        taken = {student for sender, student in found.items() if sender.lms == "moodle"}
        named = {sender: self._named(sender) for sender, student in found.items() if student is None}
        rivals: dict[str | None, set[str]] = defaultdict(set)
        for sender, student in named.items():
            rivals[student].add(sender.number)
        alone = {student for student, numbers in rivals.items() if len(numbers) == 1} - taken
        return found | {sender: student for sender, student in named.items() if student in alone}

    def _named(self, sender: Sender) -> str | None:
        """Return the only student of a Moodle sender's full name; Canvas' short names are not enough."""
        students = self.names.get(_key(sender.name)) if sender.lms == "moodle" else None
        return next(iter(students)) if students and len(students) == 1 else None


def _check_id(student: str, where: str) -> None:
    if not student or len(student) > 100 or student[0] in ".-":
        raise CourseError(f"{where}: id: empty, too long, or begins with . or -: give the student's username")
    if not all(letter.isalnum() or letter in "@._+-" for letter in student):
        raise CourseError(f"{where}: id: use letters, digits and @._+- only, since it names a folder")


def _numbers(row: Mapping[str, str]) -> list[tuple[Lms, str]]:
    canvas, moodle = row.get("lms_user_id", "").split(), row.get("moodle_ids", "").split()
    return [*(("canvas", number) for number in canvas), *(("moodle", number) for number in moodle)]


def read_rows(root: Path) -> list[tuple[str, dict[str, str]]]:
    """Return the rows of the course's students.csv, each with its place; none where there is no such file.

    Raises CourseError with one line, also where an id is missing, cannot name a folder, or stands twice.
    """
    path = root / FILE
    found = rows(path) if path.exists() else []
    if found and "id" not in found[0]:
        raise CourseError(f"{FILE}: line 1: no column 'id': name the columns, with commas between")
    placed = [(f"{FILE}: line {line}", row) for line, row in enumerate(found, 2)]
    seen: set[str] = set()
    for where, row in placed:
        _check_id(row["id"], where)
        if row["id"] in seen:
            raise CourseError(f"{where}: {TWICE}")
        seen.add(row["id"])
    return placed


def read_senders(root: Path) -> Senders:
    """Read the course's students.csv, an empty one where there is none; raises CourseError with one line."""
    if not (root / FILE).exists():
        return Senders()
    numbers: dict[tuple[Lms, str], str] = {}
    names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for where, row in read_rows(root):
        student, given = row["id"], _numbers(row)
        if not numbers.keys().isdisjoint(given):
            raise CourseError(f"{where}: {TWICE}")
        numbers |= dict.fromkeys(given, student)
        if key := _key(f"{row.get('first_name', '')} {row.get('last_name', '')}"):
            names[key].add(student)
    return Senders(True, numbers, {key: frozenset(found) for key, found in names.items()})
