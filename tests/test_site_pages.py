"""The pages of the published site: all there, free of assessment items, calls to outside and axe violations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from clicking import item_id
from conftest import ROOT
from playwright.sync_api import Browser, Page, Route, expect
from questions import FIRST
from records import violations

from quizzes.bank import Bank, draw
from quizzes.render import render_practice
from quizzes.site.small import compact


def pages() -> tuple[str, ...]:
    """Return all pages of the book, as the table of contents lists them."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = re.findall(r"book/[\w/-]+", json.dumps(toc))
    return tuple(name.removeprefix("book/") for name in files)


PAGES = pages()
# One page of each make, for what is slow to check and the same on all pages of that make.
MAKES = ("index", "differences", "differences/duration", "edge-cases", "exams/pmp", "practice", "practice-lab")


def test_the_book_builds_without_a_warning(built: tuple[Path, str]) -> None:
    """-W -n: every warning and every missing target ends the build."""
    assert "WARNING:" not in built[1]


def test_every_page_is_built_and_carries_the_notice(built: tuple[Path, str]) -> None:
    """The notice on marks stands on every page, with the date of the exam facts."""
    for name in PAGES:
        html = (built[0] / "book" / f"{name}.html").read_text(encoding="utf-8")
        assert "not affiliated with or endorsed by Project Management Institute" in html, name
        assert "Exam facts last checked: November 2026" in html, name


def test_the_first_question_is_one_click_from_the_home_page(browser: Browser, site: str) -> None:
    """On a phone the first screen says what the course is and shows its one beginning, which leads to the questions."""
    context = browser.new_context(service_workers="block", viewport={"width": 375, "height": 667})
    page = context.new_page()
    page.goto(f"{site}/book/index.html")
    begin = page.get_by_role("link", name="Begin: try two questions")
    for each in (page.get_by_text("free course"), begin):
        box = each.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 667
    begin.click()
    expect(page.locator(FIRST).locator("input").first).to_be_in_viewport()
    context.close()


def test_every_point_of_the_outline_has_its_page(built: tuple[Path, str]) -> None:
    """The outline names fourteen points; each is marked in the source of a page."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "book").rglob("*.md"))
    missing = [f"S{n}" for n in range(1, 15) if not re.search(rf"^%.*\bS{n}\b", sources, re.MULTILINE)]
    assert missing == []


def test_a_notebook_page_holds_the_same_html_as_the_directive(built: tuple[Path, str], bank: Bank) -> None:
    """`Quiz` in a notebook of the book renders what `{quiz}` would, and leaves no widget state behind."""
    html = (built[0] / "book" / "practice-lab.html").read_text(encoding="utf-8")
    items = draw(bank.select(use="practice", kind="classify"), 6, 23)
    assert compact(render_practice(items, bank)) in html
    assert "widget-state" not in html


def test_no_assessment_item_is_in_the_site(built: tuple[Path, str], bank: Bank) -> None:
    """Neither id nor text of an assessment item is published."""
    html = "".join(path.read_text(encoding="utf-8") for path in built[0].rglob("*.html"))
    text = " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
    assert bank.select(use="practice")[0].text in text  # this is what a published text looks like
    words = set(re.findall(r"[\w-]+", html))
    assert bank.select(use="practice")[0].id in words
    for each in bank.select(use="assessment"):
        assert each.id not in words
        assert (getattr(each, "scenario", "") or each.text) not in text


def test_every_practice_item_stands_on_a_practice_page(built: tuple[Path, str], bank: Bank) -> None:
    """None is lost between the pages, whatever its difference."""
    html = "".join(path.read_text(encoding="utf-8") for path in (built[0] / "book" / "practice").glob("*.html"))
    missing = [item.id for item in bank.select(use="practice") if f'id="item-{item.id}"' not in html]
    assert missing == []


@pytest.fixture
def unscripted(browser: Browser) -> Iterator[Page]:
    """Open a page with JavaScript off."""
    context = browser.new_context(service_workers="block", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_javascript_the_page_reads_and_the_answer_opens(unscripted: Page, site: str, bank: Bank) -> None:
    """Scenario and options stand in the page; buttons that could not work do not show."""
    unscripted.goto(f"{site}/book/practice.html")
    item = unscripted.locator(FIRST)
    source = bank.items[item_id(item)]
    expect(item.locator(".quiz-scenario")).to_have_text(source.scenario)
    expect(item.get_by_role("button", name="Check answer")).to_be_hidden()
    answer = item.locator("details")
    expect(answer.locator("li").first).to_be_hidden()
    answer.locator("summary").click()
    expect(answer).to_contain_text(source.deciding.options[source.differentiator].rationale)
    expect(answer.locator("li").first).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_calls_nothing_outside_the_site_and_fits_a_phone(page: Page, site: str, name: str) -> None:
    """Every request stays with the site; with all others cut off no script fails, and at 375 px nothing is cut off."""
    outside: list[str] = []

    def stay(route: Route) -> None:
        if route.request.url.startswith((site, "blob:", "data:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.set_viewport_size({"width": 375, "height": 800})
    page.route("**/*", stay)
    page.goto(f"{site}/book/{name}.html", wait_until="networkidle")
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_on_any_page(browser: Browser, site: str, scheme: Any, width: int) -> None:
    """Light and dark, wide and phone-sized, with an answered quiz on the page; all pages twice, others of each make."""
    context = browser.new_context(
        service_workers="block",
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    every = (scheme, width) in {("light", 1280), ("dark", 375)}
    for name in PAGES if every else MAKES:
        page.goto(f"{site}/book/{name}.html", wait_until="load")
        for item in page.locator(".quiz-item").all()[:3]:
            item.locator("input, select").first.focus()
            page.keyboard.press("Space")
            item.get_by_role("button", name="Check answer").click()
        assert violations(page) == [], name
    context.close()
