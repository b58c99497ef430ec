"""A PostgreSQL server of a test's own, on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ensure_tools import program


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(name: str, *arguments: str, folder: Path) -> None:
    """Run one of PostgreSQL's programs; root becomes the user that Debian made for it, since it refuses root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    who = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
    command = [program(name) or name, *arguments]
    done = subprocess.run(  # type: ignore[call-overload]
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, **who
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server in an empty folder; gives the address of its database without a name at the end."""
    folder.mkdir(mode=0o755)
    for path in (folder, *folder.parents):
        if path.name.startswith("pytest-"):
            path.chmod(path.stat().st_mode | 0o011)  # the server's user has to pass
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    port = free_port()
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
    _run("initdb", "-D", str(folder / "data"), "-U", "grader", "--auth=trust", "--encoding=UTF8", folder=folder)
    _run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-o", options, "-w", "start", folder=folder)
    try:
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}"
    finally:
        _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop", folder=folder)
