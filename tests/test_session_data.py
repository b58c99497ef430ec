"""The data of `Study` without a browser: it is kept, shown, taken in and removed, and what cannot be kept is told."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import pytest
from study_session import NOW, answer, at_once, learner, press, shown, store, study, widgets

from quizzes import Study
from quizzes.bank import Bank
from quizzes.render import STATIC_FLAG
from quizzes.study.history import COLUMNS
from quizzes.study.learner import Learner
from quizzes.study.store import Store

__all__ = ["at_once", "learner", "store", "study"]  # fixtures


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
