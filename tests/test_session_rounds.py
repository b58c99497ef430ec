"""A round of `Study` without a browser: how it is answered, left, gone on with and summed up."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances
from study_session import answer, at_once, learner, press, shown, store, study, widgets

from quizzes import Study
from quizzes.bank import Bank
from quizzes.study.learner import Learner
from quizzes.study.round import Round, from_record
from quizzes.study.schedule import Goal
from quizzes.study.store import SESSION
from quizzes.widget import Quiz

__all__ = ["at_once", "learner", "store", "study"]  # fixtures


def test_a_round_is_answered_and_summed_up(study: Study, learner: Learner, bank: Bank) -> None:
    """A miss brings a sibling, the summary names what was missed, and the goal is kept."""
    widgets(study, ipywidgets.Dropdown)[2].value = 5
    press(study, "Start")
    number = len(learner.going_on().queue)  # type: ignore[union-attr]
    first = answer(study, bank, right=False, sure={})
    round_ = learner.going_on()
    assert round_ is not None
    assert len(round_.queue) == number + 1
    assert bank.items[round_.brought[0]].family == bank.items[first].family
    while round_ and round_.current:
        press(study, "Next question" if round_.at + 1 < len(round_.queue) else "See how it went")
        round_ = learner.going_on()
        if round_ and round_.current not in round_.done:
            answer(study, bank, right=True)
    assert f"{number} of {number + 1} right" in shown(study)
    name = learner.index["differences"][bank.items[first].differentiator]["name"]
    assert f"<li>{name}: " in shown(study)
    assert learner.going_on() is None
    assert learner.goal() == Goal(minutes=5)


def test_an_item_that_was_answered_is_shown_as_it_was_left(study: Study, learner: Learner, bank: Bank) -> None:
    """With its answer checked, and a second try counts in the history and not in the round."""
    press(study, "Start")
    name = answer(study, bank, right=False)
    again = Study(learner)
    press(again, next(each.description for each in widgets(again, ipywidgets.Button) if "Go on" in each.description))
    (quiz,) = widgets(again, Quiz)
    assert quiz.checked == {name: True}
    quiz.set_state({"checked": {}})
    answer(again, bank, right=True)
    outcomes = [each["outcome"] for each in learner.items()[name]["log"]]
    assert len(outcomes) == 2
    assert outcomes[1] == "right"
    assert learner.going_on().done[name] == outcomes[0]  # type: ignore[union-attr]


def test_an_answer_that_is_no_answer_is_not_kept(study: Study, learner: Learner) -> None:
    """Neither a blank one nor one that fits no option."""
    press(study, "Start")
    (quiz,) = widgets(study, Quiz)
    (name,) = quiz._rules
    quiz.set_state({"responses": {name: {}}, "checked": {name: True}})
    quiz.set_state({"checked": {}})
    quiz.set_state({"responses": {name: {"nothing": "x"}}, "checked": {name: True}})
    assert learner.items() == {}
    assert learner.going_on().done == {}  # type: ignore[union-attr]


def test_a_level_that_was_not_offered_is_not_kept(study: Study, learner: Learner, bank: Bank) -> None:
    """The front end's values are not trusted."""
    press(study, "Start")
    name = answer(study, bank, right=True, sure={"payroll-1": 90})
    assert "sure" not in learner.items()[name]["log"][0]
    press(study, "Next question")
    (quiz,) = widgets(study, Quiz)
    (name,) = quiz._rules
    answer(study, bank, right=True, sure={name: "<b>"})
    assert "sure" not in learner.items()[name]["log"][0]


@pytest.mark.parametrize(
    "record", [None, "x", {"queue": 3}, {"queue": ["gone-1"], "at": 0}, {"queue": ["payroll-1"], "at": 1}, {"more": 1}]
)
def test_a_round_that_cannot_be_gone_on_with_is_not_offered(learner: Learner, record: Any) -> None:
    """Another edition may have left it."""
    learner.store.write(SESSION, "study", record)
    assert learner.going_on() is None


def test_a_round_goes_on_without_items_that_are_gone() -> None:
    """At the place where it was."""
    record = Round(["gone-1", "payroll-1", "payroll-2"], at=2, done={"payroll-1": "right"}).as_record()
    found = from_record(record, {"payroll-1": {}, "payroll-2": {}})
    assert found is not None
    assert (found.queue, found.current) == (["payroll-1", "payroll-2"], "payroll-2")


def test_a_goal_of_another_edition_is_any(learner: Learner) -> None:
    """What is no longer offered is not chosen."""
    learner.store.write("setting", "study-goal", {"exam": "gone", "difference": "gone", "minutes": 7})
    assert learner.goal() == Goal()
    learner.store.write("setting", "study-goal", ["x"])
    assert learner.goal() == Goal()


def test_a_double_click_does_not_pass_over_a_question(
    study: Study, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its second half on the new page, nor one that comes late from the old page."""
    press(study, "Start")
    old = next(each for each in widgets(study, ipywidgets.Button) if each.description == "Skip")
    monkeypatch.setattr("quizzes.study.session.DOUBLE", 60)
    press(study, "Skip")
    assert learner.going_on().at == 0  # type: ignore[union-attr]
    monkeypatch.setattr("quizzes.study.session.DOUBLE", 0)
    press(study, "Skip")
    old.click()
    assert learner.going_on().at == 1  # type: ignore[union-attr]


def test_an_answer_that_comes_late_belongs_to_its_item(learner: Learner, bank: Bank) -> None:
    """The round may have gone on since."""
    round_ = Round(["payroll-1", "payroll-2"], at=1)
    response = {part.name: part.key[0] for part in learner.source.rule("payroll-1")}
    learner.answer(round_, "payroll-1", response, 5)
    assert list(learner.items()) == ["payroll-1"]
    assert round_.done == {"payroll-1": "right"}


def test_pages_that_were_left_are_closed(study: Study) -> None:
    """A front end would otherwise draw them all again after a reload."""
    press(study, "Start")
    for _ in range(3):
        press(study, "Skip")
    before = len(_instances)
    for _ in range(5):
        press(study, "Skip")
    assert len(_instances) == before


def test_how_sure_one_was_counts_with_the_first_answer(study: Study, learner: Learner, bank: Bank) -> None:
    """A second try follows the explanation."""
    press(study, "Start")
    (quiz,) = widgets(study, Quiz)
    (name,) = quiz._rules
    answer(study, bank, right=False, sure={name: 90})
    quiz.set_state({"checked": {}})
    answer(study, bank, right=True, sure={name: 90})
    assert ["sure" in each for each in learner.items()[name]["log"]] == [True, False]
