"""Choose and answer in the site's practice room as a learner would: what its tests share."""

from __future__ import annotations

import pytest
from clicking import answer, item_id, place
from playwright.sync_api import Locator, Page, expect

from quizzes.bank import Bank
from quizzes.items import AnyItem

ITEM = ".practice-items .quiz-item"
LOG = {"at": 1_700_000_000, "where": "page"}


@pytest.fixture
def room(page: Page, site: str) -> Page:
    """Open the practice room."""
    page.goto(f"{site}/book/practice.html")
    touch(page)
    return page


def touch(page: Page) -> None:
    """Touch the choice, which brings the session's script."""
    page.locator(".practice-more").evaluate("each => { each.open = true; }")
    page.locator(".practice-setup form").dispatch_event("focusin")
    expect(page.locator(".quiz-room[data-ready]")).to_be_attached()


def shown(page: Page, bank: Bank) -> AnyItem:
    """Return the item that the room shows."""
    return bank.items[item_id(page.locator(ITEM).first)]


def give(item: Locator, source: AnyItem, right: bool) -> None:
    """Answer the item that is shown, rightly or not, and check."""
    for part in source.parts():
        answer(item, part)
    if not right:
        part = source.parts()[0]
        wrong = next(option for option in part.options if option not in part.key)
        place(item, part.name, wrong)
    item.get_by_role("button", name="Check answer").click()


def start(page: Page, **conditions: str) -> None:
    """Choose and start."""
    for name, value in conditions.items():
        page.locator(f".practice-setup [name={name}]").select_option(value)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(ITEM).first).to_be_visible()
