"""A line of the table: a figure of ours, a peer's, and the goal that one of them or their ratio is held to.

Less is better in every figure with a peer, so that the ratio says how many times less ours is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

DIGITS = 5  # significant ones that are kept


@dataclass(frozen=True)
class Goal:
    """What our figure, or the ratio of the peer's to ours, must come to."""

    limit: float
    at_most: bool = True
    of: Literal["ours", "ratio"] = "ours"


@dataclass(frozen=True)
class Row:
    """A figure with its name and unit; None is what was not measured, and `peer` is empty where there is none."""

    figure: str
    what: str
    unit: str
    ours: float | None
    peer: str = ""
    theirs: float | None = None
    ratio: float | None = None
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        """Return met, missed, or not measured; an empty text where there is no goal."""
        if self.goal is None:
            return ""
        value = self.ours if self.goal.of == "ours" else self.ratio
        if value is None:
            return "not measured"
        met = value <= self.goal.limit if self.goal.at_most else value >= self.goal.limit
        return "met" if met else "missed"

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain data, its verdict with it."""
        return {**asdict(self), "verdict": self.verdict}

    @staticmethod
    def from_json(data: dict[str, Any]) -> Row:
        """Return the row that `as_json` wrote."""
        own = {name: value for name, value in data.items() if name != "verdict"}
        return Row(**{**own, "goal": Goal(**own["goal"]) if own["goal"] else None})


@dataclass(frozen=True)
class Part:
    """What one part of a run found.

    `versions` are of all that took part, `missing` names the peers that could not be measured, `browser` is the
    version of the one that was used, if one was.
    """

    rows: tuple[Row, ...]
    versions: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    browser: str = ""


class PartError(RuntimeError):
    """A part that cannot be run; the message says why in one line."""


def rounded(value: float | None) -> float | None:
    """Return a figure with the digits that are kept."""
    return None if value is None else float(f"{value:.{DIGITS}g}")


def alone(figure: str, what: str, unit: str, ours: float | None, goal: Goal | None = None) -> Row:
    """Return a row without a peer."""
    return Row(figure, what, unit, rounded(ours), goal=goal)


def beside(base: Row, peer: str, theirs: float | None, ratio: float | None = None) -> Row:
    """Return a row with a peer's figure; the ratio is that of the two figures where none is given."""
    if ratio is None and theirs is not None and base.ours:
        ratio = theirs / base.ours
    return Row(base.figure, base.what, base.unit, base.ours, peer, rounded(theirs), rounded(ratio), base.goal)
