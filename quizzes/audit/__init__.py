"""Measure the bank: does anything but understanding give a key away, and do blind readers find the keys?

Goals and methods follow item-writing research (NBME guide 2020; Haladyna, Downing and Rodriguez 2002; Rodriguez 2005).
Models come from scikit-learn and are cross-validated with whole families held out.
"""

from __future__ import annotations

from collections.abc import Sequence

from quizzes.audit import blind, classes, keys, texts
from quizzes.audit.measure import Measure
from quizzes.bank import Bank
from quizzes.reviews import Review

__all__ = ["Measure", "audit", "table"]


def audit(bank: Bank, reviews: Sequence[Review]) -> list[Measure]:
    """Return every measure over the whole bank and its blind reviews."""
    every = (*classes.MEASURES, *keys.MEASURES, *texts.MEASURES)
    return [*(measure(bank) for measure in every), *blind.measures(bank, reviews)]


def table(measures: Sequence[Measure]) -> str:
    """Return the measures as text: a line each, then the items behind a failure, and remarks."""
    wide = max(len(measure.name) for measure in measures), max(len(measure.found) for measure in measures)
    lines = []
    for measure in measures:
        met = "ok  " if measure.met else "FAIL"
        lines.append(f"{met}  {measure.name:{wide[0]}}  {measure.found:{wide[1]}}  goal: {measure.goal}")
        if not measure.met and measure.items:
            lines.append(f"      items: {', '.join(measure.items)}")
        lines += [f"      {note}" for note in measure.notes]
    missed = sum(not measure.met for measure in measures)
    return "\n".join([*lines, f"{len(measures)} measures, {missed} missed"])
