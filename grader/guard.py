"""Steps of nbgrader's for which it has no settings, put right.

As nbgrader has it, a folder whose name has a line feed ends the whole run; every file that was handed in is copied,
through links and without end; a pipe or folders in folders end in a traceback. One bad timestamp.txt ends the marking
of that student, and answers every page of the formgrader with an error. And the gradebook is opened five times for each
submission, each time with an engine that has to compile every query again. A download from which nothing could be
collected ends as if all were well.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import cache
from glob import glob
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine, create_engine

from grader.course import CourseError
from grader.intake import (
    TIME_LIMIT,
    IntakeError,
    carry,
    check_folder,
    check_name,
    check_notebook,
    hand_in_time,
    read_regular,
    shown,
)

# Once, so that a configuration that is read twice wraps nothing twice.
_init_notebooks, _init_assignment = Autograde.init_notebooks, Autograde.init_assignment
_process_extracted_files = ZipCollectApp.process_extracted_files


def guard() -> None:
    """Look at names, times and files of submissions first, and copy nothing of what was handed in but its time."""
    Autograde.init_notebooks, Autograde.init_assignment = _named_notebooks, _checked_assignment
    ZipCollectApp.process_extracted_files = _some_extracted_files
    CourseDirectory.get_existing_timestamp = _time_or_none
    api.create_engine = _engine


def _time_or_none(directory: CourseDirectory, folder: str) -> datetime | None:
    """Return the time of a submission as nbgrader asks for it; one that cannot be read is no time, and a warning."""
    try:
        return hand_in_time(Path(folder))
    except IntakeError as error:
        directory.log.warning("%s: %s", folder, error)
        return None


def _some_extracted_files(app: Any) -> None:
    """Collect what was extracted, with a summary; ends with one line where there is nothing to collect from."""
    folder = Path(app._format_collect_path(app.extracted_directory))  # noqa: SLF001  nbgrader's own steps use it
    if not any(path.is_file() for path in folder.rglob("*")):
        archive = Path(app.downloaded_directory, app.coursedir.assignment_id, app.archive_directory)
        raise SystemExit(
            f"{app.coursedir.assignment_id}: nothing was collected: no file came out of {archive.as_posix()}/: "
            "put the LMS's zip there, as it was downloaded"
        )
    _process_extracted_files(app)
    _summarise(app)


def _summarise(app: Any) -> None:
    """Print what became of the download in one line, last and at any level of the log."""
    if summary := getattr(app.collector_plugin_inst, "summary", None):
        refused = getattr(app.extractor_plugin_inst, "refused", 0)
        print(f"{app.coursedir.assignment_id}: {summary()}" + (f", {refused} refused" if refused else ""))


@cache
def _engine(url: str, **options: bool) -> Engine:
    """Return the engine of a database, the same one each time."""
    return create_engine(url, **options)


def _named_notebooks(autograde: Any) -> None:
    """Find the submissions; a folder whose name is no student's id is one line and no submission.

    nbgrader passes over a folder without a notebook; here it is a submission without a mark.
    """
    directory = autograde.coursedir
    _enrol(directory)
    for folder in glob(autograde._format_source(directory.assignment_id, directory.student_id)):  # noqa: PTH207, SLF001  a pattern
        _refuse_empty(autograde, Path(folder))
    _init_notebooks(autograde)
    for folder in sorted(autograde.assignments):
        student = Path(folder).parent.name
        try:
            check_name(student)
        except IntakeError as error:
            autograde.log.error("No mark for %s in %s: %s", shown(student), Path(folder).name, error)  # noqa: TRY400  one line
            del autograde.assignments[folder]


def _enrol(directory: CourseDirectory) -> None:
    """Take names and addresses from students.csv; ends with one line where it has a fault."""
    from grader.enrolment import enrol_in, read_facts  # noqa: PLC0415  these load what other commands do not need

    try:
        facts = read_facts(Path(directory.root))
    except CourseError as error:
        raise SystemExit(str(error)) from None
    if facts:
        with api.Gradebook(directory.db_url, directory.course_id) as gradebook:
            enrol_in(gradebook, facts)


def _refuse_empty(autograde: Any, folder: Path) -> None:
    if not folder.is_dir() or any(folder.glob("*.ipynb")):
        return
    with suppress(CourseError, IntakeError):  # nbgrader says so where it does not know the assignment
        check_name(folder.parent.name)
        try:
            check_folder(folder)
            check_notebook(folder, folder.name)
        except IntakeError as error:
            _refuse(autograde, folder.name, folder.parent.name, error)


def _checked_assignment(autograde: Any, assignment: str, student: str) -> None:
    """Prepare one submission; raises IntakeError where it cannot be marked, and withdraws the marks that it had."""
    folder = Path(autograde._format_source(assignment, student))  # noqa: SLF001  nbgrader's own steps use it
    try:
        check_folder(folder)
        check_notebook(folder, assignment)
        read_regular(folder / "timestamp.txt", TIME_LIMIT)
    except IntakeError as error:
        _refuse(autograde, assignment, student, error)
        raise
    directory, ignored = autograde.coursedir, autograde.coursedir.ignore
    directory.ignore = ["*"]
    try:
        _init_assignment(autograde, assignment, student)
    finally:
        directory.ignore = ignored
    target = Path(autograde._format_dest(assignment, student))  # noqa: SLF001
    target.mkdir(parents=True, exist_ok=True)
    carry(folder, target)


def _refuse(autograde: Any, assignment: str, student: str, error: IntakeError) -> None:
    from grader.gradebook import Entry  # noqa: PLC0415  these load what other commands do not need
    from grader.preprocessors import recorder  # noqa: PLC0415

    autograde.log.error("No mark for %s in %s: %s", student, assignment, error)
    directory = autograde.coursedir
    recorder(directory.db_url, assignment, Path(directory.root)).record(Entry(student))
