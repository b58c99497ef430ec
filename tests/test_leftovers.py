"""A student who was collected under Canvas' number, and stands in students.csv since: nobody counts twice."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from commands import run
from downloads import notebook, pack, record
from released_course import maker, released

from grader.__main__ import main
from grader.demo import Maker

__all__ = ["maker", "released"]  # fixtures


@pytest.fixture
def twice(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Collect and mark Dave as canvas-104, and let students.csv name him afterwards."""
    root = maker.course.root
    monkeypatch.chdir(root)
    (root / "students.csv").write_text("id,lms_user_id\nanna,101\n", encoding="utf-8")
    files = {f"{name}_ps1.ipynb": notebook(maker, record(maker, 3)) for name in ("odeanna_101_1", "roedave_LATE_104_2")}
    pack(root / "downloaded" / "ps1" / "archive" / "a.zip", files)
    done = run(maker.course, "zip_collect", "ps1")
    line = "canvas-104 (roedave): not in students.csv, so collected as canvas-104: add lms_user_id 104 to students.csv"
    assert f"{line} and collect again" in done.stderr
    assert "is theirs from before" not in done.stderr
    assert main(["mark", "ps1"]) == 0
    (root / "students.csv").write_text("id,lms_user_id\nanna,101\ndave,104\n", encoding="utf-8")
    return maker


def exported(maker: Maker) -> tuple[list[str], str]:
    """Return the students of the plain grade file and what the export said."""
    done = run(maker.course, "export")
    assert done.returncode == 0, done.stderr
    with (maker.course.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted(row["student_id"] for row in csv.DictReader(file)), done.stderr


def test_collecting_again_names_what_to_delete_and_nobody_counts_twice(
    twice: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names folder and command; with the folder gone, marks, feedback and export have the student once."""
    root = twice.course.root
    assert "canvas-104" in exported(twice)[0]
    done = run(twice.course, "zip_collect", "ps1", "--force")
    remove = "nbgrader db student remove canvas-104 --force"
    line = "dave: submitted/canvas-104 is theirs from before, and counts as another student: delete it and run"
    assert f"{line} {remove}" in done.stderr
    assert done.stdout == "ps1: 2 collected, 0 passed over, 0 not in students.csv\n"
    main(["mark", "ps1"])
    shutil.rmtree(root / "submitted" / "canvas-104")
    capsys.readouterr()
    main(["marks", "ps1"])
    main(["feedback", "ps1"])
    told = capsys.readouterr().out
    assert "canvas-104" not in told
    assert "2 written, 0 without" in told
    assert not (root / "feedback" / "canvas-104").exists()
    students, said = exported(twice)
    assert students == ["anna", "dave"]
    assert f"canvas-104: left out, since students.csv names the student: run {remove}" in said
    assert run(twice.course, *remove.split()[1:]).returncode == 0
    students, said = exported(twice)
    assert (students, "left out" in said) == (["anna", "dave"], False)


def test_an_assignment_that_is_there_under_the_number_alone_is_collected_first(twice: Maker) -> None:
    """Deleting a student takes all of their marks."""
    shutil.copytree(twice.course.submission("canvas-104", "ps1"), twice.course.submission("canvas-104", "ps0"))
    done = run(twice.course, "zip_collect", "ps1", "--force")
    assert "counts as another student: collect ps0 again, then delete it and run nbgrader db student" in done.stderr


def test_a_faulty_list_of_students_ends_the_export_in_one_line(twice: Maker) -> None:
    """Two lines with one number of the platform."""
    (Path(twice.course.root) / "students.csv").write_text("id,lms_user_id\nanna,104\ndave,104\n", encoding="utf-8")
    done = run(twice.course, "export")
    assert done.returncode == 1
    assert "export: students.csv: line 3: the id or an LMS's number stands in an earlier line too" in done.stderr
    assert "Traceback" not in done.stderr
