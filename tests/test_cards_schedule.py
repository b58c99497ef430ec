"""The flashcards are spaced by what was known, day by day, also with damaged records and a wrong clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flashcards import DAY, MORNING, NOW, ZONE, card, count, judge, room, seed, term_shown, to
from playwright.sync_api import Page, expect
from records import keep, keep_texts, kept, moment

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


def test_a_card_that_is_known_comes_later_each_time(room: Page) -> None:
    """After 1, 3, 7, 21, 60 and 60 days, in the morning; a miss brings it back the same day and starts again."""
    seed(room, {"charter": card(0, 0, (NOW - 9 * DAY, False))})
    keep(room, {"setting:cards-new": 0})
    at = NOW
    for box, days in enumerate([1, 3, 7, 21, 60, 60], 1):
        to(room, at)
        room.reload()
        expect(count(room)).to_contain_text("1 card to go: 1 due.")
        judge(room, knew=True)
        expect(count(room)).to_have_text("Nothing more for today.")
        today = datetime.fromtimestamp(at, UTC).date()
        due = moment(f"{today + timedelta(days=days)}T00:00:00", ZONE)
        record = kept(room)["card:charter"]
        assert (record["box"], record["due"]) == (min(box, 5), due)
        to(room, due - 60)
        room.reload()
        expect(count(room)).to_have_text("Nothing more for today.")
        at = due + 8 * 3600
    to(room, at)
    room.reload()
    judge(room, knew=False)
    expect(count(room)).to_have_text("1 card to go: 1 once more.")
    record = kept(room)["card:charter"]
    assert (record["box"], record["due"], len(record["log"])) == (0, at, 8)


def test_due_cards_come_before_new_ones_and_misses_last(room: Page, bank: Bank) -> None:
    """What was missed today waits until the new ones are through."""
    seed(room, {"risk": card(2, NOW - DAY, (NOW - 5 * DAY, True)), "project": card(0, NOW - 60, (NOW - 60, False))})
    keep(room, {"setting:cards-new": 5})
    room.reload()
    expect(count(room)).to_have_text("6 cards to go: 1 due, 4 new, 1 once more.")
    order = []
    for _ in range(6):
        order.append(term_shown(room, bank))
        room.get_by_role("button", name="Knew it").click()
    assert (order[0], order[-1]) == ("risk", "project")
    assert set(order[1:5]) <= set(bank.terms) - {"risk", "project"}


def test_new_cards_are_so_many_a_day(room: Page) -> None:
    """Ten; other numbers by the setting, which lasts; the next day brings as many again."""
    judge(room, knew=True)
    room.reload()
    expect(count(room)).to_have_text("9 cards to go: 9 new.")
    room.get_by_label("New cards a day").select_option("5")
    expect(count(room)).to_have_text("4 cards to go: 4 new.")
    room.reload()
    expect(count(room)).to_have_text("4 cards to go: 4 new.")
    to(room, NOW + DAY)
    room.reload()
    expect(count(room)).to_have_text("6 cards to go: 1 due, 5 new.")
    room.get_by_label("New cards a day").select_option("0")
    expect(count(room)).to_have_text("1 card to go: 1 due.")


def test_the_order_is_the_same_all_day_and_another_one_tomorrow(room: Page, bank: Bank) -> None:
    """A reload does not shuffle anew."""
    logged = {name: card(1, NOW - 60, (NOW - 3 * DAY, True)) for name in list(bank.terms)[:40]}
    seed(room, logged)

    def firsts(at: int) -> str:
        to(room, at)
        room.reload()
        expect(count(room)).to_contain_text("40 due")
        return term_shown(room, bank)

    assert firsts(NOW) == firsts(NOW + 3600)
    assert len({firsts(NOW + n * DAY) for n in range(5)}) > 1


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"box": "one", "due": 0}'])
def test_a_damaged_card_is_a_new_one(room: Page, bank: Bank, text: str) -> None:
    """It is passed over, and the others are dealt as always."""
    keep(room, {"setting:cards-new": 200})
    keep_texts(room, {"card:charter": text})
    room.reload()
    expect(count(room)).to_have_text(f"{len(bank.terms)} cards to go: {len(bank.terms)} new.")
    judge(room, knew=True)
    expect(count(room)).to_have_text(f"{len(bank.terms) - 1} cards to go: {len(bank.terms) - 1} new.")


@pytest.mark.parametrize(("box", "due"), [(99, 0), (-7, 5), (2, 1e300)])
def test_an_impossible_box_is_mended_by_the_next_answer(room: Page, box: int, due: float) -> None:
    """A box that there is not, and a time that never comes."""
    keep(room, {"setting:cards-new": 0})
    seed(room, {"charter": {"box": box, "due": due, "log": [{"at": due, "knew": True}]}})
    expect(count(room)).to_have_text("1 card to go: 1 due.")
    judge(room, knew=True)
    record = kept(room)["card:charter"]
    assert record["box"] in range(6)
    assert MORNING < record["due"] <= MORNING + 60 * DAY


def test_a_clock_set_back_keeps_no_card_waiting(room: Page) -> None:
    """A card that was answered under a clock a year ahead is due now."""
    keep(room, {"setting:cards-new": 0})
    ahead = NOW + 365 * DAY
    seed(room, {"charter": card(1, ahead + DAY, (ahead, True))})
    expect(count(room)).to_have_text("1 card to go: 1 due.")
    judge(room, knew=True)
    assert kept(room)["card:charter"]["due"] == MORNING + 3 * DAY
