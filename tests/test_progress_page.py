"""The progress page for everybody: newcomers, damaged records, other tabs, blocked storage, any width, and paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from progress_page import DAY, NOW, exam, items, of_difference, practised, room, rows, show, streak
from records import BLOCKED, SHIFTS, attempt, keep, keep_texts, violations

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


def test_a_newcomer_reads_what_will_stand_here(room: Page) -> None:
    """No empty charts: what the page will show and where to begin."""
    expect(room.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(room.locator("svg.chart")).to_have_count(0)
    room.get_by_role("link", name="practise some questions").click()
    expect(room.get_by_role("heading", level=1)).to_contain_text("Practice")


def test_retired_questions_count_in_the_history_alone(room: Page, bank: Bank) -> None:
    """Names that objects have by nature are no questions either."""
    show(room, items({"retired-1": [attempt(NOW - 60, "right")], "constructor": [attempt(NOW - 60, "wrong")]}))
    expect(room.get_by_text("2 questions that you answered are not in this edition")).to_be_visible()
    assert rows(room, "progress-history") == [["24 Nov 2026", "2", "1", "50 %"]]
    assert {row[3] for row in rows(room, "progress-mastery")} == {"no answer yet"}


@pytest.mark.parametrize("text", ["{", "[]", '{"log": [{"at": "noon"}]}', "null", '"' + "x" * 1000 + '"'])
def test_a_damaged_record_is_named_and_can_be_removed(room: Page, bank: Bank, text: str) -> None:
    """It never breaks the page, its id is shown as text, and what is sound is still counted."""
    keep_texts(room, {"item:<img src=x>": text})
    show(room, practised(bank, NOW))
    section = room.locator("section[aria-labelledby=progress-damaged]")
    expect(section.get_by_role("listitem")).to_contain_text("answers to question <img src=x>")
    expect(streak(room)).to_have_text("You practised today.")
    section.get_by_role("button", name="Remove").click()
    expect(section).to_have_count(0)
    assert room.evaluate("Object.keys(localStorage).filter((key) => key.includes('img')).length") == 0
    expect(streak(room)).to_be_visible()


@pytest.mark.parametrize("at", [-5, 0, 1e300, NOW + 400 * DAY])
def test_an_impossible_time_breaks_nothing(room: Page, bank: Bank, at: float) -> None:
    """The answer counts, whenever it was."""
    show(room, items({of_difference(bank, "duration", 1)[0].id: [{**attempt(0, "right"), "at": at}]}))
    assert rows(room, "progress-mastery")[0][:3] == ["Duration", "1", "1"]


def test_other_tabs_are_followed_without_losing_ones_place(room: Page, bank: Bank) -> None:
    """New answers show at once; an opened table stays open and the focus stays where it was."""
    show(room, practised(bank, NOW))
    rows(room, "progress-mastery")
    link = room.get_by_role("link", name="Practise Result").last
    link.focus()
    other = room.context.new_page()
    other.goto(room.url)
    keep(other, items({of_difference(bank, "output", 1)[0].id: [attempt(NOW, "wrong")]}))
    row = room.locator("section[aria-labelledby=progress-mastery] tbody tr").nth(1)
    expect(row).to_contain_text("1 answer, too few to say")
    expect(row).to_be_visible()
    expect(room.get_by_role("link", name="Practise Result").last).to_be_focused()


def test_where_nothing_can_be_kept_the_page_says_so(browser: Browser, site: str) -> None:
    """Storage that throws gives one line at the top, and everything else works."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_text("This browser keeps nothing for this site.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    context.close()


def full(bank: Bank) -> dict[str, Any]:
    """Return records of every sort."""
    now = int(datetime.now(UTC).timestamp())
    logs = {
        item.id: [attempt(now - n * 3600, ["right", "partly", "wrong"][n % 3], chose="project")]
        for n, item in enumerate(bank.select(use="practice")[:90])
    }
    exams = {
        "exam:a": exam(now - 9000, submitted=now, result={"right": 29, "questions": 40, "pass": 26}),
        "exam:b": exam(now),
    }
    return {**items(logs), **exams, "card:project": {"box": 1, "due": now}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_whether_empty_or_full(
    browser: Browser, site: str, bank: Bank, scheme: Any, width: int
) -> None:
    """Light and dark, wide and phone-sized, with all tables open and with the dialog open."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert violations(page) == []
    keep_texts(page, {"item:damaged": "{"})
    show(page, full(bank))
    for summary in page.locator(".progress-room summary").all():
        summary.click()
    assert violations(page) == []
    page.get_by_role("button", name="Remove everything").click()
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [320, 375, 1280, 3840])
def test_nothing_is_cut_off_and_nothing_shifts(browser: Browser, site: str, bank: Bank, width: int) -> None:
    """From a small phone to 4K, empty or full: no sideways scrolling, chart texts do not overlap, no layout shift."""
    context = browser.new_context(service_workers="block", viewport={"width": width, "height": 800})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{site}/book/progress.html", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    keep(page, full(bank))
    page.goto(f"{site}/book/progress.html", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Mastery by difference")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    for summary in page.locator(".progress-room summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.locator("#progress-mastery ~ svg text").evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.left, b.right]; })"
    )
    assert all(name[1] < value[0] for name, value in zip(boxes[::2], boxes[1::2], strict=True))
    context.close()


def test_print_shows_figures_and_no_buttons(room: Page, bank: Bank) -> None:
    """On paper the folded tables are open, and what can only be clicked is left out."""
    show(room, full(bank))
    room.emulate_media(media="print")
    table = room.locator("section[aria-labelledby=progress-mastery] tbody")
    assert table.evaluate("each => each.getBoundingClientRect().height") > 100
    assert table.evaluate("each => each.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })")
    expect(room.get_by_role("button", name="Export as a file")).to_be_hidden()
    expect(room.get_by_role("button", name="30 days")).to_be_hidden()
