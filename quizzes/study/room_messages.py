"""What the exam room's front end may say to the kernel, checked before anything of it is kept."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

LARGEST = 400_000  # characters of an exam's JSON: the longest of the formats, answered in full, has a tenth of it
DEEPEST = 12
BASE = 36

ItemId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ExamId = Annotated[str, Field(pattern=r"^[0-9a-z]{1,12}$")]
Owner = Annotated[str, Field(pattern=r"^[0-9a-z]{0,24}$")]
Text = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]{1,80}$")]
Value = Text | list[Text] | dict[Name, Text]
Seconds = Annotated[float, Field(ge=0, le=10**8, allow_inf_nan=False)]
Time = Annotated[int, Field(ge=0, le=10**11)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Outcome = Literal["right", "partly", "wrong", "blank", "malformed"]


class MessageError(ValueError):
    """A message does not fit; the text is one line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ItemResult(BaseModel):
    """What an item of a submitted exam earned."""

    model_config = ConfigDict(strict=True)
    right: Count
    questions: Annotated[int, Field(ge=1, le=100)]
    outcome: Outcome
    chose: Text | None = None
    key: Text | None = None


class Result(BaseModel):
    """What a submitted exam earned."""

    model_config = ConfigDict(strict=True)
    right: Count
    questions: Annotated[int, Field(ge=1, le=10_000)]
    items: dict[ItemId, ItemResult]


class Sitting(BaseModel):
    """An exam's record, as docs/site.md lists it; fields of the front end's own are kept as they come."""

    model_config = ConfigDict(extra="allow", strict=True)
    started: Time
    blueprint: Name
    title: Text
    sections: Annotated[list[list[ItemId]], Field(max_length=20)]
    section: Count
    place: Count
    responses: dict[ItemId, dict[Name, Value]]
    flags: list[ItemId]
    seconds: dict[ItemId, Seconds]
    limit: Seconds
    used: Seconds
    owner: Owner
    submitted: Time | None = None
    result: Result | None = None

    @model_validator(mode="after")
    def _submitted_with_a_result(self) -> Sitting:
        if (self.submitted is None) != (self.result is None):
            raise ValueError("submitted goes with a result")
        return self


class ExamChange(_Strict):
    """A whole exam, or None to discard it; `stamp` tells what the view believes to be kept."""

    what: Literal["exam"]
    id: ExamId
    value: dict[str, Any] | None
    stamp: Annotated[str, Field(max_length=64)]

    @model_validator(mode="after")
    def _fits(self) -> ExamChange:
        if self.value is not None:
            _check_size(self.value)
            sitting = Sitting.model_validate(self.value)
            if int(self.id, BASE) != sitting.started:
                raise ValueError("an exam is kept under the time at which it was started")
        return self


class Attempt(_Strict):
    """An attempt of an item's log."""

    at: Time
    outcome: Literal["right", "partly", "wrong"]
    where: Literal["exam"]
    seconds: Time = 0
    chose: Text | None = None


class Logged(_Strict):
    """An attempt at an item."""

    what: Literal["log"]
    id: ItemId
    attempt: Attempt


class Flagged(_Strict):
    """An item's flag, put up or down."""

    what: Literal["flag"]
    id: ItemId
    flagged: bool


Operation = Annotated[ExamChange | Logged | Flagged, Field(discriminator="what")]
_OPERATION: TypeAdapter[ExamChange | Logged | Flagged] = TypeAdapter(Operation)


class Message(_Strict):
    """What a view asks for; `to` comes back with the answer."""

    what: Literal["open", "items", "keep", "practise"]
    to: Annotated[str, Field(pattern=r"^[0-9a-z:]{1,60}$")]
    ids: Annotated[list[ItemId], Field(max_length=2_000)] = []
    operations: Annotated[list[dict[str, Any]], Field(max_length=5_000)] = []


def message(content: Any) -> Message:
    """Return a message that fits; raises MessageError."""
    try:
        return Message.model_validate(content)
    except ValidationError as error:
        raise MessageError(_line(error)) from None


def operation(content: Any) -> ExamChange | Logged | Flagged:
    """Return a change that fits; raises MessageError."""
    try:
        return _OPERATION.validate_python(content)
    except ValidationError as error:
        raise MessageError(_line(error)) from None


def _line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(each) for each in first["loc"])[:80]
    return f"Not kept: what the room sent does not fit ({place}: {first['msg'][:120]})."


def _check_size(value: Any) -> None:
    if _depth(value) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    if len(json.dumps(value, ensure_ascii=False)) > LARGEST:
        raise ValueError(f"over {LARGEST} characters")


def _depth(value: Any, deep: int = 0) -> int:
    """Return how deep a value is nested, at most one more than is allowed; raises ValueError for a `__proto__`."""
    if isinstance(value, dict) and "__proto__" in value:
        raise ValueError("a field named __proto__")
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return deep if deep > DEEPEST else max((_depth(each, deep + 1) for each in inner), default=deep)
