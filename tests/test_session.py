"""`Study` without a browser: its pages, what is kept, and what is told when nothing can be."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

from quizzes import Study
from quizzes.bank import Bank
from quizzes.render import STATIC_FLAG
from quizzes.study.history import COLUMNS
from quizzes.study.learner import Learner
from quizzes.study.round import Round, from_record
from quizzes.study.schedule import Goal
from quizzes.study.store import SESSION, Store
from quizzes.widget import Quiz

NOW = 1_795_608_000  # a noon in UTC


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    made = Store(tmp_path / "progress.sqlite3")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press buttons faster than a hand does."""
    monkeypatch.setattr("quizzes.study.session.DOUBLE", 0)


@pytest.fixture
def learner(store: Store) -> Learner:
    """Return a learner with nothing kept, at a fixed time."""
    return Learner(store, clock=lambda: NOW)


@pytest.fixture
def study(learner: Learner) -> Study:
    """Return an open session."""
    return Study(learner, seed=1)


def widgets(study: Study, kind: Any) -> list[Any]:
    """Return the widgets of a kind that are shown."""

    def inside(widget: Any) -> Iterator[Any]:
        yield widget
        for child in getattr(widget, "children", ()):
            yield from inside(child)

    return [each for each in inside(study) if isinstance(each, kind)]


def press(study: Study, label: str) -> None:
    """Press a button."""
    next(each for each in widgets(study, ipywidgets.Button) if each.description == label).click()


def shown(study: Study) -> str:
    """Return the HTML that is shown."""
    return " ".join(each.value for each in widgets(study, ipywidgets.HTML))


def answer(study: Study, bank: Bank, *, right: bool, **more: Any) -> str:
    """Answer the item that is shown, as its front end does; returns its id."""
    (quiz,) = widgets(study, Quiz)
    (name,) = quiz._rules
    response = {part.name: key(part, right) for part in quiz._rules[name]}
    quiz.set_state({"responses": {name: response}, "checked": {name: True}, **more})
    return str(name)


def key(part: Any, right: bool) -> Any:
    """Return a part's right value, or a wrong one."""
    if part.type == "match":
        return dict(zip(part.options, part.key if right else part.key[1:] + part.key[:1], strict=True))
    if part.type == "order":
        rows = part.key if right else part.key[::-1]
        return {row: str(place) for place, row in enumerate(rows, 1)}
    if part.type == "some":
        return list(part.key) if right else [each for each in part.options if each not in part.key]
    return part.key[0] if right else next(each for each in part.options if each not in part.key)


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


def test_progress_that_is_not_kept_is_told_on_every_page(tmp_path: Path, bank: Bank) -> None:
    """And the session goes on."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    study = Study(Learner(Store(tmp_path / "file" / "progress.sqlite3")), seed=1)
    for section in ("study", "progress", "data"):
        study.show(section)
        assert "lasts only as long as this notebook runs" in shown(study)
    press(study, "Study")
    press(study, "Start")
    answer(study, bank, right=True)
    assert "1 of 1 right so far." in shown(study)
    assert "lasts only as long as this notebook runs" in shown(study)


def test_progress_is_removed_only_with_the_box_ticked(study: Study, learner: Learner) -> None:
    """One press too many removes nothing."""
    learner.store.write("setting", "streak", "off")
    study.show("data")
    press(study, "Remove")
    assert "tick the box first" in shown(study)
    assert learner.store.read("setting", "streak") == "off"
    widgets(study, ipywidgets.Checkbox)[0].value = True
    press(study, "Remove")
    assert "All progress was removed." in shown(study)
    assert not any(learner.store.everything().values())


def test_a_file_that_is_no_progress_file_changes_nothing(learner: Learner) -> None:
    """One line says what is wrong."""
    learner.store.write("setting", "streak", "off")
    before = learner.store.everything()
    for text in (
        b"",
        b"{",
        b'{"format": "other"}',
        json.dumps({"format": "project-or-operation/progress", "version": 9}),
    ):
        told = learner.take_in(text)
        assert told.endswith("Nothing was changed.")
        assert "\n" not in told
    assert learner.store.everything() == before


def test_an_import_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """With the reason."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    learner = Learner(Store(tmp_path / "file" / "progress.sqlite3"))
    _, text, _ = learner.export()
    document = {**json.loads(text), "settings": {"streak": "off"}}
    told = learner.take_in(json.dumps(document))
    assert told.startswith("Added: 1 setting. But it is not kept: ")
    assert learner.store.read("setting", "streak") == "off"


def test_an_open_round_is_not_exported(study: Study, learner: Learner) -> None:
    """It belongs to this computer."""
    press(study, "Start")
    name, text, lacks = learner.export()
    assert lacks == ""
    assert re.fullmatch(r"project-or-operation-\d{4}-\d\d-\d\d\.json", name)
    assert set(json.loads(text)) == {"format", "version", "exported_at", "items", "exams", "cards", "settings"}


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


def test_the_history_is_a_data_frame(study: Study, learner: Learner) -> None:
    """Oldest first, with times in a zone, and what an attempt does not say is missing."""
    learner.store.log_attempt("payroll-2", {"at": NOW, "outcome": "right", "where": "study", "seconds": 30, "sure": 70})
    learner.store.log_attempt("payroll-1", {"at": NOW - 60, "outcome": "wrong", "where": "page", "chose": "project"})
    learner.store.log_attempt("gone-1", {"at": NOW + 60, "outcome": "right", "where": "page"})
    frame = study.history()
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["item"]) == ["payroll-1", "payroll-2", "gone-1"]
    assert frame["at"].iloc[0] == datetime.fromtimestamp(NOW - 60, UTC)
    assert list(frame["sure"].fillna(0)) == [0, 70, 0]
    assert list(frame["family"][:2]) == ["payroll", "payroll"]
    assert pd.isna(frame["family"].iloc[2])
    assert Study(Learner(Store(learner.store.path.with_name("new.sqlite3")))).history().empty


def test_a_front_end_without_widgets_says_what_to_do(study: Study) -> None:
    """In the line that stands in the place of the widget."""
    assert "Study().text()" in repr(study)
    assert "Study().text()" in study._repr_mimebundle_()["text/plain"]


def test_a_book_build_shows_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the notebook's other cells run."""
    monkeypatch.setenv(STATIC_FLAG, "1")
    note: Any = Study()
    assert "JupyterLab" in note._repr_mimebundle_()["text/html"]
    assert note.history().empty


def test_what_is_shown_of_the_bank_is_escaped(study: Study, learner: Learner) -> None:
    """A name with markup stays a name."""
    difference = next(iter(learner.index["differences"].values()))
    before, difference["name"] = difference["name"], "<b>bold</b>"
    try:
        study.show("progress")
        assert "<b>bold</b>" not in shown(study)
        assert "&lt;b&gt;bold" in shown(study)
    finally:
        difference["name"] = before


def test_odd_records_of_other_editions_stop_nothing(learner: Learner) -> None:
    """What an import accepts is passed over where it makes no sense."""
    odd = {"outcome": "right", "where": "page"}
    log = [
        {**odd, "at": NOW - 5, "seconds": "34"},
        {**odd, "at": NOW - 4, "seconds": [3], "sure": [1]},
        {**odd, "at": NOW - 3, "seconds": -1, "sure": 70.5},
        {"outcome": "right", "knew": True, "at": NOW - 2},
        {"outcome": "strange", "where": "page", "at": NOW - 1},
    ]
    content = {"items": {f"payroll-{number}": {"log": log} for number in (1, 2)}, "exams": {}, "cards": {}}
    goal = {"exam": ["x"], "difference": {"a": 1}, "minutes": [5]}
    document = {"format": "project-or-operation/progress", "version": 2, **content, "settings": {"study-goal": goal}}
    assert learner.take_in(json.dumps(document)).startswith("Added: 10 answers to 2 questions")
    study = Study(learner, seed=1)
    for section in ("progress", "data", "study"):
        study.show(section)
    press(study, "Start")
    assert list(study.history()["sure"].dropna()) == [70.5, 70.5]


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


@pytest.mark.usefixtures("at_once")
def test_a_file_that_cannot_be_read_is_told_with_the_export(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody takes it for a copy of everything; and a removal that did not happen is not claimed."""
    for name in ("quizzes.study.store", "quizzes.study.database"):
        monkeypatch.setattr(f"{name}.PATIENCE", 0.01)
        monkeypatch.setattr(f"{name}.IMPATIENCE", 0.01)
    store.write("setting", "streak", "off")
    learner = Learner(Store(store.path))
    study = Study(learner)
    study.show("data")
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    press(study, "Export as a file")
    assert "It holds only what you did since this notebook started." in shown(study)
    widgets(study, ipywidgets.Checkbox)[0].value = True
    press(study, "Remove")
    assert "Nothing was removed." in shown(study)
    holder.execute("ROLLBACK")
    holder.close()
    assert store.read("setting", "streak") == "off"
    assert learner.export()[2] == ""


def test_how_sure_one_was_counts_with_the_first_answer(study: Study, learner: Learner, bank: Bank) -> None:
    """A second try follows the explanation."""
    press(study, "Start")
    (quiz,) = widgets(study, Quiz)
    (name,) = quiz._rules
    answer(study, bank, right=False, sure={name: 90})
    quiz.set_state({"checked": {}})
    answer(study, bank, right=True, sure={name: 90})
    assert ["sure" in each for each in learner.items()[name]["log"]] == [True, False]
