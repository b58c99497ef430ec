"""A `Study` without a browser: its buttons pressed and its questions answered as a front end does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from quizzes import Study
from quizzes.bank import Bank
from quizzes.study.learner import Learner
from quizzes.study.store import Store
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
