"""The forms of the mock exams: as many questions as their format has, the same for a code, and a start at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from records import SHIFTS, own_page
from sitting import ITEM, record, room, sit, start, submit

from quizzes.bank import Bank
from quizzes.blueprints import resolved
from quizzes.marking import mark
from quizzes.scores import score_of

__all__ = ["room"]  # a fixture


@pytest.mark.parametrize("blueprint", ["itil", "pmp", "pmp-half", "capm", "sprint"])
def test_a_form_has_as_many_questions_as_its_format(room: Page, bank: Bank, blueprint: str) -> None:
    """Over all sections, each item once."""
    start(room, blueprint)
    ids = [name for section in record(room)["sections"] for name in section]
    format_ = resolved(bank.blueprints[blueprint], bank.exams)
    questions = sum(score_of(bank.items[name].parts(), mark(bank.items[name].parts(), None))[1] for name in ids)
    assert questions == format_["questions"]
    assert len(set(ids)) == len(ids)
    assert record(room)["limit"] == 60 * format_["minutes"]
    assert len(record(room)["sections"]) == format_["sections"]


def test_the_first_start_is_on_the_first_screens_and_no_room_is_kept_for_nothing(browser: Browser, site: str) -> None:
    """The shortest form comes first, right under the heading; with an open exam nothing moves when it is offered."""
    context, page = own_page(browser, viewport={"width": 375, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{site}/book/exam.html", wait_until="networkidle")
    first = page.locator(".exam-card").first
    expect(first.get_by_role("heading")).to_have_text(re.compile("^Sprint: ten minutes"))
    top, heading = first.bounding_box(), page.get_by_role("heading", name="Sit one").bounding_box()
    assert top is not None
    assert heading is not None
    assert 0 <= top["y"] - heading["y"] - heading["height"] < 48
    assert page.locator("article h2").first.inner_text().startswith("Sit one")
    start(page, "sprint")
    page.goto("about:blank")
    page.goto(f"{site}/book/exam.html", wait_until="networkidle")
    expect(page.get_by_role("button", name=re.compile("^Go on: Sprint"))).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    context.close()


def test_a_code_gives_everyone_the_same_form(browser: Browser, site: str) -> None:
    """In another browser, with another history, typed or by a link; the report names the code."""
    forms = []
    for address in ("exam.html", "exam.html#pmp-half-77"):
        context = browser.new_context(service_workers="block")
        page = context.new_page()
        page.goto(f"{site}/book/{address}")
        start(page, "pmp-half", code="" if "#" in address else "PMP-half-77 ")
        forms.append(record(page)["sections"])
        context.close()
    assert forms[0] == forms[1]


def test_a_wrong_code_is_one_clear_line(room: Page) -> None:
    """Nothing starts, and the line says what a code looks like."""
    form = room.locator("form[data-blueprint=itil]")
    form.locator("[name=code]").fill("sprint-3")
    form.locator("button").click()
    expect(form.get_by_role("status")).to_have_text("“sprint-3” is no code of this exam: it looks like itil-4711.")
    expect(room.locator(ITEM)).to_have_count(0)


def test_a_press_before_the_script_has_come_counts(browser: Browser, site: str) -> None:
    """On a slow line the forms stand in the page long before their script: the exam begins when it is here."""
    context, page = own_page(browser)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"exam.*\.mjs"), hold)
    page.goto(f"{site}/book/exam.html", wait_until="domcontentloaded")
    page.locator("form[data-blueprint=sprint] button").click()
    expect(page.locator(ITEM)).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.locator(ITEM)).to_be_visible()
    context.close()


def test_questions_not_seen_yet_come_first(room: Page, bank: Bank) -> None:
    """A second sprint repeats none of the first."""
    seen = set()
    for _ in range(3):
        start(room, "sprint")
        ids = set(record(room)["sections"][0])
        assert not ids & seen
        seen |= ids
        sit(room, bank)
        submit(room)
        room.get_by_role("link", name="Back to the mock exams").click()


def test_without_javascript_the_page_says_what_to_do(browser: Browser, site: str) -> None:
    """No form that could not work is shown."""
    context = browser.new_context(service_workers="block", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/book/exam.html")
    expect(page.locator("article noscript p").first).to_be_visible()
    expect(page.locator("form[data-blueprint]").first).to_be_hidden()
    context.close()
