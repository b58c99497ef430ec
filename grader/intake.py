"""Take in one submission: regular files only, of a sane size, read as data. Nothing that was handed in is run."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from grader.notebooks import assignments_of, cells_of, grade_id_of
from quizzes.answers import AnswerRecord, newest, parse_records, receipts, sidecar_file
from quizzes.forms import Form
from quizzes.records import RecordError, parse_json, write_bytes

NOTEBOOK_LIMIT = 20_000_000  # bytes
SIDECAR_LIMIT = 2_000_000
TIME_LIMIT = 100
SECRET_LIMIT = 1_000  # nbgrader's has 128 characters
SOURCE_LIMIT = 100_000  # characters of an answer in a cell
NAME_LIMIT = 128  # characters, as the gradebook's column has it
DEPTH_LIMIT = 10  # folders in folders
LINES = 5  # of what is wrong with one submission, for a person to read
NO_CELLS: Mapping[str, str] = {}


class IntakeError(Exception):
    """A submission cannot be marked; the message is one line that says why and what to ask for."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the record, None for a notebook without answers, and notes on what was left out."""

    record: AnswerRecord | None
    notes: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Carriers:
    """What a submission's files hold: read under limits and not looked into yet. `time` is in UTC, without a zone."""

    notebook: bytes | None
    sidecar: bytes | None
    time: datetime | None = None


def _check_kind(path: Path, allowed: bool) -> None:
    if not allowed:
        raise IntakeError(f"{shown(path.name)} is a link or no regular file: ask for the file itself")


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


def carry(hand_in: Path, target: Path) -> None:
    """Copy what nbgrader's exchange keeps beside a hand-in into another folder, which must be there.

    That is its time and the secret by which released feedback finds its learner. What is no small regular file stays.
    """
    for name, limit in (("timestamp.txt", TIME_LIMIT), ("submission_secret.txt", SECRET_LIMIT)):
        with suppress(IntakeError):
            content = read_regular(hand_in / name, limit)
            if content is not None:
                write_bytes(target / name, content)


def _parse(name: str, content: bytes | None, problems: list[str]) -> Any:
    if content is None:
        return None
    try:
        return parse_json(content)
    except RecordError as error:
        problems.append(f"{name}: {error}")
        return None


def _entries(folder: Path, depth: int = 0) -> Iterator[Path]:
    """Yield everything in a folder and below it; links are not followed. Raises IntakeError where there is no end."""
    for path in folder.iterdir():
        yield path
        if stat.S_ISDIR(path.lstat().st_mode):
            if depth == DEPTH_LIMIT:
                raise IntakeError(f"folders lie more than {DEPTH_LIMIT} deep: ask for the notebook alone")
            yield from _entries(path, depth + 1)


def check_folder(folder: Path) -> None:
    """Refuse a folder that is a link, or has a link or a special file in it; raises IntakeError."""
    _check_kind(folder, not folder.is_symlink() and not folder.parent.is_symlink())
    for path in _entries(folder):
        mode = path.lstat().st_mode
        _check_kind(path, stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def check_notebook(folder: Path, assignment: str) -> None:
    """Raise IntakeError where a folder lacks the assignment's notebook; it says what else is there."""
    notebook = f"{assignment}.ipynb"
    if (folder / notebook).exists():
        return
    others = sorted(folder.glob("*.ipynb"))
    beside = [path for end in ("answers", "form") for path in sorted(folder.glob(f"*.{end}.json"))[:LINES]]
    _check_belongs({name for path in [*others[:LINES], *beside] for name in _named(path)}, assignment)
    found = f" (found: {', '.join(_first_of([shown(path.name) for path in others]))})" if others else ""
    raise IntakeError(f"{notebook} is missing{found}: rename the learner's notebook, or put the released one there")


def _named(path: Path) -> set[str]:
    """Return the assignments that a notebook, an answers file or a form names; none where it cannot be read."""
    data = _parse(path.name, read_regular(path, NOTEBOOK_LIMIT), [])
    own = data.get("assignment") if isinstance(data, Mapping) else None
    return {own} if isinstance(own, str) else assignments_of(data)


def _check_belongs(named: set[str], assignment: str) -> None:
    """Raise IntakeError where all that was handed in names other assignments."""
    if named and assignment not in named:
        others = " and ".join(_first_of(sorted(map(shown, named))))
        raise IntakeError(f"this is the notebook of {others}, not of {assignment}: ask for {assignment}.ipynb")


def hand_in_time(folder: Path) -> datetime | None:
    """Return when the folder says that it was handed in, in UTC and without a zone; None where it does not say.

    Raises IntakeError where what it says is no time.
    """
    text = read_regular(folder / "timestamp.txt", TIME_LIMIT)
    if text is None:
        return None
    try:
        time: datetime = parse_utc(text.decode().strip())
        time.timestamp()
    except (ValueError, AttributeError, OverflowError, TypeError):
        raise IntakeError("timestamp.txt holds no time: write it as 2026-01-31 12:00:00 UTC, or delete it") from None
    return time


def shown(name: str) -> str:
    """Return a handed-in file's name with nothing in it that could act on a page or a terminal."""
    return "".join(letter if letter.isalnum() or letter in " ._-()" else "?" for letter in name)[:80]


def check_name(student: str) -> None:
    """Raise IntakeError for a folder's name that is no student's id.

    The gradebook, a terminal or nbgrader's pages, which show it as it is, could not take it.
    """
    if not student.isprintable() or len(student) > NAME_LIMIT or set(student) & set('<>&"`'):
        raise IntakeError(f"the folder's name is no id: rename it, to {NAME_LIMIT} characters at most, without markup")


def read(folder: Path, assignment: str) -> Carriers:
    """Read a submission's files; raises IntakeError for what is no regular file of a sane size."""
    notebook = f"{assignment}.ipynb"
    check_folder(folder)
    check_notebook(folder, assignment)
    return Carriers(
        notebook=read_regular(folder / notebook, NOTEBOOK_LIMIT),
        sidecar=read_regular(folder / sidecar_file(assignment), SIDECAR_LIMIT),
        time=hand_in_time(folder),
    )


def take_in(folder: Path, form: Form, cells: Mapping[str, str] = NO_CELLS) -> Submission:
    """Read a submission and tell its answers; raises IntakeError as `read` and `tell` do."""
    return tell(read(folder, form.assignment), form, cells)


def tell(carriers: Carriers, form: Form, cells: Mapping[str, str] = NO_CELLS) -> Submission:
    """Tell a submission's record from notebook and sidecar, the higher revision wins, and the sources of cells. Pure.

    `cells` holds the released sources of nbgrader's own cells that learners answer, by id.

    Raises IntakeError where no answer can be told: unreadable carriers, two records that contradict each other, or
    answers to another form or to another assignment. A readable notebook of the assignment that simply holds no answers
    is a blank submission.
    """
    problems: list[str] = []
    notebook, sidecar = f"{form.assignment}.ipynb", sidecar_file(form.assignment)
    content = _parse(notebook, carriers.notebook, problems)
    beside = _parse(sidecar, carriers.sidecar, problems)
    records = parse_records(notebook, receipts(content), problems)
    records += parse_records(sidecar, [] if beside is None else [beside], problems)
    records = _of_sane_size(records, problems)
    own = [record for record in records if (record.assignment, record.form) == (form.assignment, form.form)]
    if not own:
        _check_belongs({record.assignment for record in records} | assignments_of(content), form.assignment)
    mend = _tell_others(records, form, problems) or "ask the student for the saved notebook and its answers file"
    if not own and problems:
        raise IntakeError(f"{'; '.join(_first_of(problems))}: {mend}")
    sources = {name: _source(content, name, released, problems) for name, released in cells.items()}
    try:
        return Submission(newest(own), tuple(_first_of(problems)), {k: v for k, v in sources.items() if v is not None})
    except RecordError as error:
        raise IntakeError(f"{error}: ask the student which one counts, and remove the other") from None


def _tell_others(records: Sequence[AnswerRecord], form: Form, problems: list[str]) -> str:
    """Note the records that answer something else; returns the mend where they answer another form."""
    name = form.assignment
    problems += [f"answers to {shown(record.assignment)}" for record in records if record.assignment != name]
    if not any(record.assignment == name and record.form != form.form for record in records):
        return ""
    problems.append(f"answers to another form of {name}, with other questions than this student was given")
    return (
        "ask for the notebook that you handed out to this student; "
        f"if you released {name} again since, put the earlier release/{name} back"
    )


def _first_of(problems: Sequence[str]) -> list[str]:
    """Return the first problems, each once, and how many there are besides: a notebook may hold any number of them."""
    each = list(dict.fromkeys(problems))
    return each if len(each) <= LINES else [*each[: LINES - 1], f"and {len(each) - LINES + 1:,} problems more"]


def _of_sane_size(records: list[AnswerRecord], problems: list[str]) -> list[AnswerRecord]:
    """Return the records that an answers file could hold; the others are a line."""
    kept = [record for record in records if len(str(record.responses)) <= SIDECAR_LIMIT]
    if len(kept) < len(records):
        problems.append(f"a record has more than {SIDECAR_LIMIT:,} characters")
    return kept


def _source(notebook: Any, name: str, released: str, problems: list[str]) -> str | None:
    """Return the source of the learner's cell of that nbgrader id; answers that differ are kept, one after another.

    None where there is no such cell. What is no text, or too long, is a line in `problems`.
    """
    own = (cell for cell in cells_of(notebook) if grade_id_of(cell) == name)
    found = [text for cell in own if (text := _text(cell.get("source"))) is not None]
    texts = [text for text in dict.fromkeys(found) if text != released] or list(dict.fromkeys(found))
    if len(texts) > 1:
        problems.append(f"cell {name} stands {len(found)} times with different content: all of it is kept")
    joined = "\n\n".join(texts)
    if len(joined) > SOURCE_LIMIT:
        problems.append(f"cell {name} has {len(joined):,} characters, over the limit of {SOURCE_LIMIT:,}: cut off")
    return joined[:SOURCE_LIMIT] if texts else None


def _text(source: Any) -> str | None:
    """Return a cell's source, which notebooks hold as a text or as a list of lines; None where it is neither."""
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        return None
    return "".join(lines).encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
