"""`python -m benchmarks.marking`: mark made classes in each way, in turn, and hold the figures to the goals."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.command import ROOT, run, say
from benchmarks.machine import cpu, load
from benchmarks.marking.classes import fresh, make, typed_twin
from benchmarks.marking.figures import WAYS, Figure, rows
from benchmarks.marking.otter import OtterError, otter


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
        number, seconds = otter(twin, out / "otter", options.otter)
    except (OtterError, RuntimeError) as error:
        say(f"otter: {error}")
        return []
    return [Figure("otter", number, seconds)]


def report(found: list[Figure], machine: dict[str, Any]) -> str:
    """Return the tables: each way and class, then the goals."""
    lines = [", ".join(f"{name} {value}" for name, value in machine.items()), ""]
    lines += ["| Way | Submissions | Seconds | ms each | MB at most |", "|---|---|---|---|---|"]
    for each in sorted(found, key=lambda each: (list(WAYS).index(each.way), each.number)):
        memory = "" if each.megabytes is None or "nbgrader" in WAYS[each.way] else f"{each.megabytes:.0f}"
        lines.append(f"| {WAYS[each.way]} | {each.number:,} | {each.seconds:.2f} | {each.each:.2f} | {memory} |")
    lines += ["", f"| {' | '.join(table.HEAD)} |", f"|{'---|' * len(table.HEAD)}"]
    lines += [f"| {' | '.join(table.cells(row))} |" for row in rows(found)]
    return "\n".join(lines) + "\n"


def reported(found: list[Figure], machine: dict[str, Any], out: Path) -> str:
    """Write the tables to `marking.md`; returns them."""
    text = report(found, machine)
    (out / "marking.md").write_text(text, encoding="utf-8")
    return text


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return the options of a run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marking", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 500, 2000, 5000], help="submissions of each class")
    parser.add_argument("--slow", type=int, default=500, help="the largest class for ours in nbgrader's command (500)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of the quick ways, of which the best counts (3)")
    parser.add_argument("--otter", type=int, default=10, help="submissions that otter-grader marks (10)")
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
    print(reported(found, machine, options.out))
    missed = [row for row in rows(found) if row.verdict in ("missed", "not measured")]
    return 1 if options.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
