"""The instructor's course through nbgrader's own commands."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from commands import run
from conftest import ROOT
from courses import own_bank
from nbgrader.api import Gradebook

from grader.__main__ import main
from grader.build import build, planned_form, source_notebook
from grader.course import Course, CourseError
from grader.demo import Maker, demo, keyed
from grader.explain import StaleKeyError, mark_record
from grader.init import init
from grader.intake import IntakeError, take_in
from grader.marks import Row, marks
from quizzes.answers import RECEIPT_TYPE, parse_record
from quizzes.bank import Bank
from quizzes.items import KINDS, ROLES, Classify, Phrase, Sort

EXPECTED = {
    "1-perfect": 40,
    "2-all-wrong": 0,
    "3-half": 20,
    "4-blank": 0,
    "5-no-sidecar": 40,
    "6-no-receipt": 40,
    "7-malformed-record": None,
    "8-broken-notebook": None,
}


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, dict[str, Row]]:
    """Run the demonstration once: build, generate_assignment, autograde, generate_feedback, export."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.demo.run", run)  # the same commands, with nbgrader loaded once
        rows = demo(folder)
    return Course(folder), {row.student: row for row in rows}


@pytest.fixture
def maker(marked: tuple[Course, dict[str, Row]], tmp_path: Path) -> Maker:
    """Make a fresh course that shares the released assignment of the demonstration."""
    root = tmp_path / "course"
    shutil.copytree(marked[0].root, root, ignore=shutil.ignore_patterns("submitted", "autograded", "feedback"))
    course = Course(root)
    return Maker(course, course.form("ps1"), course.bank(course.assignment("ps1")))


def score(course: Course, student: str) -> float:
    """Return a student's score from the gradebook."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        return float(gradebook.find_submission("ps1", student).score)


def test_every_submission_has_a_mark_or_one_clear_line(marked: tuple[Course, dict[str, Row]]) -> None:
    """Eight submissions, two of them beyond marking; none stops the rest."""
    rows = marked[1]
    assert {student: row.score for student, row in rows.items()} == EXPECTED
    assert rows["7-malformed-record"].note.startswith("no mark: ps1.ipynb: malformed answer record: revision: ")
    assert rows["8-broken-notebook"].note.startswith("no mark: ps1.ipynb: not valid JSON (line 1)")
    assert all("\n" not in row.note for row in rows.values())


def test_the_gradebook_holds_each_items_score(marked: tuple[Course, dict[str, Row]]) -> None:
    """Ten graded cells a submission, four points each, none left for manual grading."""
    with Gradebook(f"sqlite:///{marked[0].root / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook("ps1", "ps1", "3-half")
        grades = sorted((grade.name, grade.auto_score, grade.max_score) for grade in notebook.grades)
        assert grades == [(f"item-{n:03}", 4.0 if n <= 5 else 0.0, 4.0) for n in range(1, 11)]
        assert not any(grade.needs_manual_grade for grade in notebook.grades)


def test_the_comment_gives_every_items_outcome(marked: tuple[Course, dict[str, Row]]) -> None:
    """Formgrader and feedback read it from the gradebook."""
    with Gradebook(f"sqlite:///{marked[0].root / 'gradebook.db'}") as gradebook:
        comment = gradebook.find_comment("answers", "ps1", "ps1", "3-half").comment
    assert "Item 5: Correct, 4 of 4 points" in comment
    assert "Item 6: Not answered, 0 of 4 points" in comment


def test_feedback_shows_answer_mark_and_reason_of_each_item(marked: tuple[Course, dict[str, Row]], bank: Bank) -> None:
    """The learner sees what was answered, what it earned and why."""
    course = marked[0]
    html = (course.root / "feedback" / "2-all-wrong" / "ps1" / "ps1.html").read_text(encoding="utf-8")
    assert html.count("Your answer:") == 30
    for number, item in enumerate(bank.get(each.id for each in course.form("ps1").items), 1):
        assert f"Item {number}: Not correct, 0 of 4 points" in html
        wrong = next(o for name, o in item.classes.options.items() if name != item.classes.key)
        assert wrong.rationale.replace("'", "&#39;") in html or wrong.rationale in html
    assert "HIDDEN TESTS" not in html


def test_the_export_holds_the_marks(marked: tuple[Course, dict[str, Row]]) -> None:
    """Nbgrader's own CSV."""
    with (marked[0].root / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert float(rows["3-half"]) == 20


def test_the_release_holds_no_key(marked: tuple[Course, dict[str, Row]], bank: Bank) -> None:
    """No rationale, no misconception, no key and no hidden test in anything that learners get."""
    course = marked[0]
    files = [path for path in (course.root / "release").rglob("*") if path.is_file()]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert {path.name for path in files} == {"ps1.ipynb", "ps1.form.json"}
    for item in bank.get(each.id for each in course.form("ps1").items):
        for options in item.rationales().values():
            for option in options.values():
                assert option.rationale not in text
    assert not any(
        word in text for word in ("misconception", "rationale", '"key"', "HIDDEN", "raise", 'evidence": true')
    )


def test_stock_nbgrader_gives_nothing_rather_than_full_marks(maker: Maker) -> None:
    """Without this course's configuration the hidden tests fail: a perfect submission gets 0."""
    right = maker.record(maker.responses(keyed))
    maker.submit("stock", receipt=right, sidecar=right)
    (maker.course.root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'stock'\n")
    done = run(maker.course, "autograde", "ps1", "--student", "stock")
    assert done.returncode == 0, done.stderr
    assert score(maker.course, "stock") == 0


def test_a_copied_cell_and_learners_code_change_nothing(maker: Maker, tmp_path: Path) -> None:
    """Only the record counts: duplicated cells do not stop marking, and no handed-in code runs."""
    right = maker.record(maker.responses(keyed))
    folder = maker.submit("odd", receipt=right)
    notebook = nbformat.read(folder / "ps1.ipynb", as_version=4)
    marker = tmp_path / "ran"
    code = f"open({str(marker)!r}, 'w')"
    notebook.cells += [notebook.cells[-1], nbformat.v4.new_code_cell(code)]
    notebook.cells[2].source = code
    (folder / "ps1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    done = run(maker.course, "autograde", "ps1", "--student", "odd")
    assert done.returncode == 0, done.stderr
    assert score(maker.course, "odd") == 40
    assert not marker.exists()


def test_a_broken_notebook_is_marked_from_its_answers_file(maker: Maker) -> None:
    """One good carrier is enough."""
    folder = maker.submit("half-broken", sidecar=maker.record(maker.responses(keyed)))
    (folder / "ps1.ipynb").write_text("oops")
    done = run(maker.course, "autograde", "ps1", "--student", "half-broken")
    assert done.returncode == 0, done.stderr
    assert score(maker.course, "half-broken") == 40


def test_handing_in_again_replaces_the_mark(maker: Maker) -> None:
    """A second, worse record lowers the score."""
    maker.submit("twice", sidecar=maker.record(maker.responses(keyed)))
    run(maker.course, "autograde", "ps1", "--student", "twice")
    assert score(maker.course, "twice") == 40
    shutil.rmtree(maker.course.root / "submitted" / "twice")
    maker.submit("twice", sidecar=maker.record(maker.responses(keyed, 1)))
    run(maker.course, "autograde", "ps1", "--student", "twice", "--force")
    assert score(maker.course, "twice") == 4


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange does not run on Windows")
def test_the_exchange_carries_answers_from_learner_to_gradebook(maker: Maker, tmp_path: Path) -> None:
    """Release, fetch, answer, submit, collect and autograde with nbgrader's own commands; so many attempts count."""
    exchange, learner = tmp_path / "exchange", Course(tmp_path / "learner")
    exchange.mkdir()
    exchange.chmod(0o777)
    learner.root.mkdir()
    config = maker.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'c.Exchange.root = "{exchange}"\n', encoding="utf-8")
    shutil.copy(config, learner.root)
    item = maker.bank.items[maker.form.items[0].id]

    def step(course: Course, *command: str) -> None:
        done = run(course, *command)
        assert done.returncode == 0, done.stderr

    step(maker.course, "release_assignment", "ps1")
    step(learner, "fetch_assignment", "ps1", "--course", "project-or-operation")
    answer = f"from quizzes import AnswerSheet; AnswerSheet('ps1').answer('{item.id}', '{item.parts()[0].key[0]}')"
    subprocess.run([sys.executable, "-c", answer], cwd=learner.root / "ps1", check=True)
    step(learner, "submit", "ps1", "--course", "project-or-operation")
    step(maker.course, "collect", "ps1")
    step(maker.course, "autograde", "ps1")
    (student,) = [path.name for path in (maker.course.root / "submitted").iterdir()]
    assert score(maker.course, student) == 2

    plan, kept = maker.course.root / "assignments" / "ps1.yaml", maker.course.submission(student, "ps1")
    first = (kept / "timestamp.txt").read_text(encoding="utf-8")
    step(learner, "submit", "ps1", "--course", "project-or-operation")
    plan.write_text(plan.read_text(encoding="utf-8") + "attempts: 1\n", encoding="utf-8")
    done = run(maker.course, "collect", "ps1", "--update")
    assert "passed over: only the first 1 count" in done.stderr
    assert (kept / "timestamp.txt").read_text(encoding="utf-8") == first
    plan.write_text(plan.read_text(encoding="utf-8").replace("attempts: 1", "attempts: 2"), encoding="utf-8")
    step(maker.course, "collect", "ps1", "--update")
    assert (kept / "timestamp.txt").read_text(encoding="utf-8") > first


def test_the_higher_revision_wins_and_a_conflict_is_reported(maker: Maker) -> None:
    """Receipt and sidecar that contradict each other under one revision are not guessed about."""
    more, less = maker.record(maker.responses(keyed, 4)), maker.record(maker.responses(keyed, 2))
    folder = maker.submit("newer", receipt=more, sidecar=less)
    assert take_in(folder, maker.form).record == parse_record(more)
    folder = maker.submit("clash", receipt=more, sidecar={**less, "revision": 4})
    with pytest.raises(IntakeError, match="two different answer records have revision 4: ask the student"):
        take_in(folder, maker.form)


def test_answers_to_another_form_are_refused(maker: Maker) -> None:
    """A record names the paper that it answers; the line says what to ask for, and names no digest."""
    record = {**maker.record(maker.responses(keyed)), "form": "another"}
    with pytest.raises(IntakeError, match="^answers to another form of ps1, with other questions .* you handed out"):
        take_in(maker.submit("other-form", sidecar=record), maker.form)


@pytest.mark.parametrize("name", ["ps1.ipynb", "ps2.ipynb"])
@pytest.mark.parametrize("told_by", ["the sheet", "the receipt", "the answers file", "the form"])
def test_the_notebook_of_another_assignment_is_no_blank_one(maker: Maker, name: str, told_by: str) -> None:
    """Under its own name or renamed, with answers or without, it has no mark, and the line says whose it is."""
    others = {**maker.record(maker.responses(keyed)), "assignment": "ps2"}
    folder = maker.submit(
        "eve",
        receipt=others if told_by == "the receipt" else None,
        sidecar=others if told_by == "the answers file" else None,
    )
    path = folder / "ps1.ipynb"
    if told_by == "the sheet":
        path.write_text(path.read_text("utf-8").replace('AnswerSheet(\\"ps1\\")', 'AnswerSheet(\\"ps2\\")'), "utf-8")
    elif told_by != "the receipt":
        path.write_text('{"cells": []}')
    if told_by == "the form":
        (folder / "ps2.form.json").write_text('{"assignment": "ps2"}')
    (folder / "ps1.form.json").unlink()
    path.rename(folder / name)
    if (name, told_by) == ("ps1.ipynb", "the form"):
        assert take_in(folder, maker.form).record is None  # a form that lies beside is nobody's answer
        return
    with pytest.raises(IntakeError, match=r"^this is the notebook of ps2, not of ps1: ask for ps1\.ipynb$"):
        take_in(folder, maker.form)


def test_answers_to_another_assignment_beside_the_own_ones_are_left_out(maker: Maker) -> None:
    """The own ones count, and a note tells of the others."""
    right = maker.record(maker.responses(keyed))
    folder = maker.submit("both", receipt=right, sidecar={**right, "assignment": "ps2"})
    found = take_in(folder, maker.form)
    assert (found.record, found.notes) == (parse_record(right), ("answers to ps2",))


def test_links_and_oversized_files_are_refused(maker: Maker) -> None:
    """Intake reads regular files of a sane size only."""
    folder = maker.submit("link")
    (folder / "ps1.answers.json").symlink_to(maker.course.root / "source" / "ps1" / "ps1.form.json")
    with pytest.raises(IntakeError, match="ps1.answers.json is a link or no regular file"):
        take_in(folder, maker.form)
    folder = maker.submit("huge")
    (folder / "ps1.answers.json").write_text(" " * 2_000_001)
    with pytest.raises(IntakeError, match="over the limit of 2,000,000"):
        take_in(folder, maker.form)


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, "\ud800".encode("utf-8", "surrogatepass"), ""]
)
def test_hostile_json_is_one_line(maker: Maker, text: str | bytes) -> None:
    """NaN, duplicate names, deep nesting and bad bytes are told apart from answers and never raise anything else."""
    folder = maker.submit("hostile")
    (folder / "ps1.answers.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(IntakeError, match="ps1.answers.json: "):
        take_in(folder, maker.form)


@pytest.mark.parametrize(
    "response", ["project", {"class": 7}, {"class": "<script>alert(1)</script>"}, {"bonus": "x"}, ["a"]]
)
def test_a_malformed_answer_costs_that_item_alone(maker: Maker, response: Any) -> None:
    """The rest is marked, and nothing that the learner wrote reaches the feedback's HTML."""
    responses: dict[str, Any] = maker.responses(keyed)
    responses[maker.form.items[0].id] = response
    results = mark_record(maker.form, maker.bank, parse_record(maker.record(responses)))
    assert [result.mark.outcome for result in results] == ["malformed"] + ["right"] * 9
    assert "<script" not in results[0].html


def test_no_markup_of_a_learner_reaches_the_feedback(maker: Maker) -> None:
    """Names of parts and fields are the learner's own: they stand escaped among the answers and nowhere else."""
    attack = "<img src=x onerror=alert(1)>"
    right = maker.record(maker.responses(keyed))
    responses = {**right["responses"], maker.form.items[0].id: {attack: "x"}, attack: {"class": "project"}}
    maker.submit("attack", receipt={**right, "responses": responses}, sidecar={**right, attack: 1})
    for command in ("autograde", "generate_feedback"):
        done = run(maker.course, command, "ps1", "--student", "attack")
        assert done.returncode == 0, done.stderr
    html = (maker.course.root / "feedback" / "attack" / "ps1" / "ps1.html").read_text(encoding="utf-8")
    assert "<img src=x" not in html
    assert html.count("onerror") == 2  # as an item id and as a part name
    assert "an unknown field" in html
    assert score(maker.course, "attack") == 36


def test_answers_in_source_are_not_released(maker: Maker) -> None:
    """An instructor who tried the sheet in source/ would hand out the key: nothing is released."""
    sidecar = maker.course.root / "source" / "ps1" / "ps1.answers.json"
    sidecar.write_text(json.dumps(maker.record(maker.responses(keyed))))
    done = run(maker.course, "generate_assignment", "ps1", "--force")
    assert done.returncode != 0
    assert "source/ps1/ps1.answers.json holds answers and would be released: delete it" in done.stderr
    assert not (maker.course.root / "release" / "ps1").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs on Windows")
def test_special_and_oversized_notebooks_stop_nobody(maker: Maker) -> None:
    """A FIFO, a huge file and a link are refused unopened; the next submission is marked."""
    fifo, huge, link = (maker.submit(name) for name in ("a-fifo", "b-huge", "c-link"))
    (fifo / "ps1.ipynb").unlink()
    os.mkfifo(fifo / "ps1.ipynb")
    (huge / "ps1.ipynb").write_bytes(b" " * 20_000_001)
    (link / "notes.txt").symlink_to(maker.course.root / "gradebook.db")
    maker.submit("d-good", sidecar=maker.record(maker.responses(keyed)))
    run(maker.course, "autograde", "ps1")
    rows = {row.student: row for row in marks(maker.course, "ps1")}
    assert {name: row.score for name, row in rows.items()} == {
        "a-fifo": None,
        "b-huge": None,
        "c-link": None,
        "d-good": 40,
    }
    assert "link or no regular file" in rows["a-fifo"].note
    assert "over the limit" in rows["b-huge"].note
    assert "notes.txt is a link" in rows["c-link"].note
    assert not list((maker.course.root / "autograded").rglob("notes.txt"))


def test_a_mark_is_withdrawn_where_the_new_hand_in_cannot_be_told(maker: Maker) -> None:
    """The gradebook does not go on showing the old score as if it were this one's."""
    folder = maker.submit("amy", sidecar=maker.record(maker.responses(keyed)))
    run(maker.course, "autograde", "ps1", "--student", "amy")
    assert score(maker.course, "amy") == 40
    (folder / "ps1.answers.json").write_text("{")
    run(maker.course, "autograde", "ps1", "--student", "amy", "--force")
    assert score(maker.course, "amy") == 0
    with Gradebook(f"sqlite:///{maker.course.root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("ps1", "amy").needs_manual_grade


def test_a_renamed_or_missing_notebook_is_told(maker: Maker) -> None:
    """A perfect answer under another name is not a blank one."""
    folder = maker.submit("renamed", receipt=maker.record(maker.responses(keyed)))
    (folder / "ps1.ipynb").rename(folder / "ps1 (1).ipynb")
    with pytest.raises(IntakeError, match=r"ps1.ipynb is missing \(found: ps1 \(1\).ipynb\): rename"):
        take_in(folder, maker.form)


@pytest.mark.parametrize("time", ["yesterday", "", "9999999999999", "x" * 200])
def test_a_bad_time_of_handing_in_is_one_line(maker: Maker, time: str) -> None:
    """timestamp.txt is checked before it is believed."""
    folder = maker.submit("late")
    (folder / "timestamp.txt").write_text("2026-11-23 14:04:51.748504 UTC")
    assert take_in(folder, maker.form).record is None
    (folder / "timestamp.txt").write_text(time)
    with pytest.raises(IntakeError, match="timestamp.txt"):
        take_in(folder, maker.form)


def test_a_phrase_added_to_the_bank_stops_marking(maker: Maker, bank: Bank) -> None:
    """Evidence is counted in order: a new phrase would shift the keys of a released form."""
    item = bank.items[maker.form.items[0].id]
    assert isinstance(item, Classify)
    word = item.scenario.split()[0]
    extra = Phrase(text=word, evidence=False, rationale="Decoy.", misconception="cue-fits-both")
    changed = item.model_copy(update={"evidence": (*item.evidence, extra)})
    shifted = replace(bank, items={**bank.items, item.id: changed})
    with pytest.raises(StaleKeyError, match=f"{item.id}: evidence: the bank's options are not the form's"):
        mark_record(maker.form, shifted, None)


def test_a_released_form_is_not_changed_by_accident(maker: Maker) -> None:
    """Other points make another form, to which the answers given would not belong."""
    path = maker.course.root / "assignments" / "ps1.yaml"
    build(maker.course, "ps1")
    path.write_text(path.read_text(encoding="utf-8").replace("class: 2", "class: 3"), encoding="utf-8")
    with pytest.raises(CourseError, match="a different form is released already"):
        build(maker.course, "ps1")
    assert build(maker.course, "ps1", force=True)[1].points == 50
    assert maker.course.form("ps1") == maker.form


def test_a_bank_that_lost_an_item_is_named(maker: Maker, bank: Bank) -> None:
    """Marking stops rather than mark against a wrong key."""
    gone = maker.form.items[0].id
    poorer = replace(bank, items={name: item for name, item in bank.items.items() if name != gone})
    with pytest.raises(StaleKeyError, match=gone):
        mark_record(maker.form, poorer, None)


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


WORTH = {**dict.fromkeys(ROLES, 1), "class": 2, "choice": 2, "choices": 2, "sort": 3, "order": 3}


@pytest.fixture(scope="session")
def every_kind(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release an assignment with one item of each kind, once: only one test hands in answers to it."""
    course = init(tmp_path_factory.mktemp("kinds") / "course")
    ids = [bank.select(use="assessment", kind=kind)[0].id for kind in KINDS]
    plan = {"title": "All kinds", "instructions": "Answer.", "items": ids, "points": WORTH}
    (course.root / "assignments" / "all.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    _, form = build(course, "all")
    done = run(course, "generate_assignment", "all")
    assert done.returncode == 0, done.stderr
    return Maker(course, form, bank)


def test_an_assignment_of_all_kinds_is_marked_and_explained(every_kind: Maker) -> None:
    """Right answers earn all points, blank ones none; feedback names each row's right place and the learner's own."""
    course, bank = every_kind.course, every_kind.bank
    right = every_kind.responses(keyed)
    sort = next(item for item in bank.get(right) if isinstance(item, Sort))
    row = next(iter(sort.rows))
    wrong = next(group for group in sort.groups if group != sort.rows[row].group)
    swapped = {**right, sort.id: {"sort": {**right[sort.id]["sort"], row: wrong}}}
    every_kind.submit("right", sidecar=every_kind.record(right))
    every_kind.submit("swapped", sidecar=every_kind.record(swapped))
    every_kind.submit("blank")
    done = run(course, "autograde", "all")
    assert done.returncode == 0, done.stderr
    assert run(course, "generate_feedback", "all").returncode == 0
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        scores = {s.student.id: float(s.score) for s in gradebook.assignment_submissions("all")}
    lost = 3 * (1 + 1 / (len(sort.groups) - 1)) / len(sort.rows)
    assert scores == {"right": every_kind.form.points, "swapped": pytest.approx(scores["right"] - lost), "blank": 0}
    html = (course.root / "feedback" / "swapped" / "all" / "all.html").read_text(encoding="utf-8")
    assert f"{escape(sort.rows[row].text.rstrip('.'))} → {escape(sort.groups[wrong])}" in html
    assert f"{escape(sort.rows[row].text)} → {escape(sort.groups[sort.rows[row].group])}:" in html


def test_the_release_of_all_kinds_holds_no_key(every_kind: Maker) -> None:
    """Rows and steps are released as shown, with no group, place or rationale beside them."""
    text = (every_kind.course.root / "release" / "all" / "all.form.json").read_text(encoding="utf-8")
    form = json.loads(text)
    for item in every_kind.bank.get(each["id"] for each in form["items"]):
        for part, options in item.rationales().items():
            assert all(option.rationale not in text for option in options.values())
            asked = next(
                q for each in form["items"] for q in each["questions"] if each["id"] == item.id and q["name"] == part
            )
            assert list(asked["options"]) == list(next(p.options for p in item.parts() if p.name == part))
    assert not {"key", "group", "rationale", "misconception"} & set(re.findall(r'"(\w+)":', text))


@pytest.mark.parametrize(
    "value", ["x", ["a"], {"a": "nowhere"}, {"nowhere": "project"}, {"a": None}, {"a": {"b": "c"}}, {"__proto__": "1"}]
)
def test_a_malformed_place_costs_that_item_alone(every_kind: Maker, value: Any) -> None:
    """Whatever stands where rows' places should be, marking goes on and repeats nothing of it."""
    responses = every_kind.responses(keyed)
    sort = next(item.id for item in every_kind.bank.get(responses) if isinstance(item, Sort))
    record = parse_record(every_kind.record({**responses, sort: {"sort": value}}))
    results = {each.item_id: each for each in mark_record(every_kind.form, every_kind.bank, record)}
    assert results[sort].mark.outcome == "malformed"
    assert "nowhere" not in results[sort].html
    assert all(each.mark.outcome == "right" for name, each in results.items() if name != sort)


def test_building_twice_gives_the_same_form(tmp_path: Path) -> None:
    """A form is reproducible from its plan."""
    course = init(tmp_path / "course")
    assert build(course, "ps1")[1] == build(course, "ps1")[1]


def test_the_receipt_of_the_demo_is_the_documented_type(maker: Maker) -> None:
    """Made submissions look like the sheet's own."""
    folder = maker.submit("made", receipt=maker.record({}))
    notebook = json.loads((folder / "ps1.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert [RECEIPT_TYPE in output["data"] for output in outputs] == [True]
