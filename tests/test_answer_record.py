"""The record of a learner's answers: what is read, what is malformed, and what the documentation says of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from learner_folder import form, record

from quizzes.answers import AnswerRecord, newest, parse_record
from quizzes.forms import Form
from quizzes.records import RecordError, parse_json

__all__ = ["form"]  # a fixture


@pytest.mark.parametrize("value", [-1, 1.5, True, "9", None, [1], 10**7])
def test_a_time_that_is_none_is_left_out(form: Form, value: Any) -> None:
    """Times are worth no mark: an odd one costs nothing."""
    data = record(form, 1, {}).model_dump(mode="json") | {"seconds": {"x": value, "y": 12, "z\n": 3}}
    assert parse_record(data).seconds == {"y": 12}


def test_a_record_with_an_unknown_field_or_version_is_malformed() -> None:
    """The format is closed: a newer one is told apart."""
    with pytest.raises(RecordError, match="malformed answer record: version"):
        parse_record({"format": "project-or-operation/answers", "version": 3})
    assert newest([]) is None


@pytest.mark.parametrize(
    "value",
    [
        "1e999",
        '"\\ud800"',
        "[" * 400 + "]" * 400,
        '{"class": {"a": 1}}',
        '{"sort": {"a": {"b": "c"}}}',
        '{"sort": {"a\\n": "b"}}',
        '{"class": "a\\nb"}',
    ],
)
def test_a_response_that_no_sheet_writes_spoils_no_other(form: Form, value: str) -> None:
    """What could stop marking later on is kept as unreadable; the other answers stand."""
    text = record(form, 1, {"x": "HERE", "y": {"class": "project"}}).model_dump_json()
    assert text.count('"unreadable"') == 1  # the model itself would not keep "HERE": the value takes its place
    kept = parse_record(parse_json(text.replace('"unreadable"', value)))
    assert kept.responses == {"x": "unreadable", "y": {"class": "project"}}


def test_nothing_of_a_records_own_text_is_repeated(form: Form) -> None:
    """The line is shown to graders: a learner's field name must not reach it."""
    data = {**record(form, 1, {}).model_dump(mode="json"), "<script>\n": 1}
    with pytest.raises(RecordError) as caught:
        parse_record(data)
    assert str(caught.value) == "malformed answer record: an unknown field: extra inputs are not permitted"


def test_the_documented_schema_is_the_models() -> None:
    """docs/answer-record.schema.json is generated: `python tests/test_answer_record.py` writes it."""
    path = ROOT / "docs" / "answer-record.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == AnswerRecord.model_json_schema()


def test_the_example_of_the_documentation_is_valid() -> None:
    """docs/answers.md shows a record that the schema and the model accept."""
    text = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json")[1].split("```")[0])
    jsonschema.validate(example, AnswerRecord.model_json_schema())
    assert parse_record(example).revision == 3


if __name__ == "__main__":
    text = json.dumps(AnswerRecord.model_json_schema(), indent=2) + "\n"
    (ROOT / "docs" / "answer-record.schema.json").write_text(text, encoding="utf-8")
