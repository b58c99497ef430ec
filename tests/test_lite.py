"""The lab in the browser: loaded on request, answered, and used on without network."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ROOT, serve
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sphinx.errors import ExtensionError

from quizzes.site import lite, lite_pack

PAGE = "book/in-the-browser.html"
HALF_OF_STOCK = 6_800_000  # bytes: half of what a stock build sent when this was begun
SLOW = 90_000  # ms: Python starts on a machine that is busy with other tests


@pytest.fixture(scope="session")
def lab(built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a built site with the lab in it: the one of `built` where it has one, else a copy of it."""
    if (built[0] / "lite").is_dir():
        return built[0]
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    copy = shared / "lab" / "html"
    with FileLock(shared / "lab.lock"):
        if not (copy / "lite").is_dir():
            shutil.copytree(built[0], copy, dirs_exist_ok=True)
            lite.main(copy, ROOT)
    return copy


@pytest.fixture(scope="session")
def packs(lab: Path) -> list[dict[str, str | int]]:
    """Return the packs that the page names."""
    found = re.search(r'data-packs="([^"]+)"', (lab / PAGE).read_text(encoding="utf-8"))
    assert found is not None
    named: list[dict[str, str | int]] = json.loads(found[1].replace("&quot;", '"'))
    return named


@dataclass
class Visit:
    """A browser with empty storage on the page of the lab, and the addresses that it has asked for."""

    context: BrowserContext
    page: Page
    site: str
    asked: list[str] = field(default_factory=list)

    @property
    def room(self) -> Locator:
        """Return the room."""
        return self.page.locator(".lite-room")


@pytest.fixture
def visit(browser: Browser, lab: Path) -> Iterator[Visit]:
    """Open the page of the lab; an error of a script fails the test."""
    with serve(lab) as site:
        context = browser.new_context(viewport={"width": 1100, "height": 900})
        made = Visit(context, context.new_page(), site)
        errors: list[str] = []
        context.on("request", lambda request: made.asked.append(request.url))
        made.page.on("pageerror", lambda error: errors.append(str(error)))
        made.page.goto(f"{site}/{PAGE}")
        expect(made.room.get_by_role("button", name=re.compile("^Load"))).to_be_visible()
        yield made
        context.close()
        assert errors == []


def _answer(item: Locator) -> None:
    """Answer an item right and check it."""
    rule = json.loads(item.get_attribute("data-item") or "")["rule"]
    for part in (part for part in rule if part["type"] == "one"):
        item.locator(f"[data-part='{part['name']}'] input[value='{part['key'][0]}']").check()
    item.get_by_role("button", name="Check answer").click()
    expect(item).to_contain_text("Correct.")


def test_a_learner_loads_the_lab_answers_and_goes_on_without_network(visit: Visit) -> None:
    """One press: a bar fills, the notebook opens and runs; later it does so with no network, and answers are back."""
    visit.page.evaluate(
        """() => new MutationObserver(() => sessionStorage.setItem("seen", (sessionStorage.getItem("seen") ?? "")
             + document.querySelector(".lite-figure").textContent + "|"
             + document.querySelector("progress").position + ";"))
           .observe(document.querySelector(".lite-loading"), {subtree: true, childList: true, attributes: true})"""
    )
    visit.room.get_by_role("button", name=re.compile("^Load")).click()
    items = visit.page.locator(".jp-OutputArea .quiz-item")
    expect(items.first).to_be_visible(timeout=SLOW)
    seen = visit.page.evaluate("sessionStorage.getItem('seen')")
    figures = [each.split("|") for each in seen.split(";") if "|" in each]
    assert len({figure for figure, _ in figures}) > 2, seen
    assert float(figures[-1][1]) == 1, seen
    _answer(items.first)
    visit.context.set_offline(True)
    visit.page.reload()
    expect(items.first).to_contain_text("Correct.", timeout=SLOW)
    _answer(items.nth(1))
    visit.context.set_offline(False)
    visit.page.goto(f"{visit.site}/{PAGE}")
    expect(visit.room).to_contain_text("is in this browser and opens without network")
    assert {url for url in visit.asked if not url.startswith((visit.site, "data:", "blob:"))} == set()


def test_nothing_of_the_lab_is_loaded_before_the_press(visit: Visit, packs: list[dict[str, str | int]]) -> None:
    """The page costs what a page costs, and the button says what a press will cost."""
    visit.page.wait_for_load_state("networkidle")
    assert [url for url in visit.asked if "/lite/" in url] == []
    size = f"{sum(int(pack['bytes']) for pack in packs) / 1e6:.1f} MB"
    assert size in visit.room.get_by_role("button").first.inner_text()
    assert size in visit.room.locator(".lite-state").inner_text()


def test_the_size_that_is_said_is_the_size_of_the_files(lab: Path, packs: list[dict[str, str | int]]) -> None:
    """What is sent is what was said, and at most half of a stock build."""
    sizes = {str(pack["name"]): int(pack["bytes"]) for pack in packs}
    assert sizes == {name: (lab / "lite" / name).stat().st_size for name in sizes}
    assert sum(sizes.values()) <= HALF_OF_STOCK


def test_the_lab_has_no_source_maps_and_names_no_other_host_to_load_from(lab: Path) -> None:
    """Nobody is sent files for developers, and the kernel comes from the site."""
    assert list((lab / "lite").rglob("*.map")) == []
    config = json.loads((lab / "lite" / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["pyodideUrl"].startswith("./")
    assert (lab / "lite" / kernel["pyodideUrl"]).is_file()
    assert kernel["disablePyPIFallback"] is True


def test_the_lab_is_in_no_other_download(lab: Path) -> None:
    """Who installs the site or takes its zip along does not load the lab with it."""
    assert '"lite/' not in (lab / "sw.js").read_text(encoding="utf-8")
    with zipfile.ZipFile(lab / "downloads" / "project-or-operation.zip") as archive:
        assert [name for name in archive.namelist() if "/lite/" in name] == []


@pytest.mark.parametrize(("status", "told"), [(404, "is not part of this copy"), (0, "Press the button to try again")])
def test_what_cannot_be_loaded_is_told_and_can_be_tried_again(visit: Visit, status: int, told: str) -> None:
    """One line says why; the button is there again, and then works."""
    visit.context.route("**/lite/*.bin", lambda route: route.fulfill(status=status) if status else route.abort())
    button = visit.room.get_by_role("button", name=re.compile("^Load"))
    button.click()
    expect(visit.room.locator(".quiz-notice")).to_contain_text(told)
    expect(button).to_be_enabled()
    visit.context.unroute("**/lite/*.bin")
    button.click()
    visit.page.wait_for_url("**/lite/notebooks/**")


def test_loading_can_be_stopped(visit: Visit) -> None:
    """A press on Stop ends it, and nothing is said to have gone wrong."""
    visit.context.route("**/lite/*.bin", lambda _: None)  # never answered
    visit.room.get_by_role("button", name=re.compile("^Load")).click()
    visit.room.get_by_role("button", name="Stop").click()
    expect(visit.room.get_by_role("button", name=re.compile("^Load"))).to_be_enabled()
    expect(visit.room.locator(".quiz-notice")).to_be_empty()
    expect(visit.room.get_by_role("progressbar")).to_be_hidden()


def test_the_lab_can_be_removed(visit: Visit) -> None:
    """Who needs the room in the browser's storage gets it back."""
    visit.room.get_by_role("button", name=re.compile("^Load")).click()
    visit.page.wait_for_url("**/lite/notebooks/**")
    visit.page.goto(f"{visit.site}/{PAGE}")
    visit.room.get_by_role("button", name="Remove it from this browser").click()
    expect(visit.room.get_by_role("button", name=re.compile("^Load"))).to_be_focused()
    assert visit.page.evaluate("caches.keys().then((names) => names.filter((name) => name.includes('lab:')))") == []


def test_a_pack_is_the_same_for_the_same_files() -> None:
    """Another order of files makes no other pack, and the list says where each file ends."""
    files = {"b.js": b"22", "a.wasm": b"333", "c": b""}
    content = lite_pack.joined(files)
    assert content == lite_pack.joined(dict(reversed(files.items())))
    start = 4 + int.from_bytes(content[:4], "little")
    listed = json.loads(content[4:start])
    assert sorted(path for path, _, _ in listed) == sorted(files)
    for path, _, size in listed:
        assert content[start : start + size] == files[path]
        start += size
    assert start == len(content)


def test_a_file_that_jupyterlite_no_longer_has_is_told() -> None:
    """After an upgrade the build says what to do, and does not publish a lab that lacks something offline."""
    with pytest.raises(ExtensionError, match=r"`python -m benchmarks.lite record` writes"):
        lite.listed({})
