"""Measures of the blind reviews: do readers who see only what a learner sees find the key?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quizzes.audit.measure import Measure, unique
from quizzes.bank import Bank
from quizzes.reviews import READERS, Review, current, differences, found_by

GOALS = {"class": 0.97, "differentiator": 0.90}
OTHER_GOAL = 0.95


def _shares(bank: Bank, reviews: dict[str, list[Review]]) -> dict[str, list[tuple[str, bool]]]:
    """Return for class and difference, and for all items that do not ask for both, which items were found."""
    found: dict[str, list[tuple[str, bool]]] = {"class": [], "differentiator": [], "other kinds": []}
    for name, each in reviews.items():
        item = bank.items[name]
        for review in each:
            missed = differences(item, review.response)
            if {part.name for part in item.parts()}.issuperset(GOALS):
                for role in GOALS:
                    found[role].append((name, role not in missed))
            else:
                found["other kinds"].append((name, not missed))
    return found


def measures(bank: Bank, reviews: Sequence[Review]) -> list[Measure]:
    """Return how much of the bank was read blind, and how often readers found the key."""
    by_item = current(reviews, bank)
    readers = len({each.reader for each in reviews})
    note = f"{len(reviews)} answers on record, by {readers} readers, earlier wordings included"
    return [_coverage(by_item, note), _disputes(bank, by_item), *_agreement(bank, by_item)]


def _agreement(bank: Bank, by_item: dict[str, list[Review]]) -> list[Measure]:
    """Return how often blind readers found the key: of class, of differentiator, and of all other kinds."""
    every = []
    for role, found in _shares(bank, by_item).items():
        goal = GOALS.get(role, OTHER_GOAL)
        share = float(np.mean([right for _, right in found])) if found else 0.0
        missed = unique(name for name, right in found if not right)
        name = f"blind agreement: {role}"
        every.append(Measure(name, f"{share:.1%} of {len(found)}", f"{goal:.0%} or more", share >= goal, missed))
    return every


def _coverage(by_item: dict[str, list[Review]], note: str) -> Measure:
    """Was the present wording of every item answered blind by at least two readers?"""
    readers = {name: {each.reader for each in found} for name, found in by_item.items()}
    lacking = tuple(name for name, found in readers.items() if len(found) < READERS)
    found = f"{len(readers) - len(lacking)} of {len(readers)} items"
    return Measure("read blind by two or more", found, "all", not lacking, lacking, (note,))


def _disputes(bank: Bank, by_item: dict[str, list[Review]]) -> Measure:
    """Is there no item whose present wording a reader answered otherwise, and two others did not answer by the key?"""
    found = {name: found_by(bank.items[name], each) for name, each in by_item.items()}
    disputed = [name for name, each in by_item.items() if {review.reader for review in each} - found[name]]
    left = tuple(name for name in disputed if len(found[name]) < READERS)
    settled = [name for name in disputed if name not in left]
    notes = (f"disputed by one, found by two others: {', '.join(settled)}",) if settled else ()
    goal = "none, or two others find the key"
    return Measure("disputed by a blind reader", f"{len(disputed)} items", goal, not left, left, notes)
