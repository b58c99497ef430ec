"""nbgrader's commands, each in a process of its own that starts with nbgrader loaded: loading it takes seconds."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from grader.course import Course

_CONTEXT = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
_CONTEXT.set_forkserver_preload(["nbgrader.apps", "nbgrader.preprocessors", "grader.preprocessors"])


def _command(arguments: list[str], folder: str, output: str, environment: dict[str, str]) -> None:
    """Run one command in this process as the shell would: its own folder, output files and arguments."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(os.path.join(output, name), os.O_WRONLY | os.O_CREAT), number)  # noqa: PTH118  a child of few imports
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["nbgrader", *arguments]
    from nbgrader.apps.nbgraderapp import main  # noqa: PLC0415  loaded before, where the system can fork

    main()


def run(course: Course, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of nbgrader's commands in the course; as grader.demo.run, without loading nbgrader each time."""
    with tempfile.TemporaryDirectory() as output:
        given: Any = (list(command), str(course.root), output, dict(os.environ))
        process = _CONTEXT.Process(target=_command, args=given)
        process.start()
        process.join()
        out, err = ((Path(output) / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
        return subprocess.CompletedProcess(["nbgrader", *command], process.exitcode or 0, out, err)
