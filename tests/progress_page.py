"""The site's progress page with made records in it: what its tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from records import attempt, keep, moment, opened

from quizzes.bank import Bank
from quizzes.items import AnyItem

DAY = 86_400
ZONE = "America/New_York"
NOW = moment("2026-11-24T15:00:00", ZONE)
Logs = dict[str, list[dict[str, Any]]]


@pytest.fixture
def room(browser: Browser, site: str) -> Iterator[Page]:
    """Open the progress page with empty storage, in New York on a November afternoon."""
    with opened(browser, f"{site}/book/progress.html", ZONE, NOW) as page:
        yield page


def show(page: Page, records: dict[str, Any]) -> None:
    """Put records into the browser and open the page anew."""
    keep(page, records)
    page.reload()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()


def rows(page: Page, section: str) -> list[list[str]]:
    """Return the cells of a section's table, which is opened first where it is folded."""
    place = page.locator(f"section[aria-labelledby={section}]")
    summary = place.locator("summary")
    if summary.count() and place.locator("details:not([open])").count():
        summary.click()
    return [line.locator("th, td").all_inner_texts() for line in place.locator("tbody tr").all()]


def items(logs: Logs) -> dict[str, Any]:
    """Return logs as records."""
    return {f"item:{name}": {"log": log} for name, log in logs.items()}


def of_difference(bank: Bank, name: str, number: int) -> list[AnyItem]:
    """Return some practice items of a difference."""
    return list(bank.select(use="practice", differentiator=name))[:number]


def exam(started: int, **more: Any) -> dict[str, Any]:
    """Return the record of an exam."""
    return {"started": started, "title": f"Form {started % 10}", "sections": [], "responses": {}, "used": 1800, **more}


def practised(bank: Bank, *times: int) -> dict[str, Any]:
    """Return a record with right answers at these times."""
    return items({of_difference(bank, "duration", 1)[0].id: [attempt(at, "right") for at in times]})


def streak(page: Page) -> Locator:
    """Return the line on days in a row."""
    return page.locator(".progress-streak")
