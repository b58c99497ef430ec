"""Records as the site keeps them in a browser: what the tests of the rooms put there and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

PREFIX = "project-or-operation:2:/:"
BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
# The theme's header and sidebar move when their icons come; what a room does is asked here.
SHIFTS = """
    window.shifts = 0;
    const theme = ".bd-header-article, .bd-sidebar-primary";
    const ofTheTheme = ({ node }) => (node?.closest ? node : node?.parentElement)?.closest(theme);
    new PerformanceObserver((list) => {
        for (const each of list.getEntries()) if (!each.sources.every(ofTheTheme)) window.shifts += each.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


def own_page(browser: Browser, **options: Any) -> tuple[BrowserContext, Page]:
    """Return a page in a context of its own, without a service worker."""
    context = browser.new_context(service_workers="block", **options)
    return context, context.new_page()


@contextmanager
def opened(browser: Browser, address: str, zone: str, now: int) -> Iterator[Page]:
    """Open an address with empty storage at a time somewhere; an error of the page's own scripts fails the test."""
    context, page = own_page(browser, timezone_id=zone)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.clock.set_fixed_time(datetime.fromtimestamp(now, UTC))
    page.goto(address)
    yield page
    context.close()
    assert errors == []


def keep(page: Page, records: dict[str, Any]) -> None:
    """Put records into the browser by `kind:id`."""
    keep_texts(page, {key: json.dumps(value) for key, value in records.items()})


def keep_texts(page: Page, texts: dict[str, str]) -> None:
    """Put texts into the browser as they are, where records by `kind:id` should be."""
    page.evaluate(
        "([prefix, texts]) => Object.entries(texts).forEach(([key, text]) => localStorage.setItem(prefix + key, text))",
        [PREFIX, texts],
    )


def kept(page: Page) -> dict[str, Any]:
    """Return all records of the browser by `kind:id`."""
    texts = page.evaluate("({ ...localStorage })")
    return {key.removeprefix(PREFIX): json.loads(text) for key, text in texts.items() if key.startswith(PREFIX)}


def attempt(at: float, outcome: str, **more: Any) -> dict[str, Any]:
    """Return an attempt of an item's log."""
    return {"at": int(at), "outcome": outcome, "where": "practice", **more}


def moment(text: str, zone: str = "UTC") -> int:
    """Return the seconds since 1970 of a local time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def violations(page: Page, part: str | None = None) -> list[tuple[str, list[Any]]]:
    """Return what axe finds on the page, or in a part of it: the rule and where."""
    found = Axe().run(page, context=part).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found]
