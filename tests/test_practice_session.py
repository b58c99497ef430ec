"""A session in the practice room: siblings of what was missed, leaving, coming back, the history and the summary."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clicking import item_id
from playwright.sync_api import Browser, Page, expect
from practising import ITEM, LOG, give, room, shown, start, touch
from records import keep, keep_texts, kept, violations

from quizzes.bank import Bank
from quizzes.items import AnyItem

__all__ = ["room"]  # a fixture


def test_a_missed_question_brings_a_sibling(room: Page, bank: Bank) -> None:
    """One of the same family, not asked yet, comes within the next few questions; a right answer brings none."""
    start(room, kind="classify", count="5", layout="one")
    first = shown(room, bank)
    give(room.locator(ITEM), first, right=False)
    queue = kept(room)["session:practice"]["queue"]
    assert len(queue) == 6
    assert first.family in {bank.items[name].family for name in queue[1:4]}
    assert queue.count(first.id) == 1
    room.get_by_role("button", name="Next question").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 6")
    give(room.locator(ITEM), shown(room, bank), right=True)
    expect(room.locator(ITEM).get_by_role("status")).to_have_text(re.compile("^Correct"))
    assert len(kept(room)["session:practice"]["queue"]) == 6


def test_what_was_missed_comes_back_as_a_sibling(room: Page, bank: Bank) -> None:
    """The stem is not asked again while its family has another one; a sibling that is right clears it."""
    item = next(each for each in bank.select(use="practice", kind="classify") if _siblings(bank, each))
    keep(room, {f"item:{item.id}": {"log": [{**LOG, "outcome": "wrong"}]}})
    room.reload()
    touch(room)
    start(room, which="missed")
    other = shown(room, bank)
    assert (other.family, other.id != item.id) == (item.family, True)
    give(room.locator(ITEM), other, right=True)
    room.get_by_role("button", name="See how it went").click()
    room.get_by_role("button", name="Practise something else").click()
    expect(room.locator(".practice-matches")).to_have_text("0 questions match.")


def _siblings(bank: Bank, item: AnyItem) -> list[AnyItem]:
    return [each for each in bank.select(use="practice", kind=item.kind) if each.family == item.family and each != item]


def test_a_sibling_brings_no_other_one(room: Page, bank: Bank) -> None:
    """Whoever misses everything still comes to an end: a family stands in once, and the question says so."""
    start(room, kind="classify", count="5", layout="one")
    for _ in range(30):
        label = room.locator(ITEM).get_attribute("aria-label") or ""
        name = item_id(room.locator(ITEM))
        assert ("in place of one that you missed" in label) == (name in kept(room)["session:practice"]["brought"])
        give(room.locator(ITEM), shown(room, bank), right=False)
        room.locator(".practice-next").click()
        if room.locator(".practice-summary").count():
            break
        expect(room.locator(ITEM)).not_to_have_attribute("aria-label", label)
    expect(room.locator(".practice-summary")).to_be_visible()
    assert len(kept(room)["session:practice"]["queue"]) <= 10


def test_a_session_that_is_ended_early_is_summed_up(room: Page, bank: Bank) -> None:
    """And the summary is still there after a reload."""
    start(room, kind="choice", count="5")
    give(room.locator(ITEM), shown(room, bank), right=True)
    room.get_by_role("button", name="End session").click()
    expect(room.locator(".practice-summary").get_by_role("heading")).to_have_text("1 of 1 right")
    room.reload()
    room.get_by_role("button", name="See how your last session went").click()
    expect(room.locator(".practice-summary").get_by_role("heading")).to_have_text("1 of 1 right")


def test_a_session_survives_a_reload_and_is_gone_on_with(room: Page, bank: Bank) -> None:
    """The same question stands there, with its answer checked and the tally kept."""
    start(room, kind="choice", count="5")
    give(room.locator(ITEM), shown(room, bank), right=True)
    room.get_by_role("button", name="Next question").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 5")
    second = shown(room, bank)
    room.reload()
    expect(room.get_by_role("button", name="Start a new session")).to_be_enabled()
    room.get_by_role("button", name="Go on: question 2 of 5").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 5")
    assert shown(room, bank) == second
    expect(room.locator(".practice-score")).to_have_text("1 of 1 right so far")


def test_time_away_from_the_page_is_not_spent_on_the_question(room: Page, bank: Bank) -> None:
    """What counts is the time in which the question could be seen."""
    start(room, kind="choice", count="5")
    room.clock.install()
    name = shown(room, bank).id
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    room.clock.fast_forward(20_000)
    room.evaluate(hide, True)
    room.clock.fast_forward(3_600_000)
    room.evaluate(hide, False)
    give(room.locator(ITEM), bank.items[name], right=True)
    assert 20 <= kept(room)[f"item:{name}"]["log"][-1]["seconds"] < 60


def test_a_whole_page_of_questions_ends_in_a_summary(room: Page, bank: Bank) -> None:
    """The summary counts, names what was missed and leads back to it."""
    start(room, kind="choice", count="5", layout="page")
    items = room.locator(ITEM)
    expect(items).to_have_count(5)
    missed = item_id(items.nth(0))
    for number, item in enumerate(items.all()[:3]):
        give(item, bank.items[item_id(item)], right=number > 0)
    room.get_by_role("button", name="See how it went").click()
    summary = room.locator(".practice-summary")
    expect(summary.get_by_role("heading")).to_have_text("2 of 3 right")
    summary.get_by_role("link", name="Read question 1 again").click()
    expect(room.locator(f"#item-{missed}")).to_be_in_viewport()


def test_a_session_is_answered_by_keyboard_alone(room: Page, bank: Bank) -> None:
    """From the start to the second question without a pointer: the focus is where the learner goes on."""
    room.locator(".practice-setup [name=kind]").select_option("choice")
    room.get_by_role("button", name="Start", exact=True).focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_be_focused()
    room.keyboard.press("Tab")
    room.keyboard.press("Space")
    room.keyboard.press("Tab")
    expect(room.get_by_role("button", name="Check answer").first).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM).get_by_role("status")).not_to_be_empty()
    room.get_by_role("button", name="Next question").focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", re.compile("Question 2"))
    expect(room.locator(ITEM)).to_be_focused()


def test_a_skipped_question_counts_as_nothing(room: Page, bank: Bank) -> None:
    """Neither the history nor the tally knows of it."""
    start(room, count="5")
    skipped = shown(room, bank).id
    room.get_by_role("button", name="Skip").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 5")
    assert f"item:{skipped}" not in kept(room)


def test_an_answer_goes_into_the_history(room: Page, bank: Bank) -> None:
    """With its time, its outcome, and the class that was chosen."""
    start(room, kind="classify")
    item = shown(room, bank)
    give(room.locator(ITEM), item, right=True)
    (entry,) = kept(room)[f"item:{item.id}"]["log"]
    assert (entry["outcome"], entry["where"], entry["chose"]) == ("right", "practice", item.parts()[0].key[0])
    assert entry["at"] > LOG["at"]
    assert entry["seconds"] >= 0


def test_an_answer_says_where_the_difference_was_given_away(room: Page, bank: Bank) -> None:
    """Of one difference, a session's answers are told apart from those in which it had to be found."""
    start(room, kind="classify", difference="team")
    item = shown(room, bank)
    give(room.locator(ITEM), item, right=True)
    assert kept(room)[f"item:{item.id}"]["log"][-1]["where"] == "difference"


def test_a_session_hides_the_page_s_contents(page: Page, site: str) -> None:
    """The list would lead away from the question, and to a heading that does not show."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site}/book/practice.html")
    contents = page.locator(".bd-sidebar-secondary")
    expect(contents).to_be_visible()
    touch(page)
    start(page, count="5")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="End session").click()
    expect(contents).to_be_visible()


def test_a_full_storage_is_told_in_a_session(room: Page, bank: Bank) -> None:
    """As everywhere."""
    start(room, count="5")
    room.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    give(room.locator(ITEM), shown(room, bank), right=True)
    expect(room.locator(".practice-notice")).to_contain_text("storage is full")


@pytest.mark.parametrize(
    "kept_value", ["{", "[]", '{"queue": 7}', '{"queue": ["no-such"], "at": 0, "responses": {}, "checked": {}}']
)
def test_a_session_that_cannot_be_read_is_passed_over(room: Page, kept_value: str) -> None:
    """The room opens and starts afresh."""
    keep_texts(room, {"session:practice": kept_value})
    room.reload()
    touch(room)
    start(room, count="5")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 5")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375), ("light", 320)])
def test_axe_finds_nothing_in_a_session(browser: Browser, site: str, bank: Bank, scheme: Any, width: int) -> None:
    """With a question answered wrongly, and in the summary; nothing is cut off on a phone."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 760}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/practice.html#kind=classify&count=5")
    expect(page.locator(ITEM)).to_be_visible()
    give(page.locator(ITEM), shown(page, bank), right=False)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    while page.locator(ITEM).count():
        page.get_by_role("button", name="Skip").click()
        expect(page.locator(".practice-summary, .practice-items .quiz-item").first).to_be_visible()
    assert violations(page) == []
    context.close()
