"""The progress file loses nothing, whatever the records hold: what is true of all that can be made."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from progress_files import file_of, joined

from quizzes.study.progress_file import Added, Content, add, parse

NAMES = st.sampled_from(["a", "b-1", "constructor"])
TIMES = st.integers(0, 12)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(-2, 2), st.text(max_size=3))
MORE = st.dictionaries(st.sampled_from(["note", "of", "é"]), st.one_of(PLAIN, st.lists(PLAIN, max_size=2)), max_size=2)


def record(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Make records of these fields, and of some that nobody knows."""
    fields = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda more, known: {**more, **known}, MORE, fields)


ATTEMPT = record(
    {
        "at": TIMES,
        "outcome": st.sampled_from(["right", "partly", "wrong"]),
        "where": st.sampled_from(["page", "practice", "exam", "study"]),
    },
    {"sure": st.integers(0, 100), "seconds": st.floats(0, 99), "chose": st.sampled_from(["project", "both"])},
)
RESPONSE = st.dictionaries(st.sampled_from(["choice", "class"]), st.sampled_from(["a", "b"]), max_size=1)
LOG = st.lists(ATTEMPT, max_size=4)
ITEM = record({}, {"response": RESPONSE, "flag": st.just(value=True), "log": LOG})
REVIEWS = st.lists(record({"at": TIMES.map(lambda at: at * 40_000), "knew": st.booleans()}, {}), max_size=4)
CARD = record({"box": st.integers(0, 5), "due": TIMES}, {"log": REVIEWS})
EXAM = record(
    {
        "started": TIMES,
        "sections": st.just([["a"]]),
        "responses": st.dictionaries(NAMES, RESPONSE, max_size=2),
    },
    {"submitted": TIMES},
)
SETTING = st.one_of(st.booleans(), st.integers(0, 20), st.text(max_size=3))
RECORDS = st.fixed_dictionaries(
    {
        kind: st.dictionaries(NAMES, form, max_size=3)
        for kind, form in {"item": ITEM, "card": CARD, "setting": SETTING, "exam": EXAM}.items()
    }
)


@given(RECORDS)
def test_an_export_read_and_added_to_nothing_is_what_was_there(records: dict[str, Any]) -> None:
    """Whatever the records hold, unknown fields too."""
    text = file_of(records)
    assert parse(text) == Content(records)
    assert parse(text).records == joined({}, text)[0] == records


@given(RECORDS, RECORDS)
def test_adding_twice_changes_nothing_the_second_time(here: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Nor does adding what came out of it."""
    after, _ = joined(here, file_of(theirs))
    assert add(parse(file_of(theirs)), after, UTC) == ([], Added())
    assert add(parse(file_of(after)), after, UTC) == ([], Added())


def entries(value: dict[str, Any]) -> list[str]:
    """Return the attempts or reviews of a record, each as a text."""
    return sorted(json.dumps(entry, sort_keys=True) for entry in value.get("log", []))


@given(RECORDS, RECORDS)
def test_nothing_that_is_here_is_lost(here: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Each record is still there with all of its attempts, marks, fields and answers; a submitted exam stays."""
    after, _ = joined(here, file_of(theirs))
    assert after["setting"] == {**theirs["setting"], **here["setting"]}
    for kind in ("item", "card"):
        for name, mine in here[kind].items():
            left = entries(after[kind][name])
            assert all(left.count(entry) >= entries(mine).count(entry) for entry in entries(mine))
            worked_out = {"log", "response"} if kind == "item" else {"log", "box", "due"}
            assert all(after[kind][name][field] == mine[field] for field in mine.keys() - worked_out)
            assert "response" not in mine or "response" in after[kind][name]
    for name, mine in here["exam"].items():
        assert not mine.get("submitted") or after["exam"][name] == mine
        assert after["exam"][name].get("submitted") or len(after["exam"][name]["responses"]) >= len(mine["responses"])
