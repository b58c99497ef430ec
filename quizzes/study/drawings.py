"""A learner's figures as inline SVG: widths in percent and heights in letters, so that text keeps its size everywhere.

Each drawing has a title and a description for screen readers, and the same figures stand in a table below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from quizzes.study.calibration import Calibration
from quizzes.study.figures import ENOUGH, Mastery

_SVG = Markup(
    '<svg class="study-chart" role="img" width="100%" height="{height:g}em" aria-labelledby="{name}-title {name}-text">'
    '<title id="{name}-title">{title}</title><desc id="{name}-text">{text}</desc>{drawn}</svg>'
)
_BOX = Markup('<rect x="{x:.2f}%" y="{y:.2f}em" width="{width:.2f}%" height="{height:.2f}em" class="study-{kind}"/>')
_LINE = Markup('<line x1="{x1:.2f}%" x2="{x2:.2f}%" y1="{y1:.2f}em" y2="{y2:.2f}em" class="study-{kind}"/>')
_TEXT = Markup('<text x="{x:.2f}%" y="{y:.2f}em" text-anchor="{anchor}" class="study-{kind}">{text}</text>')
_DOT = Markup('<circle cx="{x:.2f}%" cy="{y:.2f}em" r="0.4em" class="study-dot"/>')
_TABLE = Markup(
    '<details><summary>The same figures as a table</summary><div class="study-table" tabindex="0" role="region" '
    'aria-label="Table: {caption}"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
    "<tbody>{rows}</tbody></table></div></details>"
)
_HEAD, _ROW = Markup('<th scope="col">{}</th>'), Markup('<tr><th scope="row">{}</th>{}</tr>')
_CELL = Markup("<td>{}</td>")
_SAID = {50: "Guessing", 70: "Fairly sure", 90: "Certain"}
NONE = "-"
_ROWS = 3.2  # letters a bar with its name
_TALL = 5.0  # letters of a column


def _join(pieces: Iterable[Markup]) -> Markup:
    return Markup("").join(pieces)


def _svg(name: str, height: float, title: str, text: str, drawn: Iterable[Markup]) -> Markup:
    return _SVG.format(name=name, height=height, title=title, text=text, drawn=_join(drawn))


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    lines = (_ROW.format(row[0], _join(_CELL.format(cell) for cell in row[1:])) for row in rows)
    return _TABLE.format(caption=caption, head=_join(map(_HEAD.format, head)), rows=_join(lines))


def percent(share: float) -> str:
    """Return a share of 1 in whole percent, as "83 %"."""
    return f"{int(share * 100 + 0.5)} %"


def _range(low: float, high: float) -> str:
    return f"{percent(low)} to {percent(high)}"


def _bar(top: float, name: str, value: str, shares: tuple[float, float, float] | None, dot: float = -1) -> Markup:
    """Draw a bar of a share with its 95 % range; `dot` is a second share beside it."""
    drawn = [
        _TEXT.format(x=0, y=top + 1, anchor="start", kind="name", text=name),
        _TEXT.format(x=100, y=top + 1, anchor="end", kind="value", text=value),
        _BOX.format(x=0, y=top + 1.5, width=100, height=0.8, kind="track"),
    ]
    if shares:
        share, low, high = (100 * each for each in shares)
        drawn.append(_BOX.format(x=0, y=top + 1.5, width=share, height=0.8, kind="bar"))
        drawn.append(_LINE.format(x1=low, x2=high, y1=top + 1.9, y2=top + 1.9, kind="range"))
        drawn += [_LINE.format(x1=end, x2=end, y1=top + 1.6, y2=top + 2.2, kind="range") for end in (low, high)]
    if dot >= 0:
        drawn.append(_DOT.format(x=100 * dot, y=top + 1.9))
    return _join(drawn)


def _standing(each: Mastery) -> str:
    if each.answers >= ENOUGH:
        return percent(each.points / each.answers)
    return f"too few: {each.answers}" if each.answers else "none yet"


def mastery_chart(every: Sequence[Mastery], name: str) -> Markup:
    """Return the mastery of each difference as bars, and as a table; `name` begins the drawing's ids."""
    bars = [
        _bar(
            place * _ROWS,
            each.name,
            _standing(each),
            (each.points / each.answers, each.low, each.high) if each.answers >= ENOUGH else None,
        )
        for place, each in enumerate(every)
    ]
    text = "; ".join(f"{each.name}: {_standing(each)}" for each in every)
    rows = [
        (
            each.name,
            f"{each.points:g}",
            str(each.answers),
            _standing(each),
            _range(each.low, each.high) if each.answers >= ENOUGH else NONE,
            f"{each.seen} of {each.questions}",
        )
        for each in every
    ]
    title = "Mastery by difference"
    head = ("Difference", "Right", "Answers", "Mastery", "95 % range", "Seen")
    return _svg(name, len(every) * _ROWS, title, text, bars) + _table(title, head, rows)


def forecast_chart(counts: Sequence[int], today: datetime, name: str) -> Markup:
    """Return how many families are due on each day as columns, and as a table."""
    most = max(1, *counts)
    days = ["Today", "Tomorrow", *(f"{today + timedelta(days=ahead):%a %d %b}" for ahead in range(2, len(counts)))]
    drawn = [_LINE.format(x1=0, x2=100, y1=_TALL + 1.5, y2=_TALL + 1.5, kind="grid")]
    for place, count in enumerate(counts):
        x, width, height = 100 * place / len(counts), 100 / len(counts), _TALL * count / most
        if count:
            y = _TALL + 1.5 - height
            drawn.append(_BOX.format(x=x + width * 0.15, y=y, width=width * 0.7, height=height, kind="bar"))
            drawn.append(_TEXT.format(x=x + width / 2, y=y - 0.3, anchor="middle", kind="value", text=count))
    drawn.append(_TEXT.format(x=0, y=_TALL + 2.9, anchor="start", kind="name", text=days[0]))
    drawn.append(_TEXT.format(x=100, y=_TALL + 2.9, anchor="end", kind="name", text=days[-1]))
    text = "; ".join(f"{day}: {count}" for day, count in zip(days, counts, strict=True) if count) or "Nothing is due."
    title = f"Reviews in the next {len(counts)} days"
    rows = [(day, str(count)) for day, count in zip(days, counts, strict=True)]
    return _svg(name, _TALL + 3.3, title, text, drawn) + _table(title, ("Day", "Situations due"), rows)


def calibration_chart(found: Calibration, name: str) -> Markup:
    """Return the share that was right at each level of sureness, with what was said as a dot, and as a table."""
    bars, rows, words = [], [], []
    for place, each in enumerate(found.levels):
        label = f"{_SAID[each.level]}: said {percent(each.mean)}"
        value = f"{percent(each.share)} right" if each.answers else "none yet"
        shares = (each.share, each.low, each.high) if each.answers else None
        bars.append(_bar(place * _ROWS, label, value, shares, dot=each.mean))
        words.append(f"{label}, {value}")
        reach = _range(each.low, each.high) if each.answers else NONE
        right = percent(each.share) if each.answers else NONE
        rows.append((_SAID[each.level], str(each.answers), percent(each.mean), right, reach))
    title = "How sure you said you were, and how often you were right"
    head = ("You said", "Answers", "That is", "Right", "95 % range")
    return _svg(name, len(bars) * _ROWS, title, "; ".join(words), bars) + _table(title, head, rows)
