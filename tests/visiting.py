"""Visit the site as a reader does: what the tests of its use without a network, from disk and on paper share."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, BrowserContext, Page, expect

PAGES = tuple(re.findall(r"book/[\w/-]+", (ROOT / "_toc.yml").read_text(encoding="utf-8")))
READY = "navigator.serviceWorker.ready.then(() => true)"


class Recorder(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and notes what was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        """Note the path and answer."""
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class Site:
    """A folder behind a loopback server that can be stopped."""

    def __init__(self, folder: Path) -> None:
        """Start at a free port."""
        handler = functools.partial(Recorder, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.asked = self.asked = []  # type: ignore[attr-defined]
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.runs = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Take the network away."""
        if self.runs:
            self.server.shutdown()
            self.server.server_close()
            self.runs = False


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Serve a folder until the end, or until it is stopped before."""
    site = Site(folder)
    try:
        yield site
    finally:
        site.stop()


def deploy(built: tuple[Path, str], target: Path) -> Path:
    """Copy what a host of the site would hold."""
    shutil.copytree(built[0], target, ignore=shutil.ignore_patterns("_sources", "*.map"))
    return target


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that has never been here."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def visitor(context: BrowserContext) -> Iterator[Page]:
    """Open a page whose own errors fail the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def visit(page: Page, address: str, name: str = "book/why.html") -> None:
    """Open a page and wait until the whole site is kept."""
    page.goto(f"{address}/{name}")
    assert page.evaluate(READY)


def answer_first(page: Page) -> None:
    """Answer the first question of the page."""
    item = page.locator(".quiz-item").first
    item.locator("input[name=class]").first.check()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^(Correct|Partly correct|Not correct)"))
