"""The published site in a real browser: what a student can do with no kernel, no account and no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from clicking import answer, item_id, place
from conftest import ROOT
from playwright.sync_api import Browser, Locator, Page, Route, expect
from records import violations

from quizzes.bank import Bank, draw
from quizzes.items import KINDS, Sort
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
FIRST = ".quiz-item >> nth=0"


def keyed(bank: Bank, item: Locator) -> dict[str, str]:
    """Return the right option of each single-choice part that the item asks."""
    asked = item.locator("fieldset").evaluate_all("all => all.map(each => each.dataset.part)")
    return {part.name: part.key[0] for part in bank.items[item_id(item)].parts() if part.name in asked}


def choose(item: Locator, part: str, option: str) -> None:
    """Choose an option as a pointer would."""
    item.locator(f"input[name={part}][value={option}]").check()


def other(item: Locator, part: str, key: str) -> str:
    """Return an option of the part that is not keyed."""
    values = item.locator(f"input[name={part}]").evaluate_all("all => all.map(each => each.value)")
    return str(next(value for value in values if value != key))


@pytest.fixture
def item(page: Page, site: str) -> Locator:
    """Open the practice page at its first scenario."""
    page.goto(f"{site}/book/practice.html")
    return page.locator(FIRST)


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


def test_a_right_answer_is_correct_and_explained(item: Locator, bank: Bank) -> None:
    """The verdict names the difference, the evidence is marked, and the chosen option's rationale is given."""
    key = keyed(bank, item)
    group = item.get_by_role("group", name="What is it?")
    group.get_by_role("radio", name="Project" if key["class"] == "project" else "Operations").check()
    choose(item.get_by_role("group", name="Which difference decides it?"), "differentiator", key["differentiator"])
    item.get_by_role("button", name="Check answer").click()
    source = bank.items[item_id(item)]
    status = item.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^Correct"))
    expect(status).to_contain_text(bank.differentiators[source.differentiator].name)
    expect(status).to_contain_text(source.classes.options[key["class"]].rationale)
    marked = item.locator(".quiz-scenario mark").all_text_contents()
    assert sorted(marked) == sorted(phrase.text for phrase in source.evidence if phrase.evidence)


def test_a_right_class_with_a_wrong_reason_is_partly_correct(item: Locator, bank: Bank) -> None:
    """The class earns its point, the reason does not, and the trap is named."""
    key = keyed(bank, item)
    choose(item, "class", key["class"])
    wrong = other(item, "differentiator", key["differentiator"])
    choose(item, "differentiator", wrong)
    item.get_by_role("button", name="Check answer").click()
    status = item.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^Partly correct"))
    expect(status).to_contain_text(bank.items[item_id(item)].deciding.options[wrong].rationale)


def test_a_wrong_class_is_not_correct(item: Locator, bank: Bank) -> None:
    """The rationale of the option that was chosen is given."""
    key = keyed(bank, item)
    choose(item, "class", other(item, "class", key["class"]))
    choose(item, "differentiator", key["differentiator"])
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Not correct"))


def test_a_right_difference_under_a_wrong_class_says_that_it_earns_nothing(item: Locator, bank: Bank) -> None:
    """In the verdict and beside the choice; with the right class, and with a wrong difference, nothing of the kind."""
    key, unearned = keyed(bank, item), "counts only with the right class"
    wrong = {part: other(item, part, option) for part, option in key.items()}
    after = "each => getComputedStyle(each, '::after').content"
    for chosen, told in (
        ({"class": wrong["class"], "differentiator": key["differentiator"]}, True),
        ({"class": wrong["class"], "differentiator": wrong["differentiator"]}, False),
        ({"class": key["class"], "differentiator": key["differentiator"]}, False),
    ):
        for part, option in chosen.items():
            choose(item, part, option)
        item.get_by_role("button", name="Check answer").click()
        assert (unearned in item.get_by_role("status").inner_text()) is told
        label = item.locator("label:has([name=differentiator]:checked)")
        assert (unearned in label.evaluate(after)) is told


def test_nothing_chosen_is_not_answered(item: Locator) -> None:
    """Blank is told apart from wrong, and the answer stays closed."""
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Not answered"))
    expect(item.get_by_text("Show the answer")).to_be_hidden()


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


def test_the_evidence_part_is_marked_too(page: Page, site: str, bank: Bank) -> None:
    """Where the words are asked for, choosing them all is not right."""
    page.goto(f"{site}/book/practice.html")
    item = page.locator(".quiz-item", has=page.locator("fieldset[data-part=evidence]")).first
    part = {part.name: part for part in bank.items[item_id(item)].parts()}
    choose(item, "class", part["class"].key[0])
    choose(item, "differentiator", part["differentiator"].key[0])
    for box in item.locator("input[name=evidence]").all():
        box.check()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Partly correct"))
    for phrase in set(part["evidence"].options) - set(part["evidence"].key):
        item.locator(f"input[name=evidence][value={phrase}]").uncheck()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))


def of_kind(page: Page, bank: Bank, kind: str) -> Locator:
    """Return the first item of a kind on the page."""
    items = page.locator(".quiz-item").all()
    return next(item for item in items if bank.items[item_id(item)].kind == kind)


def test_half_an_answer_is_not_marked_without_a_word(page: Page, site: str, bank: Bank) -> None:
    """The verdict names what was asked and left open."""
    page.goto(f"{site}/book/practice/duration.html")
    item = of_kind(page, bank, "classify")
    choose(item, "class", bank.items[item_id(item)].parts()[0].key[0])
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_contain_text("Not answered: “Which difference decides it?”")


NEW_KINDS = [kind for kind in KINDS if kind != "classify"]


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_every_kind_is_marked_explained_and_kept(page: Page, site: str, bank: Bank, kind: str) -> None:
    """The keyed answer is correct, comes back after a reload, and can be taken back."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, kind)
    parts = [part for part in bank.items[item_id(item)].parts() if part.name != "evidence"]
    for part in parts:
        answer(item, part)
    item.get_by_role("button", name="Check answer").click()
    status = item.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^Correct"))
    expect(item.locator("[data-result=wrong]")).to_have_count(0)
    page.reload()
    item = of_kind(page, bank, kind)
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Correct"))
    item.get_by_role("button", name="Try again").click()
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Not answered"))


@pytest.mark.parametrize("kind", ["multiple", "sort", "order", "fill", "case"])
def test_half_an_answer_is_partly_correct(page: Page, site: str, bank: Bank, kind: str) -> None:
    """What is left out earns nothing; what is right earns its share, and its reasons are shown."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, kind)
    part = bank.items[item_id(item)].parts()[0]
    if part.type == "some":
        item.locator(f'input[name="{part.name}"][value="{part.key[0]}"]').check()
    elif part.type == "match":
        place(item, f"{part.name}:{part.options[0]}", part.key[0])
    elif part.type == "order":
        for number, row in enumerate(part.key[:2], 1):
            place(item, f"{part.name}:{row}", str(number))
    else:
        answer(item, part)
    item.get_by_role("button", name="Check answer").click()
    expect(item.get_by_role("status")).to_have_text(re.compile(r"^Partly correct"))


def test_a_misplaced_row_gets_its_reason(page: Page, site: str, bank: Bank) -> None:
    """Feedback names the right place of what stands in a wrong one, and says nothing of the others."""
    page.goto(f"{site}/book/practice.html")
    item = of_kind(page, bank, "sort")
    source = bank.items[item_id(item)]
    assert isinstance(source, Sort)
    (part,) = source.parts()
    answer(item, part)
    row, group = next(iter(source.rows.items()))
    place(item, f"sort:{row}", next(name for name in source.groups if name != group.group))
    item.get_by_role("button", name="Check answer").click()
    reasons = item.locator(".quiz-status li")
    expect(reasons).to_have_count(1)
    expect(reasons).to_contain_text(group.rationale)
    expect(reasons).to_contain_text(source.groups[group.group])
    expect(item.locator("[data-result=wrong]")).to_have_count(1)


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


def test_every_practice_item_stands_on_a_practice_page(built: tuple[Path, str], bank: Bank) -> None:
    """None is lost between the pages, whatever its difference."""
    html = "".join(path.read_text(encoding="utf-8") for path in (built[0] / "book" / "practice").glob("*.html"))
    missing = [item.id for item in bank.select(use="practice") if f'id="item-{item.id}"' not in html]
    assert missing == []


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
