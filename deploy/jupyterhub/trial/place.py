"""What all of the trial knows: its names, its folders, how a command runs and how a claim is checked."""

from __future__ import annotations

import os
import pwd
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEPLOY = Path(__file__).resolve().parent.parent
COURSE, COURSE_USER = "project-or-operation", "hubtry-course"
ADA, BEN, MAL, TEA = "hubtry-ada", "hubtry-ben", "hubtry-mal", "hubtry-tea"
LEARNERS, GRADERS = "hubtry-learners", "hubtry-graders"
PORTS = {"POP_PORT": 18000, "POP_PROXY_API_PORT": 18001, "POP_HUB_PORT": 18081, "POP_FORMGRADER_PORT": 18999}
HUB = f"http://localhost:{PORTS['POP_PORT']}"
PASSWORD = secrets.token_urlsafe(12)


class TrialError(Exception):
    """The deployment does not do what the guide says."""


@dataclass(frozen=True)
class Place:
    """The folders of this trial."""

    folder: Path

    @property
    def software(self) -> Path:
        """Where the programs are."""
        return self.folder / "software"

    @property
    def state(self) -> Path:
        """Where the data is."""
        return self.folder / "state"

    @property
    def course(self) -> Path:
        """Where the course is."""
        return self.state / "teacher/course"

    @property
    def inbound(self) -> Path:
        """Where hand-ins arrive."""
        return self.state / f"exchange/{COURSE}/inbound"


def check(holds: object, claim: str, detail: str = "") -> None:
    """Print the claim; raises TrialError where it does not hold."""
    print(f"{'ok  ' if holds else 'FAIL'}  {claim}", flush=True)
    if not holds:
        raise TrialError(f"{claim}: {detail}")


def sh(*command: str | Path, user: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command, as another account where one is named, without the environment of this program."""
    line = list(map(str, command))
    environment = {**os.environ, "PYTHON": os.environ.get("PYTHON", "/usr/bin/python3")}
    if user:
        line = ["runuser", "-u", user, "--", *line]
        home = pwd.getpwnam(user).pw_dir
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": home}
    options: dict[str, Any] = {"cwd": cwd or "/", "env": environment}
    return subprocess.run(line, check=False, text=True, capture_output=True, **options)  # noqa: S603  our own


def must(*command: str | Path, user: str | None = None, cwd: Path | None = None) -> str:
    """Run a command that has to succeed and return what it printed, on either channel."""
    done = sh(*command, user=user, cwd=cwd)
    if done.returncode:
        raise TrialError(f"{' '.join(map(str, command))}: {done.stdout[-1500:]}{done.stderr[-3000:]}")
    return done.stdout + done.stderr
