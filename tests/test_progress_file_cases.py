"""The progress file in Python: read, refused, joined and told as one file of cases says."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from conftest import ROOT
from progress_files import CASES, NOW, due_of, file_of, joined, log_of, text_of, whole
from records import attempt

from quizzes.study.progress_file import FORMAT, Added, Content, ProgressFileError, document, parse, told
from quizzes.study.spacing import replayed

SCHEMA = json.loads((ROOT / "docs" / "progress-file.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["parse"], ids=lambda case: case["id"])
def test_a_file_is_read(case: dict[str, Any]) -> None:
    """What fits is there as it came, the rest is counted; bytes are read like text."""
    expected = Content(whole(case["records"]), case["left"])
    assert parse(text_of(case)) == expected, case["why"]
    assert parse(text_of(case).encode()) == expected


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["id"])
def test_a_file_that_is_none_gets_one_line(case: dict[str, Any]) -> None:
    """The line is the site's."""
    with pytest.raises(ProgressFileError) as refused:
        parse(text_of(case))
    assert str(refused.value) == case["line"]


def test_the_size_is_counted_in_bytes() -> None:
    """A file over 20 MB is refused by its bytes, however few letters they are."""
    with pytest.raises(ProgressFileError, match="larger than 20 MB"):
        parse(b" " * 20_000_001)


@pytest.mark.parametrize("case", CASES["joining"], ids=lambda case: case["id"])
def test_records_are_joined(case: dict[str, Any]) -> None:
    """By the rules of each kind; and the second time, nothing is left to add."""
    after, added = joined(case["here"], file_of(case["file"]))
    assert after == whole(case["after"]), case["why"]
    assert added == Added(**case["added"])
    assert joined(after, file_of(case["file"])) == (after, Added())


@pytest.mark.parametrize("case", CASES["told"], ids=lambda case: case["id"])
def test_what_an_import_did_is_told(case: dict[str, Any]) -> None:
    """In the site's words."""
    assert told(Added(**case["added"]), case["left"]) == case["line"]


@pytest.mark.parametrize("case", CASES["replays"], ids=lambda case: case["id"])
def test_a_history_of_reviews_makes_a_card(case: dict[str, Any]) -> None:
    """Its box and the morning on which it is due, where the learner is."""
    card = replayed(log_of(case), ZoneInfo(case["zone"]))
    assert (card["box"], card["due"]) == (case["box"], due_of(case)), case["why"]
    assert card.get("log", []) == log_of(case)


@pytest.fixture
def local_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put this computer into the time zone that a test asks for."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows takes no time zone from the environment")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("local_zone", "case"),
    [(case["zone"], case) for case in CASES["replays"]],
    indirect=["local_zone"],
    ids=lambda given: given["id"] if isinstance(given, dict) else given,
)
@pytest.mark.usefixtures("local_zone")
def test_days_are_those_of_this_computer_where_no_zone_is_given(case: dict[str, Any]) -> None:
    """A learner's computer knows where it is."""
    assert replayed(log_of(case)).get("due") == due_of(case), case["why"]


def test_the_document_is_what_the_schema_says() -> None:
    """It has the site's fields and the time in UTC, and no open session."""
    log = [attempt(NOW, "right", where="study", sure=90)]
    made = document({"item": {"a": {"log": log}}, "session": {"practice": {"at": 0}}}, NOW + 0.7)
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(made)
    assert made == {
        "format": FORMAT,
        "version": 2,
        "exported_at": "2026-11-24T18:30:00Z",
        "items": {"a": {"log": log}},
        "cards": {},
        "settings": {},
        "exams": {},
    }


def test_nothing_but_python_is_needed() -> None:
    """The modules run where no package is installed, as in a browser."""
    names = ("progress_file", "spacing", "figures")
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {', '.join(f'quizzes.study.{name}' for name in names)}"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", script], check=True)
