"""Answer a quiz as a learner would, whatever its kind: what the browser tests share."""

from __future__ import annotations

import json

from playwright.sync_api import Locator

from quizzes.marking import Part


def item_id(item: Locator) -> str:
    """Return the id of an item on the page."""
    return str(json.loads(item.get_attribute("data-item") or "{}")["id"])


def answer(item: Locator, part: Part) -> None:
    """Give the keyed answer of a part."""
    if part.type == "match":
        for row, group in zip(part.options, part.key, strict=True):
            place(item, f"{part.name}:{row}", group)
    elif part.type == "order":
        for number, row in enumerate(part.key, 1):
            place(item, f"{part.name}:{row}", str(number))
    else:
        for option in part.key:
            place(item, part.name, option)


def place(item: Locator, name: str, value: str) -> None:
    """Choose a value of a list, a button or a box; a part that the page does not ask is passed over."""
    fields = item.locator(f'[name="{name}"]')
    if fields.count() and fields.first.evaluate("each => each.tagName") == "SELECT":
        fields.first.select_option(value)
    elif fields.count():
        item.locator(f'input[name="{name}"][value="{value}"]').check()
