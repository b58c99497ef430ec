"""The figures of self-study: those of the site by the same cases, and how well a learner knows what they know."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from modules import run
from playwright.sync_api import Browser
from records import attempt, moment

from quizzes.scores import interval
from quizzes.study.calibration import LEVELS, Calibration, nearest
from quizzes.study.figures import (
    answers_of,
    calibration,
    calibration_sentence,
    confusion,
    mastery,
    misses,
    streak,
    times_of,
    weakest,
)

CASES = json.loads((ROOT / "tests" / "progress-cases.json").read_text(encoding="utf-8"))
INDEX = CASES["index"]
FIGURES = """async ([cases, index]) => {
    const figures = await import("/mastery.mjs");
    const { matching } = await import("/select.mjs");
    return cases.map(({ items, cards, now }) => {
        const answers = figures.answersOf(items, now);
        const all = figures.mastery(items, index, answers);
        const times = Object.values({ ...items, ...cards }).flatMap(({ log }) => log.map(({ at }) => at));
        return {
            mastery: all,
            weakest: figures.weakest(all).map(({ id }) => id),
            misses: matching(index.items, { which: "missed" }, items),
            confusion: figures.confusion(answers).map(({ times, wrong }) => [times, wrong]),
            streak: Object.values(figures.streak(times, now)),
        };
    });
}"""


def records_of(case: dict[str, Any]) -> dict[str, Any]:
    """Return the records and the time of a case, as plain data."""
    zone = case["zone"]
    items = {
        name: {"log": [attempt(moment(at, zone), outcome, **dict(*more)) for at, outcome, *more in log]}
        for name, log in case["items"].items()
    }
    cards = {"charter": {"log": [{"at": moment(at, zone), "knew": True} for at in case["cards"]]}}
    return {"items": items, "cards": cards, "now": moment(case["now"], zone)}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a case as the front end gives them."""
    standings = []
    for name, (points, answers, seen, questions) in case["mastery"].items():
        low, high = interval(points, answers)
        counts = {"points": points, "answers": answers, "seen": seen, "questions": questions}
        each = INDEX["differences"][name]
        standings.append({"id": name, "name": each["name"], "page": each["page"], "low": low, "high": high, **counts})
    return {"mastery": standings, **{name: case[name] for name in ("weakest", "misses", "confusion", "streak")}}


@pytest.mark.parametrize("case", CASES["figures"], ids=lambda case: case["id"])
def test_figures_follow_from_the_records(case: dict[str, Any]) -> None:
    """Mastery, what comes next, what was missed, classes that were wrong and days in a row are the case's."""
    made, zone = records_of(case), ZoneInfo(case["zone"])
    items, now = made["items"], made["now"]
    standings = mastery(items, INDEX, now, zone)
    run_of_days = streak(times_of(items, made["cards"]), now, zone)
    found = {
        "mastery": [vars(each) for each in standings],
        "weakest": [each.id for each in weakest(standings)],
        "misses": misses(items, INDEX),
        "confusion": [[each.times, each.wrong] for each in confusion(answers_of(items, now))],
        "streak": [run_of_days.length, run_of_days.today, run_of_days.last],
    }
    assert found == expected(case), case["why"]


@pytest.mark.parametrize("zone", sorted({case["zone"] for case in CASES["figures"]}))
def test_javascript_figures_are_pythons(browser: Browser, zone: str) -> None:
    """The site's modules give the same for every case of a time zone; ends of intervals to twelve places."""
    cases = [case for case in CASES["figures"] if case["zone"] == zone]
    for case, found in zip(cases, run(browser, FIGURES, [[*map(records_of, cases)], INDEX], zone), strict=True):
        wanted = expected(case)
        for each in (*found["mastery"], *wanted["mastery"]):
            each.update(low=round(each["low"], 12), high=round(each["high"], 12))
        assert found == wanted, case["id"]


def test_a_time_before_1970_or_without_end_breaks_nothing() -> None:
    """The answer counts, whenever it was."""
    for at in (-5, 1e300):
        log = [{**attempt(0, "right"), "at": at}]
        assert mastery({"te-1": {"log": log}}, INDEX, 100)[1].points == 1


# ---- how sure ----


def logs(*answers: tuple[int, str, int]) -> dict[str, Any]:
    """Return item records with so many attempts each: how sure, what came of it, how often."""
    made = [attempt(n, outcome, where="study", sure=sure) for sure, outcome, times in answers for n in range(times)]
    return {f"te-{n}": {"log": [each]} for n, each in enumerate(made)}


def test_answers_are_grouped_by_the_level_that_was_said() -> None:
    """Each level has its number, the mean said, the share right with partly as half, and Wilson's range."""
    found = calibration(logs((90, "right", 6), (90, "partly", 2), (95, "wrong", 2), (70, "right", 1), (49, "wrong", 1)))
    by_level = {each.level: each for each in found.levels}
    assert [(each.level, each.answers) for each in found.levels] == [(50, 1), (70, 1), (90, 10)]
    assert (by_level[90].mean, by_level[90].share) == (pytest.approx(0.91), 0.7)
    assert (by_level[90].low, by_level[90].high) == interval(7, 10)
    assert (by_level[50].mean, by_level[50].share) == (0.49, 0)
    squares = 6 * 0.1**2 + 2 * 0.4**2 + 2 * 0.95**2 + 0.3**2 + 0.49**2
    assert found.brier == pytest.approx(squares / 12)


def test_without_answers_nothing_is_said() -> None:
    """Attempts without a level, or with one that is none, are no estimates."""
    log = [attempt(1, "right"), *(attempt(1, "right", sure=sure) for sure in (True, "90", -1, 101, None))]
    found = calibration({"te-1": {"log": log}, "te-2": {"flag": True}})
    assert (found.answers, found.brier, [each.answers for each in found.levels]) == (0, None, [0, 0, 0])
    assert [(each.low, each.high) for each in found.levels] == [(0, 1)] * 3
    sentence = "Too few answers to say how well you know what you know: 0 of the 20 needed."
    assert calibration_sentence(found) == sentence


@pytest.mark.parametrize(("sure", "level"), [(0, 50), (60, 50), (61, 70), (80, 70), (81, 90), (100, 90)])
def test_any_value_has_a_level(sure: int, level: int) -> None:
    """The nearest one; of two, the lower."""
    assert nearest(sure) == level


SURE, UNSURE = "where you felt sure (70 % or more)", "where you did not feel sure (70 % or less)"


def said(*answers: tuple[int, str, int]) -> str:
    """Return the sentence on some answers."""
    return calibration_sentence(calibration(logs(*answers)))


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([(90, "wrong", 19)], "Too few answers to say how well you know what you know: 19 of the 20 needed."),
        (
            [(90, "right", 11), (90, "partly", 2), (90, "wrong", 7)],
            "Too sure where you felt sure (70 % or more): you said 90 % on average, and 60 % of 20 answers were right.",
        ),
        (
            [(50, "right", 18), (50, "wrong", 2)],
            f"Not sure enough {UNSURE}: you said 50 % on average, and 90 % of 20 answers were right.",
        ),
        (
            [(90, "right", 10), (90, "wrong", 10), (50, "right", 18), (50, "wrong", 2)],
            (
                f"Too sure {SURE}: you said 90 % on average, and 50 % of 20 answers were right; "
                f"not sure enough {UNSURE}: you said 50 % on average, and 90 % of 20 answers were right."
            ),
        ),
        (
            [(90, "right", 8), (90, "wrong", 2), (50, "right", 4), (50, "wrong", 36)],
            f"About right {SURE}: you said 90 % on average, and 80 % of 10 answers were right.",
        ),
        (
            [(50, "right", 8), (50, "wrong", 32), (90, "right", 1)],
            f"Too few answers {SURE} to say more: you said 51 % on average, and 22 % of 41 answers were right.",
        ),
        (
            [(90, "right", 17), (90, "wrong", 3), (50, "right", 9), (50, "wrong", 11)],
            "About right: you said 70 % on average, and 65 % of 40 answers were right.",
        ),
    ],
)
def test_one_sentence_says_how_well_a_learner_knows_what_they_know(
    answers: list[tuple[int, str, int]], sentence: str
) -> None:
    """It holds what was said against the range of what was right."""
    assert said(*answers) == sentence


def test_nobody_is_blamed_for_the_ends_of_the_scale() -> None:
    """Who says the least that can be said is not too sure, and who says the most is sure enough."""
    assert said((50, "wrong", 40)).startswith("Too few answers where you felt sure")
    assert said((90, "right", 400)).startswith("About right: ")


def test_few_answers_on_one_side_decide_nothing() -> None:
    """Four misses where one felt sure may be chance, five are held to be none."""
    assert said((50, "wrong", 16), (90, "wrong", 4)).startswith("Too few answers where you felt sure")
    assert said((50, "wrong", 16), (90, "wrong", 5)).startswith("Too sure")


ESTIMATES = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from(["right", "partly", "wrong"]), st.integers(1, 5)), max_size=20
)


@given(ESTIMATES)
def test_every_estimate_is_counted_once(answers: list[tuple[int, str, int]]) -> None:
    """Levels add up to all answers, shares lie within their ranges, and the score is between 0 and 1."""
    found = calibration(logs(*answers))
    assert sum(each.answers for each in found.levels) == found.answers == sum(times for _, _, times in answers)
    assert [each.level for each in found.levels] == list(LEVELS)
    assert all(each.low <= each.share <= each.high for each in found.levels)
    assert found.brier is None or 0 <= found.brier <= 1
    assert isinstance(found, Calibration)
    assert calibration_sentence(found).endswith(".")
