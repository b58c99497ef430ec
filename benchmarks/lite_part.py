"""The lab in the browser as one part of the whole run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, median_low

from benchmarks.command import ROOT
from benchmarks.lite import LAB, STOCK, Loaded, measure, reported
from benchmarks.plan import Plan
from benchmarks.rows import Part, PartError, Row, alone, beside
from quizzes.site import lite, lite_python

WHAT: dict[str, tuple[str, str, Callable[[Sequence[Loaded]], float]]] = {
    "lab_mb": ("The lab in the browser, over the wire", "MB", lambda runs: median(one.megabytes for one in runs)),
    "lab_requests": ("It asks for", "files", lambda runs: median_low([one.requests for one in runs])),
    "lab_seconds": ("Its first item is answered after", "s", lambda runs: median(one.seconds for one in runs)),
}


def rows(taken: dict[str, list[Loaded]]) -> tuple[Row, ...]:
    """Return the rows of a run, JupyterLite's figures empty where it could not be measured."""
    return tuple(
        beside(alone(name, what, unit, middle(taken[LAB])), STOCK, middle(taken[STOCK]) if STOCK in taken else None)
        for name, (what, unit, middle) in WHAT.items()
    )


def versions() -> dict[str, str]:
    """Return the versions of JupyterLite and of its Python."""
    every = lite_python.versions()
    return {name: every[name] for name in ("jupyterlite-core", lite_python.KERNEL, "pyodide")}


def measured(plan: Plan) -> Part:
    """Measure the lab of the built site beside JupyterLite; raises PartError where the site has none."""
    site = ROOT / "_build" / "html"
    if not (site / lite.FOLDER).is_dir():
        raise PartError("no lab in _build/html: run `make site` first")
    taken, browser = measure(site, plan.lite_rounds)
    reported(taken)
    return Part(rows(taken), versions(), () if STOCK in taken else (STOCK,), browser)
