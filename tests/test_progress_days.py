"""Days in a row are days of the learner's calendar: over midnight, a change of the clocks, and a wrong clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from progress_page import DAY, NOW, ZONE, practised, room, rows, show, streak
from records import moment

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (["11-24T00:01"], "You practised today."),
        (["11-23T23:59", "11-24T00:01"], "You practised 2 days in a row."),
        (["11-22T12:00", "11-23T23:59"], "You practised 2 days in a row, up to yesterday."),
        (["11-23T09:00"], "You last practised yesterday."),
        (["11-18T09:00", "11-19T09:00"], "You last practised 5 days ago."),
        (["11-23T09:00", "11-24T09:00", "11-26T09:00"], "You practised 2 days in a row."),  # kept under a wrong clock
        (["12-24T09:00"], None),
    ],
)
def test_days_in_a_row_are_days_of_the_calendar_here(
    room: Page, bank: Bank, times: list[str], told: str | None
) -> None:
    """A minute before and after midnight are two days; today is not lost while it lasts; the future does not count."""
    show(room, practised(bank, *(moment(f"2026-{each}", ZONE) for each in times)))
    if told is None:
        expect(streak(room)).to_have_count(0)
    else:
        expect(streak(room)).to_have_text(told)


def test_midnight_passes_and_a_clock_set_back_harms_nothing(room: Page, bank: Bank) -> None:
    """After midnight they reach to yesterday; with the clock two days back, what is to come is shown as today."""
    show(room, practised(bank, NOW - DAY, NOW))
    expect(streak(room)).to_have_text("You practised 2 days in a row.")
    room.clock.set_fixed_time(datetime.fromtimestamp(NOW + 10 * 3600, UTC))
    room.reload()
    expect(streak(room)).to_have_text("You practised 2 days in a row, up to yesterday.")
    room.clock.set_fixed_time(datetime.fromtimestamp(NOW - 2 * DAY, UTC))
    room.reload()
    expect(room.get_by_role("heading", name="In short")).to_be_visible()
    expect(streak(room)).to_have_count(0)
    assert rows(room, "progress-history") == [["22 Nov 2026", "2", "2", "100 %"]]


def test_the_night_of_a_clock_change_is_one_day(browser: Browser, site: str, bank: Bank) -> None:
    """A day of 25 hours and one of 23 hours neither break days in a row nor add to them."""
    for now, times in {
        "2026-10-27T08:00": ["10-24T23:30", "10-25T00:10", "10-26T23:50", "10-27T07:00"],  # back on 25 October
        "2026-03-30T00:30": ["03-28T23:30", "03-29T23:30", "03-30T00:10"],  # forward on 29 March
    }.items():
        context = browser.new_context(service_workers="block", timezone_id="Europe/Berlin")
        page = context.new_page()
        page.clock.set_fixed_time(datetime.fromtimestamp(moment(now, "Europe/Berlin"), UTC))
        page.goto(f"{site}/book/progress.html")
        show(page, practised(bank, *(moment(f"2026-{each}", "Europe/Berlin") for each in times)))
        days = len({each[:5] for each in times})
        expect(streak(page)).to_have_text(f"You practised {days} days in a row.")
        context.close()


def test_days_in_a_row_can_be_switched_off(room: Page, bank: Bank) -> None:
    """The choice lasts, and can be taken back."""
    show(room, practised(bank, NOW))
    box = room.get_by_role("checkbox", name="Show days in a row")
    box.uncheck()
    expect(streak(room)).to_have_count(0)
    room.reload()
    expect(box).not_to_be_checked()
    expect(streak(room)).to_have_count(0)
    box.check()
    expect(streak(room)).to_have_text("You practised today.")


def test_cards_count_as_practice(room: Page) -> None:
    """A day with flashcards alone is a day."""
    show(room, {"card:project": {"box": 1, "due": NOW, "log": [{"at": NOW - 60, "knew": True}]}})
    expect(streak(room)).to_have_text("You practised today.")
