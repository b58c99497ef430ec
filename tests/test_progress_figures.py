"""The figures of the progress page follow from the records and nothing else, and words, charts and tables agree."""

from __future__ import annotations

import math
import random
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from progress_page import DAY, NOW, ZONE, Logs, exam, items, of_difference, room, rows, show
from records import attempt

from quizzes.bank import Bank
from quizzes.scores import interval

__all__ = ["room"]  # a fixture
NONE = "\N{EN DASH}"
CREDIT = {"right": 1.0, "partly": 0.5, "wrong": 0.0}


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
