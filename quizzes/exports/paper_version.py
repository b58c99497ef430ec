"""Versions of an exam paper: the same items in another order, their options shuffled where the wording allows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from string import ascii_uppercase

from quizzes.bank import Bank
from quizzes.exports.units import Unit, shares, units
from quizzes.items import AnyItem, role

MINUS = "\N{MINUS SIGN}"
_NAME = r"\b(?:[A-J]|[1-9]|[IVX]+)\b"
# Options that speak of other options or of their place: "Both", "None of the above", "1 and 3", "A only".
REFERS = re.compile(
    r"^(both|neither|all|none)\b(?=\W*$| of | at once| (the )?(above|others?)\b)"
    r"|\b(the (above|others?|rest|former|latter)|(all|any|both|none|neither|two) of (these|those|them)|preceding)\b"
    r"|\b(options?|answers?|statements?) [A-J1-9]\b"
    rf"|{_NAME}\W*(and|or|nor|&) *{_NAME}|^\W*{_NAME}(\W+{_NAME})*\W*(only)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """A question of a paper: its label as in "7" or "7.2", and its option or row ids as they stand on this paper."""

    label: str
    unit: Unit
    order: tuple[str, ...]
    after: str = ""

    @property
    def letters(self) -> dict[str, str]:
        """Return what each option is called on this paper; rows that go into groups have numbers."""
        names = [str(number) for number in range(1, len(self.order) + 1)]
        return dict(zip(self.order, names if self.unit.part.type == "match" else ascii_uppercase, strict=False))

    @property
    def key(self) -> str:
        """Return the right answer in this paper's letters."""
        part, letters = self.unit.part, self.letters
        if part.type == "match":
            groups = dict(zip(part.groups, ascii_uppercase, strict=False))
            return ", ".join(f"{letters[row]} {groups[part.places[row]]}" for row in self.order)
        names = part.key if part.type == "order" else [name for name in self.order if name in part.key]
        return ", ".join(letters[name] for name in names)

    @property
    def marks(self) -> str:
        """Return how points are given, in the short form that the key explains."""
        part, share = self.unit.part, shares(self.unit.part)
        points = _number(part.points)
        if part.type == "order":
            return f"{points} (pairs)"
        if part.type == "one":
            return f"{points} (if {self.after})" if self.after else points
        right, wrong = max(share.values()) * part.points, -min(share.values()) * part.points
        return f"{points} (+{_number(right)}, {MINUS}{_number(wrong)})"


@dataclass(frozen=True)
class Entry:
    """An item on a paper: its number, its scenario, and its questions."""

    number: int
    item: AnyItem
    scenario: str
    asked: tuple[Asked, ...]


def _number(value: float) -> str:
    return str(Fraction(value).limit_denominator(1000))


def fixed(unit: Unit) -> bool:
    """Return whether the options keep their order: by their kind, as numbers of a list, or as one speaks of others."""
    if role(unit.part.name) in unit.item.about.fixed or getattr(unit.item, "style", "") == "list":
        return True
    return not unit.part.groups and any(REFERS.search(choice.text) for choice in unit.choices.values())


def _order(unit: Unit, source: Random) -> tuple[str, ...]:
    names = list(unit.part.options)
    if fixed(unit):
        return tuple(names)
    source.shuffle(names)
    while unit.part.type == "order" and tuple(names) == unit.part.key:  # it must not stand there solved
        source.shuffle(names)
    return tuple(names)


def _entry(number: int, item: AnyItem, bank: Bank, source: Random) -> Entry:
    found = units(item, bank)
    labels = [str(number)] if len(found) == 1 else [f"{number}.{each}" for each in range(1, len(found) + 1)]
    decides = next((n for n, unit in enumerate(found) if unit.part.decides), len(found))
    asked = tuple(
        Asked(label, unit, _order(unit, source), labels[decides] if n > decides else "")
        for n, (label, unit) in enumerate(zip(labels, found, strict=True))
    )
    return Entry(number, item, found[0].scenario, asked)


def version(items: Sequence[AnyItem], bank: Bank, letter: str, seed: int) -> list[Entry]:
    """Return the items as they stand on the paper of this letter. Same items, letter and seed, same paper."""
    source = Random(f"{seed}/{letter}")  # noqa: S311  an order, no secret
    shuffled = source.sample(list(items), len(items))
    return [_entry(number, item, bank, source) for number, item in enumerate(shuffled, 1)]
