"""What the trial makes on the machine: accounts, a gradebook's server, the programs, a course and its backup."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trial.place import (
    ADA,
    BEN,
    COURSE,
    COURSE_USER,
    DEPLOY,
    GRADERS,
    LEARNERS,
    MAL,
    PASSWORD,
    PORTS,
    TEA,
    Place,
    check,
    must,
    sh,
)


@contextmanager
def accounts(place: Place) -> Iterator[None]:
    """Make the accounts as the guide says, and remove them again."""
    homes = place.folder / "homes"
    homes.mkdir(exist_ok=True)
    add = ("useradd", "--create-home", "--base-dir", homes, "--key", "HOME_MODE=0700", "--shell", "/bin/bash")
    try:
        for group in (LEARNERS, GRADERS):
            must("groupadd", group)
        must("useradd", "--system", "--home-dir", place.state / "teacher", "--shell", "/usr/sbin/nologin", COURSE_USER)
        for name, group in ((ADA, LEARNERS), (BEN, LEARNERS), (MAL, LEARNERS), (TEA, GRADERS)):
            must(*add, "--groups", group, name)
        words = "".join(f"{name}:{PASSWORD}\n" for name in (ADA, BEN, MAL, TEA))
        subprocess.run(["chpasswd"], input=words, text=True, check=True)  # noqa: S607  Debian's own
        yield
    finally:
        for name in (ADA, BEN, MAL, TEA):
            sh("userdel", "--remove", name)
        sh("userdel", COURSE_USER)
        for group in (LEARNERS, GRADERS, COURSE_USER):
            sh("groupdel", group)


@contextmanager
def gradebook_server(place: Place) -> Iterator[str]:
    """Start a PostgreSQL of this trial's own that listens on a socket only; yields the gradebook's address or ''."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        print("--    no PostgreSQL on this machine: the gradebook is SQLite")
        yield ""
        return
    data, socket = place.folder / "pg-data", place.folder / "pg"
    for folder in (data, socket):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.chown(folder, "postgres", "postgres")
    must(programs[-1] / "initdb", "-D", data, "-A", "peer", user="postgres")
    options = f"-c listen_addresses='' -c unix_socket_directories='{socket}'"
    must(programs[-1] / "pg_ctl", "-D", data, "-w", "-o", options, "-l", data / "log", "start", user="postgres")
    try:
        must("createuser", "-h", socket, COURSE_USER, user="postgres")
        must("createdb", "-h", socket, "--owner", COURSE_USER, COURSE_USER, user="postgres")
        must("psql", "-h", socket, "-c", f'REVOKE CONNECT ON DATABASE "{COURSE_USER}" FROM PUBLIC', user="postgres")
        yield f"postgresql+psycopg:///{COURSE_USER}?host={socket}"
    finally:
        must(programs[-1] / "pg_ctl", "-D", data, "-m", "fast", "stop", user="postgres")


def install(place: Place, gradebook: str) -> None:
    """Write the site's names and run the installation."""
    values = {
        "POP_SOFTWARE": place.software,
        "POP_STATE": place.state,
        "POP_COURSE": COURSE,
        "POP_COURSE_USER": COURSE_USER,
        "POP_LEARNERS": LEARNERS,
        "POP_GRADERS": GRADERS,
        **PORTS,
        "POP_GRADEBOOK": gradebook,
    }
    site = place.folder / "site.env"
    site.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")
    shutil.rmtree(place.state, ignore_errors=True)
    started = time.monotonic()
    must("sh", DEPLOY / "install.sh", site)
    print(f"--    installed in {time.monotonic() - started:.0f} s")


def make_course(place: Place) -> None:
    """Make the course and release ps1, with the guide's commands."""
    lines = (
        "set -e",
        f"cd {place.state}/teacher",
        f"PATH={place.software}/grader/bin:$PATH",
        "python -m grader init course",
        "cd course",
        f"cp {place.software}/course_nbgrader_config.py nbgrader_config.py",
        "python -m grader build ps1",
        "nbgrader generate_assignment ps1",
        "nbgrader release_assignment ps1",
    )
    must("su", "--login", "--shell", "/bin/sh", COURSE_USER, "-c", "\n".join(lines))
    modes = {path.name: oct(path.stat().st_mode & 0o7777) for path in (place.inbound, place.inbound.parent)}
    check(modes == {"inbound": "0o3733", COURSE: "0o755"}, "nbgrader keeps the exchange's permissions", str(modes))


def back_up(place: Place) -> None:
    """Save course and gradebook with the guide's commands, and read them back."""
    socket, copy = place.folder / "pg", place.folder / "backup"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(mode=0o700)
    saved_state, restored = copy / "state.tar.gz", copy / "state"
    restored.mkdir()
    must("tar", "--create", "--gzip", "--file", saved_state, "--directory", place.state, ".")
    must("tar", "--extract", "--preserve-permissions", "--same-owner", "--file", saved_state, "--directory", restored)
    marks = [(path.stat().st_mode, path.stat().st_uid) for path in (place.inbound, place.course)]
    inbound, course = (restored / path.relative_to(place.state) for path in (place.inbound, place.course))
    again = [(path.stat().st_mode, path.stat().st_uid) for path in (inbound, course)]
    check(marks == again, "saved folders come back with owners and permissions", str(again))
    if socket.exists():
        saved = must("runuser", "-u", COURSE_USER, "--", "pg_dump", "--host", socket, COURSE_USER)
        (copy / "gradebook.sql").write_text(saved, encoding="utf-8")
        must("createdb", "-h", socket, "--owner", COURSE_USER, "restored", user="postgres")
        subprocess.run(  # noqa: S603  our own
            ["/usr/sbin/runuser", "-u", COURSE_USER, "--", "psql", "--quiet", "--host", str(socket), "restored"],
            input=saved,
            text=True,
            check=True,
            capture_output=True,
            cwd="/",
        )
        count = ("-At", "-c", "select count(*) from submitted_assignment")
        names = [must("psql", "-h", socket, name, *count, user=COURSE_USER) for name in (COURSE_USER, "restored")]
        check(names[0] == names[1] == "4\n", "a saved gradebook has all submissions when read back", str(names))
