"""`AnswerSheet`: the learner's side of a graded notebook. It shows a key-free form and keeps one record of answers."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import DisplayHandle, display
from pydantic import ValidationError

from quizzes.answers import (
    RECEIPT_TYPE,
    VERSION,
    AnswerRecord,
    ConflictError,
    newest,
    parse_record,
    parse_records,
    receipts,
    sidecar_file,
)
from quizzes.forms import Form, fault_of_response, form_file, is_answered
from quizzes.records import RecordError, parse_json, write_json
from quizzes.render import render_form

BREAK = 600  # a longer gap between two answers, in seconds, is a break and counts for no item
FRONTEND = Path(__file__).with_name("frontend")
MARKING = "NBGRADER_EXECUTION"  # set by nbgrader while it runs a notebook: nothing may be read or written then


class SheetError(Exception):
    """The sheet cannot be shown; the message says what to do."""

    def _render_traceback_(self) -> list[str]:
        """Show a learner the message alone."""
        return [str(self)]


def read_form(path: Path) -> Form:
    """Read a released form; raises SheetError with one line."""
    try:
        return Form.model_validate(parse_json(path.read_bytes()))
    except FileNotFoundError:
        raise SheetError(f"{path.name} is missing: put it into the folder of this notebook, then run again.") from None
    except (OSError, RecordError, ValidationError):
        raise SheetError(f"{path.name} cannot be read: get a fresh copy of the assignment's folder.") from None


def notebook_path(assignment: str) -> Path:
    """Return the notebook that is running, as far as the front end tells; else the assignment's usual name."""
    session = os.environ.get("JPY_SESSION_NAME", "")
    return Path(session) if session.endswith(".ipynb") else Path.cwd() / f"{assignment}.ipynb"


def _show_again(assignment: str) -> None:
    """Put the receipts of the saved notebook back into the output that is being replaced, so that none is lost."""
    if not os.environ.get(MARKING):
        for receipt in receipts(_read(notebook_path(assignment), [])):
            display({RECEIPT_TYPE: receipt, "text/plain": "Answers of an earlier session are kept here."}, raw=True)


def _kept_records(assignment: str) -> tuple[list[AnswerRecord], list[str]]:
    """Return the records found in sidecar and notebook, and a line for each that cannot be read."""
    sidecar, notebook = Path.cwd() / sidecar_file(assignment), notebook_path(assignment)
    problems: list[str] = []
    beside, content = _read(sidecar, problems), _read(notebook, problems)
    records = parse_records(sidecar.name, [] if beside is None else [beside], problems)
    return records + parse_records(notebook.name, receipts(content), problems), problems


def _read(path: Path, problems: list[str]) -> Any:
    """Return the file's JSON, None where there is none; an unreadable file is a line in `problems`."""
    try:
        return parse_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, RecordError) as error:
        problems.append(f"{path.name}: {error}")
        return None


class AnswerSheet(anywidget.AnyWidget):
    """The answer sheet of an assignment: `AnswerSheet("ps1")` in the folder that holds ps1.form.json.

    Each answer is written at once to a receipt in the notebook's output and to a sidecar file beside it. Raises
    SheetError where the form is missing or unreadable.
    """

    _esm = FRONTEND / "quiz.mjs"
    _css = FRONTEND / "quiz.css"
    html = traitlets.Unicode().tag(sync=True)
    responses = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def __init__(self, assignment: str) -> None:
        """Show the form and bring back the answers of an earlier session."""
        try:
            self.form = read_form(Path.cwd() / form_file(assignment))
        except SheetError:
            _show_again(assignment)
            raise
        self._handle: DisplayHandle | None = None
        self._last_change = time.monotonic()
        self._locked = False
        self._record, status = self._restore()
        super().__init__(
            html=render_form([item.model_dump() for item in self.form.items]),
            responses=dict(self._record.responses),
            status=status or self._line(),
        )
        self.observe(self._changed, names="responses")

    def answer(self, item_id: str, *values: str | list[str] | dict[str, str]) -> None:
        """Answer by typing: the values of the item's parts in order, as in `sheet.answer("stock-1", "project")`.

        Raises ValueError for an unknown item or a value that is not one of its options.
        """
        item = next((each for each in self.form.items if each.id == item_id), None)
        if item is None:
            raise ValueError(f"'{item_id}' is not in this form: use {', '.join(each.id for each in self.form.items)}")
        if len(values) > len(item.questions):
            raise ValueError(f"{item_id}: at most {len(item.questions)} values: {[q.name for q in item.questions]}")
        response = {question.name: value for question, value in zip(item.questions, values, strict=False)}
        if fault := fault_of_response(item, response):
            raise ValueError(fault)
        self.responses = {**self.responses, item_id: response}

    @property
    def record(self) -> AnswerRecord:
        """Return the record as it stands."""
        return self._record

    def __repr__(self) -> str:
        """Return the line that the receipt shows."""
        return self._line()

    def _ipython_display_(self) -> None:
        bundle = self._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        display(data, metadata=metadata, raw=True)
        if self._locked:
            _show_again(self.form.assignment)
        else:
            self._handle = display(self._receipt(), raw=True, display_id=True)

    def _empty(self) -> AnswerRecord:
        return AnswerRecord(
            assignment=self.form.assignment, form=self.form.form, revision=0, responses={}, saved_at=_now()
        )

    def _restore(self) -> tuple[AnswerRecord, str]:
        if os.environ.get(MARKING):
            self._locked = True
            return self._empty(), ""
        records, problems = _kept_records(self.form.assignment)
        own = [record for record in records if record.form == self.form.form]
        if len(own) < len(records):
            problems.append("answers to another version of this assignment were found and left out")
        try:
            kept = newest(own)
        except ConflictError as error:
            self._locked = True
            sidecar = sidecar_file(self.form.assignment)
            return self._empty(), (
                f"Nothing is saved: {error}. To keep the answers in this notebook, rename {sidecar} and run again. "
                f"To keep those in {sidecar}, clear all outputs, save the notebook and run again."
            )
        return kept or self._empty(), f"Attention: {'; '.join(problems)}." if problems else ""

    def _changed(self, change: Mapping[str, Any]) -> None:
        seconds = self._seconds(change["old"], change["new"])
        if self._locked or self._overtaken():
            return
        self._record = self._record.model_copy(
            update={
                "version": VERSION,
                "revision": self._record.revision + 1,
                "responses": {name: value for name, value in self.responses.items() if value},
                "seconds": seconds,
                "saved_at": _now(),
            }
        )
        problem = self._write_sidecar()
        if self._handle is not None:
            self._handle.update(self._receipt(), raw=True)
        self.status = self._line() + problem

    def _seconds(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, int]:
        """Return the times by item: what went by since the last change belongs to the item that has changed now."""
        now = time.monotonic()
        passed, self._last_change = round(now - self._last_change), now
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if len(changed) != 1 or passed > BREAK:
            return self._record.seconds
        return {**self._record.seconds, changed[0]: self._record.seconds.get(changed[0], 0) + passed}

    def _overtaken(self) -> bool:
        """Lock the sheet where the sidecar was written by another one since, and keep the answers to another form."""
        path = Path.cwd() / sidecar_file(self.form.assignment)
        try:
            kept = parse_record(parse_json(path.read_bytes()))
            if kept.form != self.form.form:
                path.replace(path.with_name(f"{self.form.assignment}.answers.{kept.form}.json"))
        except (OSError, RecordError):
            return False
        if kept.form == self.form.form and kept.revision > self._record.revision:
            self._locked = True
            self.status = "Not saved: this sheet is open a second time with newer answers. Run this cell again."
        return self._locked

    def _write_sidecar(self) -> str:
        name = sidecar_file(self.form.assignment)
        try:
            write_json(Path.cwd() / name, self._record.model_dump(mode="json"))
        except OSError as error:
            return f" {name} could not be written ({error.strerror}): save this notebook, it carries your answers too."
        return ""

    def _line(self) -> str:
        answered = [item for item in self.form.items if is_answered(item, self._record.responses.get(item.id))]
        done = f"{len(answered)} of {len(self.form.items)} answered"
        return (
            f"{done}, saved at {self._record.saved_at.astimezone():%H:%M:%S}." if self._record.revision else f"{done}."
        )

    def _receipt(self) -> dict[str, Any]:
        return {RECEIPT_TYPE: self._record.model_dump(mode="json"), "text/plain": self._line()}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
