"""A course with one released assignment, ps1: made once for all files and workers, a copy of it for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import run
from filelock import FileLock

from grader.build import build
from grader.course import Course
from grader.demo import Maker
from grader.init import init


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Course:
    """Build and release the assignment, once; each test works on a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    ready, begun = shared / "released", shared / "released.begun"
    with FileLock(shared / "released.lock"):
        if not ready.is_dir():
            shutil.rmtree(begun, ignore_errors=True)  # of a worker that could not release it
            course = init(begun)
            build(course, "ps1")
            done = run(course, "generate_assignment", "ps1")
            assert done.returncode == 0, done.stderr
            begun.rename(ready)
    return Course(ready)


@pytest.fixture
def maker(released: Course, tmp_path: Path) -> Maker:
    """Make a fresh course with the released assignment."""
    return fresh(released, tmp_path / "course")


def fresh(released: Course, folder: Path) -> Maker:
    """Return what makes submissions to a copy of the course."""
    shutil.copytree(released.root, folder)
    course = Course(folder)
    return Maker(course, course.form("ps1"), course.bank(course.assignment("ps1")))
