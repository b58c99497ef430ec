"""A page on paper: a clean worksheet, and its answers on a sheet of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from visiting import answer_first, context, visit, visitor

__all__ = ["context", "visitor"]  # fixtures


@pytest.fixture
def printed(context: BrowserContext, visitor: Page, site: str) -> Page:
    """Open a page with quizzes as it is while it is printed, after a question was answered."""
    visitor.emulate_media(color_scheme="dark")
    visit(visitor, site, "book/practice.html")
    answer_first(visitor)
    visitor.wait_for_load_state("networkidle")  # what prints comes after all that the page needs first
    visitor.emulate_media(media="print", color_scheme="dark")
    visitor.evaluate("dispatchEvent(new Event('beforeprint'))")
    return visitor


def test_a_printed_page_is_a_clean_worksheet(printed: Page) -> None:
    """Light, with nothing to click and no feedback; items do not break across pages."""
    assert printed.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    item = printed.locator(".quiz-item").first
    assert item.evaluate("each => getComputedStyle(each).breakInside") == "avoid"
    assert item.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 255)"
    expect(printed.locator("button:visible, nav:visible, .quiz-status:visible, .quiz-answer:visible")).to_have_count(0)
    offered = printed.locator(".quiz-item select[name^='gap']").first.locator("option").all_text_contents()[1:]
    expect(printed.locator(".quiz-choices", has_text="; ".join(offered)).first).to_be_visible()


def test_the_answer_sheet_comes_last_on_its_own_sheet(printed: Page) -> None:
    """Each question has its keyed options with reasons under its number on the worksheet; then all is as before."""
    sheet = printed.locator(".quiz-sheet")
    assert sheet.evaluate("each => getComputedStyle(each).breakBefore") == "page"
    count = printed.locator(".quiz-item").count()
    expect(sheet.locator(".quiz-sheet-item")).to_have_count(count)
    for number in (1, count):
        entry = sheet.locator(".quiz-sheet-item").nth(number - 1)
        expect(entry).to_contain_text(f"Question {number}")
        answer = (
            printed.locator(".quiz-item").nth(number - 1).locator(".quiz-answer li[data-keyed]").all_text_contents()
        )
        given = entry.locator("li").all_text_contents()
        assert len(given) == len(answer) > 0
        assert all(full.startswith(short.strip()) for full, short in zip(answer, given, strict=True))
    printed.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(printed.locator(".quiz-sheet, .quiz-choices")).to_have_count(0)


def test_an_open_exam_prints_without_answers(printed: Page) -> None:
    """Paper is no way round an exam."""
    printed.evaluate("document.documentElement.dataset.exam = 'open'; dispatchEvent(new Event('beforeprint'))")
    expect(printed.locator(".quiz-sheet")).to_have_count(0)
