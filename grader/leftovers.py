"""Students who were collected under an LMS's number, and stand in students.csv since: what is left over, and to delete.

nbgrader never forgets a student by itself: with the folder gone, the marks stay in the gradebook.
"""

from __future__ import annotations

from pathlib import Path

from grader.layouts import Sender
from grader.roster import FILE
from grader.senders import read_senders

_MENDS = {
    "canvas": "add lms_user_id {} to students.csv and collect again",
    "moodle": "add moodle_ids {} to students.csv and collect again",
    "canvas-anon": "Canvas hides who it is: download again with names, and collect again",
}


def unknown_line(sender: Sender, called: str) -> str:
    """Return a line about a sender whom students.csv does not know, with what makes it know them."""
    name = f" ({called})" if called else ""
    return f"{sender.id}{name}: not in {FILE}, so collected as {sender.id}: {_MENDS[sender.lms].format(sender.number)}"


def left_over_line(submitted: Path, placeholder: str, student: str, assignment: str) -> str:
    """Return a line that names what to delete, where a student's hand-in lies under the LMS's number too; else empty.

    Deleting takes all assignments: those that the student has under the number alone have to be collected again first.
    """
    if not (submitted / placeholder / assignment).is_dir():
        return ""
    others = sorted(path.name for path in (submitted / placeholder).iterdir() if path.name != assignment)
    lacking = [name for name in others if not (submitted / student / name).is_dir()]
    first = f"collect {', '.join(lacking)} again, then " if lacking else ""
    return (
        f"{student}: submitted/{placeholder} is theirs from before, and counts as another student: {first}"
        f"delete it and run nbgrader db student remove {placeholder} --force"
    )


def left_over(root: Path) -> frozenset[str]:
    """Return the LMS's numbers, as ids, that stand for a student in students.csv and have no folder in submitted/."""
    ids = {Sender(lms, number).id for lms, number in read_senders(root).numbers}
    return frozenset(each for each in ids if not any((root / "submitted" / each).glob("*/")))
