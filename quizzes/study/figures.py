"""What the records say of a learner: pure, and the same as frontend/mastery.mjs and select.mjs.

`items` are item records by id, `index` is the data of quizzes/index.py, times are seconds since 1970. Days are those of
`zone`, or else of this computer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple

from quizzes.study.calibration import calibration, calibration_sentence
from quizzes.study.spacing import day_start
from quizzes.study.tally import CREDIT, Items, Tally

__all__ = [
    "answers_of",
    "calibration",
    "calibration_sentence",
    "confusion",
    "is_new",
    "mastery",
    "misses",
    "streak",
    "times_of",
    "weakest",
]

Index = Mapping[str, Any]

WINDOW = 10  # so many answers show where a learner stands now, and not where they began
ENOUGH = 5  # with fewer, the 95 % interval spans most of the scale
SCENARIOS = 50
NEXT = 3
DAY = 86_400
GIVEN = ("page", "difference")  # there a scenario's difference is known beforehand: attempts' `where`
CLASSES = ("project", "operations", "both")


class Answer(NamedTuple):
    """An attempt that was marked."""

    id: str
    at: float
    outcome: str
    chose: str | None
    where: str | None = None


@dataclass(frozen=True)
class Mastery:
    """Where a learner stands with a difference; `low` and `high` are the ends of the 95 % interval."""

    id: str
    name: str
    page: str
    answers: int
    points: float
    low: float
    high: float
    seen: int
    questions: int


@dataclass(frozen=True)
class Said:
    """How often a class was said of late, and how often it was wrong."""

    said: str
    times: int
    wrong: int


@dataclass(frozen=True)
class Streak:
    """Days in a row; `last` says how many days ago the last one was, -1 where there is none."""

    length: int
    today: bool
    last: int


def answers_of(items: Items, now: float) -> list[Answer]:
    """Return every answer, oldest first; a time in the future comes from a clock that was wrong and counts as now."""
    answers = [
        Answer(name, min(max(each["at"], 0), now), each["outcome"], each.get("chose"), each.get("where"))
        for name, item in items.items()
        for each in item.get("log", [])
        if each["outcome"] in CREDIT
    ]
    return sorted(answers, key=lambda answer: answer.at)


def is_new(name: str, items: Items) -> bool:
    """Tell whether an item was never answered."""
    item = items.get(name, {})
    return not item.get("log") and "response" not in item


def _one_each(answers: Iterable[Answer], zone: tzinfo | None) -> list[Answer]:
    """Return one answer a question: the first of its last day, since a second try follows the explanation."""
    kept: dict[str, Answer] = {}
    for answer in answers:
        before = kept.get(answer.id)
        if before is None or day_start(before.at, zone=zone) != day_start(answer.at, zone=zone):
            kept[answer.id] = answer
    return sorted(kept.values(), key=lambda answer: answer.at)


def _counted(answers: Iterable[Answer], entries: Any, zone: tzinfo | None) -> list[Answer]:
    """Return what counts of each question: what the learner had to find, after what shows the class alone.

    Where the difference was known beforehand, right counts half, and later answers push it out of the window.
    """
    given: list[Answer] = []
    found: list[Answer] = []
    for answer in answers:
        is_given = entries[answer.id]["kind"] == "classify" and answer.where in GIVEN
        (given if is_given else found).append(answer)
    earnest = _one_each(found, zone)
    ids = {answer.id for answer in earnest}
    told = _one_each((answer for answer in given if answer.id not in ids), zone)
    halved = [each._replace(outcome="partly") if each.outcome == "right" else each for each in told]
    return [*halved, *earnest]


def mastery(items: Items, index: Index, now: float, zone: tzinfo | None = None) -> list[Mastery]:
    """Return the mastery of each difference, in the order of the course."""
    entries = index["items"]
    known = _counted([answer for answer in answers_of(items, now) if answer.id in entries], entries, zone)
    return [_mastery(name, each, items, entries, known) for name, each in index["differences"].items()]


def _mastery(name: str, difference: Any, items: Items, entries: Any, known: list[Answer]) -> Mastery:
    ids = [item for item, entry in entries.items() if entry["difference"] == name]
    tally = Tally.of([answer.outcome for answer in known if entries[answer.id]["difference"] == name][-WINDOW:])
    low, high = tally.range
    return Mastery(
        id=name,
        name=difference["name"],
        page=difference["page"],
        answers=tally.answers,
        points=tally.points,
        low=low,
        high=high,
        seen=sum(not is_new(item, items) for item in ids),
        questions=len(ids),
    )


def weakest(standings: Iterable[Mastery]) -> list[Mastery]:
    """Return up to three differences to practise next: the lowest share first, an untried one as half known."""
    asked = [each for each in standings if each.questions]
    return sorted(asked, key=lambda each: (each.points + 1) / (each.answers + 2))[:NEXT]


def misses(items: Items, index: Index) -> list[str]:
    """Return the items whose last attempt was not right, with no sibling answered rightly since, in bank order."""
    entries = index["items"]
    families: dict[str, list[str]] = {}
    for name, entry in entries.items():
        families.setdefault(entry["family"], []).append(name)
    return [name for name in entries if _is_missed(name, items, families[entries[name]["family"]])]


def _is_missed(name: str, items: Items, family: Iterable[str]) -> bool:
    log = items.get(name, {}).get("log")
    if not log or log[-1]["outcome"] == "right":
        return False
    attempts = (each for other in family for each in items.get(other, {}).get("log", []))
    return not any(each["outcome"] == "right" and each["at"] > log[-1]["at"] for each in attempts)


def confusion(answers: Iterable[Answer]) -> list[Said]:
    """Return for each class how often it was said in the last scenarios, and how often it was wrong."""
    last = [answer for answer in answers if answer.chose][-SCENARIOS:]
    said = {name: [answer.outcome for answer in last if answer.chose == name] for name in CLASSES}
    return [Said(name, len(outcomes), outcomes.count("wrong")) for name, outcomes in said.items()]


def times_of(items: Items, cards: Items) -> list[float]:
    """Return when something was practised: the times of all attempts and reviews."""
    return [each["at"] for record in (*items.values(), *cards.values()) for each in record.get("log", [])]


def streak(times: Iterable[float], now: float, zone: tzinfo | None = None) -> Streak:
    """Return the days in a row up to today, or to yesterday while today is not over."""
    days = {_days_ago(at, now, zone) for at in times if at <= now}
    today = 0 in days
    length = 0
    while length + (not today) in days:
        length += 1
    return Streak(length, today, min(days, default=-1))


def _days_ago(at: float, now: float, zone: tzinfo | None) -> int:
    """Return the calendar days between a time and now; rounding takes the hour of summer time."""
    return math.floor((day_start(now, zone=zone) - day_start(at, zone=zone)) / DAY + 0.5)
