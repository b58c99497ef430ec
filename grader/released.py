"""What is about to be handed out: whether somebody's answers lie in release/, where a class would be given them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.course import Course
from quizzes.answers import receipts
from quizzes.records import RecordError, parse_json


def answers_released(course: Course, name: str) -> str:
    """Return a line about the first file in release/<name>/ that holds answers; empty where there is none."""
    found = next(_with_answers(course.root / "release" / name), None)
    if found is None:
        return ""
    where = found.relative_to(course.root).as_posix()
    return f"{where} holds answers, which your class would be given: run nbgrader generate_assignment {name} --force"


def answer_files(folder: Path) -> list[Path]:
    """Return the files below a folder that an answer sheet has kept beside its notebook."""
    return sorted(folder.rglob("*.answers*.json"))


def _with_answers(folder: Path) -> Iterator[Path]:
    yield from answer_files(folder)
    for path in sorted(folder.rglob("*.ipynb")):
        if any(map(_has_answers, receipts(_content(path)))):
            yield path


def _content(path: Path) -> Any:
    try:
        return parse_json(path.read_bytes())
    except (OSError, RecordError):
        return None


def _has_answers(receipt: Any) -> bool:
    """Return whether a receipt holds an answer; one that cannot be read may hold some."""
    return not isinstance(receipt, dict) or bool(receipt.get("responses", True))
