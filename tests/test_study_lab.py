"""A real JupyterLab: a whole study session, from the first question to the report of a mock exam."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clicking import answer, item_id, place
from conftest import ROOT
from labs import Lab, open_notebook, restart_kernel, run_all, running_lab
from playwright.sync_api import Locator, Page, expect
from records import violations
from sitting import sit, start, submit

from quizzes.bank import Bank
from quizzes.marking import Part
from quizzes.study.store import Store

AT = 1_795_000_000
FILE = {  # as the site exports it
    "format": "project-or-operation/progress",
    "version": 2,
    "exported_at": "2026-11-18T10:00:00Z",
    "items": {
        "payroll-1": {"log": [{"at": AT, "outcome": "wrong", "where": "practice", "chose": "project", "later": 1}]}
    },
    "exams": {},
    "cards": {"charter": {"box": 1, "due": AT + 86_400, "log": [{"at": AT, "knew": True}]}},
    "settings": {"cards-new": 20},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Run JupyterLab on a folder that has the welcome notebook."""
    folder, home = tmp_path_factory.mktemp("learner"), tmp_path_factory.mktemp("home")
    shutil.copy(ROOT / "book" / "study-lab.ipynb", folder)
    with running_lab(folder, home) as running:
        yield running


def session(page: Page) -> Locator:
    """Return the study session once it is there."""
    shown = page.locator(".jp-Notebook .quiz-study")
    expect(shown.get_by_role("heading", name="What to study")).to_be_visible(timeout=60_000)
    return shown


def press(shown: Locator, name: str) -> None:
    """Press a button of the session; a press that comes at once is the second half of a double click."""
    shown.get_by_role("button", name=name, exact=True).click(delay=500)


def miss(item: Locator, part: Part) -> None:
    """Put a wrong value in the place of a part's right one."""
    if part.groups:
        row = part.options[0]
        place(item, f"{part.name}:{row}", next(each for each in part.groups if each != part.places[row]))
    elif part.type == "some":
        item.locator(f'input[value="{part.key[0]}"]').uncheck()
    else:
        place(item, part.name, next(each for each in part.options if each not in part.key))


def answered(shown: Locator, bank: Bank, *, right: bool) -> str:
    """Answer the question that is shown; returns its id."""
    item = shown.locator(".quiz-item")
    name = item_id(item)
    for part in bank.items[name].parts():
        answer(item, part)
    if not right:
        miss(item, bank.items[name].parts()[0])
    item.get_by_label("Certain", exact=True).check()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^(Correct|Partly correct|Not correct)"))
    return name


def kept(lab: Lab) -> dict[str, Any]:
    """Return what is kept, as another program reads it."""
    store = Store(lab.data / "progress.sqlite3")
    try:
        return store.everything()
    finally:
        store.close()


def study(page: Page, lab: Lab, shown: Locator, bank: Bank) -> dict[str, Any]:
    """Answer one question rightly and one wrongly, with JupyterLab's one-key commands in between; returns both logs."""
    shown.get_by_label("Time").select_option(label="10 minutes")
    press(shown, "Start")
    heading = shown.locator("h2")
    expect(heading).to_have_text(re.compile(r"^Question 1 of \d+$"))
    expect(heading).to_be_focused()
    first = answered(shown, bank, right=True)
    press(shown, "Next question")
    expect(heading).to_have_text(re.compile(r"^Question 2 of \d+$"))
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    shown.get_by_role("button", name="Skip").focus()
    for key in ("b", "a", "x", "m", "d", "d"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    second = answered(shown, bank, right=False)
    expect(shown.locator("p", has_text="1 of 2 right so far.")).to_be_visible()
    logs = {name: kept(lab)["item"][name]["log"] for name in (first, second)}
    said = [(log[0]["outcome"] == "right", log[0]["where"], log[0]["sure"]) for log in logs.values()]
    assert said == [(True, "study", 90), (False, "study", 90)]
    return logs


def take_the_file(page: Page, shown: Locator, logs: dict[str, Any]) -> None:
    """Import what the site exported, and export what is here: nothing of either is lost."""
    press(shown, "Your data")
    with page.expect_file_chooser() as chooser:
        shown.get_by_role("button", name=re.compile("Import a file")).click()
    chooser.value.set_files(
        {"name": "progress.json", "mimeType": "application/json", "buffer": json.dumps(FILE).encode()}
    )
    expect(shown.locator("p", has_text="Added: 1 answer to 1 question, 1 card, 1 setting.")).to_be_visible()
    with page.expect_download() as download:
        press(shown, "Export as a file")
    document = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert document["items"]["payroll-1"] == FILE["items"]["payroll-1"]
    assert document["cards"] == FILE["cards"]
    assert document["settings"]["cards-new"] == 20
    assert {name: document["items"][name]["log"] for name in logs} == logs


def test_a_whole_session(page: Page, lab: Lab, bank: Bank) -> None:
    """Answer, restart the kernel, find the progress, take the site's file in and out, sit a mock exam to its report."""
    open_notebook(page, lab, "study-lab.ipynb")
    logs = study(page, lab, session(page), bank)

    restart_kernel(page)
    run_all(page)
    shown = session(page)
    shown.get_by_role("button", name=re.compile("^Go on with your session: question 2 of ")).click(delay=500)
    expect(shown.locator(".quiz-item .quiz-status")).to_have_text(re.compile("^(Partly|Not) correct"))
    press(shown, "End the session")
    expect(shown.locator("h2")).to_have_text("1 of 2 right")

    take_the_file(page, shown, logs)
    press(shown, "Progress")
    expect(shown.get_by_text(re.compile(r"^3 answers so far; 3 of \d+ questions"))).to_be_visible()
    expect(shown.get_by_role("img", name="Mastery by difference")).to_be_visible()
    press(shown, "Study")
    shown.get_by_role("button", name=re.compile(r"^Review what you missed \(2\)$")).click(delay=500)
    expect(shown.locator("h2")).to_have_text(re.compile("^Question 1 of 2"))
    assert item_id(shown.locator(".quiz-item")) not in (*logs, "payroll-1")

    press(shown, "Mock exam")
    expect(shown.locator("form[data-blueprint=sprint] button")).to_be_visible()
    start(page, "sprint")
    sit(page, bank, lambda number: number > 1)
    submit(page)
    expect(shown.locator(".exam-score")).to_contain_text("8 of 10 right (80 %)")
    shown.get_by_role("button", name="Practise what you missed").click()
    expect(shown.locator("h2")).to_have_text(re.compile("^Question 1 of "))
    (exam,) = kept(lab)["exam"].values()
    assert exam["result"]["right"] == 8


def test_a_session_is_free_of_axe_violations_light_and_dark(page: Page, lab: Lab) -> None:
    """In each section; the page round it is JupyterLab's."""
    open_notebook(page, lab, "study-lab.ipynb")
    shown = session(page)
    for theme in ("light", "dark"):
        page.evaluate("dark => { document.body.dataset.jpThemeLight = String(!dark); }", theme == "dark")
        for section, heading in (("Progress", "Your progress"), ("Your data", "Your data"), ("Study", "What to study")):
            press(shown, section)
            expect(shown.locator("h2")).to_have_text(heading)
            assert violations(page, ".quiz-study") == []


def test_the_table_of_answers_is_there(page: Page, lab: Lab) -> None:
    """The notebook ends with what was answered, and no cell failed."""
    open_notebook(page, lab, "study-lab.ipynb")
    session(page)
    expect(page.locator(".jp-Notebook table.dataframe").first).to_be_visible()
    expect(page.locator(".jp-OutputArea [data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
