"""Feedback: at the level that the assignment allows, by nbgrader's command and by ours, and safe to open."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import run
from courses import TEXT, copied, plan, released, write_cell
from nbgrader.api import Gradebook
from playwright.sync_api import Page
from records import violations

from grader.__main__ import main
from grader.batch import Line, mark
from grader.course import CourseError
from grader.demo import Maker, keyed, missed
from grader.feedback import feedback
from quizzes.bank import Bank

ATTACK = "<script>alert(1)</script> [x](javascript:alert(1))"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Mark three submissions, of which a person has marked one answer."""
    items = [item.id for item in bank.select(kind="choice")[:3]]
    maker = released(tmp_path_factory.mktemp("feedback") / "course", "ps4", plan(items=items, cells=[TEXT]))
    right = maker.record(maker.responses(keyed))
    write_cell(maker.submit("anna", sidecar=right), "ps4", "why", ATTACK)
    maker.submit("ben", sidecar=maker.record(maker.responses(missed)))
    (maker.submit("broken") / "ps4.ipynb").write_text("{")
    list(mark(maker.course, "ps4"))
    with Gradebook(maker.course.db_url) as gradebook:
        grade = gradebook.find_grade("why", "ps4", "ps4", "anna")
        grade.manual_score, grade.needs_manual_grade = 4.5, False
        gradebook.find_comment("why", "ps4", "ps4", "anna").manual_comment = f"Good. {ATTACK}"
        gradebook.find_grade("item-002", "ps4", "ps4", "ben").manual_score = 0.5
        gradebook.db.commit()
    return maker


def at(maker: Maker, folder: Path, level: str) -> Maker:
    """Return the course with another level of feedback."""
    own = copied(maker, folder)
    path = own.course.root / "assignments" / "ps4.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**content, "feedback": level}), encoding="utf-8")
    return own


def page_of(maker: Maker, student: str) -> str:
    """Return a student's feedback."""
    return (maker.course.root / "feedback" / student / "ps4" / "ps4.html").read_text(encoding="utf-8")


def shown(html: str) -> str:
    """Return the text of a page without its styles."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))


def ours(maker: Maker) -> dict[str, Line]:
    """Write the feedback with our command."""
    return {line.student: line for line in feedback(maker.course, "ps4")}


def theirs(maker: Maker) -> dict[str, Line]:
    """Write the feedback with nbgrader's command."""
    done = run(maker.course, "generate_feedback", "ps4")
    assert done.returncode == 0, done.stderr
    return {}


@pytest.mark.parametrize("write", [ours, theirs])
@pytest.mark.parametrize("level", ["full", "outcomes", "score"])
def test_each_level_shows_what_it_says(marked: Maker, tmp_path: Path, level: str, write: Any) -> None:
    """Reasons at full, right or wrong at outcomes, neither at score; the total and a grader's comment always."""
    own = at(marked, tmp_path / "course", level)
    write(own)
    text = shown(page_of(own, "ben"))
    item = own.bank.items[own.form.items[0].id]
    rationale = next(option.rationale for part in item.rationales().values() for option in part.values())
    assert (rationale[:40] in text) == (level == "full")
    assert ("Item 1: Not correct" in text) == (level != "score")
    assert re.search(r"0\.5\b.{0,20}\b8", text, re.DOTALL)
    assert "Good." in shown(page_of(own, "anna"))


def test_what_a_person_gave_is_shown(marked: Maker, tmp_path: Path) -> None:
    """A mark given by hand stands beside the automatic one, and what waits for a person is said."""
    own = at(marked, tmp_path / "course", "full")
    lines = ours(own)
    assert "A grader gave 0.5 of 1 point." in page_of(own, "ben")
    assert "7.5 of 8 points" in page_of(own, "anna")
    assert lines["broken"].fault == "no feedback: it is not marked: run `python -m grader mark ps4`"
    assert not (own.course.root / "feedback" / "broken").exists()


def test_nothing_that_somebody_wrote_can_run(marked: Maker, tmp_path: Path) -> None:
    """Answers and comments are text."""
    own = at(marked, tmp_path / "course", "full")
    ours(own)
    html = page_of(own, "anna")
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_forged_notebook_brings_no_markup(marked: Maker, tmp_path: Path) -> None:
    """Reasons are made anew from the bank: what an output in the marked notebook says is not believed."""
    own = at(marked, tmp_path / "course", "full")
    path = own.course.root / "autograded" / "ben" / "ps4" / "ps4.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("<blockquote>", "<script>alert(1)</script><blockquote>"))
    assert not ours(own)["ben"].fault
    assert "<script" not in page_of(own, "ben")


@pytest.mark.parametrize("level", ["full", "score"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_in_the_feedback(marked: Maker, tmp_path: Path, page: Page, level: str, width: int) -> None:
    """Learners open it in any browser, on any screen."""
    own = at(marked, tmp_path / "course", level)
    ours(own)
    page.set_viewport_size({"width": width, "height": 800})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto((own.course.root / "feedback" / "anna" / "ps4" / "ps4.html").as_uri())
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_command_counts(
    marked: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And an unknown student is one line."""
    own = at(marked, tmp_path / "course", "full")
    monkeypatch.chdir(own.course.root)
    assert main(["feedback", "ps4"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2 written, 1 without"
    assert main(["feedback", "ps4", "--student", "nobody"]) == 1
    assert capsys.readouterr().err == "gradebook: no submission of ps4 by nobody\n"
    with pytest.raises(CourseError, match="gradebook: no submission of ps4 by nobody"):
        list(feedback(own.course, "ps4", ["nobody"]))
