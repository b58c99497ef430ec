"""`python -m benchmarks`: measure all four parts, print one table, and write it where the book and the README show it.

Nothing is written unless all parts ran.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, record, table
from benchmarks.command import ROOT, CommandError, say
from benchmarks.measured import PARTS, Measured, Setting, assemble
from benchmarks.plan import QUICK, REAL, Plan
from benchmarks.rows import Part, PartError

# Loaded when their turn comes: one that cannot be loaded, as without the tests beside it, does not end the others.
MODULES = {
    "site": "benchmarks.site.part",
    "lite": "benchmarks.lite_part",
    "marking": "benchmarks.marking.part",
    "attacks": "benchmarks.marking.attacks_part",
}
Measure = Callable[[Plan], Part]


def chosen(given: str) -> tuple[str, ...]:
    """Return the parts that a text with commas names, in the order of a run."""
    names = {name.strip() for name in given.split(",")}
    if unknown := sorted(names - set(PARTS)):
        raise argparse.ArgumentTypeError(f"no part {unknown[0]!r}: choose from {', '.join(PARTS)}")
    return tuple(name for name in PARTS if name in names)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options of a run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", type=chosen, default=PARTS, metavar="PART,…", help=f"some of {','.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="few rounds and small classes: tries that all of it works")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a goal is missed or not measured")
    return parser.parse_args(given)


def _named(name: str) -> Measure:
    measure: Measure = importlib.import_module(MODULES[name]).measured
    return measure


def measure(names: Sequence[str], plan: Plan, find: Callable[[str], Measure] = _named) -> Measured:
    """Run the parts one after the other; one that cannot be run is told in a line, and the rest goes on."""
    parts: dict[str, Part] = {}
    minutes: dict[str, float] = {}
    with machine.Watch() as watch:
        for name in names:
            say(f"== {name}")
            begun = time.monotonic()
            try:
                parts[name] = find(name)(plan)
            except (PartError, CommandError, ImportError) as error:
                say(f"{name}: {' '.join(str(error).split())}")
            except Exception:  # noqa: BLE001  a fault of one part must not cost half an hour of the others
                say(f"{name}: a fault of the benchmark itself\n{traceback.format_exc()}")
            minutes[name] = (time.monotonic() - begun) / 60
    about = machine.describe(next((part.browser for part in parts.values() if part.browser), ""))
    setting = Setting(datetime.now(UTC), about, watch.told(), minutes)
    return assemble(parts, plan, setting)


def publish(measured: Measured, names: Sequence[str], root: Path = ROOT) -> int:
    """Write the record where all parts ran; returns 1 where a part that was asked for did not run."""
    try:
        files = record.write(measured, root)
        print(f"Written: {', '.join(file.as_posix() for file in files)}.")
    except (record.RecordError, table.MarkerError) as error:
        print(f"Nothing was written: {error}.")
    return 1 if set(names) - set(measured.minutes) else 0


def missed(measured: Measured) -> list[str]:
    """Return the figures whose goal is missed or was not measured."""
    return [row.figure for row in measured.rows if row.verdict in ("missed", "not measured")]


def main(given: Sequence[str] | None = None, find: Callable[[str], Measure] = _named, root: Path = ROOT) -> int:
    """Return 0 whatever the figures; 1 where a part did not run, and with `--strict` where a goal is not met."""
    options = arguments(given)
    measured = measure(options.only, QUICK if options.quick else REAL, find)
    print(table.as_text(measured))
    failed = publish(measured, options.only, root)
    return 1 if failed or (options.strict and missed(measured)) else 0


if __name__ == "__main__":
    sys.exit(main())
