"""The site's figures as rows of the table, with the goals that they are held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median, quantiles
from typing import Any

from benchmarks.rows import Goal, Row, alone, beside
from benchmarks.site.contestants import RIVAL

WIDGET, THEME = "anywidget and html-manager", "our quiz in a Jupyter Book as it comes"
PEERS = {RIVAL: f"{RIVAL} in a Jupyter Book as it comes", "theme": THEME, "widget": WIDGET}
SOONER = Goal(1.7, at_most=False, of="ratio")
PAGE, CODE = Goal(130), Goal(12)
SPEEDS = {"full": "", "quarter": ", processor at a quarter"}


def ratio(rival: Mapping[str, Any], ours: Mapping[str, Any], speed: str) -> float | None:
    """Return how many times sooner ours is, the median over the rounds of the ratio within each."""
    pairs = [theirs / own for theirs, own in zip(rival[speed], ours[speed], strict=False) if own]
    return round(median(pairs), 2) if pairs else None


def percentile(values: list[float], percent: int) -> float | None:
    """Return a percentile; None where there are too few values for one."""
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1) if len(values) > 1 else None


def _middle(values: list[float], scale: float = 1) -> float | None:
    return median(values) / scale if values else None


def _weight(page: Mapping[str, Any], name: str, scale: float = 1000) -> float | None:
    return _middle([weight[name] for weight in page.get("weights", [])], scale)


def _smallest(results: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the fewest questions that a page had, and the figures of all contestants for it."""
    sizes: Mapping[str, Any] = results["pages"]
    number = min(sizes, key=int, default="3")
    return number, sizes.get(number, {})


def _sooner(number: str, makes: Mapping[str, Any]) -> Iterator[Row]:
    """Yield how soon the same page can be answered in each make, at two speeds of the processor."""
    ours = makes.get("ours", {})
    for name, peer in PEERS.items():
        theirs, figure = makes.get(name, {}), "sooner" if name == RIVAL else f"sooner_{name}"
        for speed, told in SPEEDS.items():
            what = f"A page with {number} questions can be answered after{told}"
            goal = SOONER if name == RIVAL else None
            base = alone(f"{figure}_{speed}", what, "ms", _middle(ours.get(speed, [])), goal)
            within = ratio(theirs, ours, speed) if ours and theirs else None
            yield beside(base, peer, _middle(theirs.get(speed, [])), within)


def _lighter(number: str, makes: Mapping[str, Any]) -> Iterator[Row]:
    """Yield what the same page weighs in each make, and the quiz's code where it can be told from the page."""
    ours = makes.get("ours", {})
    for name, peer in PEERS.items():
        figure = "page_kb" if name == RIVAL else f"page_kb_{name}"
        what, goal = f"A page with {number} questions, over the wire", PAGE if name == RIVAL else None
        base = alone(figure, what, "kB", _weight(ours, "bytes"), goal)
        yield beside(base, peer, _weight(makes.get(name, {}), "bytes"))
    base = alone("code_kb", "Of it the code of the quiz", "kB", _weight(ours, "code_bytes"), CODE)
    yield beside(base, WIDGET, _weight(makes.get("widget", {}), "code_bytes"))


def _builds(results: Mapping[str, Any]) -> Iterator[Row]:
    seconds = results.get("seconds", {})
    base = alone("build", "A book of a few such pages is built in", "s", seconds.get("ours"))
    yield beside(base, PEERS[RIVAL], seconds.get(RIVAL))


def _site(results: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the figures of the whole site, which has no peer."""
    site = results.get("site", {})
    practice = site.get("practice", {})
    scores = [score for runs in results["lighthouse"].get("goal", {}).values() for score in runs.values()]
    stored = site.get("precache", {}).get("bytes")
    exam = percentile(site.get("exam", {}).get("options", []), 95)
    yield alone("practice_kb", "The site's page of all practice, over the wire", "kB", _weight(practice, "bytes"), PAGE)
    yield alone("practice_code_kb", "Of it the code of the quiz", "kB", _weight(practice, "code_bytes"), CODE)
    yield alone("shift", "Layout shift, the most of any page", "", max(_shifts(results), default=None), Goal(0))
    yield alone(
        "lighthouse", "Lighthouse, phone, the lowest score", "", min(scores, default=None), Goal(97, at_most=False)
    )
    yield alone(
        "exam_ms", "Exam of 180, processor at a quarter: 95 of 100 clicks are painted within", "ms", exam, Goal(50)
    )
    yield alone("precache_mb", "The whole site kept for use offline", "MB", stored and stored / 1e6, Goal(3))


def _shifts(results: Mapping[str, Any]) -> Iterator[float]:
    """Yield the shifts of our pages: this benchmark's, the practice page's, and every page's at rest."""
    site = results.get("site", {})
    for page in (_smallest(results)[1].get("ours", {}), site.get("practice", {})):
        yield from (weight["shift"] for weight in page.get("weights", []))
    yield from (weight["shift"] for weight in site.get("pages", {}).values())


def rows(results: Mapping[str, Any]) -> tuple[Row, ...]:
    """Return the rows of a run."""
    number, makes = _smallest(results)
    return (*_sooner(number, makes), *_lighter(number, makes), *_builds(results), *_site(results))
