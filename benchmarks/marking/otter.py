"""otter-grader, in an environment of its own, on the typed twin of the class: its notebooks, its tests, one process."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

import nbformat

from benchmarks.command import BIN, ROOT, CommandError, run, say
from benchmarks.marking.classes import NAME

PACKAGE = "otter-grader"
DRIVER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
from otter.api import grade_submission
archive, *notebooks = sys.argv[1:]
grade_submission(notebooks[0], archive, quiet=True)
started = time.perf_counter()
for notebook in notebooks:
    result = grade_submission(notebook, archive, quiet=True)
print(json.dumps({"seconds": time.perf_counter() - started, "total": float(result.total)}))
"""


class OtterError(RuntimeError):
    """otter-grader cannot be measured; the message says why."""


def _environment(folder: Path) -> Path:
    """Return the Python of an environment with the newest otter-grader and this project's marking."""
    say("otter: installing")
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        run(sys.executable, "-m", "venv", folder / "venv")
    newest = ("--upgrade", f"{PACKAGE}[grading]", "ipykernel")
    run(BIN / "uv", "pip", "install", "--quiet", "--python", python, *newest, "-e", ROOT)
    return python


def version(folder: Path) -> dict[str, str]:
    """Return the version of otter-grader in its environment, nothing where it is not there."""
    places = (folder / "venv").glob("lib/python*/site-packages")
    found = distributions(name=PACKAGE, path=[str(place) for place in places])
    return {each.name: each.version for each in found}


def _tests(twin: Path, folder: Path) -> None:
    """Write the hidden tests of the twin as otter's own: one file an item, of which the value must be full marks."""
    folder.mkdir(parents=True, exist_ok=True)
    source = nbformat.read(twin / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in source.cells:
        info = cell.metadata.get("nbgrader", {})
        if not info.get("grade"):
            continue
        lines = [line for line in cell.source.splitlines() if not line.startswith("###")]
        code = "\n".join(f">>> {line}" for line in [*lines[:-1], f"{lines[-1]} >= 0"]) + "\nTrue"
        test = {
            "name": info["grade_id"],
            "points": info["points"],
            "suites": [{"cases": [{"code": code, "hidden": True, "locked": False}], "scored": True, "type": "doctest"}],
        }
        (folder / f"{info['grade_id']}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n", encoding="utf-8")


def otter(twin: Path, folder: Path, number: int) -> tuple[int, float]:
    """Return how many submissions were graded, `number` at the most, and the seconds that it took.

    A first one, for warming up, is left out. Raises OtterError, in one line, where otter-grader cannot be had or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        python = _environment(folder)
    except CommandError as error:
        raise OtterError(" ".join(str(error).split())[:300]) from None
    _tests(twin, folder / "tests")
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    (folder / "otter_config.json").write_text(json.dumps({"show_hidden": True}), encoding="utf-8")
    command: list[str | Path] = [
        python.with_name("otter"),
        "generate",
        "-t",
        "tests",
        "-o",
        "autograder.zip",
        "-r",
        "requirements.txt",
    ]
    _call([*command, "-c", "otter_config.json", "--no-environment"], folder)
    notebooks = sorted(twin.glob(f"submitted/*/{NAME}/{NAME}.ipynb"))[:number]
    printed = _call([python, "-c", textwrap.dedent(DRIVER), folder / "autograder.zip", *notebooks], folder)
    return len(notebooks), float(json.loads(printed.splitlines()[-1])["seconds"])


def _call(command: Sequence[str | Path], folder: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise OtterError(f"{Path(command[0]).name}: {' '.join(done.stderr.split())[-300:]}")
    return done.stdout
