"""Take in one submission: regular files only, of a sane size, read as data. Nothing that was handed in is run."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from quizzes.answers import AnswerRecord, newest, parse_records, receipts, sidecar_file
from quizzes.forms import Form
from quizzes.records import RecordError, parse_json

NOTEBOOK_LIMIT = 20_000_000  # bytes
SIDECAR_LIMIT = 2_000_000
TIME_LIMIT = 100


class IntakeError(Exception):
    """A submission cannot be marked; the message is one line that says why and what to ask for."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the record, None for a notebook without answers, and notes on what was left out."""

    record: AnswerRecord | None
    notes: tuple[str, ...] = ()


def _check_kind(path: Path, allowed: bool) -> None:
    if not allowed:
        raise IntakeError(f"{_shown(path.name)} is a link or no regular file: ask for the file itself")


def read_regular(path: Path, limit: int) -> bytes | None:
    """Return a regular file's content, None where there is no file; raises IntakeError for anything else."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    _check_kind(path, stat.S_ISREG(status.st_mode))
    if status.st_size > limit:
        raise IntakeError(
            f"{path.name} has {status.st_size:,} bytes, over the limit of {limit:,}: ask for a clean copy"
        )
    return path.read_bytes()


def _parse(path: Path, content: bytes | None, problems: list[str]) -> Any:
    if content is None:
        return None
    try:
        return parse_json(content)
    except RecordError as error:
        problems.append(f"{path.name}: {error}")
        return None


def _check_folder(folder: Path, notebook: str) -> None:
    """Refuse a folder with a link or a special file in it, without the notebook, or with a time that is no time."""
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        _check_kind(path, stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    if not (folder / notebook).exists():
        others = sorted(_shown(path.name) for path in folder.glob("*.ipynb"))
        found = f" (found: {', '.join(others)})" if others else ""
        raise IntakeError(f"{notebook} is missing{found}: rename the learner's notebook, or put the released one there")
    time = read_regular(folder / "timestamp.txt", TIME_LIMIT)
    try:
        if time is not None:
            parse_utc(time.decode().strip()).timestamp()
    except (ValueError, AttributeError, OverflowError, TypeError):
        raise IntakeError("timestamp.txt holds no time: write it as 2026-01-31 12:00:00 UTC, or delete it") from None


def _shown(name: str) -> str:
    """Return a handed-in file's name with nothing in it that could act on a page or a terminal."""
    return "".join(letter if letter.isalnum() or letter in " ._-()" else "?" for letter in name)[:80]


def take_in(folder: Path, form: Form) -> Submission:
    """Read a submission's record from notebook and sidecar; the higher revision wins.

    Raises IntakeError where no answer can be told: unreadable carriers, two records that contradict each other, or
    answers to another form. A readable notebook that simply holds no answers is a blank submission.
    """
    problems: list[str] = []
    _check_folder(folder, f"{form.assignment}.ipynb")
    notebook, sidecar = folder / f"{form.assignment}.ipynb", folder / sidecar_file(form.assignment)
    content = _parse(notebook, read_regular(notebook, NOTEBOOK_LIMIT), problems)
    beside = _parse(sidecar, read_regular(sidecar, SIDECAR_LIMIT), problems)
    records = parse_records(notebook.name, receipts(content), problems)
    records += parse_records(sidecar.name, [] if beside is None else [beside], problems)
    own = [record for record in records if (record.assignment, record.form) == (form.assignment, form.form)]
    if len(own) < len(records):
        problems.append(f"answers to another form than {form.form} of {form.assignment}")
    if not own and problems:
        raise IntakeError(f"{'; '.join(problems)}: ask the student for the saved notebook and its answers file")
    try:
        return Submission(newest(own), tuple(problems))
    except RecordError as error:
        raise IntakeError(f"{error}: ask the student which one counts, and remove the other") from None
