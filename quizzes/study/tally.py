"""What answers are worth, counted: the share of several with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.scores import interval

Items = Mapping[str, Mapping[str, Any]]  # item records by id

CREDIT = {"right": 1.0, "partly": 0.5, "wrong": 0.0}


@dataclass(frozen=True)
class Tally:
    """So many answers earned so many points; a partly right one earns half."""

    answers: int
    points: float

    @classmethod
    def of(cls, outcomes: Sequence[str]) -> Tally:
        """Count some outcomes."""
        return cls(len(outcomes), sum(CREDIT[outcome] for outcome in outcomes))

    @property
    def range(self) -> tuple[float, float]:
        """Return the 95 % interval of the share."""
        return interval(self.points, self.answers)
