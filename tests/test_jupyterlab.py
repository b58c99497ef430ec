"""A real JupyterLab in a real browser: practise, and take a graded notebook from the first click to the gradebook."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator

import pytest
import yaml
from clicking import answer, item_id
from commands import run
from conftest import ROOT
from labs import Lab, open_notebook, quizzes_in, running_lab, save
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page, expect

from grader.build import build
from grader.course import Course
from grader.explain import mark_record
from grader.init import init
from quizzes.answers import parse_record, receipts
from quizzes.bank import Bank
from quizzes.items import KINDS, ROLES
from quizzes.loading import load_bank


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a course with ps1 and an assignment of all kinds, and generate the learners' versions."""
    course = init(tmp_path_factory.mktemp("lab-course") / "course")
    ids = [load_bank().select(use="assessment", kind=kind)[0].id for kind in KINDS]
    plan = {"title": "All kinds", "items": ids, "points": dict.fromkeys(ROLES, 1)}
    (course.root / "assignments" / "all.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    for name in ("ps1", "all"):
        build(course, name)
        done = run(course, "generate_assignment", name)
        assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, course: Course) -> Iterator[Lab]:
    """Start JupyterLab with stock settings on a learner's folder, with a home of its own."""
    folder, home = tmp_path_factory.mktemp("learner"), tmp_path_factory.mktemp("home")
    shutil.copytree(course.root / "release", folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "book" / "practice-lab.ipynb", folder)
    with running_lab(folder, home) as lab:
        yield lab


def opened(page: Page, lab: Lab, path: str) -> Locator:
    """Open a notebook, run it, and return its quizzes."""
    open_notebook(page, lab, path)
    return quizzes_in(page)


def answer_all(item: Locator, bank: Bank) -> None:
    """Give the right answer to every part of an item."""
    for part in bank.items[item_id(item)].parts():
        answer(item, part)


def test_practice_in_jupyterlab_is_marked_and_comes_back(page: Page, lab: Lab, bank: Bank) -> None:
    """Answer, check, type JupyterLab's one-key commands, open again: the answer is back and no cell was touched."""
    items = opened(page, lab, "practice-lab.ipynb")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    answer_all(items.first, bank)
    items.first.locator("input").first.focus()
    for key in ("b", "a", "x", "m", "d", "d"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    items.first.get_by_role("button", name="Check answer").click()
    expect(items.first.get_by_role("status")).to_have_text(re.compile("^Correct"))
    wrong = items.nth(1)
    wrong.locator("input[name=class]").first.check()
    wrong.get_by_role("button", name="Check answer").click()
    expect(wrong.get_by_role("status")).not_to_be_empty()
    wrong.locator("input[name=class]").nth(1).check()
    expect(wrong.get_by_role("status")).to_be_empty()
    again = opened(page, lab, "practice-lab.ipynb")
    expect(again.nth(1).get_by_role("status")).to_be_empty()
    expect(again.nth(1).locator("input[name=class]").nth(1)).to_be_checked()
    expect(again.first.get_by_role("status")).to_have_text(re.compile("^Correct"), timeout=30_000)


def test_a_graded_notebook_goes_from_clicks_to_the_gradebook(page: Page, lab: Lab, course: Course, bank: Bank) -> None:
    """Answer six of ten, save, hand in the one saved file, autograde: 24 of 40 points."""
    items = opened(page, lab, "ps1/ps1.ipynb")
    expect(items).to_have_count(10)
    for number in range(6):
        answer_all(items.nth(number), bank)
    expect(page.locator(".quiz-saved")).to_have_text(re.compile(r"^6 of 10 answered, saved at"))
    save(page)
    saved = lab.folder / "ps1" / "ps1.ipynb"
    (receipt,) = receipts(json.loads(saved.read_text(encoding="utf-8")))
    assert len(receipt["responses"]) == 6
    folder = course.submission("ada", "ps1")
    folder.mkdir(parents=True)
    shutil.copy(saved, folder)
    done = run(course, "autograde", "ps1", "--student", "ada")
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("ps1", "ada").score == 24


def test_a_sheet_is_restored_after_the_kernel_restarts(page: Page, lab: Lab) -> None:
    """Opened again with a new kernel, the six answers are there."""
    items = opened(page, lab, "ps1/ps1.ipynb")
    expect(page.locator(".quiz-saved")).to_have_text(re.compile(r"^6 of 10 answered"), timeout=30_000)
    expect(items.nth(5).locator("input:checked").first).to_be_visible()
    expect(items.nth(6).locator("input:checked")).to_have_count(0)


def test_every_kind_is_answered_in_a_graded_notebook(page: Page, lab: Lab, course: Course, bank: Bank) -> None:
    """Lists, buttons and gaps write the record that marking reads: full marks for right answers."""
    items = opened(page, lab, "all/all.ipynb")
    expect(items).to_have_count(len(KINDS))
    for item in items.all():
        answer_all(item, bank)
    expect(page.locator(".quiz-saved")).to_have_text(re.compile(rf"^{len(KINDS)} of {len(KINDS)} answered, saved at"))
    record = parse_record(json.loads((lab.folder / "all" / "all.answers.json").read_text(encoding="utf-8")))
    results = mark_record(course.form("all"), bank, record)
    assert {each.item_id: each.mark.outcome for each in results} == {each.item_id: "right" for each in results}
