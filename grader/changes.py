"""What a marking changes in the gradebook: worked out from the grades that stand there, for a trial and for real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

Scores = Mapping[str, float | None]
# A cell that has no row yet: the assignment has more cells than it had when the submission was marked.
NO_GRADE = SimpleNamespace(id=None, auto_score=None, manual_score=None, extra_credit=None, needs_manual_grade=False)


@dataclass(frozen=True)
class Change:
    """What a marking changed in the gradebook: totals of points before and after, and the automatic scores that moved.

    `before` is None where the submission had not been marked.
    """

    before: float | None
    after: float
    moved: Mapping[str, tuple[float | None, float | None]]
    by_hand: int = 0


def first_change(scores: Scores | None) -> Change:
    """Return what changes where the gradebook has no submission yet; no scores where it has no mark."""
    given = {name: score for name, score in (scores or {}).items() if score is not None}
    return Change(None, sum(given.values()), {name: (None, score) for name, score in given.items()})


def change_of(before: Mapping[str, Any], cells: Mapping[str, str], scores: Scores | None) -> Change:
    """Return what new scores change. `before` has the grades by cell, `cells` the cells by name.

    No scores withdraw the automatic ones.
    """
    given, wanted = _given(cells, scores), wanted_scores(cells, scores)
    old = {name: before[cells[name]].auto_score for name in given}
    moved = {name: (old[name], score) for name, score in given.items() if old[name] != score}
    marked = any(row.auto_score is not None or row.manual_score is not None for row in before.values())
    total = sum(_points(row, row.auto_score) for row in before.values())
    after = sum(_points(row, wanted.get(cell, row.auto_score)) for cell, row in before.items())
    return Change(total if marked else None, after, moved, sum(row.manual_score is not None for row in before.values()))


def wanted_scores(cells: Mapping[str, str], scores: Scores | None) -> dict[str, float | None]:
    """Return the automatic scores by cell; all of them None where they are withdrawn."""
    return {cells[name]: score for name, score in _given(cells, scores).items()}


def _given(cells: Mapping[str, str], scores: Scores | None) -> Scores:
    return scores or dict.fromkeys(cells)


def _points(row: Any, auto: float | None) -> float:
    """Return what a cell counts, as nbgrader reckons it: a manual score before an automatic one, and extra credit."""
    score = row.manual_score if row.manual_score is not None else auto
    return 0.0 if score is None else float(score) + float(row.extra_credit or 0)
