"""The progress file: out of one browser and into another, without loss, whatever the file or the storage is like."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Locator, Page, expect
from records import BLOCKED, attempt, keep, keep_texts, kept

FORMAT = "project-or-operation/progress"
AT = 1_790_000_000
SCHEMA = json.loads((ROOT / "docs" / "progress-file.schema.json").read_text(encoding="utf-8"))
PAYROLL = {"class": "project"}
SUBMITTED = {
    "started": AT,
    "blueprint": "sprint",
    "seed": 7,
    "title": "Sprint",
    "sections": [["payroll-1"]],
    "responses": {"payroll-1": PAYROLL},
    "flags": [],
    "seconds": {"payroll-1": 20.5},
    "limit": 600,
    "used": 21.5,
    "submitted": AT + 60,
    "result": {"right": 1, "questions": 1, "items": {"payroll-1": {"right": 1, "questions": 1, "outcome": "right"}}},
}
FULL = {
    "item:payroll-1": {
        "response": PAYROLL,
        "checked": True,
        "flag": True,
        "log": [attempt(AT, "right", seconds=30, chose="project")],
    },
    "item:sort-1": {
        "response": {"sort": {"a": "x", "b": "y"}},
        "log": [attempt(AT + 5, "partly"), attempt(AT + 9, "wrong")],
    },
    "item:retired-9": {"flag": True},
    "exam:tm1yww": SUBMITTED,
    "exam:open": {"started": AT + 90, "title": "Sprint", "sections": [["sort-1"]], "responses": {}},
    "card:charter": {"box": 1, "due": AT + 86_400, "log": [{"at": AT, "knew": True}]},
    "setting:streak": "off",
    "setting:cards-new": 20,
}
VERSION_1 = {
    "format": FORMAT,
    "version": 1,
    "answers": {"payroll-1": {"response": PAYROLL, "checked": True}, "gone-1": {"response": {"choice": "a"}}},
}


@pytest.fixture
def room(page: Page, site: str) -> Page:
    """Open the progress page with empty storage."""
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    return page


def exported(page: Page) -> tuple[str, dict[str, Any]]:
    """Export; return the file's name and its document."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as a file").click()
    path = download.value.path()
    return download.value.suggested_filename, json.loads(Path(path).read_text(encoding="utf-8"))


def said(page: Page) -> Locator:
    """Return the line that tells what was done."""
    return page.locator(".progress-said")


def give(page: Page, content: Any, told: str) -> None:
    """Import a document, or a text as it is, and wait for what is told."""
    text = content if isinstance(content, str) else json.dumps(content)
    file = {"name": "progress.json", "mimeType": "application/json", "buffer": text.encode()}
    page.evaluate("document.querySelector('.progress-said').textContent = ''")
    page.get_by_label("Import a file").set_input_files(files=[file])  # type: ignore[list-item]
    expect(said(page)).to_have_text(told)


def document(**fields: Any) -> dict[str, Any]:
    """Return a file of version 2 with some fields."""
    empty: dict[str, Any] = {"items": {}, "exams": {}, "cards": {}, "settings": {}}
    return {"format": FORMAT, "version": 2, "exported_at": "2025-11-24T10:00:00Z", **empty, **fields}


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


def test_a_year_old_file_of_version_1_is_taken_in(room: Page) -> None:
    """Answers without a history come back, those to retired questions too."""
    give(room, VERSION_1, "Added: 2 answers to 2 questions.")
    assert kept(room) == {
        "item:payroll-1": {"response": {"class": "project"}, "checked": True},
        "item:gone-1": {"response": {"choice": "a"}},
    }
    give(room, VERSION_1, "Everything in this file was here already.")


def test_a_year_old_file_with_retired_questions_is_taken_in_whole(room: Page) -> None:
    """What this edition does not know is kept and exported again."""
    old = document(
        items={"retired-1": {"log": [attempt(AT - 365 * 86_400, "right")], "note": "of an edition to come"}},
        cards={"no-longer-a-term": {"box": 2, "due": AT, "log": [{"at": AT, "knew": True}]}},
    )
    give(room, old, "Added: 1 answer to 1 question, 1 card.")
    _, file = exported(room)
    assert (file["items"], file["cards"]) == (old["items"], old["cards"])


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


def test_histories_are_joined(room: Page) -> None:
    """Attempts of both sides, each once, by time; the response of the newer side; a flag of either."""
    mine = {"response": {"class": "project"}, "checked": True, "log": [attempt(AT, "wrong"), attempt(AT + 50, "right")]}
    newer = {
        "response": {"class": "operations"},
        "flag": True,
        "log": [attempt(AT, "wrong"), attempt(AT + 20, "partly"), attempt(AT + 90, "wrong")],
    }
    older = {
        "response": {"class": "both"},
        "checked": True,
        "log": [attempt(AT + 10, "partly"), attempt(AT + 10, "partly"), {**attempt(AT, "wrong"), "where": "exam"}],
    }
    keep(room, {"item:one": mine, "item:two": mine})
    give(room, document(items={"one": newer, "two": older}), "Added: 4 answers to 2 questions.")
    both = kept(room)
    assert both["item:one"] == {
        "response": {"class": "operations"},
        "flag": True,
        "log": [attempt(AT, "wrong"), attempt(AT + 20, "partly"), attempt(AT + 50, "right"), attempt(AT + 90, "wrong")],
    }
    assert both["item:two"]["response"] == {"class": "project"}
    assert [(each["at"], each["where"]) for each in both["item:two"]["log"]] == [
        (AT, "practice"),
        (AT, "exam"),
        (AT + 10, "practice"),
        (AT + 50, "practice"),
    ]


def test_attempts_of_a_session_in_jupyterlab_come_and_go_whole(room: Page) -> None:
    """With how sure the learner was: taken in, counted, joined with what is here, and exported as they came."""
    studied = [
        attempt(AT, "right", where="study", sure=90, seconds=12),
        attempt(AT + 9, "wrong", where="study", sure=50, chose="both"),
    ]
    keep(room, {"item:payroll-1": {"log": [attempt(AT + 5, "partly")]}})
    file = document(items={"payroll-1": {"log": studied}, "sort-1": {"log": studied}})
    jsonschema.validate(file, SCHEMA)
    give(room, file, "Added: 4 answers to 2 questions.")
    expect(room.get_by_text("5 answers so far")).to_be_visible()
    room.reload()
    _, after = exported(room)
    jsonschema.validate(after, SCHEMA)
    assert after["items"]["payroll-1"]["log"] == [studied[0], attempt(AT + 5, "partly"), studied[1]]
    assert after["items"]["sort-1"]["log"] == studied
    give(room, file, "Everything in this file was here already.")


def test_two_browsers_come_to_the_same_history(room: Page, browser: Browser, site: str) -> None:
    """It does not matter who imports from whom."""
    one = {
        "item:a": {"log": [attempt(AT, "right"), attempt(AT + 9, "wrong")]},
        "card:c": {"box": 1, "due": AT, "log": [{"at": AT, "knew": True}]},
    }
    two = {
        "item:a": {"log": [attempt(AT + 5, "partly")]},
        "card:c": {"box": 0, "due": AT, "log": [{"at": AT + 999_999, "knew": False}]},
    }
    context = browser.new_context(service_workers="block")
    other = context.new_page()
    other.goto(room.url)
    keep(room, one)
    keep(other, two)
    _, first = exported(room)
    _, second = exported(other)
    give(room, second, "Added: 1 answer to 1 question, 1 card.")
    give(other, first, "Added: 2 answers to 1 question, 1 card.")
    assert kept(room) == kept(other)
    context.close()


def test_a_submitted_exam_stands_and_an_open_one_goes_on(room: Page) -> None:
    """Submitted wins over open; of two open ones, the one with more answers; what the browser has is kept else."""
    start = FULL["exam:open"]
    done = {**start, "submitted": AT + 99, "result": {"right": 1, "questions": 2}}
    more = {**start, "responses": {"sort-1": {"sort": {}}}}
    keep(room, {"exam:a": start, "exam:b": done, "exam:c": start, "exam:d": more, "exam:e": {**done, "title": "Mine"}})
    give(room, document(exams={"a": done, "b": more, "c": more, "d": start, "e": done}), "Added: 2 exams.")
    exams = kept(room)
    assert [exams[f"exam:{name}"] for name in "abcd"] == [done, done, more, more]
    assert exams["exam:e"]["title"] == "Mine"


def test_a_cards_box_follows_from_both_histories(room: Page) -> None:
    """Two days of knowing it, one on each side, make box 2; not knowing it last makes box 0; settings stay."""
    day = 86_400
    mine = {"box": 1, "due": AT + day, "log": [{"at": AT, "knew": True}]}
    keep(room, {"card:charter": mine, "card:project": mine, "setting:streak": "off"})
    theirs = {"box": 5, "due": 0, "log": [{"at": AT + 2 * day, "knew": True}]}
    missed = {"box": 0, "due": 0, "log": [{"at": AT + 2 * day, "knew": False}]}
    give(room, document(cards={"charter": theirs, "project": missed}, settings={"streak": "on"}), "Added: 2 cards.")
    both = kept(room)
    assert both["card:charter"]["box"] == 2
    assert 4 * day < both["card:charter"]["due"] - AT <= 5 * day + 3600
    assert (both["card:project"]["box"], both["card:project"]["due"]) == (0, AT + 2 * day)
    assert both["setting:streak"] == "off"


FILL = """() => {
    for (let size = 4_194_304; size >= 1; size /= 2) {
        try { localStorage.setItem("filler" + size, "x".repeat(size)); } catch { /* a smaller one may fit */ }
    }
}"""


def test_an_import_into_full_storage_loses_nothing(room: Page) -> None:
    """What fits is kept, the rest is counted, and what was there before is unchanged, also after a reload."""
    before = {"item:a": {"log": [attempt(AT, "right")]}, "exam:open": FULL["exam:open"]}
    keep(room, before)
    room.evaluate(FILL)
    more = [attempt(AT + n, "wrong") for n in range(1, 500)]
    file = document(items={"a": {"log": more}, "b": {"log": more}}, exams={"open": FULL["exam:open"]})
    lost = "2 records could not be kept and will be gone when this page closes. What was kept before is unchanged."
    give(room, file, f"Added: 998 answers to 2 questions. {lost}")
    expect(room.get_by_text("This browser's storage is full.")).to_be_visible()
    assert kept(room) == before
    room.reload()
    assert kept(room) == before
    room.evaluate("for (let size = 4_194_304; size >= 1; size /= 2) localStorage.removeItem('filler' + size)")
    give(room, file, "Added: 998 answers to 2 questions.")
    assert len(kept(room)["item:a"]["log"]) == 500


def test_where_storage_is_blocked_an_import_lasts_as_long_as_the_page(browser: Browser, site: str) -> None:
    """The figures show, and the learner is told."""
    context = browser.new_context(service_workers="block")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    lost = "1 record could not be kept and will be gone when this page closes. What was kept before is unchanged."
    give(page, document(items={"a": {"log": [attempt(AT, "right")]}}), f"Added: 1 answer to 1 question. {lost}")
    expect(page.get_by_text("1 answer so far")).to_be_visible()
    context.close()


@pytest.fixture
def other_tab(room: Page) -> Page:
    """Open a second tab on the same page."""
    tab = room.context.new_page()
    tab.goto(room.url)
    expect(tab.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    return tab


def test_another_tab_shows_an_import_and_a_removal(room: Page, other_tab: Page) -> None:
    """Both tabs show the same."""
    file = document(items={f"q-{n}": {"log": [attempt(AT + n, "right")]} for n in range(200)})
    give(room, copy.deepcopy(file), "Added: 200 answers to 200 questions.")
    expect(other_tab.get_by_text("200 answers so far")).to_be_visible()
    other_tab.get_by_role("button", name="Remove everything").click()
    other_tab.get_by_role("dialog").get_by_role("button", name="Remove everything").click()
    expect(room.get_by_role("heading", name="Nothing here yet")).to_be_visible()
