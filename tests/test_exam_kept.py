"""A mock exam is kept when it is left or reloaded, goes on without storage, and is told where it cannot be read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from records import BLOCKED, keep_texts
from sitting import ITEM, give, record, room, shown_id, sit, start, submit

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


def test_an_exam_is_left_and_gone_on_with(page: Page, site: str, bank: Bank) -> None:
    """Answers, flags, place and clock are there after the page was closed, and the report says that it was left."""
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    name = give(page, bank)
    page.locator(".exam-flag").click()
    page.locator(".exam-next").click()
    second = page.context.new_page()
    page.close()
    second.goto(f"{site}/book/exam.html")
    used = record(second)["used"]
    assert 0 < used < 60
    second.get_by_role("button", name=re.compile(r"^Go on: Sprint: ten minutes, 9:\d\d left")).click()
    expect(second.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")
    second.locator(".exam-previous").click()
    assert shown_id(second) == name
    expect(second.locator(f"{ITEM} :checked, {ITEM} option:checked:not([value=''])").first).to_be_attached()
    expect(second.locator(".exam-flag")).to_have_attribute("aria-pressed", "true")
    submit(second)
    expect(second.locator(".exam-report")).to_contain_text("left once and gone on with")


def test_every_open_exam_is_offered_and_discarded_only_on_a_second_press(room: Page) -> None:
    """The focus is where one goes on."""
    for blueprint in ("itil", "sprint"):
        start(room, blueprint)
        room.locator(".exam-leave").click()
    offers = room.locator(".exam-open")
    expect(offers).to_be_focused()
    expect(offers.get_by_role("button", name=re.compile("^Go on: "))).to_have_count(2)
    offers.get_by_role("button", name="Discard it").first.click()
    offers.get_by_role("button", name="Discard it for good?").click()
    expect(offers.get_by_role("button", name=re.compile("^Go on: ITIL"))).to_have_count(1)
    expect(offers.get_by_role("button", name=re.compile("^Go on: "))).to_have_count(1)


def test_two_exams_of_one_second_are_two(room: Page) -> None:
    """They are kept by the time at which they were started."""
    room.clock.set_fixed_time("2026-05-04T10:00:00Z")
    for blueprint in ("itil", "sprint"):
        start(room, blueprint)
        room.locator(".exam-leave").click()
    expect(room.locator(".exam-open").get_by_role("button", name=re.compile("^Go on: "))).to_have_count(2)


def test_a_heading_s_address_offers_open_exams_too_and_closes_no_report(room: Page, site: str, bank: Bank) -> None:
    """A link to a part of the page is no request to the room."""
    start(room, "sprint")
    room.locator(".exam-leave").click()
    room.goto("about:blank")
    room.goto(f"{site}/book/exam.html#how-it-works")
    room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(room.locator(ITEM)).to_be_visible()
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    room.evaluate("location.hash = 'how-it-works'")
    expect(room.locator(".exam-score")).to_be_visible()


def test_a_reload_at_each_step_loses_nothing(room: Page, bank: Bank) -> None:
    """In a question, before the answer, in a pause, with the dialog open, and in the report."""
    start(room, "sprint")
    name = give(room, bank)
    for step in ("", ".exam-next", ".exam-pause", ".exam-submit"):
        if step:
            room.locator(step).click()
        room.reload()
        room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
        expect(room.locator(ITEM)).to_be_visible()
        assert name in record(room)["responses"]
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    score = room.locator(".exam-score").inner_text()
    room.reload()
    expect(room.locator(".exam-score")).to_have_text(score)


FULL = """Storage.prototype.setItem = function () { throw new DOMException('full', 'QuotaExceededError'); };"""


@pytest.mark.parametrize(("script", "line"), [(BLOCKED, "keeps nothing"), (FULL, "storage is full")])
def test_without_storage_an_exam_still_reaches_its_report(
    browser: Browser, site: str, bank: Bank, script: str, line: str
) -> None:
    """It lasts as long as the page, and says so."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(script)
    page = context.new_page()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    expect(page.locator(".exam-notice")).to_contain_text(line)
    sit(page, bank)
    submit(page)
    expect(page.locator(".exam-score")).to_contain_text("10 of 10")
    context.close()


def test_storage_that_fills_up_in_an_exam_costs_no_answer(room: Page, bank: Bank) -> None:
    """What was kept stays, what follows lasts as long as the page, and the learner is told at once."""
    start(room, "sprint")
    give(room, bank)
    room.evaluate(f"() => {{ {FULL} }}")
    room.locator(".exam-next").click()
    give(room, bank)
    expect(room.locator(".exam-notice")).to_contain_text("storage is full")
    room.locator(".exam-previous").click()
    expect(room.locator(".exam-tally")).to_have_text("2 of 10 answered")


def test_a_record_that_is_corrupted_while_the_exam_runs_is_written_anew(room: Page, bank: Bank) -> None:
    """The page holds the exam; the next answer repairs what is kept."""
    start(room, "sprint")
    give(room, bank)
    room.evaluate("for (const key of Object.keys(localStorage)) if (key.includes(':exam:')) localStorage[key] = '{'")
    room.locator(".exam-next").click()
    room.reload()
    room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(room.locator(".exam-tally")).to_have_text("1 of 10 answered")


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("{", "damaged and cannot be read"),
        (
            '{"started": 1, "responses": {}, "sections": [["no-such-item"]]}',
            "cannot be gone on with",
        ),
        ('{"started": "now"}', "damaged and cannot be read"),
    ],
)
def test_an_exam_that_cannot_be_read_is_told_and_removed(room: Page, value: str, line: str) -> None:
    """Other exams can be started all the same."""
    keep_texts(room, {"exam:abc": value})
    room.reload()
    alert = room.locator(".exam-open")
    expect(alert).to_contain_text(line)
    alert.get_by_role("button").click()
    expect(alert).to_be_empty()
    start(room, "sprint")
