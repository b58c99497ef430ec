"""The page of a report of a whole class: what stands in it, and that everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser
from records import own_page, violations
from reported import glance, released

from grader.course import Course
from grader.report import figure, percent, report
from grader.simulate import simulate
from quizzes.bank import Bank
from quizzes.items import KINDS


def one_of_each(bank: Bank) -> list[str]:
    """Return the id of an item of each kind."""
    return [bank.select(kind=kind)[0].id for kind in KINDS]


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Course]:
    """Make a class of 120 who answered an item of each kind."""
    maker = released(tmp_path_factory.mktemp("sat") / "course", one_of_each(bank))
    simulate(maker, 120, 5)
    return maker.course


def test_figures_stand_there_from_thirty_on(sat: Course) -> None:
    """Difficulty and discrimination, with reliability above."""
    html = report(sat, "ps1")[0].read_text(encoding="utf-8")
    assert glance(html)[0][:5] == ["No.", "Item", "Responses", "Difficulty p", "Discrimination"]
    assert "Standard error of measurement" in html
    assert "Upper less lower&nbsp;27&nbsp;%" in html


def test_the_files_are_for_their_owner(sat: Course) -> None:
    """They hold keys and scores, and are small enough to send."""
    for path in report(sat, "ps1"):
        assert path.stat().st_mode & 0o077 == 0
        assert path.stat().st_size < 200_000


def test_each_option_stands_with_its_rationale(sat: Course) -> None:
    """Every label, key and rationale of the items is in the page, and every misconception has its mend."""
    html = report(sat, "ps1")[0].read_text(encoding="utf-8").replace("&#39;", "'").replace("&#34;", '"')
    bank = sat.bank(sat.assignment("ps1"))
    for item in bank.get(each.id for each in sat.form("ps1").items):
        assert f'. {item.id} <span class="note">{item.text.split()[0]} ' in html
        for options in item.rationales().values():
            for option in options.values():
                assert option.rationale in html
                assert not option.misconception or bank.misconceptions[option.misconception].mend in html
    assert "take them as a hint about items" in html


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 375])
def test_the_page_is_accessible_and_asks_for_nothing(browser: Browser, sat: Course, width: int, scheme: Any) -> None:
    """No violation, no request beside the file itself, no script, and nothing wider than the window but tables."""
    html = report(sat, "ps1")[0]
    context, page = own_page(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(html.as_uri())
    page.locator("details").evaluate("(details) => { details.open = true; }")
    assert violations(page) == []
    assert asked == [html.as_uri()]
    assert page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    levels = [
        int(level) for level in page.locator("h1, h2, h3, h4").evaluate_all("(all) => all.map((h) => h.tagName[1])")
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.locator("table:not(:has(caption)), th:not([scope]), svg:not(:has(title + desc))").count() == 0
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    context.close()


def test_the_histogram_and_its_table_agree(browser: Browser, sat: Course) -> None:
    """A bar a row, as high as its count; the text alternative has what the drawing shows."""
    context, page = own_page(browser)
    page.goto(report(sat, "ps1")[0].as_uri())
    heights = page.locator("svg .column").evaluate_all("(all) => all.map((bar) => Number(bar.getAttribute('height')))")
    rows = page.get_by_role("table", name="Distribution of scores").get_by_role("row").all()[1:]
    counts = [int(row.get_by_role("cell").inner_text()) for row in rows]
    assert heights == pytest.approx([count * max(heights) / max(counts) for count in counts], abs=0.1)
    image = page.get_by_role("img", name="Distribution of scores")
    assert f"{sum(counts)} scores from" in image.locator("desc").inner_html()
    context.close()


def test_figures_are_written_as_people_read_them() -> None:
    """A true minus, no minus before zero, a decimal only where a share is small, a dash where there is nothing."""
    assert [figure(each) for each in (0.456, -0.1, -0.001, None)] == ["0.46", "−0.10", "0.00", "–"]  # noqa: RUF001
    shown = [percent(each) for each in (0.0, 0.045, 0.1, 0.5, 1.0, None)]
    assert [each.replace("\xa0", " ") for each in shown] == ["0 %", "4.5 %", "10 %", "50 %", "100 %", "–"]  # noqa: RUF001
