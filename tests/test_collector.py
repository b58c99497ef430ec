"""Hand-ins that come as downloads of Canvas and Moodle, through nbgrader's own zip_collect."""

from __future__ import annotations

import json
import logging
import os
import shutil
import stat
import struct
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from commands import run
from nbgrader.api import Gradebook

from grader.build import build
from grader.collector import Reader, pair
from grader.course import Course, CourseError
from grader.demo import Maker, keyed
from grader.extractor import Extractor
from grader.init import init
from grader.layouts import Place, Sender, place
from grader.notebooks import is_notebook_of
from grader.senders import read_senders
from quizzes.answers import RECEIPT_TYPE
from quizzes.records import parse_json

STUDENTS = """\
id,first_name,last_name,email,lms_user_id,moodle_ids
anna,Ánna,Ødegård,anna@example.org,101,
bo,Bo,Li,bo@example.org,102,7002 7102
chen,晨,陈,,103,
dee,Dee,Dupe,,104,
dee2,Dee,Dupe,,105,
"""


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Build and release an assignment, once; each test works on a copy."""
    course = init(tmp_path_factory.mktemp("zips") / "course")
    build(course, "ps1")
    done = run(course, "generate_assignment", "ps1")
    assert done.returncode == 0, done.stderr
    (course.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return course


@pytest.fixture
def maker(released: Course, tmp_path: Path) -> Maker:
    """Make a fresh course with the released assignment."""
    shutil.copytree(released.root, tmp_path / "course")
    course = Course(tmp_path / "course")
    return Maker(course, course.form("ps1"), course.bank(course.assignment("ps1")))


def record(maker: Maker, answered: int, saved: str = "2026-01-01T12:00:00Z") -> dict[str, Any]:
    """Return the record of so many right answers, last changed at that time."""
    return {**maker.record(maker.responses(keyed, answered)), "saved_at": saved}


def notebook(maker: Maker, receipt: Any = None) -> bytes:
    """Return a notebook that a learner saved, without answers where there is no receipt."""
    folder = maker.submit("made", receipt=receipt)
    content = (folder / f"{maker.form.assignment}.ipynb").read_bytes()
    shutil.rmtree(folder.parent)
    return content


def pack(path: Path, members: Mapping[str, bytes | str]) -> Path:
    """Write a real zip file, as an LMS does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


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
    assert "moodle-7004 (Dee Dupe): not in students.csv: collected under that" in done.stderr
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


def patch(path: Path, name: str, **fields: int) -> None:
    """Change a member's headers, both the one before it and the one in the directory at the archive's end."""
    content = bytearray(path.read_bytes())
    local, central = content.index(name.encode()) - 30, content.rindex(name.encode()) - 46
    for field, value in fields.items():
        form, in_local, in_central = {"flags": ("<H", 6, 8), "size": ("<I", 22, 24)}[field]
        struct.pack_into(form, content, local + in_local, value)
        struct.pack_into(form, content, central + in_central, value)
    path.write_bytes(content)


def special(name: str, kind: int) -> zipfile.ZipInfo:
    """Return a member of a kind that is no regular file."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def unpack(folder: Path, caplog: pytest.LogCaptureFixture, **limits: int) -> tuple[list[str], list[str]]:
    """Unpack the archives of a folder; returns the files that came out, and the log's lines."""
    out = folder.parent / "extracted"
    out.mkdir()
    with caplog.at_level(logging.INFO):
        Extractor(log=logging.getLogger("extractor"), **limits).extract(str(folder), str(out))
    lines = [each.getMessage() for each in caplog.records]
    assert all(line.isprintable() for line in lines)
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()), lines


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.ipynb", "its name leads to another folder"),
        ("a/../../b.ipynb", "its name leads to another folder"),
        ("a/./b.ipynb", "its name leads to another folder"),
        ("..", "its name leads to another folder"),
        ("/etc/evil.ipynb", "its name is an absolute path"),
        ("//host/evil.ipynb", "its name is an absolute path"),
        ("..\\evil.ipynb", "its name has a backslash"),
        ("C:/evil.ipynb", "its name has a drive letter or a colon"),
        ("ps1.ipynb:stream", "its name has a drive letter or a colon"),
        ("a\x1b[2Jb.ipynb", "its name has a control character"),
        ("a\nb.ipynb", "its name has a control character"),
        ("a\u202egnp.ipynb", "its name has a control character"),
        ("n" * 300 + ".ipynb", "its name is longer than 255 bytes"),
        ("work.zip", "it is an archive in the archive and is not opened: ask for the notebook itself"),
        ("work.TAR.GZ", "it is an archive in the archive and is not opened: ask for the notebook itself"),
    ],
)
def test_a_hostile_name_is_one_line_and_the_rest_is_unpacked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, why: str
) -> None:
    """Nothing is written outside, whatever the system; the log says which member and why."""
    pack(tmp_path / "archive" / "x.zip", {"before.txt": "1", name: "evil", "after.txt": "2"})
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/after.txt", "x/before.txt"]
    (line,) = lines
    assert line.startswith("x.zip/")
    assert line.endswith(f": refused: {why}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "extracted"]


def test_names_that_people_have_are_unpacked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Joiners, accents, and names that were packed as UTF-8 without the mark of it."""
    persian = "علی\u200cرضا/ps1.ipynb"  # noqa: RUF001  a name as it is written
    path = pack(tmp_path / "archive" / "x.zip", {persian: "1", "müller_1_2_ps1.ipynb": "2"})
    patch(path, "müller_1_2_ps1.ipynb", flags=0)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[1] == "müller_1_2_ps1.ipynb".encode().decode("cp437")
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/müller_1_2_ps1.ipynb", f"x/{persian}"]
    assert lines == []


def test_links_special_encrypted_and_doubled_members_are_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is one line; an odd method of packing too, since one read of it may unpack to any size."""
    path = pack(tmp_path / "archive" / "x.zip", {"good.txt": "1", "secret.ipynb": "2", "twice.txt": "3"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(special("link.ipynb", stat.S_IFLNK), "/etc/passwd")
        archive.writestr(special("pipe.ipynb", stat.S_IFIFO), "")
        archive.writestr("odd.ipynb", "x", zipfile.ZIP_BZIP2)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice.txt", "4")
    patch(path, "secret.ipynb", flags=1)
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/good.txt"]
    assert lines == [
        "x.zip/secret.ipynb: refused: it is encrypted: ask for the file without a password",
        "x.zip/twice.txt: refused: several members have this name: ask which one is meant",
        "x.zip/link.ipynb: refused: it is a link or no regular file: ask for the file itself",
        "x.zip/pipe.ipynb: refused: it is a link or no regular file: ask for the file itself",
        "x.zip/odd.ipynb: refused: it is packed by an unusual method: ask for the file itself",
        "x.zip/twice.txt: refused: several members have this name: ask which one is meant",
    ]


def test_bombs_are_stopped_while_they_unpack(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Headers that lie about sizes change nothing; what is refused counts towards the archive's whole."""
    zeros, noise = bytes(3_000_000), os.urandom(300_000)
    lying = pack(tmp_path / "archive" / "a.zip", {"bomb.ipynb": zeros, "after.txt": "1"})
    patch(lying, "bomb.ipynb", size=10)
    pack(tmp_path / "archive" / "b.zip", {"ratio.ipynb": zeros, "after.txt": "1"})
    pack(tmp_path / "archive" / "c.zip", {"large.ipynb": os.urandom(900_000), "after.txt": "1"})
    pack(tmp_path / "archive" / "d.zip", {f"{n}.txt": noise for n in range(9)})
    files, lines = unpack(tmp_path / "archive", caplog, member_limit=800_000, total_limit=2_000_000)
    assert files == ["a/after.txt", "b/after.txt", "c/after.txt", *(f"d/{n}.txt" for n in range(6))]
    assert lines == [
        "a.zip/bomb.ipynb: refused: it cannot be unpacked (BadZipFile): ask for a clean copy",
        "b.zip/ratio.ipynb: refused: it unpacks to more than 800,000 bytes: ask for a clean copy",
        "c.zip/large.ipynb: refused: it unpacks to more than 800,000 bytes: ask for a clean copy",
        "d.zip/6.txt: refused: the archive unpacks to too much: see the next line",
        "d.zip: refused: it unpacks to more than 2,000,000 bytes: cut off there",
    ]


def test_a_high_ratio_is_refused_under_any_limit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A megabyte of anything may be packed well; more than that by more than 200 times is no hand-in."""
    pack(tmp_path / "archive" / "x.zip", {"bomb.ipynb": bytes(5_000_000), "blank.txt": bytes(900_000)})
    files, lines = unpack(tmp_path / "archive", caplog)
    assert files == ["x/blank.txt"]
    assert lines == ["x.zip/bomb.ipynb: refused: it unpacks to more than 200 times its size: ask for a clean copy"]


def test_what_is_no_download_in_the_folder_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Too many members, no zip, another kind of archive, a learner's own archive, a link, a pipe: none is opened."""
    folder = tmp_path / "archive"
    pack(folder / "good.zip", {"good.txt": "1"})
    pack(folder / "many.zip", {f"{n}.txt": "" for n in range(10_000)})
    (folder / "no.zip").write_text("PK?")
    (folder / "other.tar.gz").write_text("x")
    (folder / "plain.ipynb").write_text("{}")
    pack(folder / "doe_101_5_work.zip", {"roe_102_6_ps1.ipynb": "{}"})
    pack(folder / "Jo Doe_7_assignsubmission_file_" / "work.zip", {"Jo Roe_8_assignsubmission_file_/ps1.ipynb": "{}"})
    pack(folder / "Jo Moe_9_assignsubmission_file" / "work.zip", {"Jo Roe_8_assignsubmission_file/ps1.ipynb": "{}"})
    (folder / "link.zip").symlink_to(folder / "good.zip")
    (folder / "linked").symlink_to(tmp_path)
    files, lines = unpack(folder, caplog)
    assert files == ["good/good.txt", "plain.ipynb"]
    own = (
        "refused: it is one learner's own archive and is not opened: ask for the notebook itself, "
        "or rename it if it is the LMS's download"
    )
    many = (
        "many.zip: refused: it has 10,000 members, over the limit of 5,000: "
        "set c.Extractor.members_limit if they are so many"
    )
    assert lines == [
        f"Jo Doe_7_assignsubmission_file_/work.zip: {own}",
        f"Jo Moe_9_assignsubmission_file/work.zip: {own}",
        f"doe_101_5_work.zip: {own}",
        "link.zip: refused: it is a link or no regular file: put the file itself there",
        "linked: refused: it is a link or no regular file: put the file itself there",
        many,
        "no.zip: refused: it cannot be read (BadZipFile): download it again",
        "other.tar.gz: refused: of archives only zip is opened: put the notebooks themselves there",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs on Windows")
def test_a_pipe_in_the_folder_is_not_opened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Reading it would wait for ever."""
    (tmp_path / "archive").mkdir()
    os.mkfifo(tmp_path / "archive" / "pipe.zip")
    assert unpack(tmp_path / "archive", caplog) == (
        [],
        ["pipe.zip: refused: it is a link or no regular file: put the file itself there"],
    )


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
    assert "many.zip: refused: it has 51 members, over the limit of 50: " in done.stderr
    assert "\x1b[31m" not in done.stderr
    download(maker.course, {"libo_102_8_ps1-1.ipynb": notebook(maker, record(maker, 3))}, "later.zip")
    collect(maker.course, "--force")
    assert answers(maker.course, "bo") == 3


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("doejane_12345_67890_ps1.ipynb", ("canvas-12345", "ps1.ipynb", 67890, False)),
        ("doejane_LATE_12345_67890_ps1-1.ipynb", ("canvas-12345", "ps1-1.ipynb", 67890, True)),
        ("doe_jane_1_2_3_4_ps1.ipynb", ("canvas-1", "3_4_ps1.ipynb", 2, False)),
        ("LATE_anon_aB3_7_ps1.ipynb", ("canvas-anon-aB3", "ps1.ipynb", 7, True)),
        ("folder_1_2_x/doe_3_4_ps1.ipynb", ("canvas-3", "ps1.ipynb", 4, False)),
        (
            "Jo Doe_5_assignsubmission_file_/a/Jo Roe_6_assignsubmission_file_/x_7_8_ps1.ipynb",
            ("moodle-5", None, 0, False),
        ),
        ("Jo Doe_5_assignsubmission_file_x_7_8_ps1.ipynb", ("moodle-5", "x_7_8_ps1.ipynb", 0, False)),
        ("PM 101-4711/Jo Doe_5_assignsubmission_file/ps1.ipynb", ("moodle-5", "ps1.ipynb", 0, False)),
        ("Jo Doe_5_assignsubmission_file/Jo Roe_6_assignsubmission_file/x_7_8_ps1.ipynb", ("moodle-5", None, 0, False)),
        ("Group 12-Jo Doe_5_assignsubmission_file/ps1.ipynb", ("moodle-5", "ps1.ipynb", 0, False)),
        ("Jo Doe_5_assignsubmission_files/ps1.ipynb", None),
        ("Jo Doe_5_assignsubmission_file", None),
        ("Jo Doe_5_assignsubmission_onlinetext/onlinetext.html", None),
        ("Jo Doe_5_assignsubmission_onlinetext_/onlinetext.html", None),
        ("Default group_assignsubmission_file/ps1.ipynb", None),
        ("Default group_assignsubmission_file_/ps1.ipynb", None),
        ("ps1.ipynb", None),
        ("x_١_٢_ps1.ipynb", None),  # noqa: RUF001  digits, but not those of an LMS
    ],
)
def test_the_lms_alone_tells_the_student(parts: str, expected: tuple[str, str | None, int, bool] | None) -> None:
    """The first name that fits decides; what the learner named, inside it or after it, tells nothing."""
    found = place(parts.split("/"))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        file = expected[1] or parts.rpartition("/")[2]
        assert (found.sender.id, found.file, found.upload, found.late) == (expected[0], file, *expected[2:])


def test_a_name_that_two_have_is_nobodys(tmp_path: Path) -> None:
    """By number it is told; by name only where one student and one sender have it."""
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8-sig")
    senders = read_senders(tmp_path)
    named = [Sender("moodle", number, name) for number, name in (("1", "Li Bo"), ("2", "BO LI"), ("3", "Dee Dupe"))]
    assert set(senders.students(named).values()) == {None}
    assert senders.students(named[:1]) == {named[0]: "bo"}
    moved = [*named[:1], Sender("moodle", "7102", "Bo Old")]
    assert list(senders.students(moved).values()) == [None, "bo"]
    assert senders.students([Sender("canvas", "101"), Sender("canvas-anon", "101")]) == {
        Sender("canvas", "101"): "anna",
        Sender("canvas-anon", "101"): None,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name\nanna\n", "students.csv: line 1: no column 'id'"),
        ("id\nanna\n../bo\n", "students.csv: line 3: id: empty, too long, or begins with . or -"),
        ("id\na/b\n", "students.csv: line 2: id: use letters, digits and @._+- only"),
        ("id\nanna\nanna\n", "students.csv: line 3: the id or an LMS's number stands in an earlier line too"),
        ("id,lms_user_id\nanna,1\nbo,1\n", "students.csv: line 3: the id or an LMS's number stands in an earlier"),
        ("id\n\xff\n".encode("latin-1"), "students.csv: not a CSV file in UTF-8: save it as one"),
    ],
)
def test_a_faulty_students_file_is_one_line(tmp_path: Path, text: str | bytes, line: str) -> None:
    """File, line and mend, rather than a hand-in under the wrong name."""
    (tmp_path / "students.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as caught:
        read_senders(tmp_path)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


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


def test_a_notebook_is_known_by_what_it_holds(maker: Maker) -> None:
    """By receipts, else by the sheet that it opens, else by nbgrader's cells; whatever else JSON may hold."""
    blank = parse_json(notebook(maker))
    assert is_notebook_of(blank, "ps1", set())
    assert not is_notebook_of(blank, "ps2", {"item-001"})
    for cell in blank["cells"]:
        cell["source"] = "1 + 1"
    assert is_notebook_of(blank, "ps1", {"item-001"})
    assert not is_notebook_of(blank, "ps1", {"another"})
    odd: list[Any] = [None, [], {}, {"cells": 7}, {"cells": [7, {"metadata": 3}, {"cell_type": "code", "source": [1]}]}]
    odd.append({"cells": [{"outputs": [{"data": {RECEIPT_TYPE: []}}]}]})
    odd.append({"cells": [{"metadata": {"nbgrader": {"grade_id": []}}}]})
    unnamed = {"cells": [{"outputs": [{"data": {RECEIPT_TYPE: {"revision": 1}}}], "metadata": {}}, blank["cells"][-1]]}
    assert is_notebook_of(unnamed, "ps1", {"item-010"})
    assert not any(is_notebook_of(each, "ps1", {"item-001"}) for each in odd)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("ps1.ipynb", True),
        ("PS1 (2).ipynb", True),
        ("ps1-3.ipynb.txt", True),
        ("ps12.ipynb", False),
        ("notes.ipynb", False),
        ("ps1 solution.ipynb", False),
    ],
)
def test_a_notebook_that_cannot_be_read_is_known_by_its_name(maker: Maker, name: str, taken: bool) -> None:
    """It is collected, so that its mark says why there is none; another name's is told in the log alone."""
    path = maker.course.root / name
    path.write_bytes(b'{"cells": [')
    path = path.rename(path.with_name(f"{path.name}.ipynb"))
    found = Reader("ps1", {"item-001"}).read(path, name, Place(Sender("canvas", "101"), name, 1))
    assert (found is not None) is taken
    assert found is None or not found.readable


def test_an_answers_file_goes_with_the_notebook_of_its_attempt(maker: Maker) -> None:
    """However Canvas or a browser numbers the two; one that may be another attempt's is left alone."""
    content, reader = notebook(maker), Reader("ps1", set())

    def hand_in(*names: str) -> list[tuple[str, str]]:
        files = []
        for upload, name in enumerate(names, 1):
            path = maker.course.root / name
            path.write_bytes(json.dumps(record(maker, upload)).encode() if name.endswith("json") else content)
            files.append(reader.read(path, name, Place(Sender("canvas", "101"), name, upload)))
        pairs = pair([file for file in files if file])
        return [
            (each.notebook.shown if each.notebook else "", each.sidecar.shown if each.sidecar else "") for each in pairs
        ]

    assert hand_in("my work.ipynb", "ps1.answers.json") == [("my work.ipynb", "ps1.answers.json")]
    assert hand_in("ps1.ipynb", "ps1-1.ipynb", "ps1.answers-1.json", "ps1.answers.json") == [
        ("ps1.ipynb", "ps1.answers.json"),
        ("ps1-1.ipynb", "ps1.answers-1.json"),
    ]
    assert hand_in("ps1 (2).ipynb", "ps1 (3).ipynb", "ps1 (3).answers.json") == [
        ("ps1 (2).ipynb", ""),
        ("ps1 (3).ipynb", "ps1 (3).answers.json"),
    ]
    assert hand_in("a.ipynb", "b.ipynb", "ps1.answers.json") == [
        ("a.ipynb", ""),
        ("b.ipynb", ""),
        ("", "ps1.answers.json"),
    ]
    assert hand_in("ps1.ipynb", "ps1.answers.json", "ps1.answers.json.json") == [
        ("ps1.ipynb", ""),
        ("", "ps1.answers.json"),
        ("", "ps1.answers.json.json"),
    ]
    assert hand_in("ps1.answers.json") == [("", "ps1.answers.json")]


def test_a_damaged_archive_never_raises(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whichever byte is wrong, it is a line or it makes no difference; nothing comes out but what was packed."""
    whole = pack(tmp_path / "whole.zip", {"a/b.txt": "some text " * 9, "ü.txt": "more"}).read_bytes()
    folder = tmp_path / "archive"
    folder.mkdir()
    for at in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[at] ^= 0x81
        (folder / f"{at}.zip").write_bytes(damaged)
        (folder / f"{at}-cut.zip").write_bytes(whole[:at])
    files, lines = unpack(folder, caplog)
    texts = {(tmp_path / "extracted" / name).read_text(encoding="utf-8") for name in files}
    assert texts == {"some text " * 9, "more"}
    assert len(lines) >= len(whole) // 3
