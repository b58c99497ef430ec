"""Small books, built by Sphinx's own command in this process: a process for each would load everything again."""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from sphinx.cmd.build import build_main


class Done(NamedTuple):
    """What `sphinx-build` ended with."""

    returncode: int
    stderr: str


def sphinx_build(folder: Path, *options: str, builder: str = "html") -> Done:
    """Build the book in a folder into its folder `out`."""
    told = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(told), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in a process of its own
        code = build_main(["--no-color", "-b", builder, *options, str(folder), str(folder / "out")])
    return Done(code, told.getvalue())
