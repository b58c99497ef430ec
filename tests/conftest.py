"""What the tests share: the built site behind a loopback server, a real browser, and a marked demonstration course."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ensure_browser import for_tests
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from quizzes.bank import Bank
from quizzes.loading import load_bank

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # how long something takes is no claim of a test
expect.set_options(timeout=20_000)  # a machine that is busy with other tests may take longer than the 5 s of Playwright


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files into an order in which workers do not wait for each other.

    The first one makes the site, which takes minutes; the others meanwhile take what does without, long files first.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)

    def late(path: Path) -> tuple[bool, int]:
        return any("built" in getattr(item, "fixturenames", ()) for item in files[path]), -len(files[path])

    order = sorted(files, key=late)
    builder = next((path for path in order if late(path)[0]), None)
    items[:] = [item for path in sorted(order, key=lambda each: each != builder) for item in files[path]]


@pytest.fixture(scope="session")
def bank() -> Bank:
    """Return the built-in bank."""
    return load_bank()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser that `make test` found or installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=for_tests(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page with empty storage; an error of its own scripts fails the test.

    Without a service worker, which would fetch the whole site in every test.
    """
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def serve(folder: Path, handler_class: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder on loopback at a free port; gives its address without a slash at the end."""
    handler = functools.partial(handler_class, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _build(out: Path) -> str:
    """Build the book as `make site` does, every warning an error; return what was printed."""
    book = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT, "--path-output", out]
    html = out / "_build" / "html"
    steps = [[sys.executable, "-m", f"quizzes.site.{step}", html] for step in ("epub", "exports", "lite")]
    printed = []
    for command, folder in (([*book, "--all", "-W", "-n", "--keep-going"], out), *((step, ROOT) for step in steps)):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        printed.append(done.stdout + done.stderr)
    return printed[0]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, str]:
    """Build the book, once for all workers; returns the HTML folder, which stays as it is, and what was printed.

    While you write tests, BUILT_SITE names a folder that is built already, as in BUILT_SITE=_build/html.
    """
    if ready := os.environ.get("BUILT_SITE"):
        return Path(ready).resolve(), ""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    out, printed = shared / "site", shared / "site.txt"
    with FileLock(shared / "site.lock"):
        if not printed.is_file():
            shutil.rmtree(out, ignore_errors=True)  # of a worker whose build failed
            out.mkdir()
            printed.write_text(_build(out), encoding="utf-8")
    return out / "_build" / "html", printed.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(built: tuple[Path, str]) -> Iterator[str]:
    """Serve the built book; returns its address without a slash at the end."""
    with serve(built[0]) as address:
        yield address
