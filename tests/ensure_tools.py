"""Find what only some tests need, PostgreSQL and bubblewrap, and install Debian's where this runs as root.

Where they cannot be had, those tests are left out, and this says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = {"initdb": "postgresql", "bwrap": "bubblewrap"}


def program(name: str) -> str | None:
    """Return the path of a program, also of PostgreSQL's, which Debian keeps off the PATH; None where it is missing."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next(map(str, places), None)


def main() -> int:
    """Install what is missing where that can be done; always returns 0."""
    missing = [package for name, package in PACKAGES.items() if not program(name)]
    if missing and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (("update",), ("install", "-y", "--no-install-recommends", *missing)):
            print("+ apt-get", *command, flush=True)
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(("apt-get", "-qq", *command), check=False, env=environment)
    for name, package in PACKAGES.items():
        print(f"{package}: {program(name) or 'not here: install it, or its tests are left out'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
