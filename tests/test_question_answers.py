"""A question on the published site is answered by pointer or keyboard, and the browser keeps what was answered."""

from __future__ import annotations

import re

import pytest
from clicking import item_id
from playwright.sync_api import Browser, Locator, Page, expect
from questions import FIRST, choose, item, keyed, of_kind, other

from quizzes.bank import Bank

__all__ = ["item"]  # a fixture


def test_try_again_clears_the_item_and_takes_a_new_answer(item: Locator, bank: Bank) -> None:
    """After a miss the learner starts afresh, with the focus on the first option."""
    key = keyed(bank, item)
    choose(item, "class", other(item, "class", key["class"]))
    item.get_by_role("button", name="Check answer").click()
    item.get_by_role("button", name="Try again").click()
    expect(item.get_by_role("status")).to_be_empty()
    expect(item.locator("input:checked")).to_have_count(0)
    expect(item.locator("mark")).to_have_count(0)
    expect(item.locator("input").first).to_be_focused()
    for part, option in key.items():
        choose(item, part, option)
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))


def test_answers_survive_a_reload(page: Page, item: Locator, bank: Bank) -> None:
    """Checked answers come back with their feedback, unchecked ones as they were left."""
    for part, option in keyed(bank, item).items():
        choose(item, part, option)
    item.get_by_role("button", name="Check answer").click()
    second = page.locator(".quiz-item").nth(1)
    choose(second, "class", "project")
    page.reload()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))
    expect(second.locator("input[name=class][value=project]")).to_be_checked()
    expect(second.get_by_role("status")).to_be_empty()


def test_an_item_is_answered_by_keyboard_alone(page: Page, item: Locator, bank: Bank) -> None:
    """Tab, arrows and Enter are enough from the first option to the verdict."""
    for part, option in keyed(bank, item).items():
        inputs = item.locator(f"input[name={part}]")
        values = inputs.evaluate_all("all => all.map(each => each.value)")
        if part == "class":
            inputs.first.focus()
        else:
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(values.index(option)):
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(item.get_by_role("button", name="Check answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))


def test_steps_are_numbered_by_keyboard_and_no_number_stands_twice(page: Page, site: str, bank: Bank) -> None:
    """Tab and digits are enough; a number that is given again leaves the step that had it."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, "order")
    (part,) = bank.items[item_id(item)].parts()
    lists = item.locator("select")
    lists.first.focus()
    for row in part.options:
        page.keyboard.press(str(part.key.index(row) + 1))
        page.keyboard.press("Tab")
    expect(item.get_by_role("button", name="Check answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))
    taken = {row: each.input_value() for row, each in zip(part.options, lists.all(), strict=True)}
    lists.nth(2).focus()
    page.keyboard.press("ArrowUp" if taken[part.options[2]] != "1" else "ArrowDown")
    passed = lists.nth(2).input_value()
    other = next(row for row, number in taken.items() if number == passed)
    expect(item.locator(f'[name="order:{other}"]')).to_have_value(passed)  # arrows may be on their way further
    page.keyboard.press("Tab")
    expect(item.locator(f'[name="order:{other}"]')).to_have_value("")
    page.reload()
    expect(of_kind(page, bank, "order").locator(f'[name="order:{other}"]')).to_have_value("")


def test_an_item_has_an_address_that_leads_to_it(page: Page, site: str, bank: Bank) -> None:
    """The exam map's link opens the page at the question, as a link that is shared would."""
    page.goto(f"{site}/book/exams/capm.html")
    details = page.locator(".exam-map details").first
    details.locator("summary").click()
    link = details.locator("a").first
    name = link.inner_text()
    link.click()
    expect(page.locator(f"#item-{name}")).to_be_in_viewport()
    assert item_id(page.locator(f"#item-{name}")) == name


def test_two_tabs_keep_each_others_answers(page: Page, item: Locator) -> None:
    """Each tab writes only what changed in it, and shows at once what the other one kept."""
    second_tab = page.context.new_page()
    second_tab.goto(page.url)
    choose(item, "class", "project")
    second_tab.locator(".quiz-item").nth(1).locator("input[name=class]").first.check()
    expect(second_tab.locator(FIRST).locator("input[name=class][value=project]")).to_be_checked()
    page.reload()
    expect(page.locator("input[name=class]:checked")).to_have_count(2)


def test_an_item_that_stands_twice_on_a_page_is_one_item(page: Page, site: str, bank: Bank) -> None:
    """Answering it in one quiz answers it in the other, and other answers leave it alone."""
    page.goto(f"{site}/book/practice-lab.html")
    page.evaluate(
        "document.querySelectorAll('.quiz-host')[0].after(document.querySelectorAll('.quiz-host')[0].cloneNode(true))"
    )
    first = page.locator(FIRST)
    html = page.content()
    page.route("**/practice-lab.html", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.reload()
    twin = page.locator(f"[data-item*='{item_id(first)}']").nth(1)
    choose(twin, "class", "project")
    choose(page.locator(".quiz-item").nth(1), "class", "operations")
    expect(first.locator("input[value=project]")).to_be_checked()
    page.reload()
    expect(first.locator("input[value=project]")).to_be_checked()
    expect(twin.locator("input[value=project]")).to_be_checked()


def test_a_browser_that_refuses_storage_still_marks(browser: Browser, site: str) -> None:
    """Answers then last as long as the page."""
    context = browser.new_context(service_workers="block")
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })")
    page = context.new_page()
    page.goto(f"{site}/book/practice.html")
    item = page.locator(FIRST)
    choose(item, "class", "project")
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).not_to_be_empty()
    context.close()


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"response": 7, "checked": true}', '{"response": {"class": "nonsense"}, "checked": true}']
)
def test_corrupt_storage_never_breaks_a_page(page: Page, site: str, item: Locator, kept: str) -> None:
    """Foreign data is passed over and the item can be answered."""
    key = f"project-or-operation:1:/:{item_id(item)}"
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, kept])
    page.reload()
    choose(item, "class", "project")
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^(Partly|Not) correct"))


def test_what_a_browser_kept_before_this_version_is_still_there(page: Page, site: str, bank: Bank) -> None:
    """Version 1 of the records is carried over once, and its keys are removed."""
    item = bank.select(use="practice", differentiator="team", kind="classify")[0]
    page.goto(f"{site}/book/about.html")
    old = f"project-or-operation:1:/:{item.id}"
    value = {"response": {part.name: part.key[0] for part in item.parts()[:2]}, "checked": True}
    page.evaluate("([key, value]) => localStorage.setItem(key, JSON.stringify(value))", [old, value])
    page.goto(f"{site}/book/practice/team.html")
    expect(page.locator(f"#item-{item.id}").get_by_role("status")).to_have_text(re.compile("^Correct"))
    assert page.evaluate("(key) => localStorage.getItem(key)", old) is None
