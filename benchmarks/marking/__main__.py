"""`python -m benchmarks.marking`: mark made classes in each way, in turn, and hold the figures to the goals."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.marking.classes import fresh, make, typed_twin
from benchmarks.marking.otter import OtterError, otter
from benchmarks.site.command import ROOT, run, say
from benchmarks.site.goals import Goal
from benchmarks.site.machine import cpu, load

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
GOALS = (
    Goal("batch_stock", "Batch faster than stock, per submission", 250, "times", at_most=False),
    Goal("batch_floor", "Batch against the floor, per submission", 2, "times"),
    Goal("nbgrader_stock", "In nbgrader's command faster than stock", 12, "times", at_most=False),
    Goal("growth", "Cost per submission at the largest class against the smallest, batch", 1.0, "times"),
    Goal("memory", "Memory at the largest class against the smallest, batch", 1.1, "times"),
    Goal("feedback", "Feedback faster than stock, per submission", 100, "times", at_most=False),
    Goal("export", "Export of 2,000 students, three files", 2, "s"),
    Goal("export_growth", "Export per student, 2,000 against 500", 1.25, "times"),
)


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


def measured(way: str, contestant: str, folder: Path) -> Figure:
    """Run a contestant in a process of its own."""
    say(f"{way}: {folder.name}")
    printed = run(sys.executable, "-m", "benchmarks.marking.contestants", contestant, folder)
    told = json.loads(printed.splitlines()[-1])
    return Figure(way, told["number"], told["seconds"], told["megabytes"])


def best(figures: list[Figure]) -> Figure:
    """Return the quickest of several runs: what else the machine does only ever adds."""
    return min(figures, key=lambda each: each.seconds)


def measure(options: argparse.Namespace) -> list[Figure]:
    """Measure every way on the classes that its pace allows, the ways in turn within each class."""
    out, found = options.out, []
    smallest = min(options.sizes)
    for size in options.sizes:
        course = make(out / f"class-{size}", size)
        for way, contestant in (("ours in batch", "batch"), ("floor", "floor")):
            runs = [
                measured(way, contestant, fresh(course, out / f"{contestant}-{size}").root)
                for _ in range(options.rounds)
            ]
            found.append(best(runs))
        marked = out / f"batch-{size}"
        found.append(best([measured("our feedback", "our_feedback", marked) for _ in range(options.rounds)]))
        found.append(best([measured("export", "export", marked) for _ in range(options.rounds)]))
        if size <= options.slow:
            found.append(measured("ours in nbgrader", "nbgrader", fresh(course, out / f"nbgrader-{size}").root))
        if size == smallest:
            twin = typed_twin(course, out / f"stock-{size}")
            found.append(measured("stock", "nbgrader", twin.root))
            found.append(measured("stock feedback", "nbgrader_feedback", twin.root))
            found += _otter(twin.root, out, options)
    return found


def _otter(twin: Path, out: Path, options: argparse.Namespace) -> list[Figure]:
    if options.no_otter:
        return []
    try:
        number, seconds = otter(twin, out / "otter")
    except (OtterError, RuntimeError) as error:
        say(f"otter: {error}")
        return []
    return [Figure("otter", number, seconds)]


def figures(found: list[Figure]) -> dict[str, float]:
    """Return the figures that goals are held against; what was not measured is left out."""
    by = {(each.way, each.number): each for each in found}
    sizes = sorted({number for way, number in by if way == "floor"})

    def cost(way: str, size: int | None = None) -> float | None:
        own = [number for each, number in by if each == way and (size is None or number == size)]
        return by[way, max(own)].each if own else None

    batch, stock = cost("ours in batch"), cost("stock")
    pairs = {
        "batch_stock": (stock, batch),
        "batch_floor": (batch, cost("floor")),
        "nbgrader_stock": (stock, cost("ours in nbgrader")),
        "growth": (cost("ours in batch", sizes[-1]), cost("ours in batch", sizes[0])),
        "memory": (by["ours in batch", sizes[-1]].megabytes, by["ours in batch", sizes[0]].megabytes),
        "feedback": (cost("stock feedback"), cost("our feedback")),
        "export_growth": (cost("export", 2000), cost("export", 500)),
    }
    told = {name: one / other for name, (one, other) in pairs.items() if one and other}
    if ("export", 2000) in by:
        told["export"] = by["export", 2000].seconds
    return told


def report(found: list[Figure], machine: dict[str, Any]) -> str:
    """Return the tables: each way and class, then the goals."""
    lines = [", ".join(f"{name} {value}" for name, value in machine.items()), ""]
    lines += ["| Way | Submissions | Seconds | ms each | MB at most |", "|---|---|---|---|---|"]
    for each in sorted(found, key=lambda each: (list(WAYS).index(each.way), each.number)):
        memory = "" if each.megabytes is None or "nbgrader" in WAYS[each.way] else f"{each.megabytes:.0f}"
        lines.append(f"| {WAYS[each.way]} | {each.number:,} | {each.seconds:.2f} | {each.each:.2f} | {memory} |")
    told = figures(found)
    lines += ["", "| Goal | | Measured | |", "|---|---|---|---|"]
    for goal in GOALS:
        value = told.get(goal.figure)
        sign, shown = "≤" if goal.at_most else "≥", "-" if value is None else f"{value:.2f}"
        lines.append(f"| {goal.text} | {sign} {goal.limit:g} {goal.unit} | {shown} | {goal.verdict(value)} |")
    return "\n".join(lines) + "\n"


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return the options of a run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marking", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 500, 2000, 5000], help="submissions of each class")
    parser.add_argument("--slow", type=int, default=500, help="the largest class for ours in nbgrader's command (500)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of the quick ways, of which the best counts (3)")
    parser.add_argument("--no-otter", action="store_true", help="leave otter-grader out")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "bench" / "marking", help="where courses go")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a goal is missed or not measured")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Measure, print the tables and write them beside the courses."""
    options = arguments(given)
    options.out.mkdir(parents=True, exist_ok=True)
    machine = {"cpu": cpu(), "load": load()}
    found = measure(options)
    text = report(found, machine)
    print(text)
    (options.out / "marking.md").write_text(text, encoding="utf-8")
    told = figures(found)
    missed = [goal for goal in GOALS if goal.verdict(told.get(goal.figure)) != "met"]
    return 1 if options.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
