"""The progress room: figures that follow from the records and nothing else, in words, charts and tables that agree."""

from __future__ import annotations

import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from records import BLOCKED, SHIFTS, attempt, keep, keep_texts, moment, opened, violations

from quizzes.bank import Bank
from quizzes.items import AnyItem
from quizzes.scores import interval

DAY = 86_400
ZONE = "America/New_York"
NOW = moment("2026-11-24T15:00:00", ZONE)
NONE = "\N{EN DASH}"
CREDIT = {"right": 1.0, "partly": 0.5, "wrong": 0.0}
Logs = dict[str, list[dict[str, Any]]]


@pytest.fixture
def room(browser: Browser, site: str) -> Iterator[Page]:
    """Open the progress page with empty storage, in New York on a November afternoon."""
    with opened(browser, f"{site}/book/progress.html", ZONE, NOW) as page:
        yield page


def show(page: Page, records: dict[str, Any]) -> None:
    """Put records into the browser and open the page anew."""
    keep(page, records)
    page.reload()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()


def day_of(at: int, zone: str = ZONE) -> date:
    """Return the calendar day of a time."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()


def percent(share: float) -> str:
    """Return a share as the page writes it."""
    return f"{math.floor(share * 100 + 0.5)} %"


def exact(points: float) -> str:
    """Return points as the page writes them."""
    return str(int(points)) if points == int(points) else f"{points:.1f}"


def written(day: date) -> str:
    """Return a day as the page writes it."""
    month = f"{day:%b}".replace("Sep", "Sept")
    return f"{day.day} {month} {day.year}"


def rows(page: Page, section: str) -> list[list[str]]:
    """Return the cells of a section's table, which is opened first where it is folded."""
    place = page.locator(f"section[aria-labelledby={section}]")
    summary = place.locator("summary")
    if summary.count() and place.locator("details:not([open])").count():
        summary.click()
    return [line.locator("th, td").all_inner_texts() for line in place.locator("tbody tr").all()]


def chart(page: Page, name: str) -> str:
    """Return what a chart tells a screen reader."""
    return page.get_by_role("img", name=name).locator("desc").evaluate("each => each.textContent") or ""


def made_logs(bank: Bank, seed: int) -> Logs:
    """Return a made history of 12 weeks and more: half of the items, up to four answers each, some on one day."""
    rng = random.Random(seed)  # noqa: S311  made records, no secret
    logs: Logs = {}
    for item in rng.sample(bank.select(use="practice"), 120):
        times = sorted(NOW - int(rng.random() ** 2 * 100 * DAY) for _ in range(rng.randint(1, 3)))
        times += [times[-1] + 60] if times[-1] + 60 < NOW and rng.random() < 0.4 else []
        logs[item.id] = [attempt(at, rng.choice(list(CREDIT))) for at in times]
    return logs


def items(logs: Logs) -> dict[str, Any]:
    """Return logs as records."""
    return {f"item:{name}": {"log": log} for name, log in logs.items()}


def counted(logs: Logs, bank: Bank) -> dict[str, list[float]]:
    """Return by difference the credit of the last ten answers, each the first of its question's last day."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for name, log in logs.items():
        last = day_of(log[-1]["at"])
        first = next(each for each in log if day_of(each["at"]) == last)
        found[bank.items[name].differentiator].append((first["at"], CREDIT[first["outcome"]]))
    return {name: [credit for _, credit in sorted(each)][-10:] for name, each in found.items()}


def expected_row(name: str, earned: list[float], seen: int, questions: int) -> list[str]:
    """Return a line of the table of mastery."""
    points, number = sum(earned), len(earned)
    standing = f"{number} answer{'' if number == 1 else 's'}, too few to say" if number else "no answer yet"
    span = NONE
    if number >= 5:
        standing = percent(points / number)
        span = " to ".join(percent(end) for end in interval(points, number))  # type: ignore[arg-type]  points may be half
    return [
        name,
        exact(points),
        str(number),
        standing,
        span,
        f"{seen} of {questions}",
        "Practise" if questions else NONE,
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mastery_follows_from_the_records(room: Page, bank: Bank, seed: int) -> None:
    """Table and chart say what is worked out here from the same records, difference by difference."""
    logs = made_logs(bank, seed)
    show(room, items(logs))
    earned = counted(logs, bank)
    wanted = []
    for each in bank.differentiators.values():
        ids = [item.id for item in bank.select(use="practice", differentiator=each.id)]
        wanted.append(expected_row(each.name, earned.get(each.id, []), len(set(ids) & set(logs)), len(ids)))
    assert rows(room, "progress-mastery") == wanted
    told = [f"{row[0]}: {row[3]}" + (f" ({row[4]})" if row[4] != NONE else "") for row in wanted]
    assert chart(room, "Mastery by difference") == "; ".join(told)


def attributes(page: Page, shape: str, name: str) -> list[float]:
    """Return an attribute, in percent, of all such shapes of the chart of mastery."""
    shapes = page.locator(f"#progress-mastery ~ svg {shape}")
    return shapes.evaluate_all("(all, name) => all.map((each) => parseFloat(each.getAttribute(name)))", name)  # type: ignore[no-any-return]


def test_bars_are_as_long_as_the_table_says(room: Page, bank: Bank) -> None:
    """The drawn bar and the ends of its range are the figures; where there are too few, no bar is drawn."""
    logs = made_logs(bank, 4)
    show(room, items(logs))
    earned = [each for name in bank.differentiators if len(each := counted(logs, bank).get(name, [])) >= 5]
    drawn = attributes(room, ".chart-bar", "width")
    assert drawn == pytest.approx([100 * sum(each) / len(each) for each in earned], abs=0.01)
    spans = zip(attributes(room, ".chart-range", "x1"), attributes(room, ".chart-range", "x2"), strict=True)
    ends = [pair for pair in spans if pair[0] != pair[1]]
    ranges = [[100 * end for end in interval(sum(each), len(each))] for each in earned]  # type: ignore[arg-type]
    assert [end for pair in ends for end in pair] == pytest.approx([end for pair in ranges for end in pair], abs=0.01)


def of_difference(bank: Bank, name: str, number: int) -> list[AnyItem]:
    """Return some practice items of a difference."""
    return list(bank.select(use="practice", differentiator=name))[:number]


def test_a_second_try_after_the_explanation_does_not_count(room: Page, bank: Bank) -> None:
    """Five misses that were mended at once are five misses; mended on another day, they are right."""
    first = {
        item.id: [attempt(NOW - 60, "wrong"), attempt(NOW - 30, "right")] for item in of_difference(bank, "duration", 5)
    }
    later = {
        item.id: [attempt(NOW - 2 * DAY, "wrong"), attempt(NOW - 30, "right")]
        for item in of_difference(bank, "team", 5)
    }
    show(room, items(first | later))
    shown = {row[0]: row[3] for row in rows(room, "progress-mastery")}
    assert (shown["Duration"], shown["Team"]) == ("0 %", "100 %")


@pytest.mark.parametrize(("span", "days", "number"), [("30 days", 1, 30), ("12 weeks", 7, 12)])
def test_history_counts_every_answer(room: Page, bank: Bank, span: str, days: int, number: int) -> None:
    """Days and weeks are those of the calendar here; the table, the sum and the chart agree."""
    logs = made_logs(bank, 5)
    show(room, items(logs))
    room.get_by_role("button", name=span).click()
    found: dict[int, list[float]] = defaultdict(list)
    for each in (each for log in logs.values() for each in log):
        found[(day_of(NOW) - day_of(each["at"])).days // days].append(CREDIT[each["outcome"]])
    wanted = []
    for back in sorted(each for each in found if each < number):
        start = day_of(NOW) - timedelta(days=back * days + days - 1)
        earned = found[back]
        wanted.append([written(start), str(len(earned)), exact(sum(earned)), percent(sum(earned) / len(earned))])
    assert rows(room, "progress-history") == wanted
    told = chart(room, f"The last {span}")
    assert told.endswith("; ".join(f"{row[0]}: {row[1]}, {row[3]}" for row in reversed(wanted)) + ".")
    assert told.startswith(f"{sum(int(row[1]) for row in wanted)} questions answered")
    expect(room.get_by_role("button", name=span)).to_have_attribute("aria-pressed", "true")


def test_weakest_comes_next_with_a_way_to_practise_it(room: Page, bank: Bank) -> None:
    """The lowest shares come first; untried differences count as half known; the link starts such a session."""
    shares = {"money": "wrong", "shape": "wrong", "output": "right"}
    logs = {
        item.id: [attempt(NOW - 60, outcome)]
        for name, outcome in shares.items()
        for item in of_difference(bank, name, 6)
    }
    logs[of_difference(bank, "shape", 7)[6].id] = [attempt(NOW - 60, "right")]
    show(room, items(logs))
    section = room.locator("section[aria-labelledby=progress-next]")
    assert section.locator("li strong").all_inner_texts() == ["Money", "Shape", "Duration"]
    expect(section.locator("li").nth(1)).to_contain_text("1 of 7 right")
    left = len(bank.select(use="practice")) - len(logs)
    expect(section.get_by_role("link", name=f"({left})")).to_have_attribute("href", "practice.html#which=new")
    section.get_by_role("link", name="Read about Money").click()
    expect(room).to_have_url(re.compile("/book/differences/money.html$"))
    room.go_back()
    section.get_by_role("link", name="Practise Money").click()
    item = room.locator(".practice-items .quiz-item").first
    expect(item).to_be_visible()
    assert bank.items[item.locator(".quiz-tools code").inner_text()].differentiator == "money"


def test_classes_that_were_wrong_are_counted_by_what_was_said(room: Page, bank: Bank) -> None:
    """The last fifty scenarios count; a plain lean is named; a right class with a wrong reason is no error."""
    scenario = of_difference(bank, "duration", 1)[0].id
    log = [attempt(NOW - 900 + n, "wrong", chose="project") for n in range(30)]  # these are too old to count
    log += [attempt(NOW - 800 + n, "right", chose="project") for n in range(20)]
    log += [attempt(NOW - 700 + n, "wrong", chose="project") for n in range(2)]
    log += [attempt(NOW - 600 + n, "partly", chose="operations") for n in range(15)]
    log += [attempt(NOW - 500 + n, "wrong", chose="operations") for n in range(10)]
    log += [attempt(NOW - 400 + n, "wrong", chose="both") for n in range(3)]
    show(room, items({scenario: log}))
    wanted = [["project", "22", "2"], ["operations", "25", "10"], ["both at once", "3", "3"]]
    assert rows(room, "progress-confusion") == wanted
    told = chart(room, "How often a class was wrong")
    assert told == " ".join(
        f"You said {said} {times} times, {wrong} of them where it was not." for said, times, wrong in wanted
    )
    expect(room.get_by_text("You lean to “operations”")).to_be_visible()


def exam(started: int, **more: Any) -> dict[str, Any]:
    """Return the record of an exam."""
    return {"started": started, "title": f"Form {started % 10}", "sections": [], "responses": {}, "used": 1800, **more}


def test_exams_are_listed_with_score_range_pass_mark_and_report(room: Page) -> None:
    """The newest comes first; an open one can be gone on with; a result that makes no sense is said to."""
    result = {"right": 29, "questions": 40, "pass": 26}
    exams = [
        exam(1_795_000_001, submitted=1_795_002_000, result=result),
        exam(1_795_000_012, submitted=1_795_002_000, result={**result, "right": 20}),
        exam(1_795_000_023, submitted=1_795_002_000, result={"right": 9, "questions": 9}),
        exam(1_795_000_034),
        exam(1_795_000_045, submitted=1_795_002_000, result={"right": "many"}),
    ]
    show(room, {f"exam:{n}": each for n, each in enumerate(exams)})
    lines = rows(room, "progress-exams")
    assert [line[1] for line in lines] == ["Form 5", "Go on with Form 4", "Form 3", "Form 2", "Form 1"]
    low, high = interval(29, 40)
    assert lines[4] == [
        "18 Nov 2026",
        "Form 1",
        "29 of 40, 73 %",
        f"{percent(low)} to {percent(high)}",
        "passed (26 needed)",
        "30 min",
    ]
    assert [line[4] for line in lines[2:4]] == ["no pass mark", "not passed (26 needed)"]
    assert lines[0][2] == "The result cannot be read."
    link = room.get_by_role("link", name="Report of Form 1")
    expect(link).to_have_attribute("href", f"exam.html#report/{base36(1_795_000_001)}")
    expect(room.get_by_role("link", name="Go on with Form 4")).to_have_attribute("href", "exam.html")


def base36(number: int) -> str:
    """Return a number in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def practised(bank: Bank, *times: int) -> dict[str, Any]:
    """Return a record with right answers at these times."""
    return items({of_difference(bank, "duration", 1)[0].id: [attempt(at, "right") for at in times]})


def streak(page: Page) -> Locator:
    """Return the line on days in a row."""
    return page.locator(".progress-streak")


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (["11-24T00:01"], "You practised today."),
        (["11-23T23:59", "11-24T00:01"], "You practised 2 days in a row."),
        (["11-22T12:00", "11-23T23:59"], "You practised 2 days in a row, up to yesterday."),
        (["11-23T09:00"], "You last practised yesterday."),
        (["11-18T09:00", "11-19T09:00"], "You last practised 5 days ago."),
        (["11-23T09:00", "11-24T09:00", "11-26T09:00"], "You practised 2 days in a row."),  # kept under a wrong clock
        (["12-24T09:00"], None),
    ],
)
def test_days_in_a_row_are_days_of_the_calendar_here(
    room: Page, bank: Bank, times: list[str], told: str | None
) -> None:
    """A minute before and after midnight are two days; today is not lost while it lasts; the future does not count."""
    show(room, practised(bank, *(moment(f"2026-{each}", ZONE) for each in times)))
    if told is None:
        expect(streak(room)).to_have_count(0)
    else:
        expect(streak(room)).to_have_text(told)


def test_midnight_passes_and_a_clock_set_back_harms_nothing(room: Page, bank: Bank) -> None:
    """After midnight they reach to yesterday; with the clock two days back, what is to come is shown as today."""
    show(room, practised(bank, NOW - DAY, NOW))
    expect(streak(room)).to_have_text("You practised 2 days in a row.")
    room.clock.set_fixed_time(datetime.fromtimestamp(NOW + 10 * 3600, UTC))
    room.reload()
    expect(streak(room)).to_have_text("You practised 2 days in a row, up to yesterday.")
    room.clock.set_fixed_time(datetime.fromtimestamp(NOW - 2 * DAY, UTC))
    room.reload()
    expect(room.get_by_role("heading", name="In short")).to_be_visible()
    expect(streak(room)).to_have_count(0)
    assert rows(room, "progress-history") == [["22 Nov 2026", "2", "2", "100 %"]]


def test_the_night_of_a_clock_change_is_one_day(browser: Browser, site: str, bank: Bank) -> None:
    """A day of 25 hours and one of 23 hours neither break days in a row nor add to them."""
    for now, times in {
        "2026-10-27T08:00": ["10-24T23:30", "10-25T00:10", "10-26T23:50", "10-27T07:00"],  # back on 25 October
        "2026-03-30T00:30": ["03-28T23:30", "03-29T23:30", "03-30T00:10"],  # forward on 29 March
    }.items():
        context = browser.new_context(service_workers="block", timezone_id="Europe/Berlin")
        page = context.new_page()
        page.clock.set_fixed_time(datetime.fromtimestamp(moment(now, "Europe/Berlin"), UTC))
        page.goto(f"{site}/book/progress.html")
        show(page, practised(bank, *(moment(f"2026-{each}", "Europe/Berlin") for each in times)))
        days = len({each[:5] for each in times})
        expect(streak(page)).to_have_text(f"You practised {days} days in a row.")
        context.close()


def test_days_in_a_row_can_be_switched_off(room: Page, bank: Bank) -> None:
    """The choice lasts, and can be taken back."""
    show(room, practised(bank, NOW))
    box = room.get_by_role("checkbox", name="Show days in a row")
    box.uncheck()
    expect(streak(room)).to_have_count(0)
    room.reload()
    expect(box).not_to_be_checked()
    expect(streak(room)).to_have_count(0)
    box.check()
    expect(streak(room)).to_have_text("You practised today.")


def test_cards_count_as_practice(room: Page) -> None:
    """A day with flashcards alone is a day."""
    show(room, {"card:project": {"box": 1, "due": NOW, "log": [{"at": NOW - 60, "knew": True}]}})
    expect(streak(room)).to_have_text("You practised today.")


def test_a_newcomer_reads_what_will_stand_here(room: Page) -> None:
    """No empty charts: what the page will show and where to begin."""
    expect(room.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(room.locator("svg.chart")).to_have_count(0)
    room.get_by_role("link", name="practise some questions").click()
    expect(room.get_by_role("heading", level=1)).to_contain_text("Practice")


def test_retired_questions_count_in_the_history_alone(room: Page, bank: Bank) -> None:
    """Names that objects have by nature are no questions either."""
    show(room, items({"retired-1": [attempt(NOW - 60, "right")], "constructor": [attempt(NOW - 60, "wrong")]}))
    expect(room.get_by_text("2 questions that you answered are not in this edition")).to_be_visible()
    assert rows(room, "progress-history") == [["24 Nov 2026", "2", "1", "50 %"]]
    assert {row[3] for row in rows(room, "progress-mastery")} == {"no answer yet"}


@pytest.mark.parametrize("text", ["{", "[]", '{"log": [{"at": "noon"}]}', "null", '"' + "x" * 1000 + '"'])
def test_a_damaged_record_is_named_and_can_be_removed(room: Page, bank: Bank, text: str) -> None:
    """It never breaks the page, its id is shown as text, and what is sound is still counted."""
    keep_texts(room, {"item:<img src=x>": text})
    show(room, practised(bank, NOW))
    section = room.locator("section[aria-labelledby=progress-damaged]")
    expect(section.get_by_role("listitem")).to_contain_text("answers to question <img src=x>")
    expect(streak(room)).to_have_text("You practised today.")
    section.get_by_role("button", name="Remove").click()
    expect(section).to_have_count(0)
    assert room.evaluate("Object.keys(localStorage).filter((key) => key.includes('img')).length") == 0
    expect(streak(room)).to_be_visible()


@pytest.mark.parametrize("at", [-5, 0, 1e300, NOW + 400 * DAY])
def test_an_impossible_time_breaks_nothing(room: Page, bank: Bank, at: float) -> None:
    """The answer counts, whenever it was."""
    show(room, items({of_difference(bank, "duration", 1)[0].id: [{**attempt(0, "right"), "at": at}]}))
    assert rows(room, "progress-mastery")[0][:3] == ["Duration", "1", "1"]


def test_other_tabs_are_followed_without_losing_ones_place(room: Page, bank: Bank) -> None:
    """New answers show at once; an opened table stays open and the focus stays where it was."""
    show(room, practised(bank, NOW))
    rows(room, "progress-mastery")
    link = room.get_by_role("link", name="Practise Result").last
    link.focus()
    other = room.context.new_page()
    other.goto(room.url)
    keep(other, items({of_difference(bank, "output", 1)[0].id: [attempt(NOW, "wrong")]}))
    row = room.locator("section[aria-labelledby=progress-mastery] tbody tr").nth(1)
    expect(row).to_contain_text("1 answer, too few to say")
    expect(row).to_be_visible()
    expect(room.get_by_role("link", name="Practise Result").last).to_be_focused()


def test_where_nothing_can_be_kept_the_page_says_so(browser: Browser, site: str) -> None:
    """Storage that throws gives one line at the top, and everything else works."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_text("This browser keeps nothing for this site.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    context.close()


def full(bank: Bank) -> dict[str, Any]:
    """Return records of every sort."""
    now = int(datetime.now(UTC).timestamp())
    logs = {
        item.id: [attempt(now - n * 3600, ["right", "partly", "wrong"][n % 3], chose="project")]
        for n, item in enumerate(bank.select(use="practice")[:90])
    }
    exams = {
        "exam:a": exam(now - 9000, submitted=now, result={"right": 29, "questions": 40, "pass": 26}),
        "exam:b": exam(now),
    }
    return {**items(logs), **exams, "card:project": {"box": 1, "due": now}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_whether_empty_or_full(
    browser: Browser, site: str, bank: Bank, scheme: Any, width: int
) -> None:
    """Light and dark, wide and phone-sized, with all tables open and with the dialog open."""
    context = browser.new_context(
        service_workers="block", color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert violations(page) == []
    keep_texts(page, {"item:damaged": "{"})
    show(page, full(bank))
    for summary in page.locator(".progress-room summary").all():
        summary.click()
    assert violations(page) == []
    page.get_by_role("button", name="Remove everything").click()
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [320, 375, 1280, 3840])
def test_nothing_is_cut_off_and_nothing_shifts(browser: Browser, site: str, bank: Bank, width: int) -> None:
    """From a small phone to 4K, empty or full: no sideways scrolling, chart texts do not overlap, no layout shift."""
    context = browser.new_context(service_workers="block", viewport={"width": width, "height": 800})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{site}/book/progress.html", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    keep(page, full(bank))
    page.goto(f"{site}/book/progress.html", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Mastery by difference")).to_be_visible()
    assert page.evaluate("window.shifts") < 0.001
    for summary in page.locator(".progress-room summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.locator("#progress-mastery ~ svg text").evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.left, b.right]; })"
    )
    assert all(name[1] < value[0] for name, value in zip(boxes[::2], boxes[1::2], strict=True))
    context.close()


def test_print_shows_figures_and_no_buttons(room: Page, bank: Bank) -> None:
    """On paper the folded tables are open, and what can only be clicked is left out."""
    show(room, full(bank))
    room.emulate_media(media="print")
    table = room.locator("section[aria-labelledby=progress-mastery] tbody")
    assert table.evaluate("each => each.getBoundingClientRect().height") > 100
    assert table.evaluate("each => each.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })")
    expect(room.get_by_role("button", name="Export as a file")).to_be_hidden()
    expect(room.get_by_role("button", name="30 days")).to_be_hidden()
