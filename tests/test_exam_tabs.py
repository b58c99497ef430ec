"""A mock exam is open in one tab at a time: a page that is behind changes nothing, and says where the exam is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from records import keep, kept
from sitting import ITEM, give, record, room, sit, start, submit

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


@pytest.mark.parametrize("step", [".exam-pause", ".exam-submit"])
def test_no_step_goes_on_with_an_exam_that_is_lost(room: Page, step: str) -> None:
    """Whatever is pressed, the page says where the exam is; an error of its scripts would fail this."""
    start(room, "sprint")
    name = next(key for key in kept(room) if key.startswith("exam:"))
    keep(room, {name: {**kept(room)[name], "owner": "another"}})
    room.locator(step).click()
    if step == ".exam-submit":
        room.locator(".exam-ask-yes").click(delay=600)
    expect(room.get_by_role("alert").filter(visible=True)).to_have_text("This exam is open in another tab or window.")


def test_an_exam_runs_in_one_tab_at_a_time(page: Page, site: str, bank: Bank) -> None:
    """The tab in which it was opened last has it; the other one says so and can take it back with all answers."""
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    name = give(page, bank)
    other = page.context.new_page()
    other.goto(f"{site}/book/exam.html")
    other.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(other.locator(ITEM)).to_be_visible()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("This exam is open in another tab or window.")
    other.locator(".exam-next").click()
    given = give(other, bank)
    page.get_by_role("button", name="Go on here").click()
    page.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(page.locator(ITEM)).to_be_visible()
    expect(other.get_by_role("alert").filter(visible=True)).to_be_visible()
    assert set(record(page)["responses"]) == {name, given}


def test_an_offer_that_is_behind_harms_nothing(page: Page, site: str, bank: Bank) -> None:
    """A lobby in another tab may offer an exam that was submitted since: it is neither gone on with nor discarded."""
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.locator(".exam-leave").click()
    behind = page.context.new_page()
    behind.goto(f"{site}/book/exam.html")
    offer = behind.get_by_role("button", name=re.compile("^Go on: Sprint"))
    expect(offer).to_be_visible()
    page.bring_to_front()  # a page in the background is slow
    page.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(page.locator(ITEM)).to_be_visible()
    sit(page, bank)
    submit(page)
    expect(page.locator(".exam-score")).to_contain_text("10 of 10")
    offer.click()
    expect(offer).to_have_count(0)
    assert record(behind)["result"]["right"] == 10


def test_a_page_that_is_behind_lets_go_of_its_exam(room: Page, bank: Bank) -> None:
    """As one out of the browser's cache may be: what another page has submitted stays submitted."""
    start(room, "sprint")
    give(room, bank)
    name = next(key for key in kept(room) if key.startswith("exam:"))
    done = {**kept(room)[name], "submitted": 1, "result": {"right": 1, "questions": 10, "items": {}}}
    keep(room, {name: done})
    room.locator(".exam-next").click()
    expect(room.get_by_role("alert").filter(visible=True)).to_have_text("This exam is open in another tab or window.")
    assert kept(room)[name] == done
