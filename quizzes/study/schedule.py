"""What to practise when: spaced repetition of families by FSRS, and the day's queue for a goal.

A family is one situation told by several items, so what is scheduled is a family, and a sibling of the item that was
answered last is asked. The schedule is worked out from the records' logs each time: it needs no state of its own, and
is the same after an import. Pure: `bank_index` data, records and the time in; times are seconds since 1970.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from operator import itemgetter
from statistics import median
from typing import Any

from fsrs import Card, Rating, Scheduler

from quizzes.study.figures import is_new, mastery
from quizzes.study.record_forms import is_number
from quizzes.study.spacing import day_start
from quizzes.study.tally import CREDIT, Items

Index = Mapping[str, Any]

RETENTION = 0.9  # a family comes back when the chance to answer it rightly has fallen to this
LONGEST = 90  # days: candidates prepare for two or three months
CERTAIN, GUESSING = 90, 50  # percent that the learner said
USUAL = {"case": 240, "order": 90, "sort": 90}  # seconds, until the learner's own times are known
USUAL_ELSE = 60
LONGEST_TIME = 3600  # seconds: more is a break
TIMES = 5  # so many times of a kind tell the learner's own
SEEDS = 2**32
AHEAD = 14  # days of a forecast

SCHEDULER = Scheduler(
    desired_retention=RETENTION, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False
)


@dataclass(frozen=True)
class Goal:
    """What a learner studies for: an exam or `exam/topic`, a difference, and the minutes of a session; empty is any."""

    exam: str = ""
    difference: str = ""
    minutes: int = 15

    def fits(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether an item of the index is of this goal."""
        return (not self.difference or entry["difference"] == self.difference) and (
            not self.exam or any(self.exam in (tag, tag.split("/")[0]) for tag in entry["exam"])
        )


@dataclass(frozen=True)
class Standing:
    """Where a family stands: when it is due, and the chance to answer it rightly now."""

    family: str
    due: float
    chance: float


@dataclass(frozen=True)
class Plan:
    """A session's items in their order; how many families of the goal are due, and how many were never asked."""

    queue: tuple[str, ...]
    due: int
    new: int


def rating(attempt: Mapping[str, Any]) -> Rating:
    """Return what an attempt says of memory: a right answer that was a guess was hard, a certain one easy."""
    if attempt["outcome"] != "right":
        return Rating.Hard if attempt["outcome"] == "partly" else Rating.Again
    sure = attempt.get("sure")
    if not is_number(sure):
        return Rating.Good
    return Rating.Easy if sure >= CERTAIN else Rating.Hard if sure <= GUESSING else Rating.Good


@dataclass(frozen=True)
class Schedule:
    """The schedule of a learner at a time; days are those of `zone`, or else of this computer."""

    index: Index
    items: Items
    now: float
    zone: tzinfo | None = None

    def families(self, goal: Goal | None = None) -> dict[str, list[str]]:
        """Return the ids of each family's items that fit the goal, in bank order."""
        found: dict[str, list[str]] = {}
        for name, entry in self.index["items"].items():
            if goal is None or goal.fits(entry):
                found.setdefault(entry["family"], []).append(name)
        return found

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Where each family stands that was ever answered."""
        cards = {family: self._card(ids) for family, ids in self.families().items()}
        return {
            family: Standing(family, card.due.timestamp(), SCHEDULER.get_card_retrievability(card, _moment(self.now)))
            for family, card in cards.items()
            if card.last_review
        }

    def _card(self, ids: Iterable[str]) -> Card:
        card = Card(card_id=0)
        for at, attempt in self._reviews(ids):
            card, _ = SCHEDULER.review_card(card, rating(attempt), _moment(at))
        return card

    def _reviews(self, ids: Iterable[str]) -> list[tuple[float, Mapping[str, Any]]]:
        """Return each item's first attempt of each day: a second one follows the explanation.

        A time in the future comes from a clock that was wrong and counts as now.
        """
        found = []
        for name in ids:
            days = set()
            for attempt in sorted(self.items.get(name, {}).get("log", []), key=itemgetter("at")):
                at = min(attempt["at"], self.now)
                day = day_start(at, zone=self.zone)
                if attempt["outcome"] in CREDIT and day not in days:
                    days.add(day)
                    found.append((at, attempt))
        return sorted(found, key=itemgetter(0))

    def plan(self, goal: Goal, seed: int) -> Plan:
        """Return the session for a goal: what is due, the least known first; then what is new, weak differences first.

        Where neither fills the minutes, what comes due next is brought forward. Neighbours are of different differences
        where that can be: telling one from the other is what is practised.
        """
        mine = self.families(goal)
        known = [self.standings[family] for family in mine if family in self.standings]
        tomorrow = day_start(self.now, 1, self.zone)
        due = sorted((each for each in known if each.due < tomorrow), key=lambda each: each.chance)
        later = sorted((each for each in known if each.due >= tomorrow), key=lambda each: each.due)
        new = self._new(mine, seed)
        order = [*(each.family for each in due), *new, *(each.family for each in later)]
        chosen = self._within([sibling(mine[family], self.items) for family in order], goal.minutes)
        return Plan(tuple(self._mixed(chosen)), len(due), len(new))

    def _new(self, mine: Mapping[str, list[str]], seed: int) -> list[str]:
        """Return what was never asked: by how weak its difference is, then easy ones first, then by lot."""
        weak = {each.id: (each.points + 1) / (each.answers + 2) for each in mastery(self.items, self.index, self.now)}

        def rank(family: str) -> tuple[float, int, float]:
            entry = self.index["items"][mine[family][0]]
            lot = random.Random(f"{seed} {family}").random()  # noqa: S311  a draw, no secret
            return round(weak.get(entry["difference"], 0.5), 1), entry["level"], lot

        return sorted((family for family in mine if family not in self.standings), key=rank)

    def seconds(self, kind: str) -> float:
        """Return how long an item of a kind takes this learner: the median, or what is usual until that is known.

        Never less than a third of what is usual, since reading the reasons takes time that is not counted.
        """
        own = [
            attempt["seconds"]
            for name, record in self.items.items()
            if self.index["items"].get(name, {}).get("kind") == kind
            for attempt in record.get("log", [])
            if is_number(attempt.get("seconds")) and 0 < attempt["seconds"] < LONGEST_TIME
        ]
        usual = USUAL.get(kind, USUAL_ELSE)
        return max(median(own), usual / 3) if len(own) >= TIMES else usual

    def _within(self, chosen: list[str], minutes: int) -> list[str]:
        """Return as many items as fit into the minutes, at least one."""
        takes = {kind: self.seconds(kind) for kind in self.index["kinds"]}
        left = minutes * 60.0
        kept: list[str] = []
        for name in chosen:
            need = takes[self.index["items"][name]["kind"]]
            if kept and left < need / 2:
                break
            kept.append(name)
            left -= need
        return kept

    def _mixed(self, chosen: list[str]) -> list[str]:
        """Return the items with neighbours of different differences where that can be, else in their order."""
        rest = list(chosen)
        mixed: list[str] = []
        while rest:
            before = self._difference(mixed[-1]) if mixed else None
            name = next((each for each in rest if self._difference(each) != before), rest[0])
            rest.remove(name)
            mixed.append(name)
        return mixed

    def _difference(self, name: str) -> str:
        return str(self.index["items"][name]["difference"])

    def forecast(self, days: int = AHEAD) -> list[int]:
        """Return how many families are due today, with what is overdue, and on each of the next days."""
        starts = [day_start(self.now, ahead, self.zone) for ahead in range(1, days + 1)]
        counts = Counter(sum(start <= each.due for start in starts) for each in self.standings.values())
        return [counts[day] for day in range(days)]


def sibling(ids: Iterable[str], items: Items) -> str:
    """Return the item of a family to ask: one that was never asked, else the one that was asked longest ago."""

    def last(name: str) -> float:
        return max((each["at"] for each in items.get(name, {}).get("log", [])), default=0.0)

    return min(ids, key=lambda name: (not is_new(name, items), last(name)))


def in_place_of(missed: str, index: Index, items: Items, taken: Container[str]) -> str | None:
    """Return a sibling of a missed item that is not taken, of its kind where there is one, as frontend/select.mjs."""
    entry = index["items"][missed]
    family = [
        name
        for name, other in index["items"].items()
        if other["family"] == entry["family"] and name != missed and name not in taken
    ]
    same_kind = [name for name in family if index["items"][name]["kind"] == entry["kind"]]
    return sibling(same_kind or family, items) if family else None


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
