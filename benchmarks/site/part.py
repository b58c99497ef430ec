"""The site as one part of the whole run."""

from __future__ import annotations

from benchmarks.plan import Plan
from benchmarks.rows import Part, PartError
from benchmarks.site.__main__ import arguments, reported
from benchmarks.site.goals import rows


def measured(plan: Plan) -> Part:
    """Measure the pages beside their peers, and the built site; raises PartError where there is none."""
    options = arguments(["--rounds", str(plan.site_rounds), "--sizes", str(plan.questions), "--lighthouse", "ours"])
    if not (options.site / "index.html").is_file():
        raise PartError("no built site in _build/html: run `make site` first")
    results = reported(options)
    browser = results["machine"]["browser"].removeprefix("Chromium ")
    return Part(rows(results), results["versions"], tuple(results["faults"]), browser)
