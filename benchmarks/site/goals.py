"""The goals, as data, and which of the measured figures each is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from benchmarks.site.contestants import RIVAL


@dataclass(frozen=True)
class Goal:
    """What a figure must come to; `figure` is its name in `figures`."""

    figure: str
    text: str
    limit: float
    unit: str = ""
    at_most: bool = True

    def verdict(self, value: float | None) -> str:
        """Return met, missed, or not measured."""
        if value is None:
            return "not measured"
        return "met" if (value <= self.limit if self.at_most else value >= self.limit) else "missed"


@dataclass(frozen=True)
class Result:
    """A goal with the figure that was measured for it, if one was."""

    goal: Goal
    value: float | None

    @property
    def verdict(self) -> str:
        """Return met, missed, or not measured."""
        return self.goal.verdict(self.value)


GOALS = (
    Goal("page_kb", "Practice page over the wire, the heavier of this benchmark's and the site's", 130, "kB"),
    Goal("code_kb", "Quiz code of it", 12, "kB"),
    Goal("sooner_full", f"Answerable sooner than {RIVAL}, full CPU", 1.7, "times", at_most=False),
    Goal("sooner_quarter", f"Answerable sooner than {RIVAL}, quarter CPU", 1.7, "times", at_most=False),
    Goal("shift", "Layout shift, the most of any page", 0),
    Goal("lighthouse", "Lighthouse mobile, the lowest score of four", 97, at_most=False),
    Goal("exam_ms", "Exam of 180, click to next paint at quarter CPU, 95 of 100 within", 50, "ms"),
    Goal("precache_mb", "Precache of the whole site, as stored", 3, "MB"),
)


def ratio(rival: Mapping[str, Any], ours: Mapping[str, Any], speed: str) -> float | None:
    """Return how many times sooner ours is, the median over the rounds of the ratio within each."""
    pairs = [theirs / own for theirs, own in zip(rival[speed], ours[speed], strict=False) if own]
    return round(median(pairs), 2) if pairs else None


def _smallest(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the figures of all contestants for the page with the fewest questions."""
    sizes: Mapping[str, Any] = results["pages"]
    return sizes[min(sizes, key=int)] if sizes else {}


def _our_pages(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the practice pages that the goals are about: this benchmark's smallest, and the site's own."""
    ours = (_smallest(results).get("ours"), results.get("site", {}).get("practice"))
    return [each for each in ours if each]


def _weights(results: Mapping[str, Any], name: str) -> Iterator[float]:
    for page in _our_pages(results):
        yield from (weight[name] for weight in page["weights"])


def _shifts(results: Mapping[str, Any]) -> Iterator[float]:
    yield from _weights(results, "shift")
    yield from (weight["shift"] for weight in results.get("site", {}).get("pages", {}).values())


def percentile(values: list[float], percent: int) -> float | None:
    """Return a percentile; None where there are too few values for one."""
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1) if len(values) > 1 else None


def _sooner(results: Mapping[str, Any], speed: str) -> float | None:
    """Return the ratio on the smallest page."""
    page = _smallest(results)
    return ratio(page[RIVAL], page["ours"], speed) if {RIVAL, "ours"} <= set(page) else None


def figures(results: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the figure for each goal, None where it was not measured."""
    site = results.get("site", {})
    scores = [score for runs in results["lighthouse"].get("goal", {}).values() for score in runs.values()]
    stored = site.get("precache", {}).get("bytes")
    return {
        "page_kb": _thousands(max(_weights(results, "bytes"), default=None)),
        "code_kb": _thousands(max(_weights(results, "code_bytes"), default=None)),
        "sooner_full": _sooner(results, "full"),
        "sooner_quarter": _sooner(results, "quarter"),
        "shift": max(_shifts(results), default=None),
        "lighthouse": min(scores, default=None),
        "exam_ms": percentile(site.get("exam", {}).get("options", []), 95),
        "precache_mb": None if stored is None else round(stored / 1e6, 2),
    }


def _thousands(number: float | None) -> float | None:
    return None if number is None else round(number / 1000, 1)


def judged(results: Mapping[str, Any]) -> list[Result]:
    """Return every goal with its figure."""
    measured = figures(results)
    return [Result(goal, measured[goal.figure]) for goal in GOALS]
