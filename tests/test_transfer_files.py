"""The progress file of the site holds every record, brings it back, and is refused in one line where it is none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from playwright.sync_api import Page, expect
from records import attempt, keep, keep_texts, kept
from transfers import AT, FORMAT, FULL, SCHEMA, document, exported, give, room, said

__all__ = ["room"]  # a fixture


def test_an_export_is_what_the_schema_says(room: Page) -> None:
    """It is named after the day, holds each record unchanged, and nothing damaged and no open session."""
    session = {"queue": [], "at": 0, "responses": {}, "checked": {}}
    keep(room, {**FULL, "session:practice": session})
    keep_texts(room, {"item:damaged": "{"})
    name, file = exported(room)
    assert re.fullmatch(r"project-or-operation-progress-\d{4}-\d\d-\d\d\.json", name)
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(file)
    fields = {"item": "items", "exam": "exams", "card": "cards", "setting": "settings"}
    held = {f"{kind}:{name}": value for kind, field in fields.items() for name, value in file[field].items()}
    assert held == FULL


@pytest.mark.parametrize(
    ("field", "name", "change"),
    [
        ("items", "payroll-1", {"log": [{"at": "noon", "outcome": "right", "where": "page"}]}),
        ("items", "payroll-1", {"checked": "yes"}),
        ("cards", "charter", {"box": 6, "due": 0}),
        ("exams", "tm1yww", {"started": AT}),
        ("items", "a b", {}),
        ("items", "payroll-1", {"log": [{"at": AT, "outcome": "right", "where": "study", "sure": 101}]}),
    ],
)
def test_the_schema_refuses_what_is_no_record(field: str, name: str, change: Any) -> None:
    """A schema that let everything pass would say nothing of an export."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document(**{field: {name: change}}), SCHEMA)


def test_what_was_removed_comes_back_with_the_file(room: Page) -> None:
    """Export, removal and import restore every record as it was."""
    keep(room, FULL)
    _, file = exported(room)
    room.get_by_role("button", name="Remove everything").click()
    room.get_by_role("dialog").get_by_role("button", name="Remove everything").click()
    expect(said(room)).to_have_text("Everything was removed from this browser.")
    expect(room.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert kept(room) == {}
    give(room, file, "Added: 3 answers to 2 questions, 1 flag, 2 exams, 1 card, 2 settings.")
    assert kept(room) == FULL
    room.reload()
    expect(room.get_by_role("heading", name="Mastery by difference")).to_be_visible()


def test_removing_asks_first_and_offers_the_file(room: Page) -> None:
    """The focus is on the harmless choice, Escape closes, and what other sites keep stays."""
    keep(room, FULL)
    room.evaluate("localStorage.setItem('another-site', 'stays')")
    ask = room.get_by_role("dialog", name="Remove everything?")
    for closing in (lambda: room.keyboard.press("Escape"), lambda: room.keyboard.press("Enter")):
        room.get_by_role("button", name="Remove everything").click()
        expect(ask.get_by_role("button", name="Keep everything")).to_be_focused()
        closing()
        expect(ask).to_be_hidden()
        expect(room.get_by_role("button", name="Remove everything")).to_be_focused()
        assert kept(room) == FULL
    room.get_by_role("button", name="Remove everything").click()
    with room.expect_download():
        ask.get_by_role("button", name="Export first").click()
    ask.get_by_role("button", name="Remove everything").click()
    expect(said(room)).to_have_text("Everything was removed from this browser.")
    assert room.evaluate("localStorage.getItem('another-site')") == "stays"


def test_the_same_file_twice_changes_nothing(room: Page) -> None:
    """Nor does a browser's own export, or its records in another order of fields."""
    keep(room, FULL)
    before = kept(room)
    _, file = exported(room)
    give(room, file, "Everything in this file was here already.")
    backwards = json.loads(json.dumps(file), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    give(room, backwards, "Everything in this file was here already.")
    assert kept(room) == before


UNREADABLE = "This file cannot be read: it is not a progress file, or it is cut off."
FOREIGN = "This is not a progress file of this course."
MISBUILT = "This file is not built like a progress file."
NEWER = "This file comes from a newer version of the site. Reload this page, then import it again."
WHOLE = json.dumps(document(items={"a": {}}))
REFUSED = {
    "empty": (" \n", "This file is empty."),
    "not JSON": ("PK\x03\x04", UNREADABLE),
    "cut off": (WHOLE[:-9], UNREADABLE),
    "another format": ({"format": "project-or-operation/answers", "version": 1}, FOREIGN),
    "a list": ([1, 2], FOREIGN),
    "null": ("null", FOREIGN),
    "a version that is none": (document(version="2"), FOREIGN),
    "newer": (document(version=3), NEWER),
    "deep": (WHOLE.replace('"a": {}', f'"a": {"[" * 5000}{"]" * 5000}'), MISBUILT),
    "too deep to read": ("[" * 1_000_000, UNREADABLE),
    "prototype": (WHOLE.replace('"a": {}', '"a": {"log": [], "__proto__": {"flag": true}}'), MISBUILT),
    "fields of another form": (document(items=[]), MISBUILT),
    "version 1 without answers": ({"format": FORMAT, "version": 1}, MISBUILT),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_none_gets_one_line_and_changes_nothing(room: Page, case: str) -> None:
    """Whatever is wrong with it."""
    keep(room, FULL)
    content, why = REFUSED[case]
    give(room, content, f"{why} Nothing was changed.")
    assert kept(room) == FULL
    assert room.evaluate("({}).flag") is None


def test_a_huge_file_is_refused_unread(room: Page, tmp_path: Path) -> None:
    """Over 20 MB, whatever is in it."""
    file = tmp_path / "huge.json"
    file.write_text(json.dumps(document()) + " " * 20_000_000, encoding="utf-8")
    room.get_by_label("Import a file").set_input_files(file)
    expect(said(room)).to_have_text("This file is larger than 20 MB: that is no progress file. Nothing was changed.")


def test_single_records_that_do_not_fit_are_left_out_and_counted(room: Page) -> None:
    """The rest is taken in."""
    bad = {
        "bad-1": 7,
        "bad-2": {"log": [{"at": "noon"}]},
        "bad-3": {"log": [{"at": AT, "outcome": "right"}]},
        "<b>": {},
    }
    file = document(
        items={"good-1": {"log": [attempt(AT, "right")]}, **bad},
        exams={"x": {"started": "today"}},
        cards={"charter": {"box": 9, "due": 0}},
        settings={"streak": None},
    )
    give(room, file, "Added: 1 answer to 1 question. 7 records of the file did not fit and were left out.")
    assert kept(room) == {"item:good-1": {"log": [attempt(AT, "right")]}}
