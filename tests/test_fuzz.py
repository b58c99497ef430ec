"""Whatever is handed in, the readers of answers give answers or one line, and marks stay within their points."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.demo import keyed
from grader.explain import explain
from grader.intake import Carriers, IntakeError, Submission, hand_in_time, tell
from grader.rebuild import as_text_block
from quizzes.answers import RECEIPT_TYPE, AnswerRecord, parse_record
from quizzes.bank import Bank
from quizzes.forms import Form, build_form
from quizzes.items import KINDS, ROLES, AnyItem, rule
from quizzes.loading import load_bank
from quizzes.marking import mark
from quizzes.records import RecordError, parse_json

quick = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
POINTS = dict.fromkeys(ROLES, 1.5)
LONGEST = 600  # characters of a line for a person

texts = st.text(st.characters(), max_size=30)  # halves of Unicode pairs among them
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


@cache
def _bank() -> Bank:
    return load_bank()


@cache
def _items() -> tuple[AnyItem, ...]:
    return tuple(_bank().select(kind=kind)[0] for kind in KINDS)


@cache
def _form() -> Form:
    return build_form("ps1", "Fuzz", _items(), POINTS, _bank().differentiator_names)


def _record() -> dict[str, Any]:
    responses = {item.id: keyed(item) for item in _items()}
    return AnswerRecord(
        assignment="ps1", form=_form().form, revision=3, responses=responses, saved_at="2026-01-01T12:00:00Z"
    ).model_dump(mode="json")


def _is_line(text: str) -> bool:
    return text.isprintable() and 0 < len(text) <= LONGEST


def _check_line(error: Exception) -> None:
    assert _is_line(str(error))


@st.composite
def changed(draw: st.DrawFn, start: Any) -> Any:
    """Draw a copy of a JSON value with one or two of its places changed, added or taken out."""
    data = json.loads(json.dumps(start))
    for _ in range(draw(st.integers(1, 2))):
        place = data
        while isinstance(place, dict | list) and place and draw(st.booleans()):
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            inner = place[draw(st.sampled_from(keys))]
            if not isinstance(inner, dict | list):
                break
            place = inner
        if isinstance(place, dict):
            name = draw(st.sampled_from(sorted(place)) | texts) if place else draw(texts)
            place[name] = draw(values)
        elif isinstance(place, list):
            place.append(draw(values))
    return data


def _notebook(receipt: Any) -> dict[str, Any]:
    output = {"output_type": "display_data", "metadata": {}, "data": {RECEIPT_TYPE: receipt}}
    own = {"nbgrader": {"grade_id": "why", "grade": True, "solution": True}}
    cells: list[Any] = [
        {"cell_type": "code", "source": "", "metadata": {}, "outputs": [output]},
        {"cell_type": "markdown", "source": ["my ", "answer"], "metadata": own},
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _bytes(data: Any) -> bytes:
    return json.dumps(data).encode()


def _told(notebook: bytes | None, sidecar: bytes | None) -> Submission | None:
    """Tell a submission; everything that is said of it has to be one line."""
    try:
        submission = tell(Carriers(notebook, sidecar), _form(), {"why": "Write here."})
    except IntakeError as error:
        _check_line(error)
        return None
    assert all(map(_is_line, submission.notes))
    assert all(isinstance(source, str) for source in submission.sources.values())
    for source in submission.sources.values():
        source.encode()
    assert json.dumps(submission.record.model_dump(mode="json") if submission.record else None)
    return submission


@quick
@given(st.binary(max_size=200) | values.map(_bytes))
@example(b"[" * 100_000)
@example(b"\xff\xfe1\x00")
@example(b"1e999")
@example(b"9" * 5_000)
@example(b'{"a": 1, "a": 2}')
@example(b"-Infinity")
def test_parsing_gives_data_or_one_line(content: bytes) -> None:
    """`parse_json` raises RecordError alone."""
    try:
        parse_json(content)
    except RecordError as error:
        _check_line(error)


@quick
@given(values | changed(_record()))
@example({"\ud800": 1})
@example({**_record(), "assignment": "\ud800"})
@example({**_record(), "saved_at": float("inf")})
@example({**_record(), "saved_at": 10**400})
@example({**_record(), "saved_at": "0001-01-01T00:00:00+23:59"})
@example({**_record(), "form": "0\n"})
@example({**_record(), "revision": 10**5_000})
def test_a_record_is_read_or_refused_in_one_line(data: Any) -> None:
    """`parse_record` raises RecordError alone, and what it reads can be written again."""
    try:
        record = parse_record(data)
    except RecordError as error:
        _check_line(error)
        return
    assert parse_record(json.loads(record.model_dump_json())) == record


@quick
@given(
    st.none() | st.binary(max_size=300) | values.map(_bytes), st.none() | st.binary(max_size=300) | values.map(_bytes)
)
def test_any_files_are_told_or_refused_in_one_line(notebook: bytes | None, sidecar: bytes | None) -> None:
    """`tell` raises IntakeError alone."""
    _told(notebook, sidecar)


@quick
@given(changed(_notebook(_record())), st.none() | changed(_record()))
def test_notebooks_that_were_changed_are_told_or_refused(notebook: Any, sidecar: Any) -> None:
    """As before, near to what sheets write: every place of notebook and record may hold anything."""
    _told(_bytes(notebook), None if sidecar is None else _bytes(sidecar))


@quick
@given(st.lists(values | changed(_record()), max_size=12))
def test_any_number_of_receipts_is_told(found: list[Any]) -> None:
    """Of many bad receipts a few lines are left, and a good one among them counts."""
    notebook = _notebook(_record())
    notebook["cells"][0]["outputs"] += [
        {"output_type": "display_data", "data": {RECEIPT_TYPE: each}, "metadata": {}} for each in found
    ]
    submission = _told(_bytes(notebook), None)
    assert submission is None or len(submission.notes) <= 5


@quick
@given(st.integers(0, len(KINDS) - 1), values)
def test_any_response_is_marked_within_its_points(number: int, response: Any) -> None:
    """`mark` never raises; a score is no more than the points and no less than nothing."""
    asked = _form().items[number]
    parts = rule(_items()[number], asked.points)
    result = mark(parts, response)
    assert 0 <= result.score <= result.points == sum(asked.points.values())
    assert all(0 <= part.score <= part.points for part in result.parts)
    assert result.reason.isprintable()


@st.composite
def near(draw: st.DrawFn) -> tuple[int, Any]:
    """Draw an item and a response made of its own names and options, put together anyhow."""
    number = draw(st.integers(0, len(KINDS) - 1))
    parts = _items()[number].parts()
    words = st.sampled_from([*(option for part in parts for option in (*part.options, *part.groups)), "x", ""])
    places = st.dictionaries(words, words, max_size=8)
    value = words | st.lists(words, max_size=8) | places | scalars
    return number, draw(st.dictionaries(st.sampled_from([part.name for part in parts] + ["x"]), value, max_size=4))


@settings(quick, max_examples=300)
@given(near())
def test_a_response_of_real_options_is_marked_and_explained(drawn: tuple[int, Any]) -> None:
    """Only the key earns all points, and nothing that is not of the bank is repeated."""
    number, response = drawn
    asked, item = _form().items[number], _items()[number]
    result = explain(asked, number + 1, item, _bank(), response)
    assert 0 <= result.mark.score <= result.mark.points
    assert _is_line(result.line)
    full = {name: sorted(value) if isinstance(value, list) else value for name, value in keyed(item).items()}
    same = {name: sorted(value) if isinstance(value, list) else value for name, value in response.items()}
    if result.mark.score == result.mark.points:
        assert {name: value for name, value in same.items() if name in full} == full


@quick
@given(st.integers(0, len(KINDS) - 1), values)
def test_one_bad_response_changes_no_other_mark(number: int, response: Any) -> None:
    """The other items of the same record keep all their points."""
    data = _record()
    bad = _items()[number].id
    record = parse_record({**data, "responses": {**data["responses"], bad: response}})
    for asked, item in zip(_form().items, _items(), strict=True):
        result = mark(rule(item, asked.points), record.responses.get(item.id))
        assert item.id == bad or result.score == result.points
        assert 0 <= result.score <= result.points


@quick
@given(texts | st.from_regex(r"\d{1,6}-\d{1,3}-\d{1,3}[T ]\d{1,3}:\d{1,3}.{0,9}", fullmatch=True))
@example("Infinity")
@example("nan")
@example("1e400")
@example("0001-01-01 00:00:00 +2359")
@example("9999-12-31 23:59:59 -2359")
@example("10:10:10.000000000000000000000001")
@example("20260101T" + "9" * 60)
def test_any_time_is_a_time_or_one_line(tmp_path: Path, text: str) -> None:
    """`hand_in_time` raises IntakeError alone."""
    (tmp_path / "timestamp.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        time = hand_in_time(tmp_path)
    except IntakeError as error:
        _check_line(error)
        return
    assert time is not None
    assert time.tzinfo is None
    assert str(time)


@quick
@given(
    st.text(st.sampled_from("ab \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029`$\\<>#-*[]()!~|&;:\xa0\u3000"), max_size=400)
)
def test_a_written_answer_stays_in_its_block(answer: str) -> None:
    """Every line, however lines are told apart, starts with the indent and is of a width that a page can show."""
    for line in as_text_block(answer).splitlines():
        assert line.startswith("    ")
        assert len(line) <= 104


@pytest.mark.parametrize("depth", [10, 300, 900, 990, 995])
def test_deep_answers_are_read_or_refused(depth: int) -> None:
    """Near the end of Python's stack too."""
    data = {**_record(), "responses": {"x": "HERE"}, "more": "HERE"}
    text = json.dumps(data).replace('"HERE"', "[" * depth + "]" * depth)
    _told(None, text.encode())
    _told(_bytes(_notebook("HERE")).replace(b'"HERE"', text.encode()), None)
