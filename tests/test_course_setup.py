"""Setting up a course: a form follows from its plan, and nothing is overwritten or given away by accident."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from commands import run
from conftest import ROOT
from courses import own_bank
from released_course import maker, released

from grader.__main__ import COMMANDS, main
from grader.build import build, planned_form, source_notebook
from grader.course import Course, CourseError
from grader.demo import Maker, keyed
from grader.init import init
from grader.released import answers_released

__all__ = ["maker", "released"]  # fixtures


def test_answers_in_source_are_not_released(maker: Maker) -> None:
    """An instructor who tried the sheet in source/ would hand out the key: nothing is released."""
    sidecar = maker.course.root / "source" / "ps1" / "ps1.answers.json"
    sidecar.write_text(json.dumps(maker.record(maker.responses(keyed))))
    done = run(maker.course, "generate_assignment", "ps1", "--force")
    assert done.returncode != 0
    assert "source/ps1/ps1.answers.json holds answers and would be released: delete it" in done.stderr
    assert not (maker.course.root / "release" / "ps1").exists()


def test_answers_in_release_are_told_before_they_are_handed_out(
    maker: Maker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line names the file and the command that makes it anew: for a file beside the notebook, and for a receipt."""
    monkeypatch.chdir(maker.course.root)
    right, release = maker.record(maker.responses(keyed)), maker.course.root / "release" / "ps1"
    answered = maker.submit("made", receipt=right, sidecar=right)
    assert answers_released(maker.course, "ps1") == ""
    for name in ("ps1.answers.json", "ps1.ipynb"):
        shutil.copy(answered / name, release)
        line = f"release/ps1/{name} holds answers, which your class would be given: run nbgrader generate_assignment"
        for command in (["mark", "ps1"], ["rehearse", "ps1"]):
            main(command)
            assert capsys.readouterr().out.count(f"{line} ps1 --force\n") == 1
        done = run(maker.course, "generate_assignment", "ps1", "--force")
        assert done.returncode == 0, done.stderr
        assert answers_released(maker.course, "ps1") == ""
    shutil.copy(maker.submit("blank", receipt=maker.record({})) / "ps1.ipynb", release)
    assert answers_released(maker.course, "ps1") == ""


@pytest.mark.parametrize("command", [name for name, each in COMMANDS.items() if each[1] == "assignment"])
def test_a_misspelt_assignment_is_told_before_anything_is_loaded(tmp_path: Path, command: str) -> None:
    """Loading nbgrader takes seconds."""
    course = init(tmp_path / "course")
    program = (
        "import sys; from grader.__main__ import main; "
        f"print(main([{command!r}, 'ps9']), [each for each in sys.modules if each.startswith(('nbgrader', 'numpy'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=course.root, capture_output=True, text=True, check=False)
    assert done.stderr == "assignments/ps9.yaml: not found: here are: ps1\n"
    assert done.stdout == "1 []\n"


def test_the_courses_readme_has_the_steps_of_the_guide() -> None:
    """Every command of the instructor's story, among them the check of a bank, the rehearsal and a corrected key."""
    readme = (ROOT / "grader" / "course_template" / "README.md").read_text(encoding="utf-8")
    guide = (ROOT / "book" / "guides" / "instructor.md").read_text(encoding="utf-8")
    told = re.findall(r"^\$ (python -m \w+ (?:--bank bank )?\w+|nbgrader \w+)", guide, re.MULTILINE)
    assert [each for each in told if each not in readme and each != "python -m grader init"] == []
    assert "`python -m grader mark ps1 --dry-run`" in readme


def test_a_released_form_is_not_changed_by_accident(maker: Maker) -> None:
    """Other points make another form, to which the answers given would not belong."""
    path = maker.course.root / "assignments" / "ps1.yaml"
    build(maker.course, "ps1")
    path.write_text(path.read_text(encoding="utf-8").replace("class: 2", "class: 3"), encoding="utf-8")
    with pytest.raises(CourseError, match="a different form is released already"):
        build(maker.course, "ps1")
    assert build(maker.course, "ps1", force=True)[1].points == 50
    assert maker.course.form("ps1") == maker.form


def test_nbgrader_runs_where_no_environment_is_activated(tmp_path: Path) -> None:
    """A new gradebook needs the alembic program; the course's configuration finds it beside Python."""
    course = init(tmp_path / "course")
    build(course, "ps1")
    scripts = str(Path(sys.executable).parent)
    paths = [path for path in os.environ["PATH"].split(os.pathsep) if path != scripts]
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"]
    environment = {**os.environ, "PATH": os.pathsep.join(paths)}
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_files_of_a_course_that_cannot_be_used_are_one_line(tmp_path: Path) -> None:
    """The form, and the configuration, which is a program."""
    course = init(tmp_path / "course")
    build(course, "ps1")
    (course.root / "source" / "ps1" / "ps1.form.json").write_text("{")
    with pytest.raises(CourseError, match="ps1.form.json: no usable form: run `python -m grader build ps1`"):
        course.form("ps1")
    (course.root / "nbgrader_config.py").write_text("1 / 0\n")
    with pytest.raises(CourseError, match="nbgrader_config.py: ZeroDivisionError: division by zero: mend it"):
        Course(course.root).config  # noqa: B018  a property that reads the file


def test_init_never_overwrites(tmp_path: Path) -> None:
    """A folder with anything in it is left alone."""
    (tmp_path / "notes.txt").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "grader", "init", tmp_path], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path}: not an empty folder: name a new one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


ADD = "add the time and zone"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("number: 10", "number: 999", "assignments/ps1.yaml: 999 items asked and"),
        ("title:", "titel:", "assignments/ps1.yaml: title: field required"),
        ("banks: []", "banks: [../banks]", "assignments/ps1.yaml: banks: ../banks: no such folder"),
        ("class: 2", "klass: 2", "assignments/ps1.yaml: points: 'klass' is unknown, use some of class, differentiator"),
        ("class: 2", "a: 2\n  b: 1", "assignments/ps1.yaml: points: 'a', 'b' are unknown, use some of class, "),
        ("kind: classify", "kind: choice", "assignments/ps1.yaml: points: nothing is asked of "),
        ("title:", "due: 2026-12-01\ntitle:", f"assignments/ps1.yaml: due: {ADD}, as in 2026-12-01T23:59:00+01:00"),
        ("title:", "due: 2026-12-01 23:59\ntitle:", f"assignments/ps1.yaml: due: {ADD}, as in 2026-12-01T23:59"),
        ("title:", "due: 2026-12-01 23:59:00\ntitle:", f"assignments/ps1.yaml: due: {ADD}, as in 2026-12-01T23:59"),
        ("title:", "due: 20261201\ntitle:", "assignments/ps1.yaml: due: not a time: write it as in 2026-12-01T23:59"),
        (
            "title:",
            "due: soon\ntitle:",
            "assignments/ps1.yaml: due: not a time: write it as in 2026-12-01T23:59:00+01:00",
        ),
        ("class: 2", "class: -2", "assignments/ps1.yaml: points.class: input should be greater than or equal to 0"),
        ("draw:", "items: [no-such-item]\nold:", "assignments/ps1.yaml: old: extra inputs are not permitted"),
        ("title: ", "title: [", "assignments/ps1.yaml: line"),
    ],
)
def test_a_faulty_assignment_is_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    """File, field and what is wrong; nothing is written."""
    course = init(tmp_path / "course")
    path = course.root / "assignments" / "ps1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        build(course, "ps1")
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)
    assert not (course.root / "source").exists()


def listed(course: Course, *items: str, banks: str = "") -> None:
    """Write an assignment that asks these items."""
    plan = {"title": "Listed", "items": list(items), "banks": [banks] if banks else [], "points": {"class": 1}}
    (course.root / "assignments" / "ps1.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")


def test_all_misspelt_items_are_named_with_a_guess(tmp_path: Path) -> None:
    """And the command that lists the ids, with the course's own bank."""
    course = init(tmp_path / "course")
    own_bank(course.root / "private")
    listed(course, "payrol-1", "house-2", "payroll-2", "?", banks="private")
    with pytest.raises(CourseError) as caught:
        build(course, "ps1")
    assert str(caught.value) == (
        "assignments/ps1.yaml: items: not in the bank: payrol-1 (did you mean payroll-1?), "
        "house-2 (did you mean house-1?), ?: `python -m quizzes --bank private list` shows the ids"
    )


def test_points_that_ask_nothing_of_an_item_are_one_line(tmp_path: Path) -> None:
    """It names the items and the line to add."""
    course = init(tmp_path / "course")
    own_bank(course.root / "private")
    listed(course, "house-1", "payroll-1", banks="private")
    with pytest.raises(
        CourseError, match="^assignments/ps1.yaml: points: nothing is asked of house-1: add `choice: 1`"
    ):
        build(course, "ps1")


def test_an_unknown_assignment_is_told_with_those_there_are(tmp_path: Path) -> None:
    """A misspelt name is seen at once."""
    course = init(tmp_path / "course")
    (course.root / "assignments" / "exam.yaml").write_text("title: x", encoding="utf-8")
    with pytest.raises(CourseError, match=r"^assignments/ps9.yaml: not found: here are: exam, ps1$"):
        course.assignment("ps9")
    with pytest.raises(CourseError, match=r"not found: write it, or run this in the course directory$"):
        Course(tmp_path).assignment("ps9")


def test_items_whose_answers_are_public_are_told_at_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A practice item is shown with its answer on the site; it is no fault, and others are not spoken of."""
    course = init(tmp_path / "course")
    monkeypatch.chdir(course.root)
    for items, line in (
        (("warehouse-1",), None),
        (("warehouse-1", "payroll-1"), "payroll-1 is a practice item: its answer is on the site"),
        (("payroll-1", "payroll-2"), "payroll-1, payroll-2 are practice items: their answers are on the site"),
    ):
        listed(course, *items)
        assert main(["build", "ps1"]) == 0
        assert capsys.readouterr().out.splitlines()[1:] == ([line] if line else [])


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        ("2026-12-01T23:59:00+01:00", "Due: 01 December 2026, 23:59 UTC+01:00."),
        ("'2026-12-01T08:30-05:00'", "Due: 01 December 2026, 08:30 UTC-05:00."),
        ("2026-12-01T23:59:00Z", "Due: 01 December 2026, 23:59 UTC."),
    ],
)
def test_learners_read_the_due_time_in_the_zone_that_was_written(tmp_path: Path, due: str, shown: str) -> None:
    """The gradebook has it in UTC, as nbgrader reckons."""
    course = init(tmp_path / "course")
    path = course.root / "assignments" / "ps1.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\ndue: {due}\n", encoding="utf-8")
    plan = course.assignment("ps1")
    assert shown in source_notebook(planned_form(course, "ps1"), plan).cells[0].source


def test_building_twice_gives_the_same_form(tmp_path: Path) -> None:
    """A form is reproducible from its plan."""
    course = init(tmp_path / "course")
    assert build(course, "ps1")[1] == build(course, "ps1")[1]
