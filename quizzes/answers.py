"""The answer record: one learner's answers to one form, and its two carriers, the receipt and the sidecar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from quizzes.records import RecordError

RECEIPT_TYPE = "application/vnd.project-or-operation.answers.v2+json"
RECEIPT_TYPES = (RECEIPT_TYPE, "application/vnd.project-or-operation.answers.v1+json")
VERSION: Literal[1, 2] = 2


UNREADABLE = "unreadable"  # stands for a response that no sheet writes: no record, so it is marked as malformed
LONGEST = 200
MOST_SECONDS = 10**6  # more than eleven days: no time that a sheet counts


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and value.isprintable()


def _texts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else [value]


def _is_time(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_SECONDS


def _is_response(response: Any) -> bool:
    """Return whether a response has the form that sheets write: part to option id, list of ids, or rows' places."""
    if not isinstance(response, dict) or len(response) > LONGEST:
        return False
    choices = [each for value in response.values() for each in _texts(value)]
    return len(choices) <= LONGEST and all(map(_is_text, [*response, *choices]))


class AnswerRecord(BaseModel):
    """A learner's answers. A higher revision replaces a lower one; version 1 has no `seconds`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Answer record, versions 1 and 2")
    format: Literal["project-or-operation/answers"] = "project-or-operation/answers"
    version: Literal[1, 2] = VERSION
    assignment: str = Field(description="Name of the assignment, as in ps1", max_length=LONGEST)
    form: str = Field(description="Digest of the form that is answered", pattern="^[0-9a-z-]{1,64}$")
    revision: int = Field(description="Number of changes so far; the higher revision wins", ge=0, le=10**9, strict=True)
    responses: dict[str, Any] = Field(
        description="By item id: part name to option id, list of option ids, or record of row to place",
        max_length=1000,
    )
    seconds: dict[str, Any] = Field(
        default_factory=dict,
        description="By item id: whole seconds that went by before its changes, breaks left out",
        max_length=1000,
    )
    saved_at: AwareDatetime = Field(description="Time of the last change, ISO 8601 with time zone")

    @field_validator("responses")
    @classmethod
    def _one_bad_response_spoils_no_other(cls, responses: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in responses.items() if _is_text(name)}
        return {name: value if _is_response(value) else UNREADABLE for name, value in kept.items()}

    @field_validator("seconds")
    @classmethod
    def _a_time_that_is_none_costs_nothing(cls, seconds: dict[str, Any]) -> dict[str, int]:
        return {name: value for name, value in seconds.items() if _is_text(name) and _is_time(value)}

    @field_validator("saved_at")
    @classmethod
    def _time_is_of_our_days(cls, saved_at: datetime) -> datetime:
        if not 2000 <= saved_at.year <= 2200:  # the calendar's ends overflow in other time zones
            raise ValueError("not a time of our days")
        return saved_at


class ConflictError(RecordError):
    """The carriers hold different answers under the same revision: a person has to decide."""


def parse_record(data: Any) -> AnswerRecord:
    """Check an answer record; raises RecordError with one line, which repeats nothing of the record's own text."""
    try:
        return AnswerRecord.model_validate(data)
    except ValidationError as error:
        detail = error.errors()[0]
        place = str(detail["loc"][0]) if detail["loc"] else "record"
        known = place if place in AnswerRecord.model_fields or place == "record" else "an unknown field"
        raise RecordError(f"malformed answer record: {known}: {detail['msg'].lower()}") from None


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
            if isinstance(data, Mapping):
                yield from (data[each] for each in RECEIPT_TYPES if each in data)


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
