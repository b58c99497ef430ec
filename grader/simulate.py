"""A made class, for tests and demonstrations: answers as learners of differing ability would give them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp
from typing import Any

from grader.course import Course, CourseError
from grader.demo import Maker
from quizzes.marking import Part

OPENS = datetime(2026, 1, 12, 9, tzinfo=UTC)
DAYS = 7
SKIPS_ITEM, SKIPS_PART, HANDS_IN_NOTHING, ODD_ANSWER, UNREADABLE = 0.02, 0.05, 0.02, 0.01, 0.01


@dataclass(frozen=True)
class _Trait:
    """A part as learners meet it: how well it tells them apart, how hard it is, and how its options attract."""

    part: Part
    slope: float
    difficulty: float
    pull: dict[str, float]

    def skill(self, ability: float) -> float:
        """Return the chance of knowing it: the two-parameter logistic model (Birnbaum 1968)."""
        return 1 / (1 + exp(-self.slope * (ability - self.difficulty)))


@dataclass
class _Class:
    """Draws answers; each item's traits are drawn once, when it is first asked."""

    draw: random.Random
    pace: random.Random
    traits: dict[tuple[str, str], _Trait] = field(default_factory=dict)

    def trait(self, item_id: str, part: Part) -> _Trait:
        """Return a part's traits."""
        if (item_id, part.name) not in self.traits:
            slope, difficulty = max(0.1, self.draw.gauss(1.4, 0.5)), self.draw.gauss(-1.2, 0.7)
            pull = {option: self.draw.expovariate(1) + 0.02 for option in part.options}
            self.traits[item_id, part.name] = _Trait(part, slope, difficulty, pull)
        return self.traits[item_id, part.name]

    def answer(self, trait: _Trait, ability: float) -> Any:
        """Return an answer to a part, of its type."""
        return getattr(self, f"_{trait.part.type}")(trait, trait.skill(ability))

    def _one(self, trait: _Trait, skill: float) -> str:
        if self.draw.random() < skill:
            return trait.part.key[0]
        wrong = [option for option in trait.part.options if option not in trait.part.key]
        return self.draw.choices(wrong, [trait.pull[option] for option in wrong])[0]

    def _some(self, trait: _Trait, skill: float) -> list[str]:
        options, key = trait.part.options, trait.part.key
        lure = {option: (1 - skill) * min(1, trait.pull[option]) for option in options}
        chance = {option: 0.35 + 0.65 * skill if option in key else lure[option] for option in options}
        return [o for o in options if self.draw.random() < chance[o]] or [self.draw.choice(options)]

    def _match(self, trait: _Trait, skill: float) -> dict[str, str]:
        places, groups = trait.part.places, trait.part.groups
        return {row: at if self.draw.random() < skill else self.draw.choice(groups) for row, at in places.items()}

    def _order(self, trait: _Trait, skill: float) -> dict[str, str]:
        rows = list(trait.part.key)
        for _ in range(round((1 - skill) * len(rows))):
            at = self.draw.randrange(len(rows) - 1)
            rows[at : at + 2] = reversed(rows[at : at + 2])
        return {row: str(number) for number, row in enumerate(rows, 1)}

    def response(self, item_id: str, rule: Sequence[Part], ability: float) -> dict[str, Any]:
        """Return a response to an item, empty where it is skipped; reasons are skipped more often than the answer."""
        if self.draw.random() < SKIPS_ITEM:
            return {}
        if self.draw.random() < ODD_ANSWER:
            return {rule[0].name: "none-of-these"}
        kept = [part for number, part in enumerate(rule) if number == 0 or self.draw.random() >= SKIPS_PART]
        return {part.name: self.answer(self.trait(item_id, part), ability) for part in kept}


def _seconds(group: _Class, answered: Iterable[str]) -> dict[str, int]:
    """Return times at items: log-normal, as response times are (van der Linden 2006), and some learners are slower."""
    own = group.pace.gauss(3.9, 0.3)
    return {item_id: round(group.pace.lognormvariate(own, 0.5)) for item_id in answered}


def _saved(draw: random.Random) -> str:
    """Return the time of a last change: most come on the last day."""
    return (OPENS + timedelta(days=DAYS * draw.random() ** 0.4)).isoformat(timespec="seconds")


def _record(maker: Maker, group: _Class) -> dict[str, Any]:
    ability, draw = group.draw.gauss(0, 1), group.draw
    items = zip(maker.form.items, maker.bank.get(item.id for item in maker.form.items), strict=True)
    asked = {shown.id: [part for part in item.parts() if part.name in shown.points] for shown, item in items}
    answered = {item_id: group.response(item_id, rule, ability) for item_id, rule in asked.items()}
    responses = {item_id: response for item_id, response in answered.items() if response}
    changes = sum(map(len, responses.values())) + round(draw.expovariate(1 / 5))
    return {
        **maker.record(responses),
        "revision": max(1, changes),
        "seconds": _seconds(group, responses),
        "saved_at": _saved(draw),
    }


def simulate(maker: Maker, students: int, seed: int) -> None:
    """Hand in submissions of student-001 and so on to a released assignment; the same seed gives the same answers.

    Stronger learners do better, by an amount that differs between items. A few skip items or parts, hand in nothing,
    answer what is no option, or hand in a record that cannot be read.
    """
    # Times have numbers of their own, so that they change no answer.
    group = _Class(random.Random(seed), random.Random(-seed - 1))  # noqa: S311  a made class, no secret
    for number in range(1, students + 1):
        student, record, chance = f"student-{number:03}", _record(maker, group), group.draw.random()
        if chance < UNREADABLE:
            record["revision"] = "many"
        carried = None if UNREADABLE <= chance < UNREADABLE + HANDS_IN_NOTHING else record
        maker.submit(student, receipt=carried, sidecar=carried)


def rehearse(course: Course, name: str, students: int) -> int:
    """Hand in submissions of a made class to a released assignment; returns how many.

    Raises CourseError where somebody has handed in already: a made answer must not stand among real ones.
    """
    if handed_in := course.students(name):
        raise CourseError(f"submitted/{handed_in[0]}/{name} is there: rehearse before your class hands in")
    form, bank = course.form(name), course.bank(course.assignment(name))
    if not (course.root / "release" / name).is_dir():
        raise CourseError(f"release/{name} is not there: run nbgrader generate_assignment {name}")
    simulate(Maker(course, form, bank), students, seed=7)
    return students
