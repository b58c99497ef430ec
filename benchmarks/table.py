"""The one table of a run: for a terminal, for the page of the book, and the few figures of the README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from benchmarks.measured import Measured
from benchmarks.rows import Row

HEAD = ("What", "Ours", "Beside", "Theirs", "Times less", "Goal")
NONE = "\u2013"
OPEN, CLOSE = "<!-- measured: `make bench` writes what follows -->", "<!-- measured: end -->"
QUICK = (
    "These figures are from a quick run with few rounds and small classes, which tries the programs. Do not quote them."
)


class MarkerError(RuntimeError):
    """A README without the place for the figures."""


def number(value: float | None) -> str:
    """Return a figure with three significant digits, two below 1, and whole where it has more than three."""
    if value is None:
        return NONE
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    if abs(value) < 1:
        return f"{value:.2g}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def amount(value: float | None, unit: str) -> str:
    """Return a figure with its unit."""
    return NONE if value is None else f"{number(value)} {unit}".rstrip()


def goal(row: Row) -> str:
    """Return what a row is held to and whether it is met."""
    if row.goal is None:
        return ""
    sign = "\u2264" if row.goal.at_most else "\u2265"
    unit = row.unit if row.goal.of == "ours" else "times"
    return f"{sign} {row.goal.limit:g} {unit}".rstrip() + f": {row.verdict}"


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's cells, as many as `HEAD` has."""
    theirs = amount(row.theirs, row.unit) if row.peer else ""
    ratio = number(row.ratio) if row.peer else ""
    return (row.what, amount(row.ours, row.unit), row.peer, theirs, ratio, goal(row))


def when(measured: Measured) -> str:
    """Return the day of a run as it is read."""
    day = datetime.fromisoformat(measured.date)
    return f"{day.day} {day:%B %Y}"


def where(measured: Measured) -> str:
    """Return the machine in one line."""
    machine = measured.machine
    memory = f"{machine['memory_gb']:g} GB of memory" if machine.get("memory_gb") else ""
    named = (machine["system"], f"Python {machine['python']}", machine.get("browser", ""))
    return ", ".join(filter(None, (machine["cpu"], f"{machine['cores']} cores", memory, *named)))


def _facts(measured: Measured) -> Iterator[str]:
    """Yield when, where and with what, a line each."""
    moment = datetime.fromisoformat(measured.date)
    took = f"{sum(measured.minutes.values()):.0f} minutes"
    yield f"Measured on {when(measured)} at {moment:%H:%M} {moment:%Z}, in one run of {took}, on {where(measured)}."
    load = {name: f"{value:.1f}" for name, value in measured.load.items()}
    yield (
        f"Processes that wanted a core: {load['before']} before the run; during it {load['median']} in the median and"
        f" {load['most']} at the most, its own included."
    )
    if measured.versions:
        yield f"Versions: {', '.join(f'{name} {version}' for name, version in measured.versions.items())}."
    if measured.missing:
        yield f"Could not be measured in this run: {', '.join(measured.missing)}."


def as_text(measured: Measured) -> str:
    """Return the run for a terminal."""
    rows = [HEAD, *map(cells, measured.rows)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *_facts(measured), *([QUICK] if measured.quick else [])]) + "\n"


def as_page(measured: Measured) -> str:
    """Return the run as the page of the book includes it."""
    note = [f":::{{warning}}\n{QUICK}\n:::"] if measured.quick else []
    head = "% Written by `python -m benchmarks`."
    return "\n\n".join([head, *note, _markdown(HEAD, [cells(row) for row in measured.rows]), *_facts(measured)]) + "\n"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, [":---", "---:", ":---", "---:", "---:", ":---"], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _points(rows: Mapping[str, Row]) -> Iterator[str]:
    """Yield a point for each of the few figures that was measured with its peer's."""
    for figure, said in (
        ("sooner_full", "A page with three questions can be answered after {}"),
        ("page_kb", "It weighs {}"),
        ("batch_stock", "Marking takes {} a submission"),
        ("hostile_batch", "Hostile submissions that succeed: {}"),
    ):
        row = rows.get(figure)
        if row and row.ours is not None and row.theirs is not None:
            ours, theirs = amount(row.ours, row.unit), amount(row.theirs, row.unit)
            yield f"- {said.format(ours)} ({row.peer}: {theirs})"


def _held(rows: Sequence[Row]) -> str:
    """Return how many goals were set, and how many of them were missed."""
    verdicts = [row.verdict for row in rows if row.goal]
    return f"Goals set beforehand: {len(verdicts)}, missed: {verdicts.count('missed')}"


def headline(measured: Measured) -> str:
    """Return the lines of the README between its markers."""
    named = {row.figure: row for row in measured.rows}
    machine = f"{measured.machine['cpu']}, {measured.machine['cores']} cores"
    source = f"{_held(measured.rows)}. Measured on {when(measured)} on {machine}, all in one run"
    lines = [*_points(named), "", f"{source}: [what was measured](book/measured.md)."]
    return "\n".join([OPEN, *lines, *([QUICK] if measured.quick else []), CLOSE])


def in_readme(measured: Measured, text: str) -> str:
    """Return the README with this run's lines between its markers; raises MarkerError where they are not there."""
    before, opened, rest = text.partition(OPEN)
    _, closed, after = rest.partition(CLOSE)
    if not opened or not closed:
        raise MarkerError(f"README.md: the lines {OPEN!r} and {CLOSE!r} are missing; put both where the figures belong")
    return f"{before}{headline(measured)}{after}"
