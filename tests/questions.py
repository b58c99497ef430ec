"""The questions of the site's practice pages in a browser: what the tests of marking and of keeping answers share."""

from __future__ import annotations

import pytest
from clicking import item_id
from playwright.sync_api import Locator, Page

from quizzes.bank import Bank

FIRST = ".quiz-item >> nth=0"


def keyed(bank: Bank, item: Locator) -> dict[str, str]:
    """Return the right option of each single-choice part that the item asks."""
    asked = item.locator("fieldset").evaluate_all("all => all.map(each => each.dataset.part)")
    return {part.name: part.key[0] for part in bank.items[item_id(item)].parts() if part.name in asked}


def choose(item: Locator, part: str, option: str) -> None:
    """Choose an option as a pointer would."""
    item.locator(f"input[name={part}][value={option}]").check()


def other(item: Locator, part: str, key: str) -> str:
    """Return an option of the part that is not keyed."""
    values = item.locator(f"input[name={part}]").evaluate_all("all => all.map(each => each.value)")
    return str(next(value for value in values if value != key))


@pytest.fixture
def item(page: Page, site: str) -> Locator:
    """Open the practice page at its first scenario."""
    page.goto(f"{site}/book/practice.html")
    return page.locator(FIRST)


def of_kind(page: Page, bank: Bank, kind: str) -> Locator:
    """Return the first item of a kind on the page."""
    items = page.locator(".quiz-item").all()
    return next(item for item in items if bank.items[item_id(item)].kind == kind)
