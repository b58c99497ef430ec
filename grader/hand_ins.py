"""Read what one student handed in: the files, and the form that they answer."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course import Course, CourseError
from grader.intake import Carriers, IntakeError, check_name, read, shown
from grader.scheme import Scheme
from quizzes.forms import Form


@dataclass(frozen=True)
class HandIn:
    """A submission as it was read: its files and its form, or the line that says why it cannot be marked.

    `unnamed` is true where the folder's name is no student's id, so that the gradebook can have no row for it.
    """

    student: str
    carriers: Carriers | None = None
    form: Form | None = None
    fault: str = ""
    unnamed: bool = False


def hand_in(course: Course, scheme: Scheme, student: str) -> HandIn:
    """Read one student's files and form."""
    try:
        check_name(student)
    except IntakeError as error:
        return HandIn(shown(student), fault=str(error), unnamed=True)
    try:
        carriers = read(course.submission(student, scheme.name), scheme.name)
        return HandIn(student, carriers, scheme.form or own_form(course, scheme.name, student))
    except IntakeError as error:
        return HandIn(student, fault=str(error))
    except OSError as error:  # its own text repeats paths of any length
        return HandIn(student, fault=f"the files cannot be read ({error.strerror}): ask for the notebook alone")


def own_form(course: Course, name: str, student: str) -> Form:
    """Return the form that was made for a student; raises IntakeError where there is none."""
    if not course.handout(name, student).is_dir():
        raise IntakeError(f"no form was made for this student: run `python -m grader handout {name}`")
    try:
        return course.form(name, student)
    except CourseError as error:
        raise IntakeError(str(error)) from None
