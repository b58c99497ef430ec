"""What marking took, and the rows of the table that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.rows import Goal, Row, alone, beside

WAYS = {
    "stock": "stock `nbgrader autograde`, executing",
    "otter": "otter-grader in one process, no container",
    "ours in nbgrader": "`nbgrader autograde` with this configuration",
    "ours in batch": "`python -m grader mark`",
    "floor": "the floor: read, parse, mark, a transaction each",
    "stock feedback": "`nbgrader generate_feedback`",
    "our feedback": "`python -m grader feedback`",
    "export": "three grade files",
}
STOCK, OTTER = "stock nbgrader", "otter-grader"
BATCH_STOCK, IN_NBGRADER = Goal(250, at_most=False, of="ratio"), Goal(12, at_most=False, of="ratio")
FLOOR, GROWTH, MEMORY = (Goal(limit, at_most=False, of="ratio") for limit in (0.5, 1, 0.91))
FEEDBACK, EXPORT, EXPORT_GROWTH = Goal(100, at_most=False, of="ratio"), Goal(2), Goal(0.8, at_most=False, of="ratio")
EXPORTED, FROM = 2000, 500  # students whose export is held to the goals


@dataclass(frozen=True)
class Figure:
    """What one way took for one class: seconds in all, and MB at the most where it told them."""

    way: str
    number: int
    seconds: float
    megabytes: float | None = None

    @property
    def each(self) -> float:
        """Return milliseconds a submission."""
        return 1000 * self.seconds / self.number


class Figures:
    """The figures of a run by way and class."""

    def __init__(self, found: Sequence[Figure]) -> None:
        self._by = {(each.way, each.number): each for each in found}
        self._sizes: dict[str, list[Figure]] = {}
        for each in sorted(found, key=lambda each: each.number):
            self._sizes.setdefault(each.way, []).append(each)

    def smallest(self, way: str) -> Figure | None:
        """Return a way's figure for its smallest class, None where it was not measured."""
        return next(iter(self._sizes.get(way, [])), None)

    def largest(self, way: str) -> Figure | None:
        """Return a way's figure for its largest class, None where it was not measured."""
        return next(reversed(self._sizes.get(way, [])), None)

    def of(self, way: str, number: int) -> Figure | None:
        """Return a way's figure for a class, the largest where that one was not measured."""
        return self._by.get((way, number)) or self.largest(way)


def _each(figure: Figure | None) -> float | None:
    return figure.each if figure else None


def _told(figure: Figure | None) -> str:
    return f", {figure.number:,} submissions" if figure else ""


def _against(name: str, told: str, ours: Figure | None, peer: tuple[str, Figure | None], goal: Goal | None) -> Row:
    """Return a row of costs per submission; both numbers of submissions are named."""
    other, theirs = peer
    base = alone(name, f"{told}{_told(ours)}: each", "ms", _each(ours), goal)
    return beside(base, f"{other}{_told(theirs)}", _each(theirs))


def _marking(found: Figures) -> Iterator[Row]:
    batch, stock = found.largest("ours in batch"), (STOCK, found.largest("stock"))
    told = "Marking in batch"
    yield _against("batch_stock", told, batch, stock, BATCH_STOCK)
    yield _against("batch_otter", told, batch, (OTTER, found.largest("otter")), None)
    yield _against("batch_floor", told, batch, ("reading and storing alone", found.largest("floor")), FLOOR)
    inside = found.largest("ours in nbgrader")
    yield _against("nbgrader_stock", "Marking by nbgrader's own command", inside, stock, IN_NBGRADER)
    small = found.smallest("ours in batch")
    yield _against("growth", told, batch, ("ours", small), GROWTH)
    megabytes = [each.megabytes if each else None for each in (batch, small)]
    base = alone("memory", f"Memory for it{_told(batch)}", "MB", megabytes[0], MEMORY)
    yield beside(base, f"ours{_told(small)}", megabytes[1])


def rows(figures: Sequence[Figure]) -> tuple[Row, ...]:
    """Return the rows of a run."""
    found = Figures(figures)
    feedback = (STOCK, found.largest("stock feedback"))
    export, before = found.of("export", EXPORTED), found.of("export", FROM)
    return (
        *_marking(found),
        _against("feedback", "Feedback", found.largest("our feedback"), feedback, FEEDBACK),
        alone("export", f"Three grade files{_told(export)}: all", "s", export.seconds if export else None, EXPORT),
        _against("export_growth", "Three grade files", export, ("ours", before), EXPORT_GROWTH),
    )
