"""The kernel's side of a notebook's mock exams: what it keeps of what the front end hands in, and what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from exam_kernel import EXAM, NOW, Kernel, kernel, store

__all__ = ["kernel", "store"]  # fixtures


def exam(owner: str = "one", **more: Any) -> dict[str, Any]:
    """Return an open exam."""
    return {
        "started": NOW,
        "blueprint": "sprint",
        "seed": 7,
        "title": "Sprint",
        "sections": [["payroll-1", "payroll-2"]],
        "section": 0,
        "place": 0,
        "responses": {"payroll-1": {"class": "operations"}},
        "flags": [],
        "seconds": {"payroll-1": 3.5},
        "limit": 600,
        "used": 3.5,
        "owner": owner,
        "paused": False,
        "breakLeft": 0,
        "left": 0,
        **more,
    }


def submitted(owner: str = "one") -> dict[str, Any]:
    """Return the exam handed in."""
    items = {"payroll-1": {"right": 1, "questions": 1, "outcome": "right", "chose": "operations", "key": "operations"}}
    return exam(owner, submitted=NOW + 60, result={"right": 1, "questions": 2, "items": items})


def attempt(**more: Any) -> dict[str, Any]:
    """Return the change that adds an attempt."""
    logged = {"at": NOW + 60, "outcome": "right", "where": "exam", "seconds": 4, "chose": "operations", **more}
    return {"what": "log", "id": "payroll-1", "attempt": logged}


def test_a_view_goes_on_with_its_own_exam(kernel: Kernel) -> None:
    """Each write stands in the place of the one before, up to the one that is handed in."""
    for value in (exam(), exam(used=9), submitted()):
        assert kernel.keep_exam(value)["value"] == value
    assert kernel.store.read("exam", EXAM) == submitted()


def test_a_submitted_exam_is_never_open_again(kernel: Kernel) -> None:
    """Neither a late write nor a removal changes it; the answer says what is kept."""
    kept = kernel.keep_exam(submitted())
    for late in (exam(), exam("two"), submitted("two"), None):
        assert kernel.keep_exam(late, kept["stamp"])["value"] == submitted()


def test_an_exam_is_taken_over_only_as_it_was_kept_last(kernel: Kernel) -> None:
    """A view that has not seen the last answers of another one gets these, and can then go on with them."""
    seen = kernel.keep_exam(exam())
    kernel.keep_exam(exam(used=30, responses={}))
    refused = kernel.keep_exam(exam("two"), seen["stamp"])
    assert refused["value"] == exam(used=30, responses={})
    assert kernel.keep_exam(None, seen["stamp"])["value"] == refused["value"]
    taken = kernel.keep_exam(exam("two", used=30), refused["stamp"])
    assert taken["value"]["owner"] == "two"
    assert kernel.keep_exam(exam("one", used=40))["value"]["owner"] == "two"


def test_an_exam_is_discarded_only_as_it_was_kept_last(kernel: Kernel) -> None:
    """Then nothing is left of it."""
    kept = kernel.keep_exam(exam())
    assert kernel.keep_exam(None, kept["stamp"])["value"] is None
    assert kernel.store.all("exam") == {}


def test_an_attempt_is_added_and_the_rest_of_the_record_stays(kernel: Kernel) -> None:
    """Also where another notebook has kept an answer since, and only once if the message comes twice."""
    kernel.store.write("item", "payroll-1", {"response": {"class": "project"}, "log": [{"at": 1, "where": "page"}]})
    for _ in range(2):
        answer = kernel.keep(attempt(), {"what": "flag", "id": "payroll-1", "flagged": True})
    record = kernel.store.read("item", "payroll-1")
    assert record["response"] == {"class": "project"}
    assert record["flag"] is True
    assert [each["at"] for each in record["log"]] == [1, NOW + 60]
    assert [each["value"] for each in answer["kept"]] == [record]
    kernel.keep({"what": "flag", "id": "payroll-1", "flagged": False})
    assert "flag" not in kernel.store.read("item", "payroll-1")


def test_answers_of_an_exam_that_was_not_taken_do_not_count(kernel: Kernel) -> None:
    """The exam was handed in elsewhere, and its answers are in the history from there."""
    kernel.keep_exam(exam("two"))
    kernel.keep_exam(submitted("one"), "stale")
    kernel.keep(attempt())
    assert kernel.store.read("item", "payroll-1") is None


@pytest.mark.parametrize(
    "change",
    [
        {"what": "exam", "id": "../x", "value": None, "stamp": ""},
        {"what": "exam", "id": "abc", "value": exam(), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(title="x" * 500), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(note="x" * 500_000), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(sections=[["<b>"]]), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(owner="<script>"), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(used="3"), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(submitted=NOW), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(rest={"__proto__": 1}), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(rest=json.loads("[" * 20 + "]" * 20)), "stamp": ""},
        {"what": "log", "id": "no-such-item", "attempt": attempt()["attempt"]},
        attempt(outcome="perfect"),
        attempt(where="page"),
        attempt(more=1),
        {"what": "flag", "id": "payroll-1", "flagged": "yes"},
        {"what": "setting", "id": "streak", "value": "off"},
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(kernel: Kernel, change: dict[str, Any]) -> None:
    """Nothing is kept, and the room is told."""
    answer = kernel.keep(change)
    assert re.fullmatch(r"Not kept: .+\.", answer["fault"])
    assert kernel.store.kept == {}


@pytest.mark.parametrize(
    "content",
    [None, [], {}, {"what": "open"}, {"what": "drop", "to": "a"}, {"what": "items", "to": "a", "ids": ["../x"]}],
)
def test_a_message_that_is_none_is_answered(kernel: Kernel, content: Any) -> None:
    """One line, and no error in the kernel."""
    (answer,) = kernel.hear(content)
    assert answer["fault"].startswith("Not kept: ")
