"""What a learner does with a question besides answering it: flag it, share it, and report a fault in it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from books import Done, sphinx_build
from clicking import item_id, place
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect
from practising import ITEM, room, start
from records import own_page

from quizzes.bank import Bank

__all__ = ["room"]  # a fixture


def test_a_flag_is_kept_and_shared_between_pages(room: Page, bank: Bank, site: str) -> None:
    """Set in the room, it stands on the item's own page."""
    start(room, difference="team")
    name = item_id(room.locator(ITEM))
    room.locator(ITEM).get_by_role("button", name="Flag").click()
    room.goto(f"{site}/book/practice/team.html#item-{name}")
    expect(room.locator(f"#item-{name}").get_by_role("button", name="Flag")).to_have_attribute("aria-pressed", "true")


def test_a_question_is_shared_by_its_address(browser: Browser, site: str) -> None:
    """The link that is copied opens the page at the question."""
    context = browser.new_context(service_workers="block", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/book/practice.html#difference=team")
    name = item_id(page.locator(ITEM))
    page.locator(ITEM).get_by_role("button", name="Share").click()
    expect(page.locator(ITEM).get_by_role("button", name="Link copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator(f"#item-{name}")).to_be_in_viewport()
    context.close()


CLIPBOARD = ["clipboard-read", "clipboard-write"]


def test_a_report_is_copied_whole_where_the_site_has_no_form(browser: Browser, site: str, bank: Bank) -> None:
    """Id, address, what was chosen and room for what was expected; the line says where to send it."""
    context, page = own_page(browser, permissions=CLIPBOARD)
    page.goto(f"{site}/book/practice/team.html")
    item = page.locator(".quiz-item", has=page.locator("[name=differentiator]")).first
    source = bank.items[item_id(item)]
    for part in source.parts()[:2]:
        place(item, part.name, part.options[0])
    item.get_by_role("button", name="Report").click()
    expect(item.locator(".quiz-report").get_by_role("status")).to_contain_text(
        "send it to whoever gave you this course"
    )
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0] == f"Question: {source.id}"
    assert lines[1] == f"Page: {site}/book/practice/team.html#item-{source.id}"
    chosen = item.locator("label:has(:checked) span").all_inner_texts()
    asked = ("What is it?", "Which difference decides it?")
    assert lines[3:5] == [f"- {legend} {label}" for legend, label in zip(asked, chosen, strict=True)]
    assert lines[5:] == ["What I expected, and which words support it:", ""]
    context.close()


def test_a_report_that_cannot_be_copied_is_shown(page: Page, site: str) -> None:
    """Where a browser refuses the clipboard, the text stands under the question, selected."""
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(f"{site}/book/practice/team.html")
    item = page.locator(".quiz-item").first
    for _ in range(2):  # a second press makes no second report
        item.get_by_role("button", name="Report").click()
    expect(item.get_by_role("textbox", name="Report")).to_have_value(re.compile(rf"^Question: {item_id(item)}\n"))
    expect(item.get_by_role("textbox", name="Report")).to_have_count(1)


def build_with(folder: Path, **options: Any) -> Done:
    """Build a site with these settings and one page, which has a question and the page's words on reports."""
    (folder / "index.md").write_text(
        "# A page\n\nA report {{ report_button }}: {{ fault_place }}.\n\n```{quiz} payroll-1\n```\n"
    )
    own = {
        "extensions": ["myst_nb", "quizzes.directive"],
        "html_theme": "basic",
        "myst_enable_extensions": ["substitution"],
    }
    return sphinx_build(folder, {**own, **options})


def built_with(folder: Path, **options: Any) -> str:
    """Return the HTML of that page."""
    done = build_with(folder, **options)
    assert done.returncode == 0, done.stderr
    return unescape((folder / "out" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("address", ["https://example.org/o/course", "https://example.org/o/course/"])
def test_a_report_leads_to_the_form_of_the_repository(page: Page, site: str, tmp_path: Path, address: str) -> None:
    """One setting is enough: pages link the repository, and the form opens with the question's id in its field."""
    html = built_with(tmp_path, course_repository=address)
    assert "opens a form: open an issue in" in html
    assert 'href="https://example.org/o/course">the course' in html
    (meta,) = re.findall(r'<meta name="quiz-report"[^>]*>', html)
    page.route(
        "**/team.html", lambda route: route.fulfill(body=route.fetch().text().replace("<head>", f"<head>{meta}", 1))
    )
    page.goto(f"{site}/book/practice/team.html")
    item = page.locator(".quiz-item").first
    form = f"https://example.org/o/course/issues/new?template=question.yml&where={item_id(item)}"
    expect(item.get_by_role("link", name="Report")).to_have_attribute("href", form)
    template = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/question.yml").read_text(encoding="utf-8"))
    assert "where" in [field.get("id") for field in template["body"]]


def test_a_form_of_ones_own_goes_before_the_repository(tmp_path: Path) -> None:
    """Without either, a page has no form and says who gets the report."""
    own = "https://example.org/faults?about={id}"
    assert f'content="{own}"' in built_with(tmp_path, quiz_report_url=own, course_repository="https://example.org/o/c")
    (tmp_path / "none").mkdir()
    html = built_with(tmp_path / "none")
    assert "quiz-report" not in html
    assert "send it to whoever gave you this course" in html


def test_an_address_that_is_none_ends_the_build(tmp_path: Path) -> None:
    """One line names the file, the setting and the mend."""
    done = build_with(tmp_path, course_repository="OWNER/NAME")
    assert done.returncode != 0
    assert "_config.yml: course_repository is 'OWNER/NAME': give an address such as https" in done.stderr
