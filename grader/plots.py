"""The report's two drawings as SVG: a text alternative each, colours by class from the page, no script."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

from grader.analysis import EASY, GOOD, HARD, WEAK, Distribution
from quizzes.amounts import brief

WIDTH, HEIGHT = 360.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 350.0, 12.0, 186.0
_SVG = Markup(
    '<svg class="plot" viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="{name}-title {name}-desc">'
    '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{drawn}</svg>'
)
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{text}</text>')
_TURNED = Markup('<text x="{x:.1f}" y="{y:.1f}" class="middle" transform="rotate(-90 {x:.1f} {y:.1f})">{text}</text>')
_LINE = Markup('<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')
_RECT = Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}"/>')


def _join(pieces: Sequence[Markup]) -> Markup:
    return Markup("").join(pieces)


def _svg(name: str, title: str, description: str, drawn: Sequence[Markup]) -> Markup:
    return _SVG.format(name=name, title=title, description=description, drawn=_join(drawn), width=WIDTH, height=HEIGHT)


def _across(value: float, low: float, high: float) -> float:
    return LEFT + (RIGHT - LEFT) * (value - low) / (high - low)


def _up(value: float, low: float, high: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)


def _step(highest: int) -> int:
    """Return a round step that gives an axis of counts about five lines."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if highest / step <= 6)


def _axes(across: str, up: str) -> list[Markup]:
    return [
        _LINE.format(x1=LEFT, y1=BOTTOM, x2=RIGHT, y2=BOTTOM, kind="axis"),
        _TEXT.format(x=(LEFT + RIGHT) / 2, y=HEIGHT - 6, kind="middle", text=across),
        _TURNED.format(x=10.0, y=(TOP + BOTTOM) / 2, text=up),
    ]


def _level(value: float, top: float, low: float = 0, label: str = "") -> Markup:
    y = _up(value, low, top)
    line = _LINE.format(x1=LEFT, y1=y, x2=RIGHT, y2=y, kind="grid")
    return line + _TEXT.format(x=LEFT - 5, y=y + 4, kind="end", text=label or f"{value:g}")


def _mark(x: float, text: str) -> Markup:
    return _TEXT.format(x=x, y=BOTTOM + 15, kind="middle", text=text)


def _bars(shown: Distribution, top: int) -> list[Markup]:
    bars = []
    for (low, high), count in zip(zip(shown.edges, shown.edges[1:], strict=False), shown.counts, strict=True):
        x, y = _across(low, 0, shown.full) + 1, _up(count, 0, top)
        width = _across(high, 0, shown.full) - 1 - x
        bars.append(_RECT.format(x=x, y=y, width=width, height=BOTTOM - y, kind="column"))
    return bars


def histogram(shown: Distribution, unit: str, band: tuple[float, float] | None) -> Markup:
    """Return the histogram of scores, with the band of the measurement error round the median where there is one."""
    step = _step(max(shown.counts))
    top = step * max(1, ceil(max(shown.counts) / step))
    drawn = []
    if band:
        x1, x2 = (_across(min(max(edge, 0), shown.full), 0, shown.full) for edge in band)
        drawn.append(_RECT.format(x=x1, y=TOP, width=x2 - x1, height=BOTTOM - TOP, kind="band"))
    drawn += [_level(count, top) for count in range(0, top + 1, step)] + _bars(shown, top)
    middle = _across(shown.median, 0, shown.full)
    drawn += [_LINE.format(x1=middle, y1=TOP, x2=middle, y2=BOTTOM, kind=kind) for kind in ("halo", "median")]
    drawn += [_mark(_across(edge, 0, shown.full), brief(edge)) for edge in shown.edges[::2]]
    drawn += _axes(f"Score ({unit})", "Learners")
    return _svg("histogram", "Distribution of scores", _told(shown, band), drawn)


def _told(shown: Distribution, band: tuple[float, float] | None) -> str:
    scores = f"{shown.number} scores from {brief(shown.low)} to {brief(shown.high)}"
    error = f" One standard error of measurement to each side: {brief(band[0])} to {brief(band[1])}." if band else ""
    return f"{scores}, median {brief(shown.median)} of {brief(shown.full)}.{error} The table has the count of each bar."


def item_map(points: Sequence[tuple[int, float, float]]) -> Markup:
    """Return a map of items by (number, difficulty, discrimination), with the region that thresholds call good."""
    low = min(0.0, *(-0.2 * ceil(-r / 0.2) for _, _, r in points))
    drawn = [
        _RECT.format(
            x=_across(HARD, 0, 1),
            y=_up(1, low, 1),
            width=_across(EASY, 0, 1) - _across(HARD, 0, 1),
            height=_up(GOOD, low, 1) - _up(1, low, 1),
            kind="band",
        )
    ]
    levels = [round(low + 0.2 * n, 1) for n in range(round((1 - low) / 0.2) + 1)]
    drawn += [_level(value, 1, low, f"{value:.1f}".replace("-", "−")) for value in levels]  # noqa: RUF001  a minus
    drawn += [_TEXT.format(x=_across(p / 5, 0, 1), y=BOTTOM + 15, kind="middle", text=f"{p / 5:.1f}") for p in range(6)]
    for number, p, r in points:
        x, y = _across(p, 0, 1), _up(r, low, 1)
        kind = "dot weak" if r < WEAK else "dot"
        drawn.append(Markup('<circle cx="{x:.1f}" cy="{y:.1f}" r="8" class="{kind}"/>').format(x=x, y=y, kind=kind))
        drawn.append(_TEXT.format(x=x, y=y + 3.5, kind="number", text=number))
    description = "Each item at its difficulty and discrimination; the table of items has the same figures."
    return _svg(
        "map", "Items by difficulty and discrimination", description, drawn + _axes("Difficulty p", "Discrimination")
    )
