"""How much a run measures: a real one, whose figures are published, and a quick one, which tries the programs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Rounds and sizes of the four parts.

    `questions` is the number on a page; `classes` are submissions; `nbgrader_most` is the largest class that goes
    through nbgrader's command, `otter` how many submissions otter-grader marks; every n-th attack is tried.
    """

    quick: bool
    site_rounds: int
    questions: int
    classes: tuple[int, ...]
    marking_rounds: int
    nbgrader_most: int
    otter: int
    every: int
    lite_rounds: int


REAL = Plan(
    quick=False,
    site_rounds=7,
    questions=3,
    classes=(50, 500, 2000, 5000),
    marking_rounds=2,
    nbgrader_most=500,
    otter=10,
    every=1,
    lite_rounds=3,
)
QUICK = Plan(
    quick=True,
    site_rounds=2,
    questions=3,
    classes=(5, 10),
    marking_rounds=1,
    nbgrader_most=5,
    otter=1,
    every=30,
    lite_rounds=1,
)
