"""An import joins its records with those of the browser, without loss, whatever their age or the storage is like."""

from __future__ import annotations

import copy

import jsonschema
import pytest
from playwright.sync_api import Browser, Page, expect
from records import BLOCKED, attempt, keep, kept
from transfers import AT, FORMAT, FULL, PAYROLL, SCHEMA, document, exported, give, room

__all__ = ["room"]  # a fixture
VERSION_1 = {
    "format": FORMAT,
    "version": 1,
    "answers": {"payroll-1": {"response": PAYROLL, "checked": True}, "gone-1": {"response": {"choice": "a"}}},
}


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
