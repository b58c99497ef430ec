"""A sitting with the flashcards: by keyboard or touch, taken back, read aloud once, and kept as docs/site.md says."""

from __future__ import annotations

from typing import Any

import pytest
from flashcards import DAY, MORNING, NOW, card, count, front, judge, room, seed, term_shown, to, turn
from playwright.sync_api import Browser, Page, expect
from records import BLOCKED, SHIFTS, keep, kept, violations

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


def test_a_sitting_by_keyboard_alone(room: Page, bank: Bank) -> None:
    """Space or Enter turns, 1 and 2 judge, the focus is on what is to be read; ten cards, and one of them again."""
    turn(room).focus()
    known: dict[str, bool] = {}
    for number in range(11):
        room.keyboard.press("Space" if number % 2 else "Enter")
        answer = room.locator(".cards-answer")
        expect(answer).to_be_focused()
        term = next(each for each in bank.terms.values() if each.term == answer.inner_text())
        expect(front(room)).to_have_text(term.definition)
        room.keyboard.press("1" if number == 3 else "2")
        expect(front(room)).to_be_focused()
        known.setdefault(term.id, number != 3)
    expect(front(room)).to_have_text("That was all.")
    expect(room.get_by_text("Today: 10 cards, 9 known at the first turn.")).to_be_visible()
    missed = next(name for name, knew in known.items() if not knew)
    expect(room.locator(".cards-back li")).to_have_text(bank.terms[missed].term)
    expect(room.get_by_text("Next: 10 cards on Wednesday 25 November.")).to_be_visible()
    tomorrow = {"box": 1, "due": MORNING + DAY}
    wanted = {f"card:{name}": {**tomorrow, "log": [{"at": NOW, "knew": True}]} for name in known}
    wanted[f"card:{missed}"]["log"].insert(0, {"at": NOW, "knew": False})
    assert kept(room) == wanted


def test_keys_work_in_the_room_only_and_trap_nobody(room: Page) -> None:
    """Elsewhere they do nothing; before the turn nothing can be judged; lists keep their keys; Tab leads out."""
    first = front(room).inner_text()
    room.get_by_role("heading", level=1).click()
    for key in ("Enter", "1", "2"):
        room.keyboard.press(key)
    expect(turn(room)).to_be_visible()
    front(room).focus()
    room.keyboard.press("2")
    assert kept(room) == {}
    turn(room).click()
    room.locator("[name=new]").focus()
    room.keyboard.press("2")
    room.keyboard.press("Control+1")
    assert [key for key in kept(room) if key.startswith("card:")] == []
    front(room).focus()
    for _ in range(12):
        room.keyboard.press("Tab")
    assert room.evaluate("document.activeElement.closest('.cards') === null")
    expect(front(room)).to_have_text(first)


def test_a_key_that_is_held_answers_once(room: Page) -> None:
    """A repeated key does not run through the cards."""
    front(room).focus()
    room.keyboard.down("Space")
    room.keyboard.down("Space")
    room.keyboard.up("Space")
    room.keyboard.down("2")
    room.keyboard.down("2")
    room.keyboard.up("2")
    assert len(kept(room)) == 1
    expect(turn(room)).to_be_visible()


def test_the_last_answer_can_be_taken_back(room: Page) -> None:
    """The card stands there again as it was, and once only."""
    undo = room.get_by_role("button", name="Take back")
    expect(undo).to_be_disabled()
    first = front(room).inner_text()
    judge(room, knew=False)
    assert len(kept(room)) == 1
    undo.click()
    assert kept(room) == {}
    expect(front(room)).to_have_text(first)
    expect(front(room)).to_be_focused()
    expect(turn(room)).to_be_visible()
    expect(undo).to_be_disabled()


def test_the_last_card_of_the_day_can_be_taken_back(room: Page) -> None:
    """From the last screen, too."""
    record = card(3, NOW - DAY, (NOW - 9 * DAY, True))
    keep(room, {"setting:cards-new": 0})
    seed(room, {"charter": record})
    judge(room, knew=False)
    judge(room, knew=True)
    expect(front(room)).to_have_text("That was all.")
    room.get_by_role("button", name="Take back").click()
    expect(count(room)).to_have_text("1 card to go: 1 once more.")
    assert kept(room)["card:charter"]["log"] == [*record["log"], {"at": NOW, "knew": False}]


def test_related_terms_lead_to_the_glossary(room: Page, bank: Bank) -> None:
    """They show after the turn, and the glossary has each of them."""
    expect(room.locator(".cards-see")).to_have_count(0)
    name = term_shown(room, bank)
    links = room.locator(".cards-see a")
    assert links.all_inner_texts() == [bank.terms[each].term for each in bank.terms[name].see]
    links.first.click()
    expect(room.locator(f"dt#term-{bank.terms[name].see[0]}")).to_be_in_viewport()


def test_the_term_may_come_first(room: Page, bank: Bank) -> None:
    """The setting turns all cards round, and lasts."""
    room.get_by_label("Show first").select_option("term")
    room.reload()
    expect(room.locator(".cards-side")).to_have_text("What does it mean?")
    term = next(each for each in bank.terms.values() if each.term == front(room).inner_text())
    turn(room).click()
    expect(room.locator(".cards-answer")).to_have_text(term.definition)


def test_a_definition_does_not_give_its_own_term_away(room: Page, bank: Bank) -> None:
    """The term is left out until the card is turned."""
    assert "Phases lead" in bank.terms["phase"].definition
    keep(room, {"setting:cards-new": 0})
    seed(room, {"phase": card(0, 0, (NOW - DAY, False))})
    expect(front(room)).to_contain_text("[…] lead")
    turn(room).click()
    expect(front(room)).to_have_text(bank.terms["phase"].definition)


def test_other_tabs_are_followed(room: Page, bank: Bank) -> None:
    """A card that was judged there leaves; its answer there is not undone here."""
    judge(room, knew=True)
    (answered,) = kept(room)
    other = room.context.new_page()
    to(other, NOW)
    other.goto(room.url)
    expect(count(other)).to_have_text("9 cards to go: 9 new.")
    before = front(room).inner_text()
    expect(front(other)).to_have_text(before)
    judge(other, knew=True)
    expect(count(room)).to_have_text("8 cards to go: 8 new.")
    expect(front(room)).not_to_have_text(before)
    keep(other, {answered: card(0, NOW, (NOW, True), (NOW, False))})
    expect(room.get_by_role("button", name="Take back")).to_be_disabled()


def test_nothing_is_read_twice(room: Page) -> None:
    """The focus reads the card; what is announced besides is only where the last one went."""
    judge(room, knew=True)
    said = room.locator(".cards [role=status], .cards [aria-live]")
    texts = [text for text in said.all_inner_texts() if text]
    assert len(texts) == 1
    assert texts[0].endswith("again on Wednesday 25 November.")
    assert front(room).evaluate("each => each.closest('[role=status], [aria-live]') === null")


def test_where_nothing_can_be_kept_the_cards_still_turn(browser: Browser, site: str) -> None:
    """The learner is told, and the sitting goes on."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    page.goto(f"{site}/book/flashcards.html")
    expect(page.get_by_text("This browser keeps nothing for this site.")).to_be_visible()
    judge(page, knew=True)
    expect(count(page)).to_have_text("9 cards to go: 9 new.")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_on_any_side(browser: Browser, site: str, scheme: Any, width: int) -> None:
    """A fresh card, a turned one, and the last screen, in light and dark, wide and phone-sized."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/flashcards.html")
    expect(count(page)).to_contain_text("10 new")
    assert violations(page) == []
    turn(page).click()
    assert violations(page) == []
    page.get_by_role("button", name="Did not know").click()
    page.get_by_label("New cards a day").select_option("0")
    judge(page, knew=True)
    expect(front(page)).to_have_text("That was all.")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [320, 375, 1280, 3840])
def test_cards_fit_and_nothing_shifts(browser: Browser, site: str, width: int) -> None:
    """From a small phone to 4K; what can be touched is 44 px high."""
    context = browser.new_context(service_workers="block", viewport={"width": width, "height": 800})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{site}/book/flashcards.html", wait_until="networkidle")
    expect(count(page)).to_contain_text("10 new")
    assert page.evaluate("window.shifts") < 0.001
    turn(page).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.locator(".cards button:visible, .cards select").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
    context.close()
