"""Blueprints of mock exams: what an author may write, and the numbers that it comes to with the dated exam facts.

An exam's own numbers are never typed here: an amount names the fact, as in `{fact: pmp_questions, times: 0.5}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from pydantic import Field, model_validator

from quizzes.items import KINDS
from quizzes.kinds.base import Slug, Strict, Text
from quizzes.nearest import meant
from quizzes.vocabulary import Exams

Facts = Mapping[str, str | int]
WHOLE = re.compile(r"^(\d+)( %)?$")


class Amount(Strict):
    """A whole number: as it is, or a fact of exams.yaml times a factor. A share is in percent."""

    value: int = Field(0, ge=0)
    fact: str = ""
    times: float = Field(1, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _a_number_or_a_fact(cls, data: Any) -> Any:
        if type(data) is int:
            return {"value": data}
        if isinstance(data, cls) or (isinstance(data, dict) and "fact" in data and "value" not in data):
            return data
        raise ValueError("give a whole number, or the name of a fact as in {fact: pmp_questions}")

    def given(self, facts: Facts) -> int:
        """Return the number; raises ValueError for an unknown fact, and for what is no whole number."""
        if not self.fact:
            return self.value
        if self.fact not in facts:
            near = meant(self.fact, facts)
            raise ValueError(f"'{self.fact}' is unknown: use exam_fact of exams.yaml, as in pmp_questions{near}")
        found = WHOLE.match(str(facts[self.fact]))
        if not found:
            raise ValueError(f"the fact '{self.fact}' is no number: use another one")
        number = Fraction(int(found[1])) * Fraction(str(self.times))
        if number.denominator != 1:
            raise ValueError(f"'{self.fact}' times {self.times:g} is no whole number: use another factor")
        return int(number)


class ExtraTime(Strict):
    """Extra time that a learner may choose: a factor on the minutes, or minutes in all; `why` says for whom."""

    factor: float | None = Field(None, gt=1, le=4)
    minutes: Amount | None = None
    why: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> ExtraTime:
        if (self.factor is None) == (self.minutes is None):
            raise ValueError("give either a factor or minutes")
        return self


class Blueprint(Strict):
    """The format of a mock exam. Without `exam` it draws on all practice items, and `shares` has no meaning.

    `breaks` part it into sections of the same size; one that is submitted is not opened again. `shares` are by
    domain of the exam. `kinds` holds the kinds that are drawn on, all where it is empty, each with the share that is
    drawn of it before others.
    """

    id: Slug
    title: Text
    exam: str = ""
    questions: Amount
    minutes: Amount
    to_pass: Amount | None = Field(None, alias="pass")
    extra: tuple[ExtraTime, ...] = ()
    breaks: Amount = Amount.model_validate(0)
    break_minutes: Amount = Amount.model_validate(0)
    pause: bool = False
    shares: dict[str, Amount] = Field(default_factory=dict)
    kinds: dict[str, Amount] = Field(default_factory=dict)
    note: Text

    @model_validator(mode="after")
    def _kinds_are_known(self) -> Blueprint:
        for kind in self.kinds:
            if kind not in KINDS:
                raise ValueError(f"kinds: '{kind}' is unknown: use {', '.join(KINDS)}")
        return self

    def amounts(self) -> Iterator[tuple[str, Amount]]:
        """Yield each amount by the name of its field."""
        names = {"pass": "to_pass"}
        for field in ("questions", "minutes", "pass", "breaks", "break_minutes"):
            amount = getattr(self, names.get(field, field))
            if amount is not None:
                yield field, amount
        yield from ((f"shares.{name}", amount) for name, amount in self.shares.items())
        yield from ((f"kinds.{name}", amount) for name, amount in self.kinds.items())
        yield from ((f"extra.{n}.minutes", e.minutes) for n, e in enumerate(self.extra, 1) if e.minutes)


def faults(blueprint: Blueprint, exams: Exams) -> Iterator[tuple[str, str]]:
    """Yield (field, mend) for each name that exams.yaml does not have and each number that cannot be."""
    domains = {exam.id: exam.domains for exam in exams.exams}
    if blueprint.exam and blueprint.exam not in domains:
        yield "exam", f"'{blueprint.exam}' is unknown: use {', '.join(domains)}"
        return
    known = domains.get(blueprint.exam, ())
    for name in sorted(set(blueprint.shares) - set(known)):
        yield "shares", f"'{name}' is no domain of the exam: use {', '.join(known) or 'none where no exam is named'}"
    numbers: dict[str, int] = {}
    for field, amount in blueprint.amounts():
        try:
            numbers[field] = amount.given(exams.facts)
        except ValueError as error:
            yield field, str(error)
            return
    yield from _impossible(numbers)


def _impossible(numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    def total(field: str) -> int:
        return sum(number for name, number in numbers.items() if name.startswith(f"{field}."))

    sections = numbers.get("breaks", 0) + 1
    checks: tuple[tuple[str, Callable[[], bool], str], ...] = (
        ("questions", lambda: numbers["questions"] < 1, "0: ask at least one"),
        ("minutes", lambda: numbers["minutes"] < 1, "0: give at least one"),
        ("pass", lambda: numbers.get("pass", 1) > numbers["questions"] > 0, "more than there are questions: lower it"),
        ("breaks", lambda: numbers["questions"] % sections > 0, f"{sections} sections cannot be of the same size"),
        ("shares", lambda: total("shares") not in (0, 100), f"{total('shares')} %: make them 100 in all"),
        ("kinds", lambda: total("kinds") > 100, f"{total('kinds')} %: make them 100 at most"),
    )
    yield from ((field, mend) for field, is_faulty, mend in checks if is_faulty())


def apportion(shares: Mapping[str, int], number: int) -> dict[str, int]:
    """Return each share of the number in whole questions, by largest remainders: shares of 100 % come to the number."""
    exact = {name: divmod(share * number, 100) for name, share in shares.items()}
    left = sum(share for share in shares.values()) * number // 100 - sum(whole for whole, _ in exact.values())
    first = sorted(exact, key=lambda name: -exact[name][1])[:left]  # equal remainders in the order given
    return {name: whole + (name in first) for name, (whole, _) in exact.items()}


def _extra_time(extra: ExtraTime, minutes: int, facts: Facts) -> dict[str, Any]:
    if extra.factor is not None:
        total, why = ceil(minutes * extra.factor), extra.why or f"{extra.factor - 1:.0%} more".replace("%", " %")
    else:
        assert extra.minutes is not None  # noqa: S101  the model gives one of both
        total, why = extra.minutes.given(facts), extra.why
    return {"minutes": total, "label": ", ".join(filter(None, (f"{total} minutes", why)))}


def resolved(blueprint: Blueprint, exams: Exams) -> dict[str, Any]:
    """Return the blueprint as plain data with all its numbers, as rooms read it and forms are drawn from it.

    `domains` and `kinds` hold whole questions; a kind that is not in `kinds` is not drawn, unless `kinds` is empty.
    """
    facts = exams.facts
    questions, minutes = blueprint.questions.given(facts), blueprint.minutes.given(facts)
    shares = {name: amount.given(facts) for name, amount in blueprint.shares.items()}
    kinds = {name: amount.given(facts) for name, amount in blueprint.kinds.items()}
    return {
        "id": blueprint.id,
        "title": blueprint.title,
        "exam": blueprint.exam,
        "questions": questions,
        "minutes": minutes,
        "pass": blueprint.to_pass.given(facts) if blueprint.to_pass else None,
        "extra": [_extra_time(extra, minutes, facts) for extra in blueprint.extra],
        "sections": blueprint.breaks.given(facts) + 1,
        "break_minutes": blueprint.break_minutes.given(facts),
        "pause": blueprint.pause,
        "domains": apportion(shares, questions),
        "kinds": apportion(kinds, questions),
        "note": blueprint.note,
    }
