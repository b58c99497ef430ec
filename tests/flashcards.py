"""The site's flashcards in a browser: what a learner sees and presses, and the cards that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from records import keep, moment, opened

from quizzes.bank import Bank

DAY = 86_400
ZONE = "Europe/Berlin"
NOW = moment("2026-11-24T15:00:00", ZONE)
MORNING = moment("2026-11-24T00:00:00", ZONE)


@pytest.fixture
def room(browser: Browser, site: str) -> Iterator[Page]:
    """Open the flashcards with empty storage, in Berlin on a November afternoon."""
    with opened(browser, f"{site}/book/flashcards.html", ZONE, NOW) as page:
        expect(count(page)).to_contain_text("10 new")
        yield page


def to(page: Page, at: int) -> None:
    """Set the page's clock."""
    page.clock.set_fixed_time(datetime.fromtimestamp(at, UTC))


def count(page: Page) -> Locator:
    """Return the line that counts what is left."""
    return page.locator(".cards-count")


def front(page: Page) -> Locator:
    """Return the card's first side."""
    return page.locator(".cards-front")


def turn(page: Page) -> Locator:
    """Return the button that turns the card."""
    return page.get_by_role("button", name="Turn", exact=True)


def judge(page: Page, knew: bool) -> None:
    """Turn the card and judge it."""
    turn(page).click()
    page.get_by_role("button", name="Knew it" if knew else "Did not know").click()


def seed(page: Page, cards: dict[str, Any]) -> None:
    """Put cards into the browser and open the page anew."""
    keep(page, {f"card:{name}": card for name, card in cards.items()})
    page.reload()
    expect(count(page)).to_contain_text(".")


def card(box: int, due: int, *log: tuple[int, bool]) -> dict[str, Any]:
    """Return a card's record."""
    return {"box": box, "due": due, "log": [{"at": at, "knew": knew} for at, knew in log]}


def term_shown(page: Page, bank: Bank) -> str:
    """Return the id of the card that is shown, which is turned for it."""
    turn(page).click()
    term = page.locator(".cards-answer").inner_text()
    return next(each.id for each in bank.terms.values() if each.term == term)
