"""The choice of the practice room: it counts as the bank does, and starts by a press or a link, on a bad line too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from practising import ITEM, LOG, room, shown, start, touch
from records import SHIFTS, keep, own_page

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"kind": "classify"},
        {"difference": "duration", "kind": "classify"},
        {"exam": "itil"},
        {"exam": "pmp/closure"},
        {"sector": "health-care"},
    ],
)
def test_conditions_narrow_the_choice(room: Page, bank: Bank, conditions: dict[str, str]) -> None:
    """The number that matches is the bank's own."""
    wanted = {"differentiator" if name == "difference" else name: value for name, value in conditions.items()}
    sector = wanted.pop("sector", None)
    found = [item for item in bank.select(use="practice", **wanted) if sector in (None, item.sector)]
    for name, value in conditions.items():
        room.locator(f".practice-setup [name={name}]").select_option(value)
    expect(room.locator(".practice-matches")).to_have_text(f"{len(found)} questions match.")


def test_the_first_touch_is_enough(page: Page, site: str) -> None:
    """Start works at once, before the session's script has come."""
    page.goto(f"{site}/book/practice.html")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 10")


def test_levels_divide_the_bank(room: Page, bank: Bank) -> None:
    """Each level has questions, and together they are all of them."""
    counts = []
    for level in "123":
        room.locator(".practice-setup [name=level]").select_option(level)
        counts.append(int(room.locator(".practice-matches").inner_text().split()[0]))
    assert min(counts) > 0
    assert sum(counts) == len(bank.select(use="practice"))


def test_a_choice_that_nothing_meets_cannot_be_started(room: Page) -> None:
    """A newcomer has missed nothing."""
    room.locator(".practice-setup [name=which]").select_option("missed")
    expect(room.locator(".practice-matches")).to_have_text("0 questions match.")
    expect(room.get_by_role("button", name="Start", exact=True)).to_be_disabled()


def test_not_seen_missed_and_flagged_follow_the_history(room: Page, bank: Bank) -> None:
    """What was answered anywhere on the site counts."""
    one, two, three = (item.id for item in bank.select(use="practice", differentiator="money")[:3])
    keep(room, {f"item:{one}": {"log": [{**LOG, "outcome": "right"}]}})
    keep(room, {f"item:{two}": {"log": [{**LOG, "outcome": "wrong"}]}})
    keep(room, {f"item:{three}": {"flag": True}})
    room.reload()
    touch(room)
    room.locator(".practice-setup [name=difference]").select_option("money")
    money = len(bank.select(use="practice", differentiator="money"))
    for which, number in {"new": money - 2, "missed": 1, "flagged": 1}.items():
        room.locator(".practice-setup [name=which]").select_option(which)
        expect(room.locator(".practice-matches")).to_contain_text(f"{number} question")


def test_a_link_starts_a_session(page: Page, site: str, bank: Bank) -> None:
    """Other pages lead straight to questions of one difference."""
    page.goto(f"{site}/book/practice.html#difference=team&count=5")
    expect(page.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 5")
    assert shown(page, bank).differentiator == "team"


def test_a_link_within_the_page_starts_a_session_too(room: Page, bank: Bank) -> None:
    """And a reload afterwards goes on with it instead of starting another one."""
    room.evaluate("location.hash = 'difference=money&count=5'")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 5")
    first = shown(room, bank)
    assert first.differentiator == "money"
    room.reload()
    room.get_by_role("button", name="Go on: question 1 of 5").click()
    assert shown(room, bank) == first


def test_the_difference_is_chosen_without_unfolding_anything(page: Page, site: str) -> None:
    """It is the course's main axis: it stands beside the other two choices, before Start."""
    page.goto(f"{site}/book/practice.html")
    shown = page.locator(".practice-setup select:visible")
    assert shown.evaluate_all("all => all.map(each => each.name)") == ["which", "difference", "exam"]


def test_no_room_is_kept_for_an_offer_that_will_not_come(browser: Browser, site: str) -> None:
    """The choice follows its heading; with a session to go on with nothing moves when the offer comes."""
    context, page = own_page(browser, viewport={"width": 375, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{site}/book/practice.html", wait_until="networkidle")
    gap = "() => document.querySelector('.practice-setup form').getBoundingClientRect().top"
    gap += " - document.querySelector('#choose-and-start h2').getBoundingClientRect().bottom"
    assert page.evaluate(gap) < 32
    touch(page)
    start(page, count="5")
    page.goto(f"{site}/book/practice.html", wait_until="networkidle")
    expect(page.get_by_role("button", name="Go on: question")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    context.close()


def test_questions_that_cannot_be_loaded_can_be_tried_again(room: Page) -> None:
    """A lost connection is one clear line, and no dead end."""
    room.route("**/*.html", lambda route: route.abort())
    room.get_by_role("button", name="Start", exact=True).click()
    expect(room.get_by_role("alert")).to_contain_text("could not be loaded")
    room.unroute("**/*.html")
    room.get_by_role("button", name="Try again").first.click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", re.compile("^Question 1"))


def test_a_room_that_could_not_be_loaded_works_at_the_next_try(page: Page, site: str) -> None:
    """One clear line in place of a dead button."""
    page.route("**/session.mjs", lambda route: route.abort())
    page.goto(f"{site}/book/practice.html")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".practice-matches")).to_contain_text("could not be loaded")
    page.unroute("**/session.mjs")


def test_without_javascript_the_page_says_where_to_go(browser: Browser, site: str) -> None:
    """The choice, which could not work, is not shown."""
    context = browser.new_context(service_workers="block", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/book/practice.html")
    expect(page.locator(".practice-setup")).to_be_hidden()
    expect(page.locator("article noscript p").first).to_be_visible()  # found by text, it would be passed over
    context.close()
