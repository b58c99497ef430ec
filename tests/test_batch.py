"""Marking a whole assignment at once writes the gradebook that nbgrader's own command writes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commands import run
from courses import copied, own_bank
from gradebooks import content, differences
from mixed_class import by_hand, handed_in
from nbgrader.api import Gradebook

from grader.__main__ import main
from grader.batch import Line, Options, mark
from grader.course import CourseError
from grader.database import engine_for
from grader.demo import Maker, keyed
from grader.exporters import Plain
from quizzes.bank import Bank


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release an assignment with an item of each kind, a written answer and code, and hand in what classes hand in."""
    return handed_in(tmp_path_factory.mktemp("mixed") / "course", bank)


@pytest.fixture
def twins(mixed: Maker, tmp_path: Path) -> tuple[Maker, Maker]:
    """Return the same course twice: one for nbgrader's command, one for ours."""
    return copied(mixed, tmp_path / "theirs"), copied(mixed, tmp_path / "ours")


def ours(maker: Maker, **options: Any) -> dict[str, Line]:
    """Mark with the batch; returns the lines by student."""
    return {line.student: line for line in mark(maker.course, maker.form.assignment, Options(**options))}


def opened(maker: Maker) -> Gradebook:
    """Return the course's gradebook as nbgrader opens it."""
    return Gradebook(maker.course.db_url)


def books(maker: Maker) -> dict[str, Any]:
    """Return what the course's gradebook holds."""
    return content(maker.course.db_url)


def test_both_ways_of_marking_write_the_same_gradebook(twins: tuple[Maker, Maker]) -> None:
    """Scores, comments, what waits for a person, late penalties and marks given by hand; at first and again."""
    theirs, own = twins
    run(theirs.course, "autograde", "mixed")
    lines = ours(own)
    assert differences(theirs.course.db_url, own.course.db_url) == []
    assert {name for name, line in lines.items() if line.fault} == {"g-broken", "h-no-notebook", "i-no-time"}
    for maker in twins:
        by_hand(maker, "d-wrote", "why", 4.5)
        by_hand(maker, "a-right", "item-001", 0.25)
    run(theirs.course, "autograde", "mixed", "--force")
    ours(own, force=True)
    assert differences(theirs.course.db_url, own.course.db_url) == []


def test_the_marks_are_what_they_should_be(twins: tuple[Maker, Maker]) -> None:
    """Not only the same on both sides: right."""
    own = twins[1]
    ours(own)
    rows: dict[str, dict[str, Any]] = {}
    for row in books(own)["grades"]:
        rows.setdefault(row[1], {})[row[5]] = row
    points = [sum(item.points.values()) for item in own.form.items]
    assert [rows["a-right"][f"item-{n:03}"][6] for n in range(1, 8)] == points
    assert sum(rows["c-blank"][f"item-{n:03}"][6] for n in range(1, 8)) == 0
    assert rows["c-blank"]["why"][6] == 0  # left as it was
    assert rows["d-wrote"]["why"][6] is None  # a person marks it
    assert rows["d-wrote"]["why"][9]
    assert rows["a-right"]["float-tests"][6] is None  # code is not run unless the plan says so
    earned = sum(rows["e-late"][f"item-{n:03}"][6] for n in range(1, 8))
    assert rows["e-late"]["why"][3] == pytest.approx(earned)
    assert earned > 0
    assert rows["f-early"]["why"][3] is None
    assert rows["g-broken"]["item-001"][6] is None


def test_a_second_run_does_only_what_is_left(twins: tuple[Maker, Maker]) -> None:
    """What is marked and has not changed is passed over; a changed file, or --force, marks again."""
    own = twins[1]
    ours(own)
    assert all(line.change is None for line in ours(own).values() if not line.fault)
    right = own.record(own.responses(keyed))
    (own.course.submission("c-blank", "mixed") / "mixed.answers.json").write_text(json.dumps(right))
    changed = [name for name, line in ours(own).items() if line.change and not line.fault]
    assert changed == ["c-blank"]
    forced = [line for line in ours(own, force=True).values() if line.change and not line.fault]
    assert len(forced) == 6


def test_a_corrected_key_moves_what_it_should_and_says_so(twins: tuple[Maker, Maker], capsys: Any) -> None:
    """Marking again changes that item's score alone, keeps marks given by hand, and prints old and new."""
    own = twins[1]
    before = ours(own)
    by_hand(own, "d-wrote", "why", 4)
    old = books(own)
    own_bank(own.course.root / "private", key="b")
    lines = ours(own)
    changed = {name: dict(line.change.moved) for name, line in lines.items() if line.change and line.change.moved}
    assert before["a-right"].change is not None
    answered = ("a-right", "b-partly", "d-wrote", "e-late", "f-early")
    assert changed == {name: {"item-002": (1.0, 0.0)} for name in answered}
    assert lines["d-wrote"].change is not None
    assert lines["d-wrote"].change.by_hand == 1
    moved = [(a, b) for a, b in zip(old["grades"], books(own)["grades"], strict=True) if a != b]
    assert {row[5] for row, _ in moved if row[1] != "d-wrote" and row[6] != _[6]} == {"item-002"}


def test_a_trial_writes_nothing(twins: tuple[Maker, Maker]) -> None:
    """--dry-run says what would be done."""
    own = twins[1]
    before = books(own)
    lines = ours(own, dry_run=True)
    assert sum(line.change is not None for line in lines.values()) == 9
    assert books(own) == before
    assert not (own.course.root / "autograded").exists()


def test_a_trial_tells_what_a_corrected_key_would_move(
    twins: tuple[Maker, Maker], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same lines as the run itself, and nothing is written."""
    own = twins[1]
    monkeypatch.chdir(own.course.root)
    ours(own)
    by_hand(own, "d-wrote", "why", 4)
    own_bank(own.course.root / "private", key="b")
    before = books(own)
    main(["mark", "mixed", "--dry-run"])
    trial = capsys.readouterr().out
    assert books(own) == before
    main(["mark", "mixed"])
    assert "d-wrote: would be 18 → 17 (item-002 1 → 0; 1 marked by hand stay)\n" in trial
    assert "0 would be marked, 5 would be changed, 1 as before, 3 without a mark\n" in trial
    assert trial.replace("would be ", "") == capsys.readouterr().out


def test_some_students_alone(twins: tuple[Maker, Maker]) -> None:
    """--student marks those, and an unknown one is one line."""
    own = twins[1]
    assert list(ours(own, students=["c-blank", "a-right"])) == ["a-right", "c-blank"]
    with pytest.raises(CourseError, match="submitted/nobody/mixed: not found"):
        ours(own, students=["nobody"])


def test_several_processes_write_the_same(twins: tuple[Maker, Maker]) -> None:
    """--jobs shares the marking out and leaves the writing to one."""
    theirs, own = twins
    ours(theirs)
    ours(own, jobs=2)
    assert differences(theirs.course.db_url, own.course.db_url) == []


def test_nbgraders_own_pages_can_be_made_after_a_batch(twins: tuple[Maker, Maker]) -> None:
    """generate_feedback reads the notebooks that the batch wrote, and autograde passes over them as up to date."""
    own = twins[1]
    ours(own)
    done = run(own.course, "generate_feedback", "mixed", "--student", "d-wrote")
    assert done.returncode == 0, done.stderr
    html = (own.course.root / "feedback" / "d-wrote" / "mixed" / "mixed.html").read_text(encoding="utf-8")
    assert "Item 1: Correct" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    done = run(own.course, "autograde", "mixed", "--student", "d-wrote")
    assert "Skipping existing assignment" in done.stderr


def test_the_command_says_how_many(
    twins: tuple[Maker, Maker], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count at the end, a line for each submission without a mark, and an exit code that says so."""
    monkeypatch.chdir(twins[1].course.root)
    assert main(["mark", "mixed"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "6 marked, 0 changed, 0 as before, 3 without a mark"
    assert [line.partition(": no mark: ")[0] for line in printed[:-1] if "no mark" in line] == [
        "g-broken",
        "h-no-notebook",
        "i-no-time",
    ]


STUDENTS = """\
id,first_name,last_name,email,lms_user_id
a-right,Ánna,Ødegård,anna@example.org,101
b-partly,Bo,,,
z-nobody,Zoe,Li,zoe@example.org,
"""


def test_every_folder_has_a_row_in_the_grade_file(twins: tuple[Maker, Maker]) -> None:
    """What could not be marked is an empty cell, whichever way it was marked, also where no notebook was there."""
    for maker, way in zip(twins, ("theirs", "ours"), strict=True):
        wrong = maker.submit("j-other")
        (wrong / "mixed.ipynb").rename(wrong / "notes.ipynb")
        if way == "theirs":
            run(maker.course, "autograde", "mixed")
        else:
            ours(maker)
        Plain(to=str(maker.course.root / "grades.csv"), assignment=["mixed"]).export(opened(maker))
        text = (maker.course.root / "grades.csv").read_text("utf-8-sig")
        rows = {row["student_id"]: (row["score"], row["note"]) for row in csv.DictReader(io.StringIO(text))}
        assert sorted(rows) == maker.course.students("mixed")
        assert {rows[name] for name in ("g-broken", "h-no-notebook", "i-no-time", "j-other")} == {("", "no mark yet")}
    assert differences(*(maker.course.db_url for maker in twins)) == []


def test_a_mark_goes_where_the_notebook_is_gone(twins: tuple[Maker, Maker]) -> None:
    """The grade file does not go on with the mark of what is no longer there."""
    own = twins[1]
    ours(own)
    (own.course.submission("a-right", "mixed") / "mixed.ipynb").unlink()
    assert ours(own)["a-right"].fault.startswith("mixed.ipynb is missing: ")
    assert {row[6] for row in books(own)["grades"] if row[1] == "a-right"} == {None}


def test_names_and_addresses_come_from_the_list_of_students(twins: tuple[Maker, Maker]) -> None:
    """Either way of marking takes them; an empty cell and a missing line leave what is there, and nobody goes."""
    for maker in twins:
        with Gradebook(maker.course.db_url) as gradebook:
            gradebook.add_student("b-partly", first_name="Old", last_name="Kept", email="kept@example.org")
            gradebook.add_student("old", first_name="Still", email="here@example.org")
        (maker.course.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    run(twins[0].course, "autograde", "mixed")
    ours(twins[1])
    assert differences(*(maker.course.db_url for maker in twins)) == []
    found = {row[0]: row[1:] for row in books(twins[1])["students"]}
    assert found["a-right"] == ("Ánna", "Ødegård", "anna@example.org")
    assert found["b-partly"] == ("Bo", "Kept", "kept@example.org")
    assert found["old"] == ("Still", None, "here@example.org")
    assert found["z-nobody"] == ("Zoe", "Li", "zoe@example.org")
    assert found["c-blank"] == (None, None, None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,email\na-right,a@example.org\na-right,\n", "students.csv: line 3: the id or an LMS's number stands"),
        ("name\nAnna\n", "students.csv: line 1: no column 'id'"),
        (f"id,email\na-right,{'x' * 129}\n", "students.csv: line 2: email: over 128 characters, or one that cannot"),
        ("id,last_name\na-right,\x07\n", "students.csv: line 2: last_name: over 128 characters, or one that cannot"),
    ],
)
def test_a_faulty_list_of_students_is_one_line(
    twins: tuple[Maker, Maker],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    line: str,
) -> None:
    """Before anything is written."""
    own = twins[1]
    before = books(own)
    (own.course.root / "students.csv").write_text(text, encoding="utf-8")
    monkeypatch.chdir(own.course.root)
    assert main(["mark", "mixed"]) == 1
    printed = capsys.readouterr().err.splitlines()
    assert len(printed) == 1
    assert printed[0].startswith(line)
    assert books(own) == before


def test_an_assignment_that_is_not_released_is_one_line(mixed: Maker, tmp_path: Path) -> None:
    """Nothing is written before everything is there."""
    own = copied(mixed, tmp_path / "course")
    shutil.rmtree(own.course.root / "release")
    with pytest.raises(CourseError, match="release/mixed/mixed.ipynb: no usable notebook: run nbgrader generate_ass"):
        ours(own)


def test_a_gradebook_that_was_made_anew_is_filled_again(twins: tuple[Maker, Maker]) -> None:
    """What lies in autograded/ does not stand for what the gradebook no longer holds."""
    own = twins[1]
    path = own.course.root / "gradebook.db"
    shutil.copy(path, path.with_suffix(".before"))
    ours(own)
    marked = books(own)
    engine_for(own.course.db_url).dispose()
    shutil.copy(path.with_suffix(".before"), path)
    ours(own)
    assert books(own) == marked
