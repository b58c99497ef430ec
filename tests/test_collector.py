"""Hand-ins that come as downloads of Canvas and Moodle, through nbgrader's own zip_collect."""

from __future__ import annotations

import json
import subprocess
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from commands import run
from downloads import STUDENTS, notebook, pack, patch, record
from nbgrader.api import Gradebook
from released_course import fresh, released

from grader.course import Course
from grader.demo import Maker

__all__ = ["released"]  # a fixture


@pytest.fixture
def maker(released: Course, tmp_path: Path) -> Maker:
    """Make a fresh course with the released assignment and a list of students."""
    maker = fresh(released, tmp_path / "course")
    (maker.course.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return maker


def download(course: Course, members: Mapping[str, bytes | str], name: str = "download.zip") -> Path:
    """Put a download where nbgrader looks for it."""
    return pack(course.root / "downloaded" / "ps1" / "archive" / name, members)


def collect(course: Course, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `nbgrader zip_collect ps1`, which has to end well."""
    done = run(course, "zip_collect", "ps1", *options)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done


def collected(course: Course) -> dict[str, list[str]]:
    """Return the files of each student that were collected."""
    folders = sorted((course.root / "submitted").glob("*/ps1"))
    return {folder.parent.name: sorted(path.name for path in folder.iterdir()) for folder in folders}


def answers(course: Course, student: str) -> int:
    """Return how many items a student's collected notebook has answers to."""
    content = json.loads((course.root / "submitted" / student / "ps1" / "ps1.ipynb").read_text(encoding="utf-8"))
    outputs = [output["data"] for cell in content["cells"] for output in cell.get("outputs", [])]
    return sum(len(value["responses"]) for data in outputs for value in data.values() if isinstance(value, dict))


@pytest.mark.parametrize("end", ["", "_"])
def test_moodles_folders_and_files_become_submissions(maker: Maker, end: str) -> None:
    """By full name in any Unicode form, by participant number, or under the number; an only notebook is marked.

    Folders' names end without a _ in newer versions of Moodle.
    """
    full, blank = notebook(maker, record(maker, 10)), notebook(maker)
    nfd = unicodedata.normalize("NFD", "Ánna Ødegård")
    download(
        maker.course,
        {
            f"{nfd}_7001_assignsubmission_file{end}/ps1.ipynb": full,
            f"Bo L_7002_assignsubmission_file{end}/sub folder/my answers.ipynb": full,
            "陈 晨_7003_assignsubmission_file_ps1 (2).ipynb": full,
            "陈 晨_7003_assignsubmission_file_ps1 (2).answers.json": json.dumps(record(maker, 10)),
            f"Dee Dupe_7004_assignsubmission_file{end}/ps1.ipynb": blank,
            f"Participant_7006_assignsubmission_file{end}/copy of ps1.ipynb": full,
            f"Participant_7006_assignsubmission_onlinetext{end}/onlinetext.html": "<p>Hello</p>",
        },
        "PM 101-Problem set 1-4711.zip",
    )
    done = collect(maker.course)
    assert collected(maker.course) == {
        "anna": ["ps1.ipynb"],
        "bo": ["ps1.ipynb"],
        "chen": ["ps1.answers.json", "ps1.ipynb"],
        "moodle-7004": ["ps1.ipynb"],
        "moodle-7006": ["ps1.ipynb"],
    }
    assert "moodle-7001 (Ánna Ødegård): anna, by the full name" in done.stderr
    assert (
        "moodle-7004 (Dee Dupe): not in students.csv, so collected as moodle-7004: add moodle_ids 7004 to students.csv "
        "and collect again"
    ) in done.stderr
    assert done.stdout == "ps1: 5 collected, 1 passed over, 2 not in students.csv\n"
    assert "onlinetext.html: passed over: a text that was typed into Moodle, no file" in done.stderr
    done = run(maker.course, "autograde", "ps1", "--create")
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{maker.course.root / 'gradebook.db'}") as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions("ps1")}
    assert scores == {"anna": 40, "bo": 40, "chen": 40, "moodle-7004": 0, "moodle-7006": 40}


def test_canvas_names_become_submissions(maker: Maker) -> None:
    """By user id, with LATE told and no time made up; repeats are in Canvas' order; other notebooks stay out."""
    others = notebook(maker, {**record(maker, 10), "assignment": "ps2"})
    unanswered = notebook(maker).replace(b'AnswerSheet(\\"ps1\\")', b'AnswerSheet(\\"ps2\\")')
    download(
        maker.course,
        {
            "ødegårdánna_101_90001_ps1.ipynb": notebook(maker, record(maker, 3)),
            "ødegårdánna_101_90002_ps1.answers.json": json.dumps(record(maker, 3)),
            "ødegårdánna_101_90011_ps1-1.ipynb": notebook(maker, record(maker, 4)),
            "ødegårdánna_101_90012_ps1-1.answers.json": json.dumps(record(maker, 4)),
            "libo_LATE_102_90005_my answers.ipynb": notebook(maker, record(maker, 5)),
            "chen_103_90006_1_2_ps1.ipynb": notebook(maker, record(maker, 6)),
            "dupedee_104_90007_ps1.ipynb": others,
            "dupedee_105_90008_ps1.ipynb": unanswered,
            "anon_AbC12_90009_ps1.ipynb.txt": notebook(maker, record(maker, 7)),
            "new_999_90010_photo.png": b"\x89PNG",
            "new_999_90020_ps1.ipynb": b"not a notebook any more",
        },
        "pm101-problem-set-1_submissions.zip",
    )
    done = collect(maker.course)
    assert collected(maker.course) == {
        "anna": ["ps1.answers.json", "ps1.ipynb"],
        "bo": ["ps1.ipynb"],
        "canvas-999": ["ps1.ipynb"],
        "canvas-anon-AbC12": ["ps1.ipynb"],
        "chen": ["ps1.ipynb"],
    }
    found = {student: answers(maker.course, student) for student in ("anna", "bo", "chen", "canvas-anon-AbC12")}
    assert found == {"anna": 4, "bo": 5, "chen": 6, "canvas-anon-AbC12": 7}
    assert "anna: hand-in 2 of 2 counts: pm101-problem-set-1_submissions/ødegårdánna_101_90011_ps1-1" in done.stderr
    assert "ødegårdánna_101_90001_ps1.ipynb: passed over: a later one counts" in done.stderr
    assert (
        "bo: pm101-problem-set-1_submissions/libo_LATE_102_90005_my answers.ipynb: Canvas calls it LATE" in done.stderr
    )
    assert "canvas-999 (new): not in students.csv, so collected as canvas-999: add lms_user_id 999 to" in done.stderr
    assert "canvas-anon-AbC12 (anon): not in students.csv, so collected as canvas-anon-AbC12: Canvas hid" in done.stderr
    assert done.stdout == "ps1: 5 collected, 4 passed over, 2 not in students.csv\n"
    assert "dupedee_104_90007_ps1.ipynb: passed over: no notebook and no answers of ps1" in done.stderr
    assert "dupedee_105_90008_ps1.ipynb: passed over: no notebook and no answers of ps1" in done.stderr


def test_of_several_downloads_the_first_n_hand_ins_count(maker: Maker) -> None:
    """Moodle's zips have one attempt each: the record tells their order, one that is there twice is one hand-in.

    Without a students.csv they are collected under the LMS's numbers.
    """
    (maker.course.root / "students.csv").unlink()
    plan = maker.course.root / "assignments" / "ps1.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "attempts: 2\n", encoding="utf-8")
    made = [notebook(maker, record(maker, 1 + n, f"2026-01-0{1 + n}T12:00:00Z")) for n in range(3)]
    folder = "Bo Li_7002_assignsubmission_file_"
    for name, content in (("c.zip", made[0]), ("a.zip", made[1]), ("a (1).zip", made[1]), ("b.zip", made[2])):
        download(maker.course, {f"{folder}/ps1.ipynb": content}, name)
    download(maker.course, {f"{folder}/ps1.ipynb": b"{"}, "d.zip")
    alone = {"li_102_6_ps1.answers.json": json.dumps(record(maker, 3))}
    download(maker.course, {"dee_104_5_ps1-3.ipynb": made[0], **alone}, "e.zip")
    done = collect(maker.course)
    assert collected(maker.course) == {
        "canvas-102": ["ps1.answers.json"],
        "canvas-104": ["ps1.ipynb"],
        "moodle-7002": ["ps1.ipynb"],
    }
    assert answers(maker.course, "moodle-7002") == 2
    for line in (
        "moodle-7002: hand-in 2 of 3 counts: a/{}/ps1.ipynb",
        "moodle-7002: b/{}/ps1.ipynb: passed over: only the first 2 count",
        "moodle-7002: c/{}/ps1.ipynb: passed over: a later one counts",
        "moodle-7002: a (1)/{}/ps1.ipynb: passed over: the same stands there once more",
        "moodle-7002: d/{}/ps1.ipynb: passed over: it cannot be marked alone",
        "canvas-104: e/dee_104_5_ps1-3.ipynb: its name tells of 3 earlier ones, and only 2 count: add the earlier",
        "canvas-102: e/li_102_6_ps1.answers.json: the answers file came alone: put the released notebook beside it",
        "students.csv: not found: students are collected under the LMS's numbers",
    ):
        assert line.format(folder) in done.stderr


def test_hostile_archives_stop_nobody_and_a_second_run_replaces(maker: Maker, tmp_path: Path) -> None:
    """One run over all of it collects the good hand-ins, each under its own student; --force takes what is new."""
    with (maker.course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("c.Extractor.members_limit = 50\n")
    good = notebook(maker, record(maker, 2))
    inner = pack(tmp_path / "inner.zip", {"bomb": bytes(50_000_000), "libo_102_9_ps1.ipynb": good})
    path = download(
        maker.course,
        {
            "libo_102_1_ps1.ipynb": good,
            "chen_103_2_..": good,  # an odd name, but chen's own
            "chen_103_3_ps1.ipynb/../../libo_102_9_ps1.ipynb": good,
            "..": good,
            "x_104_5_\x1b[31m.ipynb": good,
            "y" * 300 + "_104_6_ps1.ipynb": good,
            "z_104_7_ps1.ipynb": bytes(50_000_000),
            "z_104_8_ps1.zip": inner.read_bytes(),
            "renamed_101_9_ps1.ipynb": inner.read_bytes(),
        },
    )
    patch(path, "z_104_7_ps1.ipynb", size=5)
    download(maker.course, {f"{n}.txt": "" for n in range(51)}, "many.zip")
    done = collect(maker.course)
    assert collected(maker.course) == {"anna": ["ps1.ipynb"], "bo": ["ps1.ipynb"], "chen": ["ps1.ipynb"]}
    assert (maker.course.root / "submitted" / "anna" / "ps1" / "ps1.ipynb").read_bytes() == inner.read_bytes()
    assert done.stderr.count(": refused: ") == 7
    assert done.stdout.endswith(", 7 refused\n")
    assert "many.zip: refused: it has 51 members, over the limit of 50: " in done.stderr
    assert "\x1b[31m" not in done.stderr
    download(maker.course, {"libo_102_8_ps1-1.ipynb": notebook(maker, record(maker, 3))}, "later.zip")
    collect(maker.course, "--force")
    assert answers(maker.course, "bo") == 3


def test_a_fault_of_the_course_ends_the_run_before_anything_is_collected(maker: Maker) -> None:
    """The line is all that is printed about it."""
    (maker.course.root / "students.csv").write_text("id\n..\n", encoding="utf-8")
    download(maker.course, {"libo_102_1_ps1.ipynb": notebook(maker)})
    done = run(maker.course, "zip_collect", "ps1")
    assert done.returncode == 1
    assert "\nstudents.csv: line 2: id: " in done.stderr
    assert "Traceback" not in done.stderr
    assert collected(maker.course) == {}


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({"ps1.ipynb": "{}", "notes/readme.txt": "x"}, "ps1: nothing was collected: no file is a hand-in under a name"),
        ({"../ps1.ipynb": "{}"}, "ps1: nothing was collected: no file came out of downloaded/ps1/archive/: put"),
        (None, "ps1: nothing was collected: no file came out of downloaded/ps1/archive/: put"),
    ],
)
def test_a_download_from_which_nothing_is_collected_is_a_fault(
    maker: Maker, members: dict[str, str] | None, line: str
) -> None:
    """Nobody goes on to mark in the belief that all is well; without a download too."""
    if members:
        download(maker.course, members)
    done = run(maker.course, "zip_collect", "ps1")
    assert done.returncode == 1
    assert f"\n{line}" in done.stderr
    assert "Traceback" not in done.stderr
    assert collected(maker.course) == {}
