"""Load a page with a cold cache and measure it: what it weighs, whether it shifts, and when it can be answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Error, Page, sync_playwright

from benchmarks.site.contestants import Steps
from tests.ensure_browser import installed

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    # Other hosts do not exist: a request to one ends at once, and no handler of ours slows the page's own requests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDTH, HEIGHT, DENSITY = 412, 823, 1.75  # the phone that Lighthouse takes
SCRIPT = Path(__file__).with_name("answerable.js").read_text(encoding="utf-8")
PATIENCE = 60_000


class UnanswerableError(RuntimeError):
    """A page whose first question cannot be answered in time."""


@dataclass(frozen=True)
class Weight:
    """A page at rest: bytes and requests by what they are, foreign ones by host, layout shift, first paint in ms."""

    bytes: int
    requests: int
    code_bytes: int
    foreign: int
    hosts: tuple[str, ...]
    code_files: dict[str, int]
    shift: float
    painted: float


class Traffic:
    """What a page asks for, as the browser's network layer reports it."""

    def __init__(self, session: CDPSession, host: str) -> None:
        """Follow a page from now on; `host` is its own."""
        self.sizes: dict[str, int] = {}
        self.hosts: list[str] = []
        self._host, self._addresses = host, dict[str, str]()
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme not in ("http", "https") or address.path == "/favicon.ico":
            return  # browsers ask for that one by themselves, now sooner, now later
        if address.netloc == self._host:
            self._addresses[event["requestId"]] = address.path
        else:
            self.hosts.append(address.netloc)

    def _finished(self, event: dict[str, Any]) -> None:
        if path := self._addresses.get(event["requestId"]):
            self.sizes[path] = self.sizes.get(path, 0) + int(event["encodedDataLength"])

    def files_of(self, part: str) -> dict[str, int]:
        """Return the bytes by name of files whose path holds this part; none where it is empty."""
        return {path.rpartition("/")[2]: size for path, size in self.sizes.items() if part and part in path}

    @property
    def requests(self) -> int:
        """Return how many requests went to the page's own host, those without a file included."""
        return len(self._addresses)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser that the tests use."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed(), args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def cold_page(
    browser: Browser, steps: Steps | None = None, *, rate: int = 1, patience: int = PATIENCE
) -> Iterator[Page]:
    """Open an empty page of a new profile at the size of a phone, with the processor slowed down `rate` times.

    With `steps`, the page will answer itself. Without, it is left alone and has no service worker, which would fetch
    the whole site beside it: that is the precache's own figure.
    """
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=DENSITY,
        is_mobile=True,
        has_touch=True,
        service_workers="allow" if steps else "block",
    )
    page = context.new_page()
    settings = json.dumps({**asdict(steps), "patience": patience} if steps else None)
    context.add_init_script(f"({SCRIPT.strip().removesuffix(';')})({settings})")
    if rate != 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    try:
        yield page
    finally:
        context.close()


def weigh(browser: Browser, address: str, code: str = "") -> Weight:
    """Return what a page weighs and shifts when it is left alone until nothing is loaded any more."""
    with cold_page(browser) as page:
        traffic = Traffic(page.context.new_cdp_session(page), urlsplit(address).netloc)
        page.goto(address, wait_until="networkidle", timeout=PATIENCE)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen = page.evaluate("() => bench")  # the last frame's shift is told after it
    files = traffic.files_of(code)
    return Weight(
        bytes=sum(traffic.sizes.values()),
        requests=traffic.requests,
        code_bytes=sum(files.values()),
        foreign=len(traffic.hosts),
        hosts=tuple(sorted(set(traffic.hosts))),
        code_files=files,
        shift=round(seen["shift"], 3),
        painted=round(seen["painted"], 1),
    )


def answerable(browser: Browser, address: str, steps: Steps, *, rate: int = 1, patience: int = PATIENCE) -> float:
    """Return the milliseconds from navigation until the first question was answered and its verdict shown.

    Raises UnanswerableError, in one line, where that takes longer than `patience` milliseconds.
    """
    with cold_page(browser, steps, rate=rate, patience=patience) as page:
        page.goto(address, wait_until="commit", timeout=PATIENCE)
        try:
            return round(float(page.evaluate("() => bench.answered")), 1)
        except Error as error:
            reason = error.message.splitlines()[0].removeprefix("Page.evaluate: Error: ")
            raise UnanswerableError(f"{address}: {reason} for {patience / 1000:g} s") from None
