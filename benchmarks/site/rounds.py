"""Measure all contestants in rounds, A B C D A B C D, so that what drifts on the machine hits all of them alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from playwright.sync_api import Browser, Error

from benchmarks.command import say
from benchmarks.site.contestants import Contestant, Steps
from benchmarks.site.measure import UnanswerableError, Weight, answerable, weigh

QUARTER = 4
WEIGHINGS = 3  # weight and shift hardly vary; times do


@dataclass(frozen=True)
class Subject:
    """A page to measure; `name` is unique in a run."""

    name: str
    address: str
    steps: Steps
    code: str = ""


@dataclass
class Figures:
    """All that was measured of a page: weights, and the times in ms until it could be answered; `fault` ends it."""

    weights: list[Weight] = field(default_factory=list)
    full: list[float] = field(default_factory=list)
    quarter: list[float] = field(default_factory=list)
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return asdict(self)


def subject(contestant: Contestant, page: str, address: str) -> Subject:
    """Return a contestant's page as a subject."""
    return Subject(f"{contestant.name} {page}", address, contestant.steps, contestant.code)


def _measure(browser: Browser, each: Subject, figures: Figures) -> None:
    """Add a round's figures to a page; a page that fails is measured no more."""
    if figures.fault:
        return
    try:
        if len(figures.weights) < WEIGHINGS:
            figures.weights.append(weigh(browser, each.address, each.code))
        full = answerable(browser, each.address, each.steps)
        quarter = answerable(browser, each.address, each.steps, rate=QUARTER)
    except (UnanswerableError, Error) as error:
        figures.fault = str(error).splitlines()[0]
        say(f"{each.name}: {figures.fault}")
        return
    figures.full.append(full)
    figures.quarter.append(quarter)
    say(f"  {each.name}: {full:.0f} ms, at quarter speed {quarter:.0f} ms")


def run(browser: Browser, subjects: Iterable[Subject], number: int) -> Mapping[str, Figures]:
    """Return the figures of each page by its name. The first load of a browser is not counted."""
    every = list(subjects)
    found = {each.name: Figures() for each in every}
    if every:
        weigh(browser, every[0].address)
    for turn in range(1, number + 1):
        say(f"round {turn} of {number}")
        for each in every:
            _measure(browser, each, found[each.name])
    return found
