"""`python -m grader report`: what a sitting says about its items, as one page and two tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from grader import analysis
from grader.course import Course
from grader.exporters import csv_bytes, number, safe
from grader.findings import Analysis, ItemReport, StudentRow
from grader.plots import histogram, item_map
from grader.sitting import sitting
from quizzes.items import CLASS_NAMES
from quizzes.marking import Outcome
from quizzes.records import write_bytes
from quizzes.render import environment


@cache
def _environment() -> Environment:
    """Return the quizzes' template environment, with this package's templates and filters for figures."""
    made = environment().overlay(loader=FileSystemLoader(Path(__file__).with_name("templates")))
    # A dictionary of its own: an overlay shares those of the environment that it lies on.
    made.filters = {
        **made.filters,
        "percent": percent,
        "figure": figure,
        "moment": moment,
        "duration": duration,
    }
    return made


def percent(value: float | None) -> str:
    """Return a share in percent, with a decimal where it is small; a dash where there is none."""
    if value is None:
        return "–"  # noqa: RUF001  a dash
    return f"{100 * value:.{0 if round(value, 3) in (0, 1) or value >= 0.1 else 1}f}\N{NO-BREAK SPACE}%"


def figure(value: float | None) -> str:
    """Return a figure with two decimals; a dash where there is none."""
    return "–" if value is None else f"{round(value, 2) + 0:.2f}".replace("-", "−")  # noqa: RUF001  a dash and a minus


def moment(value: datetime) -> str:
    """Return a time to the minute in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def duration(seconds: float | None) -> str:
    """Return a time as minutes and seconds; a dash where there is none."""
    if seconds is None:
        return "–"  # noqa: RUF001  a dash
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes}:{left:02}"


def _changes(rows: Sequence[StudentRow]) -> dict[str, Any] | None:
    """Return what records say of time: the number of changes, and when the last one was."""
    changes, saved = [r.changes for r in rows if r.changes is not None], sorted(r.saved for r in rows if r.saved)
    if not saved:
        return None
    times = [r.seconds for r in rows if r.seconds is not None]
    return {
        "quartiles": analysis.quartiles(changes),
        "seconds": analysis.quartiles(times) if len(times) >= analysis.FEW else None,
        "timed": len(times),
        "first": saved[0],
        "middle": saved[len(saved) // 2],
        "last": saved[-1],
    }


def _counted(items: Sequence[ItemReport]) -> list[Outcome]:
    """Return the outcomes that stand in the short table: malformed ones only where there are some."""
    malformed = any(each.outcomes.get(Outcome.MALFORMED) for each in items)
    return [outcome for outcome in Outcome if outcome is not Outcome.MALFORMED or malformed]


def page(found: Analysis, name: str, *, names: bool) -> str:
    """Return the report as one HTML file that asks for nothing else."""
    rows, shown = found.students(names=names), found.distribution
    mapped = [(each.number, each.statistics) for each in found.items]
    dots = [(n, s.difficulty, s.discrimination) for n, s in mapped if s.difficulty is not None]
    placed = [(n, p, r) for n, p, r in dots if p is not None and r is not None]
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            found=found,
            name=name,
            names=names,
            rows=rows,
            changes=_changes(rows),
            histogram=histogram(shown, found.unit, found.band) if shown else "",
            map=item_map(placed) if placed else "",
            analysis=analysis,
            class_names=CLASS_NAMES,
            outcomes=list(Outcome),
            counted=_counted(found.items),
        )
    )


def _role_names(items: Iterable[ItemReport]) -> list[str]:
    return list(dict.fromkeys(part.name for item in items for part in item.parts))


def item_rows(items: Sequence[ItemReport]) -> Iterator[list[str]]:
    """Give the table of items: a row each, the first with the names of its columns; shares lie between 0 and 1."""
    parts = _role_names(items)
    yield [
        *("item", "kind", "text", "points", "responses", "stability", "difficulty", "discrimination", "quality"),
        *("upper_lower_27", "timed", "seconds_lower_quartile", "seconds_median", "seconds_upper_quartile"),
        *(*(str(outcome) for outcome in Outcome), *(f"right_{part}" for part in parts), "remarks"),
    ]
    for each in items:
        found, item = each.statistics, each.asked.item
        figures = (found.difficulty, found.discrimination)
        right = {part.name: part.right for part in each.parts}
        yield [
            *(item.id, item.kind, safe(" ".join(item.text.split())), number(each.asked.points), str(found.responses)),
            *(found.stability, *map(number, figures), analysis.quality(found.discrimination)),
            *(number(found.upper_lower), str(len(each.seconds)), *map(number, each.time or (None, None, None))),
            *(str(each.outcomes.get(outcome, 0)) for outcome in Outcome),
            *(number(right.get(part)) for part in parts),
            safe(" | ".join(each.remarks)),
        ]


def student_rows(found: Analysis, *, names: bool) -> Iterator[list[str]]:
    """Give the table of submissions: a row each with the points of each item, empty where it was not asked.

    The time of the last change stands only beside names: with other lists it would tell who is who.
    """
    time = ["last_change"] if names else []
    yield ["student", "score", "points", "answered", "changes", "seconds", *time, "note", *found.sitting.asked]
    for row in found.students(names=names):
        marks = row.learner.marks if row.learner else {}
        saved = [row.saved.isoformat() if row.saved else ""] if names else []
        counts = ["" if count is None else str(count) for count in (row.answered, row.changes, row.seconds)]
        scores = [number(marks[item_id].score) if item_id in marks else "" for item_id in found.sitting.asked]
        yield [safe(row.name), number(row.score), number(row.points), *counts, *saved, row.note, *scores]


def report(course: Course, name: str, *, names: bool = False) -> tuple[Path, Path, Path]:
    """Write reports/<name>.html, <name>.csv (items) and <name>-scores.csv (submissions); returns their paths.

    Students stand under codes unless `names` is given. The files hold keys, so they are for their owner alone.
    Raises CourseError with one line, also where nothing was handed in.
    """
    found = Analysis(sitting(course, name))
    folder = course.root / "reports"
    folder.mkdir(exist_ok=True)
    html, items, scores = (folder / f"{name}{end}" for end in (".html", ".csv", "-scores.csv"))
    write_bytes(html, page(found, name, names=names).encode(), mode=0o600)
    write_bytes(items, csv_bytes(item_rows(found.items)), mode=0o600)
    write_bytes(scores, csv_bytes(student_rows(found, names=names)), mode=0o600)
    return html, items, scores
