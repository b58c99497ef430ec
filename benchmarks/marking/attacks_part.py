"""Hostile submissions as one part of the whole run."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from hostile.catalogue import ATTACKS

from benchmarks.marking.attacks import TARGET, WAYS, Verdicts, succeeded, table, tried
from benchmarks.marking.downloads import ZIPS
from benchmarks.plan import Plan
from benchmarks.rows import Goal, Part, Row, alone, beside

FIGURES = {
    "ours in batch": ("hostile_batch", "marked in batch"),
    "ours in nbgrader": ("hostile_nbgrader", "marked by nbgrader's command"),
}


def rows(found: Sequence[Verdicts]) -> tuple[Row, ...]:
    """Return how many hostile submissions succeed in each of our ways, beside stock nbgrader."""
    stock, applied = succeeded(found, WAYS[0])
    made = []
    for way, (figure, told) in FIGURES.items():
        ours, number = succeeded(found, way)
        base = alone(figure, f"Hostile submissions that succeed, {told}, {number} tried", "", ours, Goal(0))
        made.append(beside(base, f"{WAYS[0]}, {applied} tried", stock))
    return tuple(made)


def measured(plan: Plan) -> Part:
    """Try the attacks of a plan; all of them make the list anew that stands beside this module."""
    found = tried(ATTACKS[:: plan.every], tuple(ZIPS)[:: plan.every])
    if plan.every == 1:
        TARGET.write_text(table(found), encoding="utf-8")
    return Part(rows(found), {"nbgrader": version("nbgrader")})
