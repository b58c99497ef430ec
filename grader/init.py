"""Make an instructor's nbgrader course directory."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.course import Course, CourseError

TEMPLATE = Path(__file__).with_name("course_template")


def init(folder: Path) -> Course:
    """Write a new course into a folder that is missing or empty; raises CourseError rather than overwrite anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder}: not an empty folder: name a new one")
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return Course(folder.resolve())
