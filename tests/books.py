"""Small books, built by Sphinx's own command in this process: a process for each would load everything again."""

from __future__ import annotations

import io
import os
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from sphinx.cmd.build import build_main

SUFFIXES = """
source_suffix = {".rst": "restructuredtext"}  # extensions add to it, which would be Sphinx's own default otherwise
"""


class Done(NamedTuple):
    """What `sphinx-build` ended with."""

    returncode: int
    stderr: str


def sphinx_build(folder: Path, *options: str, builder: str = "html", settings: dict[str, Any] | None = None) -> Done:
    """Build the book in a folder into its folder `out`; `settings` make its conf.py.

    The command clears what extensions have added to docutils, which `Sphinx` by itself does not; and what they set in
    the environment ends with the build.
    """
    conf = folder / "conf.py"
    text = "".join(f"{name} = {value!r}\n" for name, value in (settings or {}).items()) or conf.read_text("utf-8")
    conf.write_text(text + SUFFIXES, "utf-8")
    told = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(told), warnings.catch_warnings(), patch.dict(os.environ):
        warnings.simplefilter("ignore")  # as in a process of its own
        code = build_main(["--no-color", "-b", builder, *options, str(folder), str(folder / "out")])
    return Done(code, told.getvalue())
