"""Marking in Python and in JavaScript: one file of cases holds both."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT, serve
from playwright.sync_api import Page

from quizzes.marking import PART_TYPES, Outcome, Part, mark

CASES = json.loads((ROOT / "tests" / "marking-cases.json").read_text())
RULES = json.loads((ROOT / "tests" / "marking-rules.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_python_marks_each_case_as_expected(case: dict[str, Any]) -> None:
    """Python's outcome and score are the case's."""
    rule = tuple(Part.from_json(part) for part in RULES[case["rule"]])
    result = mark(rule, case["response"])
    assert (result.outcome, result.score) == (case["outcome"], case["score"]), case["why"]


def test_javascript_marks_each_case_as_python_does(page: Page) -> None:
    """The front end's outcome, score and part outcomes are Python's, case by case."""
    script = """async ([cases, rules]) => {
        const { markRule } = await import("/quiz.mjs");
        return cases.map((each) => markRule(rules[each.rule], each.response));
    }"""
    with serve(ROOT / "quizzes" / "frontend") as address:
        page.goto(f"{address}/quiz.css")
        found = page.evaluate(script, [CASES, RULES])
    for case, theirs in zip(CASES, found, strict=True):
        ours = mark(tuple(Part.from_json(part) for part in RULES[case["rule"]]), case["response"])
        assert (theirs["outcome"], theirs["score"], theirs["points"]) == (ours.outcome, ours.score, ours.points), case
        assert [part["outcome"] for part in theirs["parts"]] == [part.outcome for part in ours.parts], case


def test_cases_cover_every_outcome_and_part_type() -> None:
    """No outcome and no part type is left without a case."""
    assert {case["outcome"] for case in CASES} == set(Outcome)
    assert {part["type"] for rule in RULES.values() for part in rule} == set(PART_TYPES)


def test_a_malformed_response_says_why() -> None:
    """The reason names the item's part, and repeats nothing that a learner wrote."""
    rule = tuple(Part.from_json(part) for part in RULES["choice"])
    assert mark(rule, {"choice": "z"}).reason == "choice: not an option of this item"
    assert mark(rule, {"bonus": 1}).reason == "a part that this item does not ask"


def test_every_part_survives_its_json() -> None:
    """What the page reads is what Python marks with."""
    for rule in RULES.values():
        for part in rule:
            assert Part.from_json(part).as_json() == part
