"""Small books, built by Sphinx's own command in this process: a process for each would load everything again."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from sphinx.cmd.build import build_main

OWN = {"source_suffix": {".rst": "restructuredtext"}}  # extensions add to it, else to the default of Sphinx itself


class Done(NamedTuple):
    """What `sphinx-build` ended with."""

    returncode: int
    stderr: str


def sphinx_build(folder: Path, settings: Mapping[str, Any], *options: str, builder: str = "html") -> Done:
    """Build the book in a folder, with these settings, into its folder `out`.

    The command clears what extensions have added to docutils, which `Sphinx` by itself does not; and what they set in
    the environment ends with the build.
    """
    lines = [f"{name} = {value!r}\n" for name, value in {**OWN, **settings}.items()]
    (folder / "conf.py").write_text("".join(lines), encoding="utf-8")
    told = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(told), warnings.catch_warnings(), patch.dict(os.environ):
        warnings.simplefilter("ignore")  # as in a process of its own
        code = build_main(["--no-color", "-b", builder, *options, str(folder), str(folder / "out")])
    return Done(code, told.getvalue())
