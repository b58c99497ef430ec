"""Steps of nbgrader's for which it has no settings, put right.

As nbgrader has it, a folder whose name has a line feed ends the whole run; every file that was handed in is copied,
through links and without end; a pipe or folders in folders end in a traceback. One bad timestamp.txt ends the marking
of that student, and answers every page of the formgrader with an error. And the gradebook is opened five times for each
submission, each time with an engine that has to compile every query again.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine, create_engine

from grader.intake import TIME_LIMIT, IntakeError, check_folder, check_name, hand_in_time, read_regular, shown
from quizzes.records import write_bytes

# Once, so that a configuration that is read twice wraps nothing twice.
_init_notebooks, _init_assignment = Autograde.init_notebooks, Autograde.init_assignment


def guard() -> None:
    """Look at names, times and files of submissions first, and copy nothing of what was handed in but its time."""
    Autograde.init_notebooks, Autograde.init_assignment = _named_notebooks, _checked_assignment
    CourseDirectory.get_existing_timestamp = _time_or_none
    api.create_engine = _engine


def _time_or_none(directory: CourseDirectory, folder: str) -> datetime | None:
    """Return the time of a submission as nbgrader asks for it; one that cannot be read is no time, and a warning."""
    try:
        return hand_in_time(Path(folder))
    except IntakeError as error:
        directory.log.warning("%s: %s", folder, error)
        return None


@cache
def _engine(url: str, **options: bool) -> Engine:
    """Return the engine of a database, the same one each time."""
    return create_engine(url, **options)


def _named_notebooks(autograde: Any) -> None:
    """Find the submissions; a folder whose name is no student's id is one line and no submission."""
    _init_notebooks(autograde)
    for folder in sorted(autograde.assignments):
        student = Path(folder).parent.name
        try:
            check_name(student)
        except IntakeError as error:
            autograde.log.error("No mark for %s in %s: %s", shown(student), Path(folder).name, error)  # noqa: TRY400  one line
            del autograde.assignments[folder]


def _checked_assignment(autograde: Any, assignment: str, student: str) -> None:
    """Prepare one submission; raises IntakeError where it cannot be marked, and withdraws the marks that it had."""
    folder = Path(autograde._format_source(assignment, student))  # noqa: SLF001  nbgrader's own steps use it
    try:
        check_folder(folder)
        time = read_regular(folder / "timestamp.txt", TIME_LIMIT)
    except IntakeError as error:
        _refuse(autograde, assignment, student, error)
        raise
    directory, ignored = autograde.coursedir, autograde.coursedir.ignore
    directory.ignore = ["*"]
    try:
        _init_assignment(autograde, assignment, student)
    finally:
        directory.ignore = ignored
    if time is not None:
        target = Path(autograde._format_dest(assignment, student), "timestamp.txt")  # noqa: SLF001
        target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, time)


def _refuse(autograde: Any, assignment: str, student: str, error: IntakeError) -> None:
    from grader.gradebook import Entry  # noqa: PLC0415  these load what other commands do not need
    from grader.preprocessors import recorder  # noqa: PLC0415

    autograde.log.error("No mark for %s in %s: %s", student, assignment, error)
    directory = autograde.coursedir
    recorder(directory.db_url, assignment, Path(directory.root)).record(Entry(student))
