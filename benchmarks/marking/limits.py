"""One of nbgrader's commands under limits of time, memory and file size, with a home in the course's own folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SECONDS, MEMORY, FILE_SIZE = 60, 4_000_000_000, 200_000_000
BASELINE = 300_000_000  # bytes that a run of nbgrader takes by itself


def _environment(root: Path) -> dict[str, str]:
    """Return an environment whose home is in the course's folder, so that nothing is kept elsewhere."""
    own = {"HOME": f"{root}/home", "JUPYTER_RUNTIME_DIR": f"{root}/home/runtime", "TMPDIR": f"{root}/home/tmp"}
    (root / "home" / "tmp").mkdir(parents=True, exist_ok=True)
    return {**{name: value for name, value in os.environ.items() if name != "IPYTHONDIR"}, **own}


def stop_all(root: Path) -> None:
    """End the processes that run in the course's own home, and no others."""
    word = f"HOME={root}/home".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word in path.read_bytes().split(b"\0"):
                os.kill(int(path.parent.name), signal.SIGKILL)
        except OSError:  # it has ended
            continue


def limited_run(root: Path, *command: str) -> tuple[str, int]:
    """Run one of nbgrader's commands under limits; returns what ended it, if anything did, and its memory in bytes."""
    limits = f"ulimit -v {MEMORY // 1000}; ulimit -f {FILE_SIZE // 512}; ulimit -c 0"
    start = [f'{limits}; exec "$0" -m nbgrader "$@"', sys.executable, *command]
    with (root / "log.txt").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own arguments
            ["/bin/sh", "-c", *start], cwd=root, stdout=log, stderr=log, env=_environment(root), start_new_session=True
        )
    until = time.monotonic() + SECONDS
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            killed = process.returncode < 0
            return "the marking process is killed" if killed else "", used.ru_maxrss * 1_000 - BASELINE
        if time.monotonic() > until:
            stop_all(root)
            process.wait()
            return f"no end after {SECONDS} s", 0
        time.sleep(0.1)


def verdict(found: str) -> str:
    """Return what the table says of an attack, given the effect by which it succeeded."""
    return f"**succeeds**: {found.replace('<', '&lt;').replace('|', '/')}" if found else "fails"
