"""The answer record: one learner's answers to one form, and its two carriers, the receipt and the sidecar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from quizzes.records import RecordError

RECEIPT_TYPE = "application/vnd.project-or-operation.answers.v1+json"


class AnswerRecord(BaseModel):
    """A learner's answers, version 1. A higher revision replaces a lower one."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Answer record, version 1")
    format: Literal["project-or-operation/answers"] = "project-or-operation/answers"
    version: Literal[1] = 1
    assignment: str = Field(description="Name of the assignment, as in ps1", max_length=200)
    form: str = Field(description="Digest of the form that is answered", max_length=64)
    revision: int = Field(description="Number of changes so far; the higher revision wins", ge=0, le=10**9, strict=True)
    responses: dict[str, Any] = Field(
        description="Response by item id: part name to option id, or to a list of option ids", max_length=1000
    )
    saved_at: AwareDatetime = Field(description="Time of the last change, ISO 8601 with time zone")


class ConflictError(RecordError):
    """The carriers hold different answers under the same revision: a person has to decide."""


def parse_record(data: Any) -> AnswerRecord:
    """Check an answer record; raises RecordError with one line."""
    try:
        record = AnswerRecord.model_validate(data)
    except ValidationError as error:
        detail = error.errors()[0]
        place = ".".join(map(str, detail["loc"])) or "record"
        raise RecordError(f"malformed answer record: {place}: {detail['msg'].lower()}") from None
    try:  # what cannot be written again would stop marking later on: infinities, lone surrogates, very deep nesting
        json.dumps(record.responses, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise RecordError("malformed answer record: responses: not writable as JSON in UTF-8") from None
    return record


def parse_records(name: str, found: Iterable[Any], problems: list[str]) -> list[AnswerRecord]:
    """Return the readable records found in the file `name`; each other one is a line in `problems`."""
    records = []
    for data in found:
        try:
            records.append(parse_record(data))
        except RecordError as error:
            problems.append(f"{name}: {error}")
    return records


def receipts(notebook: Any) -> Iterator[Any]:
    """Yield the raw receipts in a notebook's outputs, whatever shape the notebook has."""
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    for cell in cells if isinstance(cells, list) else ():
        outputs = cell.get("outputs") if isinstance(cell, Mapping) else None
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, Mapping) else None
            if isinstance(data, Mapping) and RECEIPT_TYPE in data:
                yield data[RECEIPT_TYPE]


def newest(records: Sequence[AnswerRecord]) -> AnswerRecord | None:
    """Return the record of the highest revision, None where there is none; raises ConflictError rather than guess."""
    if not records:
        return None
    highest = max(record.revision for record in records)
    candidates = [record for record in records if record.revision == highest]
    if any(record.responses != candidates[0].responses for record in candidates):
        raise ConflictError(f"two different answer records have revision {highest}")
    return candidates[0]


def sidecar_file(assignment: str) -> str:
    """Return the name of the file that carries the answers beside the notebook."""
    return f"{assignment}.answers.json"
