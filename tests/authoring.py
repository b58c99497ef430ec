"""The author's commands, run in this process: a new one would read all libraries again each time."""

from __future__ import annotations

import subprocess
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from quizzes.__main__ import main


def run(*arguments: Any) -> subprocess.CompletedProcess[str]:
    """Run `python -m quizzes` with these arguments, and return what it printed and how it ended."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as end:  # argparse's
            code = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
