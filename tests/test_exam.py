"""The mock exams of the published site: sit one, leave it, lose the storage, run out of time, and read the report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from clicking import answer, place
from playwright.sync_api import Browser, Page, Route, expect
from records import SHIFTS, keep, keep_texts, kept, own_page, violations

from quizzes.bank import Bank
from quizzes.blueprints import resolved
from quizzes.items import AnyItem
from quizzes.marking import Part, mark
from quizzes.scores import interval, score_of

ITEM = ".exam-item .quiz-item"


@pytest.fixture
def room(page: Page, site: str) -> Page:
    """Open the exam room."""
    page.goto(f"{site}/book/exam.html")
    expect(page.locator("form[data-blueprint=sprint] button")).to_be_visible()
    return page


def start(page: Page, blueprint: str, code: str = "", minutes: str = "") -> None:
    """Start a mock exam."""
    form = page.locator(f"form[data-blueprint={blueprint}]")
    expect(page.locator(".exam-open")).to_be_attached()
    if code:
        form.locator("[name=code]").fill(code)
    if minutes:
        form.locator("[name=minutes]").select_option(minutes)
    form.locator("button").click()
    expect(page.locator(ITEM)).to_be_visible()


def record(page: Page) -> Any:
    """Return the newest exam that the browser keeps."""
    records = kept(page)
    return records[max(key for key in records if key.startswith("exam:"))]


def shown_id(page: Page) -> str:
    """Return the id of the item that is open."""
    return str(json.loads(page.locator(ITEM).get_attribute("data-item") or "{}")["id"])


def asked(page: Page, item: AnyItem) -> tuple[Part, ...]:
    """Return the parts that the exam asks of an item."""
    names = {part["name"] for part in json.loads(page.locator(ITEM).get_attribute("data-item") or "{}")["rule"]}
    return tuple(part for part in item.parts() if part.name in names)


def give(page: Page, bank: Bank, right: bool = True) -> str:
    """Answer the open item, rightly or with its first part wrong; returns its id."""
    item = bank.items[shown_id(page)]
    for part in asked(page, item):
        answer(page.locator(ITEM), part)
    if not right:
        part = asked(page, item)[0]
        if part.type in ("match", "order"):
            row = part.options[0]
            place(page.locator(ITEM), f"{part.name}:{row}", next(g for g in part.groups if g != part.places[row]))
        elif part.type == "some":
            page.locator(f'{ITEM} input[value="{part.key[0]}"]').uncheck()
        else:
            place(page.locator(ITEM), part.name, next(option for option in part.options if option not in part.key))
    return item.id


def submit(page: Page) -> None:
    """Submit what is open, and say yes."""
    page.locator(".exam-submit").click()
    page.locator(".exam-ask-yes").click(delay=600)  # a press that comes at once is the second half of a double tap


def sit(page: Page, bank: Bank, is_right: Callable[[int], bool] = lambda _: True) -> list[str]:
    """Answer all items of the open section; returns their ids."""
    ids = []
    for number in range(1000):
        ids.append(give(page, bank, is_right(number)))
        if page.locator(".exam-next").is_disabled():
            return ids
        page.locator(".exam-next").click()
    raise AssertionError("no end")


@pytest.mark.parametrize("blueprint", ["itil", "pmp", "pmp-half", "capm", "sprint"])
def test_a_form_has_as_many_questions_as_its_format(room: Page, bank: Bank, blueprint: str) -> None:
    """Over all sections, each item once."""
    start(room, blueprint)
    ids = [name for section in record(room)["sections"] for name in section]
    format_ = resolved(bank.blueprints[blueprint], bank.exams)
    questions = sum(score_of(bank.items[name].parts(), mark(bank.items[name].parts(), None))[1] for name in ids)
    assert questions == format_["questions"]
    assert len(set(ids)) == len(ids)
    assert record(room)["limit"] == 60 * format_["minutes"]
    assert len(record(room)["sections"]) == format_["sections"]


def test_a_sprint_from_start_to_report(room: Page, bank: Bank) -> None:
    """All right is ten of ten; the history knows of each answer."""
    start(room, "sprint")
    ids = sit(room, bank)
    expect(room.locator(".exam-tally")).to_have_text("10 of 10 answered")
    submit(room)
    expect(room.locator(".exam-score")).to_contain_text("10 of 10 right (100 %)")
    expect(room.get_by_text("Nothing was missed.")).to_be_visible()
    for name in ids:
        (entry,) = kept(room)[f"item:{name}"]["log"]
        assert (entry["outcome"], entry["where"]) == ("right", "exam")


def times(number: int) -> str:
    """Return a number of times as the report says it."""
    return "once" if number == 1 else f"{number} times"


def test_the_report_says_what_python_says(room: Page, bank: Bank) -> None:
    """Score, range and each table equal the figures computed from the kept answers by the other implementation."""
    start(room, "itil", code="itil-4711")
    sit(room, bank, lambda number: number % 3 > 0)
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    done = record(room)
    earned: dict[str, tuple[int, int]] = {}
    for name in (name for section in done["sections"] for name in section):
        rule = tuple(part for part in bank.items[name].parts() if part.name != "evidence")
        earned[name] = score_of(rule, mark(rule, done["responses"].get(name)))
    right, questions = (sum(each[index] for each in earned.values()) for index in (0, 1))
    assert 0 < right < questions == 40
    low, high = (round(100 * end) for end in interval(right, questions))
    expect(room.locator(".exam-score")).to_have_text(
        re.compile(rf"^{right} of 40 right .*26 are needed in this format: {'' if right >= 26 else 'not '}reached")
    )
    expect(room.locator(".exam-report")).to_contain_text(f"a score from {low} % to {high} % would be no surprise")
    by_kind: dict[str, list[int]] = {}
    for name, (one, all_) in earned.items():
        sums = by_kind.setdefault(bank.items[name].kind, [0, 0])
        sums[0], sums[1] = sums[0] + one, sums[1] + all_
    rows = room.get_by_role("region", name="By kind of question").locator("tbody tr td:nth-of-type(1)")
    assert sorted(rows.all_inner_texts()) == sorted(f"{one} of {all_}" for one, all_ in by_kind.values())
    wrong_way = {"project": 0, "operations": 0}
    for name, response in done["responses"].items():
        item = bank.items[name]
        if item.kind == "classify" and response["class"] != item.parts()[0].key[0] != "both" != response["class"]:
            wrong_way[item.parts()[0].key[0]] += 1
    expect(room.locator(".exam-report")).to_contain_text(
        f"{times(wrong_way['project'])} you took a project for operations, "
        f"{times(wrong_way['operations'])} operations for a project"
    )


def test_every_question_can_be_read_again_with_its_reasons(room: Page, bank: Bank) -> None:
    """The misses come one after the other, answered as they were, and cannot be changed."""
    start(room, "sprint")
    sit(room, bank, lambda number: number > 1)
    submit(room)
    room.get_by_role("button", name="Read the misses").click()
    review = room.locator(".exam-review")
    expect(review.get_by_role("heading")).to_have_text("Question 1: 1 of 2 that you missed")
    expect(review.locator(".quiz-status")).not_to_be_empty()
    expect(review.locator("input:enabled, select:enabled")).to_have_count(0)
    review.get_by_role("button", name="Next").click()
    expect(review.get_by_role("heading")).to_have_text("Question 2: 2 of 2 that you missed")
    review.get_by_role("button", name="Back to the report").click()
    expect(room.locator(".exam-score")).to_be_visible()
    room.get_by_role("button", name="Question 7", exact=True).click()
    expect(review.get_by_role("heading")).to_have_text("Question 7 of 10")
    room.go_back()
    expect(room.locator(".exam-score")).to_be_visible()
    expect(room.get_by_role("button", name="Question 7", exact=True)).to_be_focused()
    room.reload()
    expect(room.locator(".exam-score")).to_contain_text("8 of 10")


def test_what_is_not_answered_is_warned_of_by_number(room: Page, bank: Bank) -> None:
    """Going back leaves the learner where they were, and what is flagged is named too."""
    start(room, "sprint")
    give(room, bank)
    room.locator(".exam-next").click()
    room.locator(".exam-flag").click()
    room.locator(".exam-submit").click()
    dialog = room.get_by_role("dialog")
    expect(dialog).to_contain_text("Not fully answered: 2, 3,")
    expect(dialog).to_contain_text("Flagged: 2.")
    expect(room.get_by_role("button", name="Go back")).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")


def test_a_submitted_section_cannot_be_opened_again(room: Page, bank: Bank) -> None:
    """After it comes the break, with the clock standing still, and then only the next section, also after a reload."""
    start(room, "pmp-half")
    first = set(record(room)["sections"][0])
    expect(room.locator(".exam-where")).to_have_text("Section 1 of 2")
    submit(room)
    expect(room.get_by_role("heading", name="Break")).to_be_focused()
    expect(room.locator(".exam-break-clock")).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    room.reload()
    room.get_by_role("button", name=re.compile("^Go on: ")).click()
    room.get_by_role("button", name="Go on now").click()
    expect(room.locator(".exam-where")).to_have_text("Section 2 of 2")
    room.locator(".exam-navigator summary").click()
    for button in room.locator(".exam-places button").all()[:4]:
        button.click()
        assert shown_id(room) not in first
    expect(room.locator(".exam-previous")).to_be_enabled()
    room.locator(".exam-places button").first.click()
    expect(room.locator(".exam-previous")).to_be_disabled()


def test_an_exam_is_left_and_gone_on_with(page: Page, site: str, bank: Bank) -> None:
    """Answers, flags, place and clock are there after the page was closed, and the report says that it was left."""
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    name = give(page, bank)
    page.locator(".exam-flag").click()
    page.locator(".exam-next").click()
    second = page.context.new_page()
    page.close()
    second.goto(f"{site}/book/exam.html")
    used = record(second)["used"]
    assert 0 < used < 60
    second.get_by_role("button", name=re.compile(r"^Go on: Sprint: ten minutes, 9:\d\d left")).click()
    expect(second.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")
    second.locator(".exam-previous").click()
    assert shown_id(second) == name
    expect(second.locator(f"{ITEM} :checked, {ITEM} option:checked:not([value=''])").first).to_be_attached()
    expect(second.locator(".exam-flag")).to_have_attribute("aria-pressed", "true")
    submit(second)
    expect(second.locator(".exam-report")).to_contain_text("left once and gone on with")


def test_the_first_start_is_on_the_first_screens_and_no_room_is_kept_for_nothing(browser: Browser, site: str) -> None:
    """The shortest form comes first, right under the heading; with an open exam nothing moves when it is offered."""
    context, page = own_page(browser, viewport={"width": 375, "height": 800})
    page.add_init_script(SHIFTS)
    page.goto(f"{site}/book/exam.html", wait_until="networkidle")
    first = page.locator(".exam-card").first
    expect(first.get_by_role("heading")).to_have_text(re.compile("^Sprint: ten minutes"))
    top, heading = first.bounding_box(), page.get_by_role("heading", name="Sit one").bounding_box()
    assert top is not None
    assert heading is not None
    assert 0 <= top["y"] - heading["y"] - heading["height"] < 48
    assert page.locator("article h2").first.inner_text().startswith("Sit one")
    start(page, "sprint")
    page.goto("about:blank")
    page.goto(f"{site}/book/exam.html", wait_until="networkidle")
    expect(page.get_by_role("button", name=re.compile("^Go on: Sprint"))).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    context.close()


def test_every_open_exam_is_offered_and_discarded_only_on_a_second_press(room: Page) -> None:
    """The focus is where one goes on."""
    for blueprint in ("itil", "sprint"):
        start(room, blueprint)
        room.locator(".exam-leave").click()
    offers = room.locator(".exam-open")
    expect(offers).to_be_focused()
    expect(offers.get_by_role("button", name=re.compile("^Go on: "))).to_have_count(2)
    offers.get_by_role("button", name="Discard it").first.click()
    offers.get_by_role("button", name="Discard it for good?").click()
    expect(offers.get_by_role("button", name=re.compile("^Go on: ITIL"))).to_have_count(1)
    expect(offers.get_by_role("button", name=re.compile("^Go on: "))).to_have_count(1)


def test_two_exams_of_one_second_are_two(room: Page) -> None:
    """They are kept by the time at which they were started."""
    room.clock.set_fixed_time("2026-05-04T10:00:00Z")
    for blueprint in ("itil", "sprint"):
        start(room, blueprint)
        room.locator(".exam-leave").click()
    expect(room.locator(".exam-open").get_by_role("button", name=re.compile("^Go on: "))).to_have_count(2)


def test_a_heading_s_address_offers_open_exams_too_and_closes_no_report(room: Page, site: str, bank: Bank) -> None:
    """A link to a part of the page is no request to the room."""
    start(room, "sprint")
    room.locator(".exam-leave").click()
    room.goto("about:blank")
    room.goto(f"{site}/book/exam.html#how-it-works")
    room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(room.locator(ITEM)).to_be_visible()
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    room.evaluate("location.hash = 'how-it-works'")
    expect(room.locator(".exam-score")).to_be_visible()


@pytest.mark.parametrize("step", [".exam-pause", ".exam-submit"])
def test_no_step_goes_on_with_an_exam_that_is_lost(room: Page, step: str) -> None:
    """Whatever is pressed, the page says where the exam is; an error of its scripts would fail this."""
    start(room, "sprint")
    name = next(key for key in kept(room) if key.startswith("exam:"))
    keep(room, {name: {**kept(room)[name], "owner": "another"}})
    room.locator(step).click()
    if step == ".exam-submit":
        room.locator(".exam-ask-yes").click(delay=600)
    expect(room.get_by_role("alert").filter(visible=True)).to_have_text("This exam is open in another tab or window.")


def test_a_reload_at_each_step_loses_nothing(room: Page, bank: Bank) -> None:
    """In a question, before the answer, in a pause, with the dialog open, and in the report."""
    start(room, "sprint")
    name = give(room, bank)
    for step in ("", ".exam-next", ".exam-pause", ".exam-submit"):
        if step:
            room.locator(step).click()
        room.reload()
        room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
        expect(room.locator(ITEM)).to_be_visible()
        assert name in record(room)["responses"]
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    score = room.locator(".exam-score").inner_text()
    room.reload()
    expect(room.locator(".exam-score")).to_have_text(score)


def test_time_runs_out(page: Page, site: str) -> None:
    """The exam is submitted as it stands, warnings are said before, and the report says so."""
    page.clock.install()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.clock.run_for(9 * 60_000 + 2_000)
    expect(page.locator(".exam-said")).to_have_text("Less than 1 minute left.")
    page.clock.run_for(60_000)
    expect(page.locator(".exam-report")).to_contain_text("time ran out")


def test_a_changed_clock_changes_nothing(page: Page, site: str) -> None:
    """Neither a year ahead nor a year back gives or takes time."""
    page.clock.install()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.clock.run_for(60_000)
    for year in (2099, 2001):
        page.clock.set_system_time(f"{year}-01-01T00:00:00")
        page.clock.run_for(30_000)
    assert 114 <= record(page)["used"] <= 122  # kept every five seconds
    expect(page.locator(".exam-clock")).to_have_text(re.compile(r"^[78]:\d\d$"))


def test_the_clock_can_be_hidden_and_paused_only_where_that_is_allowed(page: Page, site: str) -> None:
    """Hidden it still runs; paused it stands still and the question is covered."""
    page.clock.install()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator(".exam-clock")).to_be_hidden()
    page.clock.run_for(30_000)
    page.get_by_role("button", name="Pause").click()
    before = record(page)["used"]
    assert before >= 30
    expect(page.locator(ITEM)).to_be_hidden()
    page.clock.run_for(60_000)
    page.get_by_role("button", name="Go on", exact=True).click()
    assert record(page)["used"] == pytest.approx(before, abs=2)
    page.locator(".exam-leave").click()
    start(page, "itil")
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()


def test_extra_time_is_chosen_before_the_start(room: Page, bank: Bank) -> None:
    """Those who do not sit it in their first language have the exam's own extra time."""
    minutes = next(fact.value for fact in bank.exams.exams[2].facts if fact.id == "minutes_extra")
    start(room, "itil", minutes=str(minutes))
    assert record(room)["limit"] == 60 * int(minutes)


def test_a_code_gives_everyone_the_same_form(browser: Browser, site: str) -> None:
    """In another browser, with another history, typed or by a link; the report names the code."""
    forms = []
    for address in ("exam.html", "exam.html#pmp-half-77"):
        context = browser.new_context(service_workers="block")
        page = context.new_page()
        page.goto(f"{site}/book/{address}")
        start(page, "pmp-half", code="" if "#" in address else "PMP-half-77 ")
        forms.append(record(page)["sections"])
        context.close()
    assert forms[0] == forms[1]


def test_a_wrong_code_is_one_clear_line(room: Page) -> None:
    """Nothing starts, and the line says what a code looks like."""
    form = room.locator("form[data-blueprint=itil]")
    form.locator("[name=code]").fill("sprint-3")
    form.locator("button").click()
    expect(form.get_by_role("status")).to_have_text("“sprint-3” is no code of this exam: it looks like itil-4711.")
    expect(room.locator(ITEM)).to_have_count(0)


def test_an_exam_runs_in_one_tab_at_a_time(page: Page, site: str, bank: Bank) -> None:
    """The tab in which it was opened last has it; the other one says so and can take it back with all answers."""
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    name = give(page, bank)
    other = page.context.new_page()
    other.goto(f"{site}/book/exam.html")
    other.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(other.locator(ITEM)).to_be_visible()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("This exam is open in another tab or window.")
    other.locator(".exam-next").click()
    given = give(other, bank)
    page.get_by_role("button", name="Go on here").click()
    page.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(page.locator(ITEM)).to_be_visible()
    expect(other.get_by_role("alert").filter(visible=True)).to_be_visible()
    assert set(record(page)["responses"]) == {name, given}


def test_a_press_before_the_script_has_come_counts(browser: Browser, site: str) -> None:
    """On a slow line the forms stand in the page long before their script: the exam begins when it is here."""
    context, page = own_page(browser)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"exam.*\.mjs"), hold)
    page.goto(f"{site}/book/exam.html", wait_until="domcontentloaded")
    page.locator("form[data-blueprint=sprint] button").click()
    expect(page.locator(ITEM)).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.locator(ITEM)).to_be_visible()
    context.close()


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
FULL = """Storage.prototype.setItem = function () { throw new DOMException('full', 'QuotaExceededError'); };"""


def test_a_double_tap_on_submit_submits_nothing(room: Page) -> None:
    """The dialog's button may lie over the one that opened it."""
    start(room, "sprint")
    room.evaluate("document.querySelector('.exam-submit').click(); document.querySelector('.exam-ask-yes').click()")
    expect(room.get_by_role("dialog")).to_be_visible()
    expect(room.locator(".exam-score")).to_have_count(0)


def test_an_offer_that_is_behind_harms_nothing(page: Page, site: str, bank: Bank) -> None:
    """A lobby in another tab may offer an exam that was submitted since: it is neither gone on with nor discarded."""
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    page.locator(".exam-leave").click()
    behind = page.context.new_page()
    behind.goto(f"{site}/book/exam.html")
    offer = behind.get_by_role("button", name=re.compile("^Go on: Sprint"))
    expect(offer).to_be_visible()
    page.bring_to_front()  # a page in the background is slow
    page.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(page.locator(ITEM)).to_be_visible()
    sit(page, bank)
    submit(page)
    expect(page.locator(".exam-score")).to_contain_text("10 of 10")
    offer.click()
    expect(offer).to_have_count(0)
    assert record(behind)["result"]["right"] == 10


def test_a_page_that_is_behind_lets_go_of_its_exam(room: Page, bank: Bank) -> None:
    """As one out of the browser's cache may be: what another page has submitted stays submitted."""
    start(room, "sprint")
    give(room, bank)
    name = next(key for key in kept(room) if key.startswith("exam:"))
    done = {**kept(room)[name], "submitted": 1, "result": {"right": 1, "questions": 10, "items": {}}}
    keep(room, {name: done})
    room.locator(".exam-next").click()
    expect(room.get_by_role("alert").filter(visible=True)).to_have_text("This exam is open in another tab or window.")
    assert kept(room)[name] == done


@pytest.mark.parametrize(("script", "line"), [(BLOCKED, "keeps nothing"), (FULL, "storage is full")])
def test_without_storage_an_exam_still_reaches_its_report(
    browser: Browser, site: str, bank: Bank, script: str, line: str
) -> None:
    """It lasts as long as the page, and says so."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(script)
    page = context.new_page()
    page.goto(f"{site}/book/exam.html")
    start(page, "sprint")
    expect(page.locator(".exam-notice")).to_contain_text(line)
    sit(page, bank)
    submit(page)
    expect(page.locator(".exam-score")).to_contain_text("10 of 10")
    context.close()


def test_storage_that_fills_up_in_an_exam_costs_no_answer(room: Page, bank: Bank) -> None:
    """What was kept stays, what follows lasts as long as the page, and the learner is told at once."""
    start(room, "sprint")
    give(room, bank)
    room.evaluate(f"() => {{ {FULL} }}")
    room.locator(".exam-next").click()
    give(room, bank)
    expect(room.locator(".exam-notice")).to_contain_text("storage is full")
    room.locator(".exam-previous").click()
    expect(room.locator(".exam-tally")).to_have_text("2 of 10 answered")


def test_a_record_that_is_corrupted_while_the_exam_runs_is_written_anew(room: Page, bank: Bank) -> None:
    """The page holds the exam; the next answer repairs what is kept."""
    start(room, "sprint")
    give(room, bank)
    room.evaluate("for (const key of Object.keys(localStorage)) if (key.includes(':exam:')) localStorage[key] = '{'")
    room.locator(".exam-next").click()
    room.reload()
    room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
    expect(room.locator(".exam-tally")).to_have_text("1 of 10 answered")


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("{", "damaged and cannot be read"),
        (
            '{"started": 1, "responses": {}, "sections": [["no-such-item"]]}',
            "cannot be gone on with",
        ),
        ('{"started": "now"}', "damaged and cannot be read"),
    ],
)
def test_an_exam_that_cannot_be_read_is_told_and_removed(room: Page, value: str, line: str) -> None:
    """Other exams can be started all the same."""
    keep_texts(room, {"exam:abc": value})
    room.reload()
    alert = room.locator(".exam-open")
    expect(alert).to_contain_text(line)
    alert.get_by_role("button").click()
    expect(alert).to_be_empty()
    start(room, "sprint")


def test_questions_not_seen_yet_come_first(room: Page, bank: Bank) -> None:
    """A second sprint repeats none of the first."""
    seen = set()
    for _ in range(3):
        start(room, "sprint")
        ids = set(record(room)["sections"][0])
        assert not ids & seen
        seen |= ids
        sit(room, bank)
        submit(room)
        room.get_by_role("link", name="Back to the mock exams").click()


def test_an_exam_is_sat_by_keyboard_alone(room: Page) -> None:
    """From start to the next question: the focus is on the question each time."""
    room.locator("form[data-blueprint=sprint] button").focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_be_focused()
    room.keyboard.press("Tab")
    room.keyboard.press("Space")
    expect(room.locator(f"{ITEM} input:checked, {ITEM} select").first).to_be_attached()
    room.get_by_role("button", name="Next", exact=True).focus()
    room.keyboard.press("Enter")
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")
    expect(room.locator(ITEM)).to_be_focused()


def test_without_javascript_the_page_says_what_to_do(browser: Browser, site: str) -> None:
    """No form that could not work is shown."""
    context = browser.new_context(service_workers="block", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/book/exam.html")
    expect(page.locator("article noscript p").first).to_be_visible()
    expect(page.locator("form[data-blueprint]").first).to_be_hidden()
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375), ("light", 320)])
def test_axe_finds_nothing_at_any_step(browser: Browser, site: str, scheme: Any, width: int) -> None:
    """Question, navigator, dialog, break, second section, report and a question read again; nothing is cut off."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 760}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/exam.html")
    start(page, "pmp-half")
    page.locator(f"{ITEM} input, {ITEM} select").first.focus()
    page.keyboard.press("Space")
    page.locator(".exam-flag").click()
    page.locator(".exam-navigator summary").click()
    steps = [".exam-submit", ".exam-ask-yes", ".exam-end-break", ".exam-submit", ".exam-ask-yes"]
    for step in steps:
        assert violations(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step
        page.locator(step).click(delay=600 if step == ".exam-ask-yes" else 0)
    expect(page.locator(".exam-score")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Read the misses").click()
    expect(page.locator(".exam-review .quiz-item")).to_be_visible()
    assert violations(page) == []
    context.close()
