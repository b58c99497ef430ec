"""`python -m grader report`: what a sitting says about its items, as one page and two tables for spreadsheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from grader import analysis
from grader.analysis import Array, Distribution, ItemStatistics, Reliability
from grader.course import Course
from grader.exporters import csv_bytes, number, safe
from grader.plots import histogram, item_map
from grader.sitting import Asked, Learner, Sitting, sitting
from grader.tallies import Answer, Caught, Confusion, PartTally, confusion, misconceptions, tally
from quizzes.items import CLASS_NAMES
from quizzes.marking import Outcome
from quizzes.records import write_bytes
from quizzes.render import environment

SHORT = 90  # characters of an item's text in a table


@dataclass(frozen=True)
class ItemReport:
    """Everything that the report says about one item."""

    number: int
    asked: Asked
    statistics: ItemStatistics
    outcomes: Mapping[Outcome, int]
    parts: tuple[PartTally, ...]
    seconds: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return the beginning of what learners read."""
        text = " ".join(self.asked.item.text.split())
        return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} …"

    @property
    def time(self) -> tuple[float, float, float] | None:
        """Return the quartiles of the learners' seconds at the item, None where there are too few of them."""
        return analysis.quartiles(self.seconds) if len(self.seconds) >= analysis.FEW else None

    @property
    def _idle(self) -> list[str]:
        return [option.label.rstrip(".") for part in self.parts for option in part.options if option.idle]

    @property
    def brief(self) -> list[str]:
        """Return in words what the item asks for, with the number of options that hardly anybody chose."""
        idle = len(self._idle)
        told = [f"{idle} option{'s' if idle > 1 else ''} hardly chosen"] if idle else []
        return [*analysis.remarks(self.statistics), *told]

    @property
    def remarks(self) -> list[str]:
        """Return in words what the item asks for, with the options that hardly anybody chose."""
        told = [f"hardly chosen: {'; '.join(self._idle)}"] if self._idle else []
        return [*analysis.remarks(self.statistics), *told]


@dataclass(frozen=True)
class StudentRow:
    """One submission in the tables: under a code, or under the student's own id."""

    name: str
    learner: Learner | None
    points: float

    @property
    def score(self) -> float | None:
        """Return the points earned, None where there is no mark."""
        return sum(mark.score for mark in self.learner.marks.values()) if self.learner else None

    @property
    def answered(self) -> int | None:
        """Return how many items have an answer, None where that cannot be told."""
        marks = self.learner.marks.values() if self.learner else ()
        return sum(mark.outcome is not Outcome.BLANK for mark in marks) if self.learner else None

    @property
    def changes(self) -> int | None:
        """Return the number of changes, None where there is no record."""
        return self.learner.record.revision if self.learner and self.learner.record else None

    @property
    def seconds(self) -> int | None:
        """Return the seconds at all items together, None where the record has no times."""
        return sum(self.learner.seconds.values()) if self.learner and self.learner.seconds else None

    @property
    def saved(self) -> datetime | None:
        """Return the time of the last change, None where there is no record."""
        return self.learner.record.saved_at if self.learner and self.learner.record else None

    @property
    def note(self) -> str:
        """Return why there is no mark, or that there are no answers."""
        return "no mark" if self.learner is None else "" if self.learner.answered else "no answers"


@dataclass(frozen=True)
class Analysis:
    """A sitting with its statistics: over the learners who answered something."""

    sitting: Sitting

    @cached_property
    def scores(self) -> Array:
        """Return learners x items in points, NaN where an item was not asked."""
        return self.sitting.scores(self.sitting.present)

    @cached_property
    def distribution(self) -> Distribution | None:
        """Return the distribution of the totals; None where nobody has answered."""
        return analysis.distribution(*analysis.totals(self.scores, self.sitting.points))

    @cached_property
    def reliability(self) -> Reliability:
        """Return alpha and the error of measurement."""
        return analysis.reliability(self.scores, self.sitting.points)

    @cached_property
    def one_form(self) -> bool:
        """Return whether all learners were asked the same items."""
        return all(set(learner.marks) == set(self.sitting.asked) for learner in self.sitting.learners)

    @property
    def unit(self) -> str:
        """Return what totals are counted in."""
        worth = {sum(mark.points for mark in each.marks.values()) for each in self.sitting.present}
        return "points" if len(worth) <= 1 else "percent"

    @property
    def band(self) -> tuple[float, float] | None:
        """Return the median with one standard error of measurement to each side, in points."""
        error = self.reliability.sem
        if error is None or self.distribution is None or not self.one_form:
            return None
        return self.distribution.median - error, self.distribution.median + error

    @cached_property
    def answers(self) -> list[dict[str, Answer]]:
        """Return each learner's answers by item id."""
        shares = analysis.shares(self.scores, self.sitting.points)
        return [
            {item_id: Answer(learner.response(item_id), mark, float(share)) for item_id, mark in learner.marks.items()}
            for learner, share in zip(self.sitting.present, shares, strict=True)
        ]

    @cached_property
    def items(self) -> list[ItemReport]:
        """Return each item's report, in the order of the form."""
        statistics = analysis.item_statistics(self.scores, self.sitting.points)
        numbered = enumerate(zip(self.sitting.asked.items(), statistics, strict=True), 1)
        return [self._item(number, asked, found) for number, ((_, asked), found) in numbered]

    def _item(self, number: int, asked: Asked, statistics: ItemStatistics) -> ItemReport:
        given = [answers[asked.item.id] for answers in self.answers if asked.item.id in answers]
        parts = tally(asked.item, asked.rule, self.sitting.bank, given)
        outcomes = Counter(each.mark.outcome for each in given)
        times = [each.seconds[asked.item.id] for each in self.sitting.present if asked.item.id in each.seconds]
        return ItemReport(number, asked, statistics, outcomes, tuple(parts), tuple(times))

    def _with_items(self, answers: Mapping[str, Answer]) -> list[tuple[Any, Any, Answer]]:
        asked = self.sitting.asked
        return [(asked[item_id].item, asked[item_id].rule, answer) for item_id, answer in answers.items()]

    @cached_property
    def misconceptions(self) -> dict[str, Caught]:
        """Return the misconceptions of the class by id, most frequent first."""
        return misconceptions(self._with_items(answers) for answers in self.answers)

    @cached_property
    def confusion(self) -> Confusion | None:
        """Return how classes were taken for each other."""
        return confusion(self._with_items(answers) for answers in self.answers)

    @property
    def needed(self) -> int | None:
        """Return how many items of the same quality would be reliable; None where there are enough, or no alpha."""
        found = self.reliability.alpha
        if found is None or not 0 < found < analysis.RELIABLE:
            return None
        return analysis.items_for(analysis.RELIABLE, found, self.reliability.items)

    def students(self, *, names: bool) -> list[StudentRow]:
        """Return a row for each submission, by code or by the student's own id."""
        codes = self.sitting.codes()
        learners = {each.student: each for each in self.sitting.learners}
        points = {each.student: sum(mark.points for mark in each.marks.values()) for each in self.sitting.learners}
        full = max([*points.values(), 0.0])
        ordered = sorted(codes) if names else sorted(codes, key=lambda student: (len(codes[student]), codes[student]))
        return [StudentRow(s if names else codes[s], learners.get(s), points.get(s, full)) for s in ordered]


@cache
def _environment() -> Environment:
    """Return the quizzes' template environment, with this package's templates and filters for figures."""
    made = environment().overlay(loader=FileSystemLoader(Path(__file__).with_name("templates")))
    # A dictionary of its own: an overlay shares those of the environment that it lies on.
    made.filters = {
        **made.filters,
        "percent": percent,
        "figure": figure,
        "points": number,
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
