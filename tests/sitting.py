"""Sit a mock exam as a learner would, on the site or in a notebook: what the tests of the exams share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from clicking import answer, place
from playwright.sync_api import Page, expect
from records import kept

from quizzes.bank import Bank
from quizzes.items import AnyItem
from quizzes.marking import Part

ITEM = ".exam-item .quiz-item"


@pytest.fixture
def room(page: Page, site: str) -> Page:
    """Open the exam room."""
    page.goto(f"{site}/book/exam.html")
    expect(page.locator("form[data-blueprint=sprint] button")).to_be_visible()
    return page


def start(page: Page, blueprint: str, code: str = "", minutes: str = "") -> None:
    """Start a mock exam."""
    form = page.locator(f"form[data-blueprint={blueprint}]")
    expect(page.locator(".exam-open")).to_be_attached()
    if code:
        form.locator("[name=code]").fill(code)
    if minutes:
        form.locator("[name=minutes]").select_option(minutes)
    form.locator("button").click()
    expect(page.locator(ITEM)).to_be_visible()


def record(page: Page) -> Any:
    """Return the newest exam that the browser keeps."""
    records = kept(page)
    return records[max(key for key in records if key.startswith("exam:"))]


def shown_id(page: Page) -> str:
    """Return the id of the item that is open."""
    return str(json.loads(page.locator(ITEM).get_attribute("data-item") or "{}")["id"])


def asked(page: Page, item: AnyItem) -> tuple[Part, ...]:
    """Return the parts that the exam asks of an item."""
    names = {part["name"] for part in json.loads(page.locator(ITEM).get_attribute("data-item") or "{}")["rule"]}
    return tuple(part for part in item.parts() if part.name in names)


def give(page: Page, bank: Bank, right: bool = True) -> str:
    """Answer the open item, rightly or with its first part wrong; returns its id."""
    item = bank.items[shown_id(page)]
    for part in asked(page, item):
        answer(page.locator(ITEM), part)
    if not right:
        part = asked(page, item)[0]
        if part.type in ("match", "order"):
            row = part.options[0]
            place(page.locator(ITEM), f"{part.name}:{row}", next(g for g in part.groups if g != part.places[row]))
        elif part.type == "some":
            page.locator(f'{ITEM} input[value="{part.key[0]}"]').uncheck()
        else:
            place(page.locator(ITEM), part.name, next(option for option in part.options if option not in part.key))
    return item.id


def submit(page: Page) -> None:
    """Submit what is open, and say yes."""
    page.locator(".exam-submit").click()
    page.locator(".exam-ask-yes").click(delay=600)  # a press that comes at once is the second half of a double tap


def sit(page: Page, bank: Bank, is_right: Callable[[int], bool] = lambda _: True) -> list[str]:
    """Answer all items of the open section; returns their ids."""
    ids = []
    for number in range(1000):
        ids.append(give(page, bank, is_right(number)))
        if page.locator(".exam-next").is_disabled():
            return ids
        page.locator(".exam-next").click()
    raise AssertionError("no end")
