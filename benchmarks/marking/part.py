"""Marking as one part of the whole run."""

from __future__ import annotations

from importlib.metadata import version

from benchmarks.machine import cpu, load
from benchmarks.marking import otter
from benchmarks.marking.__main__ import arguments, measure, reported
from benchmarks.marking.figures import OTTER, rows
from benchmarks.plan import Plan
from benchmarks.rows import Part


def measured(plan: Plan) -> Part:
    """Mark the classes of a plan in each way; otter-grader may be missing."""
    options = arguments(
        [
            *("--sizes", *map(str, plan.classes)),
            *("--slow", str(plan.nbgrader_most)),
            *("--rounds", str(plan.marking_rounds)),
            *("--otter", str(plan.otter)),
        ]
    )
    options.out.mkdir(parents=True, exist_ok=True)
    machine = {"cpu": cpu(), "load": load()}
    found = measure(options)
    reported(found, machine, options.out)
    missing = () if any(each.way == "otter" for each in found) else (OTTER,)
    versions = {"nbgrader": version("nbgrader"), **otter.version(options.out / "otter")}
    return Part(rows(found), versions, missing)
