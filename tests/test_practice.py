"""The practice room of the published site: choosing, answering, siblings of what was missed, leaving, coming back."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from clicking import answer, item_id, place
from conftest import ROOT
from playwright.sync_api import Browser, Locator, Page, expect
from records import SHIFTS, keep, keep_texts, kept, own_page, violations
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from quizzes.bank import Bank
from quizzes.items import AnyItem

ITEM = ".practice-items .quiz-item"
LOG = {"at": 1_700_000_000, "where": "page"}


@pytest.fixture
def room(page: Page, site: str) -> Page:
    """Open the practice room."""
    page.goto(f"{site}/book/practice.html")
    touch(page)
    return page


def touch(page: Page) -> None:
    """Touch the choice, which brings the session's script."""
    page.locator(".practice-more").evaluate("each => { each.open = true; }")
    page.locator(".practice-setup form").dispatch_event("focusin")
    expect(page.locator(".quiz-room[data-ready]")).to_be_attached()


def shown(page: Page, bank: Bank) -> AnyItem:
    """Return the item that the room shows."""
    return bank.items[item_id(page.locator(ITEM).first)]


def give(item: Locator, source: AnyItem, right: bool) -> None:
    """Answer the item that is shown, rightly or not, and check."""
    for part in source.parts():
        answer(item, part)
    if not right:
        part = source.parts()[0]
        wrong = next(option for option in part.options if option not in part.key)
        place(item, part.name, wrong)
    item.get_by_role("button", name="Check answer").click()


def start(page: Page, **conditions: str) -> None:
    """Choose and start."""
    for name, value in conditions.items():
        page.locator(f".practice-setup [name={name}]").select_option(value)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(ITEM).first).to_be_visible()


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"kind": "classify"},
        {"difference": "duration", "kind": "classify"},
        {"exam": "itil"},
        {"exam": "pmp/closure"},
        {"sector": "health-care"},
    ],
)
def test_conditions_narrow_the_choice(room: Page, bank: Bank, conditions: dict[str, str]) -> None:
    """The number that matches is the bank's own."""
    wanted = {"differentiator" if name == "difference" else name: value for name, value in conditions.items()}
    sector = wanted.pop("sector", None)
    found = [item for item in bank.select(use="practice", **wanted) if sector in (None, item.sector)]
    for name, value in conditions.items():
        room.locator(f".practice-setup [name={name}]").select_option(value)
    expect(room.locator(".practice-matches")).to_have_text(f"{len(found)} questions match.")


def test_the_first_touch_is_enough(page: Page, site: str) -> None:
    """Start works at once, before the session's script has come."""
    page.goto(f"{site}/book/practice.html")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 10")


def test_levels_divide_the_bank(room: Page, bank: Bank) -> None:
    """Each level has questions, and together they are all of them."""
    counts = []
    for level in "123":
        room.locator(".practice-setup [name=level]").select_option(level)
        counts.append(int(room.locator(".practice-matches").inner_text().split()[0]))
    assert min(counts) > 0
    assert sum(counts) == len(bank.select(use="practice"))


def test_a_choice_that_nothing_meets_cannot_be_started(room: Page) -> None:
    """A newcomer has missed nothing."""
    room.locator(".practice-setup [name=which]").select_option("missed")
    expect(room.locator(".practice-matches")).to_have_text("0 questions match.")
    expect(room.get_by_role("button", name="Start", exact=True)).to_be_disabled()


def test_not_seen_missed_and_flagged_follow_the_history(room: Page, bank: Bank) -> None:
    """What was answered anywhere on the site counts."""
    one, two, three = (item.id for item in bank.select(use="practice", differentiator="money")[:3])
    keep(room, {f"item:{one}": {"log": [{**LOG, "outcome": "right"}]}})
    keep(room, {f"item:{two}": {"log": [{**LOG, "outcome": "wrong"}]}})
    keep(room, {f"item:{three}": {"flag": True}})
    room.reload()
    touch(room)
    room.locator(".practice-setup [name=difference]").select_option("money")
    money = len(bank.select(use="practice", differentiator="money"))
    for which, number in {"new": money - 2, "missed": 1, "flagged": 1}.items():
        room.locator(".practice-setup [name=which]").select_option(which)
        expect(room.locator(".practice-matches")).to_contain_text(f"{number} question")


def test_a_missed_question_brings_a_sibling(room: Page, bank: Bank) -> None:
    """One of the same family, not asked yet, comes within the next few questions; a right answer brings none."""
    start(room, kind="classify", count="5", layout="one")
    first = shown(room, bank)
    give(room.locator(ITEM), first, right=False)
    queue = kept(room)["session:practice"]["queue"]
    assert len(queue) == 6
    assert first.family in {bank.items[name].family for name in queue[1:4]}
    assert queue.count(first.id) == 1
    room.get_by_role("button", name="Next question").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 6")
    give(room.locator(ITEM), shown(room, bank), right=True)
    expect(room.locator(ITEM).get_by_role("status")).to_have_text(re.compile("^Correct"))
    assert len(kept(room)["session:practice"]["queue"]) == 6


def test_what_was_missed_comes_back_as_a_sibling(room: Page, bank: Bank) -> None:
    """The stem is not asked again while its family has another one; a sibling that is right clears it."""
    item = next(each for each in bank.select(use="practice", kind="classify") if _siblings(bank, each))
    keep(room, {f"item:{item.id}": {"log": [{**LOG, "outcome": "wrong"}]}})
    room.reload()
    touch(room)
    start(room, which="missed")
    other = shown(room, bank)
    assert (other.family, other.id != item.id) == (item.family, True)
    give(room.locator(ITEM), other, right=True)
    room.get_by_role("button", name="See how it went").click()
    room.get_by_role("button", name="Practise something else").click()
    expect(room.locator(".practice-matches")).to_have_text("0 questions match.")


def _siblings(bank: Bank, item: AnyItem) -> list[AnyItem]:
    return [each for each in bank.select(use="practice", kind=item.kind) if each.family == item.family and each != item]


def test_a_sibling_brings_no_other_one(room: Page, bank: Bank) -> None:
    """Whoever misses everything still comes to an end: a family stands in once, and the question says so."""
    start(room, kind="classify", count="5", layout="one")
    for _ in range(30):
        label = room.locator(ITEM).get_attribute("aria-label") or ""
        name = item_id(room.locator(ITEM))
        assert ("in place of one that you missed" in label) == (name in kept(room)["session:practice"]["brought"])
        give(room.locator(ITEM), shown(room, bank), right=False)
        room.locator(".practice-next").click()
        if room.locator(".practice-summary").count():
            break
        expect(room.locator(ITEM)).not_to_have_attribute("aria-label", label)
    expect(room.locator(".practice-summary")).to_be_visible()
    assert len(kept(room)["session:practice"]["queue"]) <= 10


def test_a_session_that_is_ended_early_is_summed_up(room: Page, bank: Bank) -> None:
    """And the summary is still there after a reload."""
    start(room, kind="choice", count="5")
    give(room.locator(ITEM), shown(room, bank), right=True)
    room.get_by_role("button", name="End session").click()
    expect(room.locator(".practice-summary").get_by_role("heading")).to_have_text("1 of 1 right")
    room.reload()
    room.get_by_role("button", name="See how your last session went").click()
    expect(room.locator(".practice-summary").get_by_role("heading")).to_have_text("1 of 1 right")


def test_a_session_survives_a_reload_and_is_gone_on_with(room: Page, bank: Bank) -> None:
    """The same question stands there, with its answer checked and the tally kept."""
    start(room, kind="choice", count="5")
    give(room.locator(ITEM), shown(room, bank), right=True)
    room.get_by_role("button", name="Next question").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 5")
    second = shown(room, bank)
    room.reload()
    expect(room.get_by_role("button", name="Start a new session")).to_be_enabled()
    room.get_by_role("button", name="Go on: question 2 of 5").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 5")
    assert shown(room, bank) == second
    expect(room.locator(".practice-score")).to_have_text("1 of 1 right so far")


def test_time_away_from_the_page_is_not_spent_on_the_question(room: Page, bank: Bank) -> None:
    """What counts is the time in which the question could be seen."""
    start(room, kind="choice", count="5")
    room.clock.install()
    name = shown(room, bank).id
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    room.clock.fast_forward(20_000)
    room.evaluate(hide, True)
    room.clock.fast_forward(3_600_000)
    room.evaluate(hide, False)
    give(room.locator(ITEM), bank.items[name], right=True)
    assert 20 <= kept(room)[f"item:{name}"]["log"][-1]["seconds"] < 60


def test_a_whole_page_of_questions_ends_in_a_summary(room: Page, bank: Bank) -> None:
    """The summary counts, names what was missed and leads back to it."""
    start(room, kind="choice", count="5", layout="page")
    items = room.locator(ITEM)
    expect(items).to_have_count(5)
    missed = item_id(items.nth(0))
    for number, item in enumerate(items.all()[:3]):
        give(item, bank.items[item_id(item)], right=number > 0)
    room.get_by_role("button", name="See how it went").click()
    summary = room.locator(".practice-summary")
    expect(summary.get_by_role("heading")).to_have_text("2 of 3 right")
    summary.get_by_role("link", name="Read question 1 again").click()
    expect(room.locator(f"#item-{missed}")).to_be_in_viewport()


def test_a_session_is_answered_by_keyboard_alone(room: Page, bank: Bank) -> None:
    """From the start to the second question without a pointer: the focus is where the learner goes on."""
    room.locator(".practice-setup [name=kind]").select_option("choice")
    room.get_by_role("button", name="Start", exact=True).focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_be_focused()
    room.keyboard.press("Tab")
    room.keyboard.press("Space")
    room.keyboard.press("Tab")
    expect(room.get_by_role("button", name="Check answer").first).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM).get_by_role("status")).not_to_be_empty()
    room.get_by_role("button", name="Next question").focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", re.compile("Question 2"))
    expect(room.locator(ITEM)).to_be_focused()


def test_a_link_starts_a_session(page: Page, site: str, bank: Bank) -> None:
    """Other pages lead straight to questions of one difference."""
    page.goto(f"{site}/book/practice.html#difference=team&count=5")
    expect(page.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 5")
    assert shown(page, bank).differentiator == "team"


def test_a_link_within_the_page_starts_a_session_too(room: Page, bank: Bank) -> None:
    """And a reload afterwards goes on with it instead of starting another one."""
    room.evaluate("location.hash = 'difference=money&count=5'")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 5")
    first = shown(room, bank)
    assert first.differentiator == "money"
    room.reload()
    room.get_by_role("button", name="Go on: question 1 of 5").click()
    assert shown(room, bank) == first


def test_a_skipped_question_counts_as_nothing(room: Page, bank: Bank) -> None:
    """Neither the history nor the tally knows of it."""
    start(room, count="5")
    skipped = shown(room, bank).id
    room.get_by_role("button", name="Skip").click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 5")
    assert f"item:{skipped}" not in kept(room)


def test_an_answer_goes_into_the_history(room: Page, bank: Bank) -> None:
    """With its time, its outcome, and the class that was chosen."""
    start(room, kind="classify")
    item = shown(room, bank)
    give(room.locator(ITEM), item, right=True)
    (entry,) = kept(room)[f"item:{item.id}"]["log"]
    assert (entry["outcome"], entry["where"], entry["chose"]) == ("right", "practice", item.parts()[0].key[0])
    assert entry["at"] > LOG["at"]
    assert entry["seconds"] >= 0


def test_an_answer_says_where_the_difference_was_given_away(room: Page, bank: Bank) -> None:
    """Of one difference, a session's answers are told apart from those in which it had to be found."""
    start(room, kind="classify", difference="team")
    item = shown(room, bank)
    give(room.locator(ITEM), item, right=True)
    assert kept(room)[f"item:{item.id}"]["log"][-1]["where"] == "difference"


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


def built_with(folder: Path, **options: Any) -> str:
    """Return the HTML of a page with a question and the page's words on reports, from a site with these settings."""
    (folder / "index.md").write_text(
        "# A page\n\nA report {{ report_button }}: {{ fault_place }}.\n\n```{quiz} payroll-1\n```\n"
    )
    own = {
        "extensions": ["myst_nb", "quizzes.directive"],
        "html_theme": "basic",
        "myst_enable_extensions": ["substitution"],
    }
    app = Sphinx(folder, None, folder / "out", folder / "trees", "html", {**own, **options}, status=None, warning=None)
    app.build()
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
    with pytest.raises(
        ConfigError, match=r"_config\.yml: course_repository is 'OWNER/NAME': give an address such as https"
    ):
        built_with(tmp_path, course_repository="OWNER/NAME")


def test_the_difference_is_chosen_without_unfolding_anything(page: Page, site: str) -> None:
    """It is the course's main axis: it stands beside the other two choices, before Start."""
    page.goto(f"{site}/book/practice.html")
    shown = page.locator(".practice-setup select:visible")
    assert shown.evaluate_all("all => all.map(each => each.name)") == ["which", "difference", "exam"]


def test_no_room_is_kept_for_an_offer_that_will_not_come(browser: Browser, site: str) -> None:
    """The choice follows its heading; with a session to go on with nothing moves when the offer comes."""
    context, page = own_page(browser, viewport={"width": 375, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{site}/book/practice.html", wait_until="networkidle")
    gap = "() => document.querySelector('.practice-setup form').getBoundingClientRect().top"
    gap += " - document.querySelector('#choose-and-start h2').getBoundingClientRect().bottom"
    assert page.evaluate(gap) < 32
    touch(page)
    start(page, count="5")
    page.goto(f"{site}/book/practice.html", wait_until="networkidle")
    expect(page.get_by_role("button", name="Go on: question")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    context.close()


def test_a_session_hides_the_page_s_contents(page: Page, site: str) -> None:
    """The list would lead away from the question, and to a heading that does not show."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site}/book/practice.html")
    contents = page.locator(".bd-sidebar-secondary")
    expect(contents).to_be_visible()
    touch(page)
    start(page, count="5")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="End session").click()
    expect(contents).to_be_visible()


def test_questions_that_cannot_be_loaded_can_be_tried_again(room: Page) -> None:
    """A lost connection is one clear line, and no dead end."""
    room.route("**/*.html", lambda route: route.abort())
    room.get_by_role("button", name="Start", exact=True).click()
    expect(room.get_by_role("alert")).to_contain_text("could not be loaded")
    room.unroute("**/*.html")
    room.get_by_role("button", name="Try again").first.click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", re.compile("^Question 1"))


def test_a_room_that_could_not_be_loaded_works_at_the_next_try(page: Page, site: str) -> None:
    """One clear line in place of a dead button."""
    page.route("**/session.mjs", lambda route: route.abort())
    page.goto(f"{site}/book/practice.html")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".practice-matches")).to_contain_text("could not be loaded")
    page.unroute("**/session.mjs")


def test_a_full_storage_is_told_in_a_session(room: Page, bank: Bank) -> None:
    """As everywhere."""
    start(room, count="5")
    room.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    give(room.locator(ITEM), shown(room, bank), right=True)
    expect(room.locator(".practice-notice")).to_contain_text("storage is full")


@pytest.mark.parametrize(
    "kept_value", ["{", "[]", '{"queue": 7}', '{"queue": ["no-such"], "at": 0, "responses": {}, "checked": {}}']
)
def test_a_session_that_cannot_be_read_is_passed_over(room: Page, kept_value: str) -> None:
    """The room opens and starts afresh."""
    keep_texts(room, {"session:practice": kept_value})
    room.reload()
    touch(room)
    start(room, count="5")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 1 of 5")


def test_without_javascript_the_page_says_where_to_go(browser: Browser, site: str) -> None:
    """The choice, which could not work, is not shown."""
    context = browser.new_context(service_workers="block", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/book/practice.html")
    expect(page.locator(".practice-setup")).to_be_hidden()
    expect(page.locator("article noscript p").first).to_be_visible()  # found by text, it would be passed over
    context.close()


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


def test_the_front_end_holds_no_file_over_300_lines_but_the_quiz() -> None:
    """One module needs the length: anywidget loads a single file."""
    files = [path for path in (ROOT / "quizzes/frontend").rglob("*") if path.is_file()]
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name for name, length in lengths.items() if length > 300} <= {"quiz.mjs"}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375), ("light", 320)])
def test_axe_finds_nothing_in_a_session(browser: Browser, site: str, bank: Bank, scheme: Any, width: int) -> None:
    """With a question answered wrongly, and in the summary; nothing is cut off on a phone."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 760}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/practice.html#kind=classify&count=5")
    expect(page.locator(ITEM)).to_be_visible()
    give(page.locator(ITEM), shown(page, bank), right=False)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    while page.locator(ITEM).count():
        page.get_by_role("button", name="Skip").click()
        expect(page.locator(".practice-summary, .practice-items .quiz-item").first).to_be_visible()
    assert violations(page) == []
    context.close()
