"""Runs of both ways of marking over hostile submissions, measured from outside."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hostile.attack import ALIVE, HONEST, NAME, PAYLOAD, Attack, submit_honest, worth
from hostile.catalogue import ATTACKS
from hostile.effects import Aftermath, executable, processes, protected
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config, PyFileConfigLoader

from grader.batch import mark
from grader.demo import Maker
from grader.feedback import feedback

FILE_SIZE = 200_000_000  # bytes that a run may write into one file


@dataclass(frozen=True)
class Outcome:
    """What a run left behind, and its lines by student."""

    aftermath: Aftermath
    faults: Mapping[str, str]
    notes: Mapping[str, list[str]]


def hand_in(maker: Maker, attacks: Iterable[Attack] = ATTACKS) -> dict[str, str]:
    """Hand in the honest submissions and the hostile ones; returns the files that none of them may change."""
    submit_honest(maker)
    for attack in attacks:
        attack.prepare(maker, attack.by)
    return protected(maker.course.root)


def expected(maker: Maker) -> dict[str, float]:
    """Return the marks that honest answers are worth."""
    return dict(zip(HONEST, (worth(maker, len(maker.form.items)), worth(maker, 3)), strict=True))


def formgrader(root: Path) -> HTMLExporter:
    """Return what renders a submission's page in the formgrader, under the course's configuration."""
    config: Config = PyFileConfigLoader("nbgrader_config.py", str(root)).load_config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    return HTMLExporter(config=config)


def _run_on(page: str) -> list[str]:
    return [f"runs on a page: {found}" for found in executable(page)]


def pages(root: Path, students: Iterable[str]) -> dict[str, list[str]]:
    """Return what of the payloads would run on the students' pages: the formgrader's, and the feedback's."""
    exporter, found = formgrader(root), {}
    for student in students:
        path = root / "autograded" / student / NAME / f"{NAME}.ipynb"
        if path.exists() and (PAYLOAD in student or PAYLOAD.encode() in path.read_bytes()):
            try:
                found[student] = _run_on(formgrader_page(exporter, path, student))
            except Exception as error:  # noqa: BLE001  whatever it is, the formgrader answers with an error
                found[student] = [f"its page ends in an error ({type(error).__name__})"]
        for page in (root / "feedback" / student).rglob("*.html"):
            found[student] = found.get(student, []) + _run_on(page.read_text(encoding="utf-8"))
    return found


def formgrader_page(exporter: HTMLExporter, path: Path, student: str) -> str:
    """Return the page of a submission in the formgrader."""
    names = {"assignment_id": NAME, "notebook_id": NAME, "submission_id": "1", "student": student}
    rest = {"index": 0, "total": 1, "base_url": "", "last_name": None, "first_name": None, "notebook_path": ""}
    resources: Any = {**names, **rest}
    return str(exporter.from_filename(str(path), resources=resources)[0])


def in_batch(maker: Maker, before: dict[str, str]) -> Outcome:
    """Mark with the batch, and write its feedback."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = list(mark(maker.course, NAME))
    list(feedback(maker.course, NAME))
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1_000
    aftermath = Aftermath(maker, before, expected(maker), "", used, {}, alive())
    aftermath.pages.update(pages(maker.course.root, (line.student for line in lines if not line.fault)))
    return Outcome(
        aftermath, {each.student: each.fault for each in lines}, {each.student: list(each.notes) for each in lines}
    )


def alive() -> tuple[str, ...]:
    """Return the commands of processes that an attack left behind."""
    return tuple(Path(f"/proc/{each}/cmdline").read_bytes().decode() for each in processes(ALIVE))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))


def in_nbgrader(maker: Maker, before: dict[str, str]) -> Outcome:
    """Mark with `nbgrader autograde`, as a process of its own."""
    root = maker.course.root
    log = root.parent / "autograde.log"
    home = {"HOME": str(root / "home"), "JUPYTER_RUNTIME_DIR": str(root / "home" / "runtime")}
    with log.open("wb") as file:
        command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
        process = subprocess.Popen(
            command,
            cwd=root,
            stdout=file,
            stderr=file,
            env={**os.environ, **home},
            preexec_fn=_limit,  # noqa: PLW1509
        )
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    text = log.read_text(encoding="utf-8", errors="surrogateescape")
    aftermath = Aftermath(maker, before, expected(maker), "", used.ru_maxrss * 1_000 - 300_000_000, {}, alive())
    aftermath.pages.update(pages(root, (attack.by for attack in ATTACKS)))
    return Outcome(aftermath, *_lines(text))


def _lines(log: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the faults and notes of our own in nbgrader's log."""
    faults, notes = {}, {}
    for line in log.split("\n"):
        text = line.partition("] ")[2]
        student, told, why = text.removeprefix("No mark for ").partition(f" in {NAME}: ")
        if told and "ERROR" in line:
            faults[student] = why
        elif told and "WARNING" in line:
            notes.setdefault(student, []).append(why)
    return faults, notes
