"""How well a learner knows what they know: how sure they said to be, against how often they were right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from quizzes.study.tally import CREDIT, Items, Tally

LEVELS = (50, 70, 90)  # percent: what a session offers
ENOUGH_SAID = 20  # answers with a level: with fewer, chance alone moves the share by a level
ENOUGH_OF_A_SIDE = 5  # of these, sure or not: with fewer, the 95 % interval spans most of the scale
_SURE = f"where you felt sure ({LEVELS[1]} % or more)"
_UNSURE = f"where you did not feel sure ({LEVELS[1]} % or less)"


class Estimate(NamedTuple):
    """An answer with how sure the learner said to be, in percent, and what it earned."""

    sure: float
    outcome: str


@dataclass(frozen=True)
class Level:
    """The answers at a level: their number, the mean that was said, the share that was right, and its 95 % interval.

    `mean`, `share`, `low` and `high` are shares of 1; partly right counts half. Without answers, `mean` is the level's
    own value and `share` is 0.
    """

    level: int
    answers: int
    mean: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """All answers with a level, by level; `brier` is the mean squared difference of what was said and earned.

    `brier` is from 0, which is best, to 1, and None without answers. Always saying 50 % earns 0.25 at most.
    """

    levels: tuple[Level, ...]
    answers: int
    brier: float | None
    estimates: tuple[Estimate, ...]


def calibration(items: Items) -> Calibration:
    """Return how sure a learner said to be and was right, from every attempt that has `sure`."""
    estimates = tuple(
        Estimate(each["sure"], each["outcome"])
        for item in items.values()
        for each in item.get("log", [])
        if each["outcome"] in CREDIT and _is_percent(each.get("sure"))
    )
    levels = tuple(_level(level, [each for each in estimates if nearest(each.sure) == level]) for level in LEVELS)
    return Calibration(levels, len(estimates), _brier(estimates), estimates)


def _is_percent(sure: Any) -> bool:
    return isinstance(sure, int | float) and not isinstance(sure, bool) and 0 <= sure <= 100


def nearest(sure: float) -> int:
    """Return the level next to what was said; of two, the lower one."""
    return min(LEVELS, key=lambda level: abs(level - sure))


def _level(level: int, estimates: Sequence[Estimate]) -> Level:
    tally = Tally.of([each.outcome for each in estimates])
    share = tally.points / tally.answers if tally.answers else 0.0
    mean = _mean(estimates) if estimates else level / 100
    return Level(level, tally.answers, mean, share, *tally.range)


def _mean(estimates: Sequence[Estimate]) -> float:
    return sum(each.sure for each in estimates) / len(estimates) / 100


def _brier(estimates: Sequence[Estimate]) -> float | None:
    if not estimates:
        return None
    return sum((each.sure / 100 - CREDIT[each.outcome]) ** 2 for each in estimates) / len(estimates)


# ---- one sentence ----


def calibration_sentence(found: Calibration) -> str:
    """Return one sentence for the learner on whether they are too sure, not sure enough, or about right.

    Said is held against the 95 % interval of the share that was right. The lowest level stands for all below it and the
    highest for all above: nobody is called too sure for the one, nor not sure enough for the other.
    """
    if found.answers < ENOUGH_SAID:
        return f"Too few answers to say how well you know what you know: {found.answers} of the {ENOUGH_SAID} needed."
    upper = [each for each in found.estimates if nearest(each.sure) > LEVELS[0]]
    lower = [each for each in found.estimates if nearest(each.sure) < LEVELS[-1]]
    too_sure = len(upper) >= ENOUGH_OF_A_SIDE and _mean(upper) > _range(upper)[1]
    not_enough = len(lower) >= ENOUGH_OF_A_SIDE and _mean(lower) < _range(lower)[0]
    if too_sure and not_enough:
        return f"Too sure {_SURE}: {_shares(upper)}; not sure enough {_UNSURE}: {_shares(lower)}."
    if too_sure:
        return f"Too sure {_SURE}: {_shares(upper)}."
    if not_enough:
        return f"Not sure enough {_UNSURE}: {_shares(lower)}."
    return _about_right(found.estimates, upper)


def _about_right(every: Sequence[Estimate], upper: Sequence[Estimate]) -> str:
    """Return the sentence for who is not blamed; many misses at the lowest level are left out of "about right"."""
    if _mean(every) <= _range(every)[1]:
        return f"About right: {_shares(every)}."
    if len(upper) >= ENOUGH_OF_A_SIDE:
        return f"About right {_SURE}: {_shares(upper)}."
    return f"Too few answers {_SURE} to say more: {_shares(every)}."


def _range(estimates: Sequence[Estimate]) -> tuple[float, float]:
    return Tally.of([each.outcome for each in estimates]).range


def _shares(estimates: Sequence[Estimate]) -> str:
    points = Tally.of([each.outcome for each in estimates]).points
    share = _percent(points / len(estimates))
    return f"you said {_percent(_mean(estimates))} on average, and {share} of {len(estimates)} answers were right"


def _percent(share: float) -> str:
    return f"{math.floor(share * 100 + 0.5)} %"
