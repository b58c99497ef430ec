"""Run the programs that build and measure, with one clear line where one fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


class CommandError(RuntimeError):
    """A program that the benchmark needs has failed."""


def say(line: str) -> None:
    """Tell what goes on; figures alone go to standard output."""
    print(line, file=sys.stderr, flush=True)


def run(*command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it printed; raises CommandError with the lines that name the cause."""
    done = subprocess.run(  # noqa: S603  programs of the project's own environment
        command, capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **(env or {})}
    )
    if done.returncode:
        cause = _cause(done.stdout + done.stderr)
        raise CommandError(f"{' '.join(map(str, command[:3]))} ended with {done.returncode}:\n{cause}")
    return done.stdout


def _cause(output: str) -> str:
    """Return the first lines that name an error or a warning, else the last lines."""
    lines = output.splitlines()
    named = [line for line in lines if re.search(r"error|warning|exception", line, re.IGNORECASE)]
    return "\n".join(named[:5] or lines[-5:])


def npm(*arguments: str | Path, cwd: Path) -> str:
    """Run npm under the Node.js of the environment."""
    path = os.pathsep.join((str(BIN), os.environ.get("PATH", "")))
    return run(BIN / "npm", *arguments, "--silent", "--no-audit", "--no-fund", cwd=cwd, env={"PATH": path})
