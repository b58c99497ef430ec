"""Draw a form from the bank's index by blueprint and seed: pure, and the same as frontend/draw.mjs.

Both take the index that quizzes/index.py makes, and the same numbers by chance.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from quizzes.choosing import SelectionError

SEEDS = 2**32
CODE = re.compile(r"^([a-z0-9]+(?:-[a-z0-9]+)*)-(\d{1,10})$", re.ASCII)
Items = Mapping[str, Mapping[str, Any]]
Random = Callable[[int], int]
T = TypeVar("T")


@dataclass(frozen=True)
class Share:
    """How many questions of a domain a form asks for, None where its exam publishes no shares, and how many it has."""

    domain: str
    asked: int | None
    drawn: int


@dataclass(frozen=True)
class Form:
    """A drawn form: the items of each section in their order, and what it is made of.

    `domains` names each item's domain; items from outside the exam have none, and `rest` counts their questions.
    """

    blueprint: str
    seed: int
    code: str
    sections: tuple[tuple[str, ...], ...]
    composition: tuple[Share, ...]
    domains: Mapping[str, str]
    rest: int

    def as_json(self) -> dict[str, Any]:
        """Return the form as the front end draws it."""
        sections = [list(section) for section in self.sections]
        return {**asdict(self), "sections": sections, "composition": [asdict(share) for share in self.composition]}


def form_code(blueprint: str, seed: int) -> str:
    """Return the code of a form, as in `itil-4711`: it draws the same form again where nothing is preferred."""
    return f"{blueprint}-{seed}"


def read_code(code: str, blueprints: Collection[str]) -> tuple[str, int] | None:
    """Return the blueprint and seed that a code names, or None where it names none."""
    found = CODE.match(code.strip().lower())
    if not found or found[1] not in blueprints or int(found[2]) >= SEEDS:
        return None
    return found[1], int(found[2])


def numbers(seed: int) -> Random:
    """Return chance for a seed: called with n, it gives a whole number from 0 to n - 1 (mulberry32, Ettinger 2017)."""
    if not 0 <= seed < SEEDS:
        raise ValueError(f"seed {seed}: use a whole number from 0 to {SEEDS - 1}")
    state, low = seed, SEEDS - 1

    def number(below: int) -> int:
        nonlocal state
        state = (state + 0x6D2B79F5) & low
        mixed = ((state ^ (state >> 15)) * (state | 1)) & low
        mixed = ((mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & low)) & low) ^ mixed
        return ((mixed ^ (mixed >> 14)) * below) >> 32

    return number


def shuffled(values: Iterable[T], random: Random) -> list[T]:
    """Return the values in an order by chance (Fisher and Yates)."""
    mixed = list(values)
    for end in range(len(mixed) - 1, 0, -1):
        other = random(end + 1)
        mixed[end], mixed[other] = mixed[other], mixed[end]
    return mixed


def domains_of(items: Items, exam: Mapping[str, Any] | None, exam_id: str) -> dict[str, str]:
    """Return the domain of each item of an exam: where it has several, the one with the fewest questions."""
    if exam is None:
        return {}
    topics = {f"{exam_id}/{name}": topic.get("domain") or topic["name"] for name, topic in exam["topics"].items()}
    names = list(dict.fromkeys(topics.values()))
    found = {name: {topics[tag] for tag in item["exam"] if tag in topics} for name, item in items.items()}
    size: Counter[str] = Counter()
    for name, its in found.items():
        for domain in its:
            size[domain] += items[name]["questions"]
    return {name: min(its, key=lambda d: (size[d], names.index(d))) for name, its in found.items() if its}


class _Draw:
    """A form while it is drawn. `rooms` is what is left of each section for cases, which are never split."""

    def __init__(self, items: Items, blueprint: Mapping[str, Any], order: Sequence[str], prefer: Iterable[str]) -> None:
        self.items, self.kinds = items, blueprint["kinds"]
        self.order = [name for name in order if not self.kinds or items[name]["kind"] in self.kinds]
        self.prefer = frozenset(prefer)
        self.place = {name: number for number, name in enumerate(self.order)}
        self.rooms = [blueprint["questions"] // blueprint["sections"]] * blueprint["sections"]
        self.taken: dict[str, int] = {}  # item → section of a case, -1 for a single question
        self.families: Counter[str] = Counter()
        self.drawn: Counter[str] = Counter()

    def questions(self, names: Iterable[str]) -> int:
        return sum(int(self.items[name]["questions"]) for name in names)

    def _fits(self, name: str, left: int) -> bool:
        size = self.items[name]["questions"]
        return name not in self.taken and size <= left and (size == 1 or size <= max(self.rooms))

    def _rank(self, name: str) -> tuple[int, bool, bool, int]:
        """Return what decides between items: a new family, what is preferred, a kind that is short, and then chance."""
        kind = self.items[name]["kind"]
        enough = self.drawn[kind] >= self.kinds.get(kind, 0)
        return self.families[self.items[name]["family"]], name not in self.prefer, enough, self.place[name]

    def take(self, names: Sequence[str], number: int) -> None:
        """Take items until they come to a number of questions, or no other item fits."""
        left = number
        while left and (fitting := [name for name in names if self._fits(name, left)]):
            name = min(fitting, key=self._rank)
            left -= self._add(name)

    def _add(self, name: str) -> int:
        item, section = self.items[name], -1
        size = int(item["questions"])
        if size > 1:
            section = self.rooms.index(max(self.rooms))
            self.rooms[section] -= size
        self.taken[name] = section
        self.families[item["family"]] += 1
        self.drawn[item["kind"]] += size
        return size

    def sections(self, random: Random) -> tuple[tuple[str, ...], ...]:
        """Return the items by section, each in an order by chance."""
        cases = [[name for name, at in self.taken.items() if at == number] for number in range(len(self.rooms))]
        singles = shuffled([name for name, at in self.taken.items() if at < 0], random)
        made = []
        for its, room in zip(cases, self.rooms, strict=True):
            mine, singles = singles[:room], singles[room:]
            made.append(tuple(shuffled([*its, *mine], random)))
        return tuple(made)


def draw_form(index: Mapping[str, Any], blueprint: Mapping[str, Any], seed: int, prefer: Iterable[str] = ()) -> Form:
    """Draw a form: same index, blueprint, seed and preferred items, same form.

    It meets the domains' shares as far as the bank goes, those of the scarcest domain first, fills up from the exam's
    other domains and then from the rest of the bank. No item stands on it twice; among the items that may be drawn
    next, one of the family that is on it least comes first. Raises SelectionError where the bank cannot fill it.
    """
    items, random = index["items"], numbers(seed)
    domains = domains_of(items, index["exams"].get(blueprint["exam"]), blueprint["exam"])
    draw = _Draw(items, blueprint, shuffled(sorted(items), random), prefer)
    by_domain: dict[str, list[str]] = {name: [] for name in blueprint["domains"]}
    for name in draw.order:
        if name in domains:
            by_domain.setdefault(domains[name], []).append(name)
    for domain in sorted(blueprint["domains"], key=lambda domain: draw.questions(by_domain[domain])):
        draw.take(by_domain[domain], blueprint["domains"][domain])
    for pool in ([name for name in draw.order if name in domains], draw.order):
        draw.take(pool, blueprint["questions"] - draw.questions(draw.taken))
    if (drawn := draw.questions(draw.taken)) < blueprint["questions"]:
        raise SelectionError(f"{blueprint['id']}: {blueprint['questions']} questions asked, the bank fills {drawn}")
    return _form(blueprint, seed, draw, domains, random)


def _form(blueprint: Mapping[str, Any], seed: int, draw: _Draw, domains: Mapping[str, str], random: Random) -> Form:
    names: dict[str, list[str]] = {domain: [] for domain in (*blueprint["domains"], *sorted(set(domains.values())))}
    of_exam = {name: domains[name] for name in draw.taken if name in domains}
    for name, domain in of_exam.items():
        names[domain].append(name)
    asked = blueprint["domains"]
    composition = (Share(domain, asked.get(domain), draw.questions(its)) for domain, its in names.items())
    return Form(
        blueprint["id"],
        seed,
        form_code(blueprint["id"], seed),
        draw.sections(random),
        tuple(share for share in composition if share.asked or share.drawn),
        of_exam,
        blueprint["questions"] - draw.questions(of_exam),
    )
