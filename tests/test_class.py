"""A class of 300 from the LMS's download to the grade file, and the same marking on a cluster."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

import pytest
from commands import run
from courses import copied
from distributed import LocalCluster
from gradebooks import differences
from nbgrader.api import Gradebook

from grader.__main__ import main
from grader.batch import Options, mark
from grader.build import build
from grader.course import CourseError
from grader.demo import Maker
from grader.init import init
from grader.simulate import simulate

STUDENTS = 300


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Make a class and pack its notebooks as Canvas does; nbgrader's zip_collect brings them in."""
    course = init(tmp_path_factory.mktemp("class") / "course")
    _, form = build(course, "ps1")
    assert run(course, "generate_assignment", "ps1").returncode == 0
    maker = Maker(course, form, course.bank(course.assignment("ps1")))
    simulate(maker, STUDENTS, 7)
    students = course.students("ps1")
    archive = course.root / "downloaded" / "ps1" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for number, student in enumerate(students):
            notebook = course.submission(student, "ps1") / "ps1.ipynb"
            packed.write(notebook, f"{student.replace('-', '')}_{1000 + number}_{9000 + number}_ps1.ipynb")
    lines = [f"{student},{1000 + number}" for number, student in enumerate(students)]
    (course.root / "students.csv").write_text("id,lms_user_id\n" + "\n".join(lines) + "\n", encoding="utf-8")
    shutil.rmtree(course.root / "submitted")
    done = run(course, "zip_collect", "ps1")
    assert done.returncode == 0, done.stderr
    return maker


def test_a_class_goes_from_the_download_to_the_grade_file(
    collected: Maker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Collect, mark, report, feedback, export: everybody who handed in has a row, and what they earned stands in it."""
    root = collected.course.root
    monkeypatch.chdir(root)
    students = collected.course.students("ps1")
    assert len(students) == STUDENTS
    without = main(["mark", "ps1"])
    said = capsys.readouterr().out.splitlines()
    faults = [line for line in said if ": no mark: " in line]
    assert said[-1] == f"{STUDENTS - len(faults)} marked, 0 changed, 0 as before, {len(faults)} without a mark"
    assert (without == 1) == bool(faults)
    assert main(["report", "ps1"]) == 0
    page = (root / "reports" / "ps1.html").read_text(encoding="utf-8")
    assert "alpha" in page.lower()
    assert students[0] not in page
    assert main(["feedback", "ps1"]) == without
    assert len(list(root.glob("feedback/*/ps1/ps1.html"))) == STUDENTS - len(faults)
    assert run(collected.course, "export").returncode == 0
    with (root / "grades.csv").open(encoding="utf-8-sig") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == students
    with Gradebook(collected.course.db_url) as gradebook:
        for student in students[::29]:
            score = gradebook.find_submission("ps1", student).score
            assert rows[student]["score"] in ("", f"{score:.6f}".rstrip("0").rstrip("."))
    assert sum(row["note"] == "no mark yet" for row in rows.values()) == len(faults)


def test_a_cluster_writes_the_same(collected: Maker, tmp_path: Path) -> None:
    """--scheduler: workers mark batches, this process writes."""
    here, there = copied(collected, tmp_path / "here"), copied(collected, tmp_path / "there")
    list(mark(here.course, "ps1"))
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        lines = list(mark(there.course, "ps1", Options(scheduler=cluster.scheduler_address)))
    assert len(lines) == STUDENTS
    assert differences(here.course.db_url, there.course.db_url) == []


def test_a_scheduler_that_is_not_there_is_one_line(collected: Maker) -> None:
    """Before anything is marked."""
    with pytest.raises(CourseError, match="--scheduler tcp://127.0.0.1:9: cannot be reached"):
        list(mark(collected.course, "ps1", Options(scheduler="tcp://127.0.0.1:9")))
