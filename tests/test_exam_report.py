"""A mock exam from its first question to its report, which says what Python says; by keyboard, and as axe wants it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from records import kept, violations
from sitting import ITEM, give, record, room, sit, start, submit

from quizzes.bank import Bank
from quizzes.marking import mark
from quizzes.scores import interval, score_of

__all__ = ["room"]  # a fixture


def test_a_sprint_from_start_to_report(room: Page, bank: Bank) -> None:
    """All right is ten of ten; the history knows of each answer."""
    start(room, "sprint")
    ids = sit(room, bank)
    expect(room.locator(".exam-tally")).to_have_text("10 of 10 answered")
    submit(room)
    expect(room.locator(".exam-score")).to_contain_text("10 of 10 right (100 %)")
    expect(room.get_by_text("Nothing was missed.")).to_be_visible()
    for name in ids:
        (entry,) = kept(room)[f"item:{name}"]["log"]
        assert (entry["outcome"], entry["where"]) == ("right", "exam")


def times(number: int) -> str:
    """Return a number of times as the report says it."""
    return "once" if number == 1 else f"{number} times"


def test_the_report_says_what_python_says(room: Page, bank: Bank) -> None:
    """Score, range and each table equal the figures computed from the kept answers by the other implementation."""
    start(room, "itil", code="itil-4711")
    sit(room, bank, lambda number: number % 3 > 0)
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    done = record(room)
    earned: dict[str, tuple[int, int]] = {}
    for name in (name for section in done["sections"] for name in section):
        rule = tuple(part for part in bank.items[name].parts() if part.name != "evidence")
        earned[name] = score_of(rule, mark(rule, done["responses"].get(name)))
    right, questions = (sum(each[index] for each in earned.values()) for index in (0, 1))
    assert 0 < right < questions == 40
    low, high = (round(100 * end) for end in interval(right, questions))
    expect(room.locator(".exam-score")).to_have_text(
        re.compile(rf"^{right} of 40 right .*26 are needed in this format: {'' if right >= 26 else 'not '}reached")
    )
    expect(room.locator(".exam-report")).to_contain_text(f"a score from {low} % to {high} % would be no surprise")
    by_kind: dict[str, list[int]] = {}
    for name, (one, all_) in earned.items():
        sums = by_kind.setdefault(bank.items[name].kind, [0, 0])
        sums[0], sums[1] = sums[0] + one, sums[1] + all_
    rows = room.get_by_role("region", name="By kind of question").locator("tbody tr td:nth-of-type(1)")
    assert sorted(rows.all_inner_texts()) == sorted(f"{one} of {all_}" for one, all_ in by_kind.values())
    wrong_way = {"project": 0, "operations": 0}
    for name, response in done["responses"].items():
        item = bank.items[name]
        if item.kind == "classify" and response["class"] != item.parts()[0].key[0] != "both" != response["class"]:
            wrong_way[item.parts()[0].key[0]] += 1
    expect(room.locator(".exam-report")).to_contain_text(
        f"{times(wrong_way['project'])} you took a project for operations, "
        f"{times(wrong_way['operations'])} operations for a project"
    )


def test_every_question_can_be_read_again_with_its_reasons(room: Page, bank: Bank) -> None:
    """The misses come one after the other, answered as they were, and cannot be changed."""
    start(room, "sprint")
    sit(room, bank, lambda number: number > 1)
    submit(room)
    room.get_by_role("button", name="Read the misses").click()
    review = room.locator(".exam-review")
    expect(review.get_by_role("heading")).to_have_text("Question 1: 1 of 2 that you missed")
    expect(review.locator(".quiz-status")).not_to_be_empty()
    expect(review.locator("input:enabled, select:enabled")).to_have_count(0)
    review.get_by_role("button", name="Next").click()
    expect(review.get_by_role("heading")).to_have_text("Question 2: 2 of 2 that you missed")
    review.get_by_role("button", name="Back to the report").click()
    expect(room.locator(".exam-score")).to_be_visible()
    room.get_by_role("button", name="Question 7", exact=True).click()
    expect(review.get_by_role("heading")).to_have_text("Question 7 of 10")
    room.go_back()
    expect(room.locator(".exam-score")).to_be_visible()
    expect(room.get_by_role("button", name="Question 7", exact=True)).to_be_focused()
    room.reload()
    expect(room.locator(".exam-score")).to_contain_text("8 of 10")


def test_what_is_not_answered_is_warned_of_by_number(room: Page, bank: Bank) -> None:
    """Going back leaves the learner where they were, and what is flagged is named too."""
    start(room, "sprint")
    give(room, bank)
    room.locator(".exam-next").click()
    room.locator(".exam-flag").click()
    room.locator(".exam-submit").click()
    dialog = room.get_by_role("dialog")
    expect(dialog).to_contain_text("Not fully answered: 2, 3,")
    expect(dialog).to_contain_text("Flagged: 2.")
    expect(room.get_by_role("button", name="Go back")).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")


def test_a_double_tap_on_submit_submits_nothing(room: Page) -> None:
    """The dialog's button may lie over the one that opened it."""
    start(room, "sprint")
    room.evaluate("document.querySelector('.exam-submit').click(); document.querySelector('.exam-ask-yes').click()")
    expect(room.get_by_role("dialog")).to_be_visible()
    expect(room.locator(".exam-score")).to_have_count(0)


def test_an_exam_is_sat_by_keyboard_alone(room: Page) -> None:
    """From start to the next question: the focus is on the question each time."""
    room.locator("form[data-blueprint=sprint] button").focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_be_focused()
    room.keyboard.press("Tab")
    room.keyboard.press("Space")
    expect(room.locator(f"{ITEM} input:checked, {ITEM} select").first).to_be_attached()
    room.get_by_role("button", name="Next", exact=True).focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")
    expect(room.locator(ITEM)).to_be_focused()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375), ("light", 320)])
def test_axe_finds_nothing_at_any_step(browser: Browser, site: str, scheme: Any, width: int) -> None:
    """Question, navigator, dialog, break, second section, report and a question read again; nothing is cut off."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 760}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/exam.html")
    start(page, "pmp-half")
    page.locator(f"{ITEM} input, {ITEM} select").first.focus()
    page.keyboard.press("Space")
    page.locator(".exam-flag").click()
    page.locator(".exam-navigator summary").click()
    steps = [".exam-submit", ".exam-ask-yes", ".exam-end-break", ".exam-submit", ".exam-ask-yes"]
    for step in steps:
        assert violations(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step
        page.locator(step).click(delay=600 if step == ".exam-ask-yes" else 0)
    expect(page.locator(".exam-score")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Read the misses").click()
    expect(page.locator(".exam-review .quiz-item")).to_be_visible()
    assert violations(page) == []
    context.close()
