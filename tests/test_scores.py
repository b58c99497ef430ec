"""What a mock exam counts, how sure a score is, and a form's code: one file of cases holds both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT, serve
from forms import FORMS
from playwright.sync_api import Page

from quizzes.drawing import form_code, read_code
from quizzes.marking import Part, mark
from quizzes.scores import interval, questions_of, score_of

CASES = json.loads((ROOT / "tests" / "exam-cases.json").read_text())
RULES = json.loads((ROOT / "tests" / "marking-rules.json").read_text())


def rule_of(case: dict[str, Any]) -> tuple[Part, ...]:
    """Return the rule that a case names."""
    return tuple(Part.from_json(part) for part in RULES[case["rule"]])


@pytest.mark.parametrize("case", CASES["scores"], ids=lambda case: case["id"])
def test_a_question_counts_only_if_it_is_entirely_right(case: dict[str, Any]) -> None:
    """Python's count is the case's."""
    rule = rule_of(case)
    assert score_of(rule, mark(rule, case["response"])) == (case["right"], case["questions"]), case["why"]


@pytest.mark.parametrize("case", CASES["intervals"], ids=lambda case: case["id"])
def test_an_interval_is_the_published_one(case: dict[str, Any]) -> None:
    """Python's interval is the case's, to the four places that are published."""
    assert interval(case["right"], case["questions"]) == pytest.approx((case["low"], case["high"]), abs=5e-5), case[
        "why"
    ]


@pytest.mark.parametrize("case", CASES["codes"], ids=lambda case: case["id"])
def test_a_code_names_a_form(case: dict[str, Any]) -> None:
    """Python reads the case's blueprint and seed, and writes the code that it reads."""
    found = read_code(case["code"], FORMS)
    assert found == (None if case["blueprint"] is None else (case["blueprint"], case["seed"])), case["why"]
    assert found is None or read_code(form_code(*found), FORMS) == found


def test_javascript_counts_as_python_does(page: Page) -> None:
    """Scores, questions of a rule, intervals and codes of the front end are Python's, case by case."""
    script = """async ([cases, rules, forms]) => {
        const { interval, questionsOf, readCode, scoreOf } = await import("/draw.mjs");
        const { markRule } = await import("/quiz.mjs");
        return {
            scores: cases.scores.map(({ rule, response }) => scoreOf(rules[rule], markRule(rules[rule], response))),
            questions: Object.values(rules).map(questionsOf),
            intervals: cases.intervals.map(({ right, questions }) => interval(right, questions)),
            codes: cases.codes.map(({ code }) => readCode(code, forms)),
        };
    }"""
    with serve(ROOT / "quizzes" / "frontend") as address:
        page.goto(f"{address}/quiz.css")
        found = page.evaluate(script, [CASES, RULES, FORMS])
    assert found["scores"] == [{"right": each["right"], "questions": each["questions"]} for each in CASES["scores"]]
    assert found["questions"] == [questions_of(tuple(map(Part.from_json, rule))) for rule in RULES.values()]
    assert found["intervals"] == [
        pytest.approx(interval(c["right"], c["questions"]), abs=1e-12) for c in CASES["intervals"]
    ]
    seeds = [
        None if c["blueprint"] is None else {"blueprint": c["blueprint"], "seed": c["seed"]} for c in CASES["codes"]
    ]
    assert found["codes"] == seeds
