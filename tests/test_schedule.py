"""The schedule of a study session: families by FSRS, a goal's queue, and the forecast."""

from __future__ import annotations

from datetime import UTC
from itertools import pairwise
from typing import Any

import pytest
from fsrs import Rating

from quizzes.practice import load
from quizzes.study.schedule import LONGEST, Goal, Schedule, in_place_of, rating, sibling

DAY = 86_400
NOW = 1_795_608_000  # a noon in UTC
LONG = Goal(minutes=600)


@pytest.fixture(scope="module")
def index() -> Any:
    """Return the index of all practice items."""
    return load().index


def attempt(days: float, outcome: str = "right", **more: Any) -> dict[str, Any]:
    """Return an attempt some days ago."""
    return {"at": NOW - int(days * DAY), "outcome": outcome, "where": "study", **more}


def at(index: Any, items: Any, days: float = 0) -> Schedule:
    """Return the schedule some days after now."""
    return Schedule(index, items, NOW + days * DAY, UTC)


def due_in(index: Any, *log: dict[str, Any]) -> float:
    """Return in how many days a family with this log at one of its items is due."""
    return (at(index, {"payroll-1": {"log": list(log)}}).standings["payroll"].due - NOW) / DAY


@pytest.mark.parametrize(
    ("attempt_", "means"),
    [
        ({"outcome": "wrong", "sure": 90}, Rating.Again),
        ({"outcome": "partly"}, Rating.Hard),
        ({"outcome": "right"}, Rating.Good),
        ({"outcome": "right", "sure": 70}, Rating.Good),
        ({"outcome": "right", "sure": 90}, Rating.Easy),
        ({"outcome": "right", "sure": 50}, Rating.Hard),
    ],
)
def test_an_answer_is_rated_by_its_mark_and_by_how_sure_it_was(attempt_: dict[str, Any], means: Rating) -> None:
    """What was guessed rightly comes back sooner than what was known."""
    assert rating(attempt_) == means


def test_gaps_grow_with_each_right_answer_and_a_wrong_one_begins_again(index: Any) -> None:
    """Never beyond the months that a candidate prepares."""
    one = due_in(index, attempt(0))
    two = due_in(index, attempt(3), attempt(0))
    three = due_in(index, attempt(20), attempt(17), attempt(0))
    assert 1 <= one < two < three <= LONGEST
    assert due_in(index, attempt(20), attempt(17), attempt(0, "wrong")) < two
    assert due_in(index, attempt(0, sure=50)) < one < due_in(index, attempt(0, sure=90))
    assert due_in(index, *(attempt(days) for days in (400, 380, 300, 200, 100, 0))) <= LONGEST


def test_a_second_try_on_the_same_day_does_not_count(index: Any) -> None:
    """It follows the explanation."""
    wrong = attempt(0.01, "wrong")
    assert due_in(index, wrong, attempt(0)) == due_in(index, wrong)


def test_a_time_in_the_future_counts_as_now(index: Any) -> None:
    """A clock that was wrong makes nothing due in years."""
    assert due_in(index, attempt(-900)) == due_in(index, attempt(0))


def test_the_schedule_is_the_same_whichever_sibling_was_answered(index: Any) -> None:
    """A family is what is known."""
    items = {"payroll-1": {"log": [attempt(9)]}, "payroll-2": {"log": [attempt(4)]}}
    together = {"payroll-1": {"log": [attempt(9), attempt(4)]}}
    assert at(index, items).standings["payroll"] == at(index, together).standings["payroll"]


def test_a_sibling_is_asked_and_not_the_same_stem(index: Any) -> None:
    """One that was never asked first, then the one that was asked longest ago."""
    family = at(index, {}).families()["payroll"]
    assert len(family) > 1
    items: dict[str, Any] = {}
    for place in range(len(family)):
        name = sibling(family, items)
        assert name not in items
        items[name] = {"log": [attempt(30 - place)]}
    assert sibling(family, items) == next(iter(items))


def test_what_is_due_comes_before_what_is_new(index: Any) -> None:
    """And the least known first."""
    items = {"payroll-1": {"log": [attempt(40)]}, "care-trades-1": {"log": [attempt(9, "wrong")]}}
    families = {name: entry["family"] for name, entry in index["items"].items()}
    schedule = at(index, items)
    plan = schedule.plan(LONG, 1)
    assert (plan.due, plan.new) == (2, len(schedule.families()) - 2)
    short = [families[name] for name in schedule.plan(Goal(minutes=2), 1).queue]
    assert short == sorted(
        [families["payroll-1"], families["care-trades-1"]], key=lambda f: schedule.standings[f].chance
    )
    assert set(short) <= {families[name] for name in schedule.plan(Goal(minutes=15), 1).queue}
    assert len(set(plan.queue)) == len(plan.queue)
    assert set(schedule.plan(Goal(minutes=2), 1).queue).isdisjoint(items)


def test_an_answered_family_rests_until_it_is_due(index: Any) -> None:
    """It is brought forward only where nothing else is left."""
    goal = Goal(exam="pmp", difference="duration", minutes=600)
    mine = at(index, {}).families(goal)
    rested = next(iter(mine))
    items = {mine[rested][0]: {"log": [attempt(0)]}}
    plan = at(index, items).plan(goal, 1)
    assert plan.due == 0
    assert index["items"][plan.queue[-1]]["family"] == rested
    only = {ids[0]: {"log": [attempt(0)]} for ids in mine.values()}
    assert at(index, only).plan(goal, 1).queue


def test_a_goal_narrows_the_queue(index: Any) -> None:
    """By exam, by topic, and by difference."""
    for goal in (
        Goal("pmp", "", 600),
        Goal("pmp/closure", "", 600),
        Goal("", "duration", 600),
        Goal("itil", "duration", 600),
    ):
        queue = at(index, {}).plan(goal, 3).queue
        assert all(goal.fits(index["items"][name]) for name in queue)
    assert at(index, {}).plan(Goal("no-such-exam"), 3).queue == ()


def test_minutes_bound_the_queue_by_the_learners_own_pace(index: Any) -> None:
    """A slow reader gets fewer items, and at least one."""
    usual = at(index, {}).plan(Goal(minutes=15), 1).queue
    assert 8 <= len(usual) <= 16
    names = [name for name, entry in index["items"].items() if entry["kind"] == "classify"][:6]
    slow = {name: {"log": [attempt(1, seconds=300)]} for name in names}
    assert at(index, slow).seconds("classify") == 300
    assert len(at(index, slow).plan(Goal(minutes=15), 1).queue) < len(usual)
    assert len(at(index, slow).plan(Goal(minutes=1), 1).queue) == 1


def test_neighbours_are_of_different_differences(index: Any) -> None:
    """In a usual session."""
    queue = at(index, {}).plan(Goal(minutes=30), 5).queue
    differences = [index["items"][name]["difference"] for name in queue]
    assert all(one != two for one, two in pairwise(differences))


def test_a_seed_gives_the_same_session_again(index: Any) -> None:
    """And another seed another one."""
    plans = [at(index, {}).plan(Goal(minutes=20), seed).queue for seed in (4, 4, 5)]
    assert plans[0] == plans[1] != plans[2]


def test_the_forecast_counts_each_family_once(index: Any) -> None:
    """Overdue ones today, and the rest on the day on which they are due."""
    items = {"payroll-1": {"log": [attempt(60)]}, "care-trades-1": {"log": [attempt(0)]}}
    schedule = at(index, items)
    days = schedule.forecast(LONGEST + 2)
    assert days[0] == 1
    assert sum(days) == 2
    again = schedule.standings[index["items"]["care-trades-1"]["family"]].due
    assert days[round((again - NOW) / DAY)] == 1
    assert sum(at(index, items, LONGEST).forecast(1)) == 2


def test_a_miss_is_followed_by_a_sibling_of_its_kind(index: Any) -> None:
    """None where all are taken."""
    other = in_place_of("payroll-1", index, {}, ["payroll-1"])
    assert other is not None
    assert other != "payroll-1"
    assert index["items"][other]["family"] == "payroll"
    assert index["items"][other]["kind"] == index["items"]["payroll-1"]["kind"]
    assert in_place_of("payroll-1", index, {}, list(index["items"])) is None
