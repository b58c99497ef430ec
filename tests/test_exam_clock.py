"""The clock of a mock exam stands still in pauses and breaks, is not changed by the computer's own, and ends it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sitting import ITEM, record, room, shown_id, start, submit

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


def test_a_submitted_section_cannot_be_opened_again(room: Page, bank: Bank) -> None:
    """After it comes the break, with the clock standing still, and then only the next section, also after a reload."""
    start(room, "pmp-half")
    first = set(record(room)["sections"][0])
    expect(room.locator(".exam-where")).to_have_text("Section 1 of 2")
    submit(room)
    expect(room.get_by_role("heading", name="Break")).to_be_focused()
    expect(room.locator(".exam-break-clock")).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    room.reload()
    room.get_by_role("button", name=re.compile("^Go on: ")).click()
    room.get_by_role("button", name="Go on now").click()
    expect(room.locator(".exam-where")).to_have_text("Section 2 of 2")
    room.locator(".exam-navigator summary").click()
    for button in room.locator(".exam-places button").all()[:4]:
        button.click()
        assert shown_id(room) not in first
    expect(room.locator(".exam-previous")).to_be_enabled()
    room.locator(".exam-places button").first.click()
    expect(room.locator(".exam-previous")).to_be_disabled()


def test_time_runs_out(page: Page, site: str) -> None:
    """The exam is submitted as it stands, warnings are said before, and the report says so."""
    page.clock.install()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.clock.run_for(9 * 60_000 + 2_000)
    expect(page.locator(".exam-said")).to_have_text("Less than 1 minute left.")
    page.clock.run_for(60_000)
    expect(page.locator(".exam-report")).to_contain_text("time ran out")


def test_a_changed_clock_changes_nothing(page: Page, site: str) -> None:
    """Neither a year ahead nor a year back gives or takes time."""
    page.clock.install()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.clock.run_for(60_000)
    for year in (2099, 2001):
        page.clock.set_system_time(f"{year}-01-01T00:00:00")
        page.clock.run_for(30_000)
    assert 114 <= record(page)["used"] <= 122  # kept every five seconds
    expect(page.locator(".exam-clock")).to_have_text(re.compile(r"^[78]:\d\d$"))


def test_the_clock_can_be_hidden_and_paused_only_where_that_is_allowed(page: Page, site: str) -> None:
    """Hidden it still runs; paused it stands still and the question is covered."""
    page.clock.install()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator(".exam-clock")).to_be_hidden()
    page.clock.run_for(30_000)
    page.get_by_role("button", name="Pause").click()
    before = record(page)["used"]
    assert before >= 30
    expect(page.locator(ITEM)).to_be_hidden()
    page.clock.run_for(60_000)
    page.get_by_role("button", name="Go on", exact=True).click()
    assert record(page)["used"] == pytest.approx(before, abs=2)
    page.locator(".exam-leave").click()
    start(page, "itil")
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()


def test_extra_time_is_chosen_before_the_start(room: Page, bank: Bank) -> None:
    """Those who do not sit it in their first language have the exam's own extra time."""
    minutes = next(fact.value for fact in bank.exams.exams[2].facts if fact.id == "minutes_extra")
    start(room, "itil", minutes=str(minutes))
    assert record(room)["limit"] == 60 * int(minutes)
