"""Forms of each student's own: siblings of the items, the same points, and made again from secret and id."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import run
from courses import copied, released
from gradebooks import differences

from grader.batch import mark
from grader.course import Course, CourseError
from grader.demo import Maker, keyed
from grader.handout import handout, siblings
from grader.sitting import sitting
from quizzes.answers import sidecar_file
from quizzes.bank import Bank
from quizzes.level import level

STUDENTS = [f"s{number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def siblinged(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release an assignment of siblings, and hand it out to twelve students."""
    content = {
        "title": "Siblings",
        "siblings": True,
        "draw": {"number": 6, "kind": "classify", "use": "assessment", "seed": 3},
        "points": {"class": 2, "differentiator": 1, "evidence": 1},
    }
    maker = released(tmp_path_factory.mktemp("siblings") / "course", "ps2", content)
    (maker.course.root / "students.csv").write_text("id\n" + "\n".join(STUDENTS) + "\n", encoding="utf-8")
    handout(maker.course, "ps2")
    return maker


def own(maker: Maker, student: str) -> Maker:
    """Return what makes submissions to a student's own form."""
    return Maker(maker.course, maker.course.form("ps2", student), maker.bank)


def hand_in(maker: Maker, student: str, answers: Maker | None = None) -> None:
    """Hand in a right answer to every item of the student's form, or of somebody else's."""
    folder = maker.course.submission(student, "ps2")
    shutil.copytree(maker.course.handout("ps2", student), folder)
    given = answers or own(maker, student)
    record = given.record(given.responses(keyed))
    (folder / sidecar_file("ps2")).write_text(json.dumps(record), encoding="utf-8")


def test_students_get_different_items_of_one_shape(siblinged: Maker) -> None:
    """The same kind, difference, level and points at each place; other texts, and classes that differ."""
    forms = [siblinged.course.form("ps2", student) for student in STUDENTS]
    assert len({form.form for form in forms}) > 6
    for place in range(6):
        items = [siblinged.bank.items[form.items[place].id] for form in forms]
        assert len({(item.kind, item.differentiator, level(item)) for item in items}) == 1
        assert len({json.dumps(form.items[place].points) for form in forms}) == 1
    assert all(len({item.id for item in form.items}) == 6 for form in forms)
    families = [[siblinged.bank.items[item.id].family for item in form.items] for form in forms]
    assert all(len(set(each)) == 6 for each in families)


def test_the_same_secret_gives_the_same_handout(siblinged: Maker, tmp_path: Path) -> None:
    """And another secret another one, so that nobody tells the items from an id."""
    again = copied(siblinged, tmp_path / "again")
    before = {student: again.course.form("ps2", student).form for student in STUDENTS}
    shutil.rmtree(again.course.root / "handout")
    handout(again.course, "ps2")
    assert {student: again.course.form("ps2", student).form for student in STUDENTS} == before
    (again.course.root / "secret.txt").write_text("0" * 64)
    with pytest.raises(CourseError, match="handout/ps2/s..: has the form .* already"):
        handout(again.course, "ps2")
    assert {student: again.course.form("ps2", student).form for student in STUDENTS} == before
    handout(again.course, "ps2", force=True)
    assert {student: again.course.form("ps2", student).form for student in STUDENTS} != before


def test_the_handout_holds_no_key(siblinged: Maker) -> None:
    """Notebook and form, as in release/."""
    files = {path.name for path in siblinged.course.handout("ps2", "s00").iterdir()}
    assert files == {"ps2.ipynb", "ps2.form.json"}
    text = (siblinged.course.handout("ps2", "s00") / "ps2.form.json").read_text(encoding="utf-8")
    assert not any(word in text for word in ("misconception", "rationale", '"key"'))
    assert (siblinged.course.root / "secret.txt").stat().st_mode & 0o077 == 0
    assert not list((siblinged.course.root / "release").rglob("*.form.json"))


def test_each_is_marked_by_the_own_form(siblinged: Maker, tmp_path: Path) -> None:
    """All right is full marks for everybody, in both ways of marking; somebody else's answers are refused."""
    theirs, ours = copied(siblinged, tmp_path / "theirs"), copied(siblinged, tmp_path / "ours")
    for maker in (theirs, ours):
        first = maker.course.form("ps2", "s00").form
        other = next(student for student in STUDENTS if maker.course.form("ps2", student).form != first)
        for student in ("s01", "s02"):
            hand_in(maker, student)
        hand_in(maker, "s00", answers=own(maker, other))
        maker.submit("stranger", sidecar=maker.record({}))
    lines = {line.student: line for line in mark(ours.course, "ps2")}
    points = {name: line.change.after for name, line in lines.items() if line.change and not line.fault}
    assert points == {"s01": 24, "s02": 24}
    assert "answers to another form" in lines["s00"].fault
    assert lines["stranger"].fault == "no form was made for this student: run `python -m grader handout ps2`"
    learners = sitting(ours.course, "ps2")
    assert {learner.student for learner in learners.learners} == {"s01", "s02"}
    assert learners.unmarked == ("s00", "stranger")
    run(theirs.course, "autograde", "ps2")
    assert differences(theirs.course.db_url, ours.course.db_url) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name\nx\n", "students.csv: line 2: no id"),
        ("id\na\na\n", "students.csv: the id 'a' stands twice"),
        ("id\n../x\n", "students: '../x' is no name for a folder"),
        ("", "students.csv: line 1: no id"),
    ],
)
def test_a_bad_list_of_students_is_one_line(siblinged: Maker, tmp_path: Path, text: str, fault: str) -> None:
    """Nothing is handed out then."""
    maker = copied(siblinged, tmp_path / "course")
    shutil.rmtree(maker.course.root / "handout")
    (maker.course.root / "students.csv").write_text(text)
    with pytest.raises(CourseError, match=fault.replace(".", r"\.")):
        handout(maker.course, "ps2")
    assert not (maker.course.root / "handout").exists()


def test_an_assignment_without_siblings_is_one_line(siblinged: Maker, tmp_path: Path) -> None:
    """One form for everybody is handed out by nbgrader."""
    maker = copied(siblinged, tmp_path / "course")
    with pytest.raises(CourseError, match="assignments/ps1.yaml: siblings: write"):
        handout(Course(maker.course.root), "ps1")


@pytest.mark.parametrize(
    ("file", "content", "line"),
    [
        ("secret.txt", b"short", "secret.txt: too short to be this course's secret: restore it from your backup"),
        ("secret.txt", "gehäuse".encode("latin-1"), "secret.txt: cannot be read: "),
        ("release/ps2/ps2.ipynb", None, "release/ps2/ps2.ipynb: not found: run nbgrader generate_assignment ps2"),
        ("handout/ps2/s03/ps2.form.json", b"{", "handout/ps2/s03: has the form unreadable already"),
        (
            "assignments/ps2.yaml",
            b"title: S\nsiblings: true\ndraw: {number: 600, seed: 1}\npoints: {class: 1}\n",
            "assignments/ps2.yaml: 600 items",
        ),
    ],
)
def test_what_stands_in_the_way_is_one_line(
    siblinged: Maker, tmp_path: Path, file: str, content: bytes | None, line: str
) -> None:
    """And no student's folder is written anew."""
    there = copied(siblinged, tmp_path / "course")
    path = there.course.root / file
    path.unlink() if content is None else path.write_bytes(content)
    before = {each: each.stat().st_mtime_ns for each in (there.course.root / "handout").rglob("*")}
    with pytest.raises(CourseError) as caught:
        handout(there.course, "ps2")
    assert str(caught.value).startswith(line)
    assert {each: each.stat().st_mtime_ns for each in (there.course.root / "handout").rglob("*")} == before


def test_a_student_whose_id_is_no_name_of_a_folder_is_told(siblinged: Maker) -> None:
    """It would be written somewhere else."""
    with pytest.raises(CourseError, match="students: '../s03' is no name for a folder: mend the id"):
        handout(siblinged.course, "ps2", ["../s03"])


def test_siblings_include_the_item_itself(siblinged: Maker) -> None:
    """Where there is no other one, everybody gets the same item."""
    plan = siblinged.course.assignment("ps2")
    for asked in siblinged.form.items:
        item = siblinged.bank.items[asked.id]
        assert item in siblings(item, siblinged.bank, plan)
