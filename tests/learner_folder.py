"""The folder that a learner was given, and records of answers put into it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.build import build
from grader.init import init
from quizzes.answers import RECEIPT_TYPE, AnswerRecord
from quizzes.forms import Form


@pytest.fixture
def form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Form:
    """Stand in the folder that a learner was given."""
    course = init(tmp_path / "course")
    form = build(course, "ps1")[1]
    monkeypatch.chdir(course.root / "source" / "ps1")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return form


def record(form: Form, revision: int, responses: dict[str, Any]) -> AnswerRecord:
    """Return a record for the form."""
    return AnswerRecord(
        assignment="ps1",
        form=form.form,
        revision=revision,
        responses=responses,
        saved_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def put_receipt(kept: AnswerRecord) -> None:
    """Save the notebook with a receipt, as JupyterLab does."""
    notebook = nbformat.read("ps1.ipynb", as_version=4)
    data = {RECEIPT_TYPE: kept.model_dump(mode="json"), "text/plain": "answers"}
    notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", data=data)]
    nbformat.write(notebook, "ps1.ipynb")
