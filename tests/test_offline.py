"""The site without a network, installed, updated, and in a sub-folder."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from visiting import PAGES, answer_first, context, deploy, serving, visit, visitor

from quizzes.site.downloads import digest, seal

__all__ = ["context", "visitor"]  # fixtures
BAR = "#site-updated"
TITLE = ".bd-article h1"  # not that of the page as it is printed


def change(folder: Path, old: str, new: str, name: str = "book/why.html") -> None:
    """Publish a new version in which a page reads otherwise."""
    page = folder / name
    html = page.read_text(encoding="utf-8")
    assert old in html
    page.write_text(html.replace(old, new), encoding="utf-8")
    seal(folder)


def update(page: Page) -> None:
    """Ask for a new version, as a browser does now and then by itself, and wait until it waits."""
    page.evaluate("""async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        const worker = registration.installing ?? registration.waiting;
        await new Promise((done) => {
            const look = () => ["installed", "redundant"].includes(worker.state) && done();
            worker.addEventListener("statechange", look);
            look();
        });
    }""")


def cache_names(page: Page) -> list[str]:
    """Return the names of all caches of the origin."""
    return list(page.evaluate("caches.keys()"))


def test_after_one_visit_the_whole_course_works_without_a_network(
    visitor: Page, built: tuple[Path, str], tmp_path: Path
) -> None:
    """With the server stopped every page opens, a quiz is answered and kept, and the search finds."""
    with serving(deploy(built, tmp_path / "site")) as site:
        visit(visitor, site.address)
        site.stop()
        for name in PAGES:
            visitor.goto(f"{site.address}/{name}.html")
            expect(visitor.locator(TITLE)).to_be_visible()
        visitor.goto(f"{site.address}/book/practice/duration.html")
        answer_first(visitor)
        visitor.reload()
        expect(visitor.locator(".quiz-item").first.get_by_role("status")).not_to_be_empty()
        visitor.goto(f"{site.address}/search.html?q=payroll")
        expect(visitor.locator("#search-results li").first).to_be_visible()


def test_in_a_sub_folder_the_site_keeps_to_itself(visitor: Page, built: tuple[Path, str], tmp_path: Path) -> None:
    """Only its own addresses are answered, and another site's caches on the same origin stay."""
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>Neighbour</title><h1>Neighbour</h1>", encoding="utf-8")
    deploy(built, tmp_path / "course")
    with serving(tmp_path) as site:
        visitor.goto(site.address)
        visitor.evaluate("Promise.all(['a', 'project-or-operation:%2F:1'].map((name) => caches.open(name)))")
        visit(visitor, f"{site.address}/course")
        names = cache_names(visitor)
        assert {"a", "project-or-operation:%2F:1"} < set(names)
        assert len(names) == 3
        site.stop()
        visitor.goto(f"{site.address}/course/")
        visitor.wait_for_url("**/course/book/index.html")
        expect(visitor.locator(TITLE)).to_be_visible()


def test_an_address_that_is_no_page_says_so_without_a_network(
    visitor: Page, built: tuple[Path, str], tmp_path: Path
) -> None:
    """The reader gets a plain page with a way back."""
    with serving(deploy(built, tmp_path / "site")) as site:
        visit(visitor, site.address)
        site.stop()
        visitor.goto(f"{site.address}/book/nowhere.html")
        expect(visitor.get_by_role("heading")).to_have_text("Not available offline")
        visitor.get_by_role("link", name="Go to the course").click()
        visitor.wait_for_url("**/book/index.html")


def test_an_update_waits_for_the_reader_and_fetches_only_what_changed(
    visitor: Page, built: tuple[Path, str], tmp_path: Path
) -> None:
    """The old version stays until Reload is pressed; then the new one is shown and the old cache is gone."""
    folder = deploy(built, tmp_path / "site")
    with serving(folder) as site:
        visit(visitor, site.address)
        (old,) = cache_names(visitor)
        change(folder, "Why tell them apart", "Why the two differ")
        site.asked.clear()
        update(visitor)
        fetched = {path.split("?")[0] for path in site.asked} - {"/sw.js"}
        assert "/book/why.html" in fetched
        assert len(fetched) <= 2  # the page of downloads, where the zip's size reads otherwise
        expect(visitor.locator(BAR)).to_contain_text("The course was updated.")
        expect(visitor.locator(TITLE)).to_contain_text("Why tell them apart")
        visitor.locator(BAR).get_by_role("button", name="Reload").click()
        expect(visitor.locator(TITLE)).to_contain_text("Why the two differ")
        expect(visitor.locator(BAR)).to_have_count(0)
        visitor.wait_for_function("caches.keys().then((names) => names.length === 1)")
        assert cache_names(visitor) != [old]


def test_the_hint_is_heard_reached_by_keyboard_and_moves_nothing(
    visitor: Page, built: tuple[Path, str], tmp_path: Path
) -> None:
    """It is a status, its buttons are large enough, and Later puts it away."""
    folder = deploy(built, tmp_path / "site")
    with serving(folder) as site:
        visitor.set_viewport_size({"width": 375, "height": 700})
        visit(visitor, site.address)
        before = visitor.locator(TITLE).bounding_box()
        change(folder, "Why tell them apart", "Why the two differ")
        update(visitor)
        bar = visitor.locator(BAR)
        expect(bar).to_have_attribute("role", "status")
        button = bar.get_by_role("button", name="Reload")
        expect(button).to_be_visible()
        assert visitor.locator(TITLE).bounding_box() == before
        assert (button.bounding_box() or {})["height"] >= 44
        visitor.keyboard.press("Tab")
        visitor.keyboard.press("Tab")
        expect(button).to_be_focused()
        found = Axe().run(visitor).response["violations"]
        assert [each["id"] for each in found if any(BAR[1:] in str(node["html"]) for node in each["nodes"])] == []
        visitor.keyboard.press("Tab")
        visitor.keyboard.press("Enter")
        expect(bar).to_have_count(0)


def test_an_open_exam_is_not_disturbed(visitor: Page, built: tuple[Path, str], tmp_path: Path) -> None:
    """The hint comes when the exam is over."""
    folder = deploy(built, tmp_path / "site")
    with serving(folder) as site:
        visit(visitor, site.address)
        visitor.evaluate("document.documentElement.dataset.exam = 'open'")
        change(folder, "Why tell them apart", "Why the two differ")
        update(visitor)
        expect(visitor.locator(BAR)).to_have_count(0)
        visitor.evaluate("document.documentElement.dataset.exam = 'over'")
        expect(visitor.locator(BAR)).to_contain_text("The course was updated.")


def test_another_open_page_keeps_its_version_and_is_told(
    context: BrowserContext, visitor: Page, built: tuple[Path, str], tmp_path: Path
) -> None:
    """A reload in one tab neither reloads the other nor takes from it what it may still load."""
    folder = deploy(built, tmp_path / "site")
    with serving(folder) as site:
        visit(visitor, site.address)
        other = context.new_page()
        visit(other, site.address, "book/practice/duration.html")
        other.evaluate("globalThis.untouched = true")
        module = re.search(r"_static/quiz-\w+/", other.content())
        assert module
        fresh = folder / "_static" / "quiz-0123456789"
        (folder / module[0]).rename(fresh)
        for page in folder.rglob("*.html"):
            page.write_text(page.read_text(encoding="utf-8").replace(module[0], "_static/quiz-0123456789/"), "utf-8")
        change(folder, "Why tell them apart", "Why the two differ")
        update(visitor)
        visitor.locator(BAR).get_by_role("button", name="Reload").click()
        expect(visitor.locator(TITLE)).to_contain_text("Why the two differ")
        expect(other.locator(BAR)).to_contain_text("The course was updated.")
        assert other.evaluate("untouched") is True
        assert other.evaluate(f"fetch('/{module[0]}print.mjs').then((answer) => answer.status)") == 200


def test_a_failed_update_leaves_the_version_before(visitor: Page, built: tuple[Path, str], tmp_path: Path) -> None:
    """A file that cannot be had ends the installation; the course goes on as it was, without a network too."""
    folder = deploy(built, tmp_path / "site")
    with serving(folder) as site:
        visit(visitor, site.address)
        change(folder, "Why tell them apart", "Why the two differ")
        (folder / "book" / "why.html").unlink()
        update(visitor)
        expect(visitor.locator(BAR)).to_have_count(0)
        site.stop()
        visitor.reload()
        expect(visitor.locator(TITLE)).to_contain_text("Why tell them apart")


@pytest.mark.parametrize(
    "script",
    [
        "delete Navigator.prototype.serviceWorker",
        "Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new Error('forbidden'); } })",
        "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('refused'))",
    ],
)
def test_without_service_workers_the_site_works_as_long_as_there_is_a_network(
    visitor: Page, site: str, script: str
) -> None:
    """A browser that has none, forbids or refuses them makes no error."""
    visitor.add_init_script(script)
    visitor.goto(f"{site}/book/practice/duration.html", wait_until="networkidle")
    answer_first(visitor)


def test_a_browser_may_install_the_course(context: BrowserContext, visitor: Page, site: str) -> None:
    """Chromium reads the manifest without a fault and finds nothing against installing."""
    visit(visitor, site, "book/index.html")
    session = context.new_cdp_session(visitor)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    told = json.loads(manifest["data"])
    assert told["name"] == "Project or Operation?"
    assert visitor.request.get(f"{site}/{told['start_url']}").ok
    faults = [fault["errorId"] for fault in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert set(faults) <= {"in-incognito"}  # a context of a test is a private window


def test_icons_have_the_sizes_that_the_manifest_tells(built: tuple[Path, str]) -> None:
    """A PNG holds its size in its head."""
    manifest = json.loads((built[0] / "manifest.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        head = (built[0] / icon["src"]).read_bytes()[:24]
        width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
        assert icon["sizes"] == f"{width}x{height}"


def worker_files(folder: Path) -> dict[str, str]:
    """Return the digests in the service worker by path."""
    found = re.search(r"FILES=(\{[^}]*\})", (folder / "sw.js").read_text(encoding="utf-8"))
    assert found
    return dict(json.loads(found[1]))


def test_the_service_worker_lists_each_file_as_it_is(built: tuple[Path, str]) -> None:
    """Every page of the course is among them, and nothing that a reader does not need."""
    files = worker_files(built[0])
    assert {name: digest((built[0] / name).read_bytes()) for name in files} == files
    assert {f"{name}.html" for name in PAGES} < set(files)
    unwanted = r"\.(map|ttf|zip|epub|inv)$|offline(-items)?\.js$|^_sources|^sw\.js|^genindex"
    assert [name for name in files if re.search(unwanted, name)] == []


def test_the_course_is_kept_in_three_megabytes(built: tuple[Path, str]) -> None:
    """What a first visit transfers for use without a network, compressed as servers do."""
    sizes = [len(gzip.compress((built[0] / name).read_bytes(), 6)) for name in worker_files(built[0])]
    assert sum(sizes) <= 3_000_000
