"""Statistics of a sitting: pure. Scores are arrays of learners x items in points, NaN where an item was not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

FEW, MANY = 30, 100  # under FEW responses figures are held back, under MANY they are unstable
HARD, EASY = 0.20, 0.80
WEAK, GOOD = 0.20, 0.30
RARE = 0.05
RELIABLE = 0.80
TAIL = 0.27  # Kelley 1939: the tails that tell strong from weak learners best
BINS = 10

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Distribution:
    """Scores of `number` learners out of `full`; `counts` has the learners between each two of `edges`."""

    number: int
    full: float
    mean: float
    median: float
    sd: float | None
    low: float
    high: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha over learners who were asked the same items, and the error of measurement in points.

    `alpha` is None where `reason` says why; `sem` also where alpha is negative.
    """

    learners: int
    items: int
    alpha: float | None = None
    sem: float | None = None
    right_or_wrong: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ItemStatistics:
    """An item's figures over the learners who were asked it; None where they are held back or not defined."""

    responses: int
    difficulty: float | None = None
    discrimination: float | None = None
    upper_lower: float | None = None

    @property
    def stability(self) -> str:
        """Return how far the figures can be trusted, in a word or two; empty where there is nothing to say."""
        return stability(self.responses)


def stability(responses: int) -> str:
    """Return "held back" or "unstable" where there are too few responses, else an empty text."""
    return "held back" if responses < FEW else "unstable" if responses < MANY else ""


def _worth(scores: Array, points: Array) -> Array:
    """Return the points that each learner could earn."""
    return np.asarray(~np.isnan(scores) @ points, dtype=float)


def shares(scores: Array, points: Array) -> Array:
    """Return each learner's share of the points of what was asked, 0 to 1; NaN where nothing was asked."""
    worth = _worth(scores, points)
    earned: Array = np.full(len(scores), np.nan)
    np.divide(np.nansum(scores, axis=1), worth, out=earned, where=worth > 0)
    return earned


def totals(scores: Array, points: Array) -> tuple[Array, float]:
    """Return each learner's total and what it is out of: points, or 100 where learners could earn different points."""
    worth = _worth(scores, points)
    if len(worth) and np.allclose(worth, worth[0]):
        return np.nansum(scores, axis=1), float(worth[0])
    return 100 * shares(scores, points), 100.0


def distribution(values: Array, full: float) -> Distribution | None:
    """Return the distribution of one or more scores; the standard deviation is that of a sample (n - 1)."""
    if not len(values):
        return None
    # A sum of fractions that is a rounding error short of an edge belongs beyond it.
    bins = np.minimum(np.floor(np.round(values / full * BINS, 9)), BINS - 1).astype(int)
    return Distribution(
        number=len(values),
        full=full,
        mean=float(np.mean(values)),
        median=float(np.median(values)),
        sd=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        low=float(np.min(values)),
        high=float(np.max(values)),
        edges=tuple(full * edge / BINS for edge in range(BINS + 1)),
        counts=tuple(map(int, np.bincount(bins, minlength=BINS))),
    )


def alpha(scores: Array) -> float | None:
    """Return Cronbach's alpha of complete scores (Cronbach 1951); None where it is not defined.

    For items of 0 or 1 point it is KR-20 (Kuder & Richardson 1937, formula 20).
    """
    learners, items = scores.shape
    if learners < 2 or items < 2:
        return None
    total = float(np.var(scores.sum(axis=1), ddof=1))
    if total < 1e-12:
        return None
    own = float(np.sum(np.var(scores, axis=0, ddof=1)))
    return float(items / (items - 1) * (1 - own / total))


def _largest_group(asked: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which learners share the most frequent set of items, and that set."""
    sets, group, counts = np.unique(asked, axis=0, return_inverse=True, return_counts=True)
    most = int(np.argmax(counts))
    return group.reshape(-1) == most, sets[most]


def reliability(scores: Array, points: Array) -> Reliability:
    """Return alpha and the standard error of measurement, sd x sqrt(1 - alpha), over the largest group of one form."""
    if not len(scores):
        return Reliability(0, 0, reason="nobody has answered")
    rows, columns = _largest_group(~np.isnan(scores))
    same, worth = scores[rows][:, columns], points[columns]
    learners, items = same.shape
    if learners < FEW:
        group = "learners" if learners == len(scores) else "learners were asked the same items"
        return Reliability(learners, items, reason=f"held back: {learners} {group}, under {FEW}")
    found = alpha(same)
    if found is None:
        return Reliability(learners, items, reason="not defined: one item only, or all totals are the same")
    error = float(np.std(same.sum(axis=1), ddof=1)) * sqrt(1 - found) if found >= 0 else None
    either = np.isclose(same, 0) | np.isclose(same, worth)
    return Reliability(learners, items, found, error, bool(either.all() and np.allclose(worth, worth[0])))


def items_for(goal: float, found: float, items: int) -> int:
    """Return how many items of the same quality would reach the goal (Spearman 1910, Brown 1910); 0 < found < 1."""
    return ceil(items * goal * (1 - found) / (found * (1 - goal)) - 1e-9)


def correlation(one: Array, other: Array) -> float | None:
    """Return Pearson's correlation, which is the point-biserial where one is 0 or 1; None where it is not defined."""
    if len(one) < 2 or np.isnan(other).any() or np.ptp(one) < 1e-12 or np.ptp(other) < 1e-12:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _tail(values: Array, number: int) -> Array:
    """Return the weights of the `number` highest values; those who tie at the border share what is left."""
    border = np.sort(values)[-number]
    above, level = values > border, values == border
    return np.where(above, 1.0, np.where(level, (number - above.sum()) / level.sum(), 0.0))


def upper_lower(item: Array, total: Array) -> float | None:
    """Return the item's mean in the upper 27 % by total less that in the lower (Kelley 1939, Johnson 1951).

    `item` holds shares of its points, so the result lies between -1 and 1; None where the tails are empty.
    """
    number, total = round(TAIL * len(total)), np.round(total, 9)
    if number < 1:
        return None
    upper, lower = _tail(total, number), _tail(-total, number)
    return float(upper @ item - lower @ item) / number


def _item(column: int, scores: Array, points: Array) -> ItemStatistics:
    asked = ~np.isnan(scores[:, column])
    responses = int(asked.sum())
    if responses < FEW:
        return ItemStatistics(responses)
    own, share = scores[asked], scores[asked, column] / points[column]
    rest = shares(np.delete(own, column, axis=1), np.delete(points, column))
    return ItemStatistics(
        responses,
        difficulty=float(share.mean()),
        discrimination=correlation(share, rest),
        upper_lower=upper_lower(share, shares(own, points)),
    )


def item_statistics(scores: Array, points: Array) -> list[ItemStatistics]:
    """Return each item's difficulty (mean share of its points), item-rest correlation and upper-lower difference.

    The rest is the share of the points of all other items that the learner was asked, so that forms may differ.
    """
    return [_item(column, scores, points) for column in range(scores.shape[1])]


def remarks(statistics: ItemStatistics) -> list[str]:
    """Return in words what an item's figures ask for; empty where they are good or held back."""
    p, r = statistics.difficulty, statistics.discrimination
    if p is None:
        return []
    told = [f"hard: p under {HARD:.2f}"] if p < HARD else []
    told += [f"easy: p over {EASY:.2f}, which mastery items may be"] if p > EASY else []
    if r is None:
        return [*told, "discrimination is not defined: all scores are the same"]
    told += ["check the key: learners who do well elsewhere miss it"] if r < 0 else []
    return [*told, f"revise: discrimination under {WEAK:.2f}"] if 0 <= r < WEAK else told


def quality(discrimination: float | None) -> str:
    """Return a word for a corrected item-total discrimination."""
    if discrimination is None:
        return ""
    bounds = ((0, "check the key"), (WEAK, "revise"), (GOOD, "fair"))
    return next((word for bound, word in bounds if discrimination < bound), "good")


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile of at least one value."""
    low, middle, high = np.quantile(np.asarray(values, dtype=float), (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)
