"""The lab in the browser beside JupyterLite as it comes and a page: `python -m benchmarks.lite` after `make site`.

`python -m benchmarks.lite record` writes anew which of JupyterLite's files a notebook needs, as after an upgrade.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks import lite_stock
from benchmarks.command import ROOT, CommandError, say
from benchmarks.lite_host import Sent, host
from benchmarks.site.measure import browser
from quizzes.site import lite

OUT = ROOT / "_build" / "bench"
PAGE, LAB, STOCK = "a page of the site", "the lab in the browser", "JupyterLite as it comes"
NOTEBOOK = f"?path={lite.NOTEBOOK}"
PACKS = r"(?:runtime|course)-\w+\.bin|sw\.js"
SLOW = 90_000  # ms


@dataclass(frozen=True)
class Loaded:
    """What it took until an item was answered."""

    megabytes: float
    seconds: float
    requests: int


def _answer(page: Page) -> None:
    """Answer the first item as soon as it can be, and wait for the verdict."""
    item = page.locator(".quiz-item").first
    item.locator("input").first.check(timeout=SLOW)
    item.locator("fieldset").nth(1).locator("input").first.check()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status").first).not_to_be_empty()


def _ours(page: Page, site: str) -> Callable[[], None]:
    page.goto(f"{site}/{lite.PAGE}", wait_until="networkidle")

    def go() -> None:
        page.get_by_role("button", name=re.compile("^Load")).click()

    return go


def _stock(page: Page, site: str) -> Callable[[], None]:
    def go() -> None:
        page.goto(f"{site}/lab/index.html{NOTEBOOK}")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=SLOW)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator("[data-command='runmenu:run-all']").click()

    return go


def _page(page: Page, site: str) -> Callable[[], None]:
    def go() -> None:
        page.goto(f"{site}/book/practice-lab.html")

    return go


def _measured(browser: Browser, folder: Path, start: Callable[[Page, str], Callable[[], None]]) -> Loaded:
    with host(folder) as (site, sent):
        context = browser.new_context(service_workers="block" if start is _page else "allow")
        page = context.new_page()
        go = start(page, site)
        before, begun = len(sent.files), time.perf_counter()
        go()
        _answer(page)
        seconds = time.perf_counter() - begun
        files = Sent([each for each in sent.files[before:] if start is not _ours or each[0].startswith(lite.FOLDER)])
        context.close()
    return Loaded(files.bytes / 1e6, seconds, len(files.files))


def measure(site: Path, rounds: int) -> tuple[dict[str, list[Loaded]], str]:
    """Return what was measured of each way in rounds, in each of which everybody has a turn, and the browser's version.

    JupyterLite is left out where it cannot be had, which is told in a line.
    """
    ways = {PAGE: (site, _page), LAB: (site, _ours)}
    try:
        ways[STOCK] = (lite_stock.build(OUT / "lite-stock", site / lite.FOLDER), _stock)
    except CommandError as error:
        say(f"{STOCK}: {' '.join(str(error).split())}")
    taken: dict[str, list[Loaded]] = {name: [] for name in ways}
    with browser() as started:
        for turn in range(1, rounds + 1):
            say(f"round {turn} of {rounds}")
            for name, (folder, start) in ways.items():
                taken[name].append(_measured(started, folder, start))
        return taken, started.version


def _table(taken: dict[str, list[Loaded]]) -> str:
    lines = ["| | MB over the wire | requests | first item answered, s (least to most) |", "|---|---|---|---|"]
    for name, each in taken.items():
        seconds = sorted(one.seconds for one in each)
        told = f"{statistics.median(seconds):.1f} ({seconds[0]:.1f} to {seconds[-1]:.1f})"
        weight = statistics.median(one.megabytes for one in each)
        lines.append(f"| {name} | {weight:.2f} | {statistics.median_low(one.requests for one in each)} | {told} |")
    return "\n".join(lines) + "\n"


def reported(taken: dict[str, list[Loaded]]) -> str:
    """Write the table to `lite.md`; returns it."""
    text = _table(taken)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "lite.md").write_text(text, encoding="utf-8")
    return text


def record(site_folder: Path) -> None:
    """Write which files are asked for until an item is answered, in light and in dark."""
    folder = site_folder / lite.FOLDER
    with host(folder) as (site, sent), browser() as started:
        for scheme in ("light", "dark"):
            page = started.new_page(color_scheme=scheme)
            page.goto(f"{site}/notebooks/index.html{NOTEBOOK}")
            _answer(page)
            page.wait_for_load_state("networkidle")
        names = [name for name in sent.paths if not re.fullmatch(PACKS, name)]
    lite.LISTED.write_text("\n".join(names) + "\n", encoding="utf-8")
    print(f"{len(names)} files: {lite.LISTED}")


def main() -> None:
    """Measure, or record."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", nargs="?", choices=("measure", "record"), default="measure")
    asked.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="the built site")
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    if given.what == "record":
        record(given.site.resolve())
    else:
        print(reported(measure(given.site.resolve(), given.rounds)[0]))


if __name__ == "__main__":
    main()
