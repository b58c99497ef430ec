"""Whole assignments, the demonstration's and one of all kinds, through nbgrader's commands from build to export."""

from __future__ import annotations

import csv
import json
import re
from html import escape
from typing import Any

import pytest
import yaml
from commands import run
from nbgrader.api import Gradebook

from grader.build import build
from grader.course import Course
from grader.demo import Maker, demo, keyed
from grader.explain import mark_record
from grader.init import init
from grader.marks import Row
from quizzes.answers import parse_record
from quizzes.bank import Bank
from quizzes.items import KINDS, ROLES, Sort

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
