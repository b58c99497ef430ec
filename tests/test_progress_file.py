"""The progress file in Python: the same as on the site, held to it by one file of cases, and without loss."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from modules import run
from playwright.sync_api import Browser
from records import attempt, moment

from quizzes.study.progress_file import FIELDS, FORMAT, Added, Content, ProgressFileError, add, document, parse, told
from quizzes.study.spacing import replayed

CASES = json.loads((ROOT / "tests" / "progress-cases.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "docs" / "progress-file.schema.json").read_text(encoding="utf-8"))
NOW = 1_795_545_000
READ = """async (texts) => {
    const { FileError, fromText } = await import("/transfer.mjs");
    return texts.map((pieces) => {
        try {
            return fromText(pieces.map(([text, times]) => text.repeat(times)).join(""));
        } catch (error) {
            if (error instanceof FileError) return error.message;
            throw error;
        }
    });
}"""
JOIN = """async (cases) => {
    const { add, exported, fromText } = await import("/transfer.mjs");
    const store = await import("/store.mjs");
    const kinds = ["item", "card", "setting", "exam"];
    return cases.map(({ here, text }) => {
        store.reset();
        for (const kind in here) for (const id in here[kind]) store.write(kind, id, here[kind][id]);
        const content = fromText(text);
        const added = add(content);
        const after = Object.fromEntries(kinds.map((kind) => [kind, store.all(kind)]));
        return { added, after, again: add(content), file: exported() };
    });
}"""
TELL = """async (cases) => {
    const { told } = await import("/transfer.mjs");
    return cases.map(({ added, left }) => told(added, left));
}"""
REPLAY = """async (logs) => {
    const { replayed } = await import("/spacing.mjs");
    return logs.map(replayed);
}"""


def pieces_of(case: dict[str, Any]) -> list[tuple[str, int]]:
    """Return a case's text in pieces, each with how often it stands there."""
    if "pieces" in case:
        return [(text, times) for text, times in case["pieces"]]
    return [(case["text"] if "text" in case else json.dumps(case["document"]), 1)]


def text_of(case: dict[str, Any]) -> str:
    """Return the text that a case gives."""
    return "".join(text * times for text, times in pieces_of(case))


def whole(records: dict[str, Any]) -> dict[str, Any]:
    """Return records with every kind, also those that have none."""
    return {kind: records.get(kind, {}) for kind in FIELDS.values()}


def file_of(records: dict[str, Any]) -> str:
    """Return the text of a file with these records, by kind and id."""
    return json.dumps(document(records, NOW))


def joined(here: dict[str, Any], text: str) -> tuple[dict[str, Any], Added]:
    """Return what is here after a file was added, and what that brought; what was here before is not touched."""
    before = copy.deepcopy(here)
    changes, added = add(parse(text), here, UTC)
    assert here == before
    after = whole(before)
    for kind, name, value in changes:
        after[kind] = {**after[kind], name: value}
    return after, added


def log_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the reviews of a case."""
    return [{"at": moment(at, case["zone"]), "knew": knew} for at, knew in case["log"]]


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


def due_of(case: dict[str, Any]) -> int:
    """Return the time that a case gives."""
    return moment(case["due"], case["zone"]) if case["due"] else 0


# ---- the site's modules run the same cases ----


def test_javascript_reads_and_refuses_as_python_does(browser: Browser) -> None:
    """Every file of the cases."""
    cases = [*CASES["parse"], *CASES["refused"]]
    found = run(browser, READ, [pieces_of(case) for case in cases])
    expected = [
        {**{field: case["records"].get(kind, {}) for field, kind in FIELDS.items()}, "left": case["left"]}
        for case in CASES["parse"]
    ]
    assert found == [*expected, *(case["line"] for case in CASES["refused"])]


def test_javascript_joins_as_python_does(browser: Browser) -> None:
    """Every case of joining, with what it brings, once and again."""
    given = [{"here": case["here"], "text": file_of(case["file"])} for case in CASES["joining"]]
    for case, found in zip(CASES["joining"], run(browser, JOIN, given), strict=True):
        assert found["after"] == whole(case["after"]), case["id"]
        assert (found["added"], found["again"]) == (asdict(Added(**case["added"])), asdict(Added())), case["id"]


def test_javascript_tells_and_replays_as_python_does(browser: Browser) -> None:
    """Every line, and every history in its time zone."""
    told_there = [{"added": asdict(Added(**case["added"])), "left": case["left"]} for case in CASES["told"]]
    assert run(browser, TELL, told_there) == [case["line"] for case in CASES["told"]]
    for zone in sorted({case["zone"] for case in CASES["replays"]}):
        cases = [case for case in CASES["replays"] if case["zone"] == zone]
        cards = run(browser, REPLAY, [log_of(case) for case in cases], zone)
        found = [(case["id"], card["box"], card["due"]) for case, card in zip(cases, cards, strict=True)]
        assert found == [(case["id"], case["box"], due_of(case)) for case in cases]


def test_chance_finds_no_difference_between_the_languages(browser: Browser) -> None:
    """Three hundred pairs of made records, many with the same ids and times, come to the same in both."""
    rng = random.Random(6)  # noqa: S311  made records, no secret
    pairs = [(made_records(rng), file_of(made_records(rng))) for _ in range(300)]
    found = run(browser, JOIN, [{"here": here, "text": text} for here, text in pairs])
    for (here, text), there in zip(pairs, found, strict=True):
        after, added = joined(here, text)
        assert (there["after"], there["added"]) == (after, asdict(added))
        assert {**document(after, NOW), "exported_at": ""} == {**there["file"], "exported_at": ""}


def made_records(rng: random.Random) -> dict[str, Any]:
    """Return records by kind and id, as chance makes them."""
    return {
        "item": {name: made_item(rng) for name in "abc" if rng.random() < 0.8},
        "card": {name: made_card(rng) for name in "xy" if rng.random() < 0.8},
        "setting": {"streak": rng.choice(["on", "off", 0])} if rng.random() < 0.5 else {},
        "exam": {name: made_exam(rng) for name in "ef" if rng.random() < 0.8},
    }


def made_item(rng: random.Random) -> dict[str, Any]:
    """Return an item's record."""
    fields = {
        "response": rng.choice([{}, {"choice": "a"}, {"choice": "b"}]),
        "checked": True,
        "flag": True,
        "note": rng.choice([1, True, "1", [1.5]]),
        "log": [made_attempt(rng) for _ in range(rng.randint(0, 4))],
    }
    return {name: value for name, value in fields.items() if rng.random() < 0.6}


def made_attempt(rng: random.Random) -> dict[str, Any]:
    """Return an attempt within ten seconds."""
    more = {"sure": rng.choice([50, 70, 90])} if rng.random() < 0.5 else {}
    return attempt(
        NOW + rng.randint(0, 9), rng.choice(["right", "wrong"]), where=rng.choice(["study", "practice"]), **more
    )


def made_card(rng: random.Random) -> dict[str, Any]:
    """Return a card with reviews over three weeks."""
    log = sorted(NOW + rng.randint(0, 50) * 40_000 for _ in range(rng.randint(0, 5)))
    reviews = [{"at": at, "knew": rng.random() < 0.8} for at in log]
    return {
        "box": rng.randint(0, 5),
        "due": NOW + rng.randint(0, 9),
        **({"log": reviews} if rng.random() < 0.9 else {}),
    }


def made_exam(rng: random.Random) -> dict[str, Any]:
    """Return an exam, open or submitted."""
    responses = {name: {"choice": "a"} for name in "abc" if rng.random() < 0.5}
    submitted = {"submitted": rng.choice([0, NOW])} if rng.random() < 0.5 else {}
    return {"started": NOW, "sections": [["a", "b", "c"]], "responses": responses, **submitted}


# ---- what holds for all records ----

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
