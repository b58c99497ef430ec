"""The study session in plain text: every kind of item, answered by letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quizzes.bank import Bank
from quizzes.items import KINDS, AnyItem
from quizzes.marking import Part
from quizzes.study.learner import Learner
from quizzes.study.round import Round
from quizzes.study.store import Store
from quizzes.study.text import Terminal, ask, scenario

LETTERS = "ABCDEFGHIJ"


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    """Return a learner with nothing kept."""
    store = Store(tmp_path / "progress.sqlite3")
    yield Learner(store)
    store.close()


def run(learner: Learner, *lines: str, seed: int = 1) -> str:
    """Run a session with what is typed; returns what was said. The input ends after the lines."""
    given = iter(lines)
    said: list[str] = []

    def type_(prompt: str) -> str:
        said.append(prompt)
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    ask(learner, Terminal(type_, said.append), seed)
    return "\n".join(said)


def typed(part: Part, *, right: bool = True) -> list[str]:
    """Return what is typed for a part: its key, or something else."""
    letter = dict(zip(part.options, LETTERS, strict=False))
    if part.type == "match":
        number = {group: str(place) for place, group in enumerate(part.groups, 1)}
        places = [number[place] for place in part.key]
        return places if right else [str(int(place) % len(number) + 1) for place in places]
    if part.type == "order":
        whole = "".join(letter[each] for each in part.key)
        return [whole if right else whole[::-1]]
    if part.type == "some":
        return ["".join(letter[each] for each in part.options if (each in part.key) is right)]
    return [letter[part.key[0]] if right else next(letter[each] for each in part.options if each not in part.key)]


def only(learner: Learner, item: AnyItem) -> None:
    """Leave a round open that has this item alone."""
    learner.keep(Round([item.id]))


def parts(item: AnyItem) -> list[Part]:
    """Return the parts that practice asks."""
    return [part for part in item.parts() if part.name != "evidence"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("right", [True, False])
def test_every_kind_is_asked_marked_and_explained(learner: Learner, bank: Bank, kind: str, right: bool) -> None:
    """The attempt is kept with how sure the learner was, and the reasons are said."""
    item = bank.select(use="practice", kind=kind)[0]
    only(learner, item)
    lines = [line for part in parts(item) for line in typed(part, right=right)]
    said = run(learner, "1", *lines, "3")
    (attempt,) = learner.store.read("item", item.id)["log"]
    assert attempt["outcome"] == "right" if right else attempt["outcome"] in ("wrong", "partly")
    assert attempt["sure"] == 90
    assert attempt["where"] == "study"
    assert ("\nCorrect.\n" in said) is right
    plain = " ".join(said.split())
    for part in parts(item):
        reasons = item.rationales()[part.name]
        shown = part.options if part.groups else part.key if right else ()
        assert all(" ".join(reasons[name].rationale.split()) in plain for name in shown)
        assert all(" ".join(option.split()) in plain for option in _options(item, bank, part.name))


def _options(item: AnyItem, bank: Bank, name: str) -> list[str]:
    question = next(each for each in item.questions(bank.differentiator_names) if each.name == name)
    return list(question.options.values())


def test_a_right_difference_under_a_wrong_class_is_told_to_earn_nothing(learner: Learner, bank: Bank) -> None:
    """As the site says it; where the class is right too, or nothing is, there is no word of it."""
    item = bank.select(use="practice", kind="classify")[0]
    class_, difference = parts(item)
    only(learner, item)
    unearned = "counts only with the right class"
    assert unearned in " ".join(run(learner, "1", *typed(class_, right=False), *typed(difference), "3").split())
    only(learner, item)
    assert unearned not in " ".join(run(learner, "1", *typed(class_), *typed(difference), "3").split())


def test_what_does_not_fit_is_asked_again(learner: Learner, bank: Bank) -> None:
    """With what fits, and no attempt is kept of it."""
    item = bank.select(use="practice", kind="choice")[0]
    only(learner, item)
    said = run(learner, "7", "1", "Z", "AB", typed(parts(item)[0])[0].lower(), "4", "")
    assert said.count("One letter from A to D.") == 2
    assert "A number from 1 to 2, please." in said
    assert "1, 2 or 3; Enter says nothing." in said
    (attempt,) = learner.store.read("item", item.id)["log"]
    assert attempt["outcome"] == "right"
    assert "sure" not in attempt


def test_a_question_that_is_left_open_gives_nothing_away(learner: Learner, bank: Bank) -> None:
    """It can come again."""
    item = bank.select(use="practice", kind="classify")[0]
    only(learner, item)
    said = run(learner, "1", "")
    assert "Left open." in said
    assert "Correct" not in said
    assert learner.store.read("item", item.id) is None


def test_a_session_goes_from_the_goal_to_the_figures(learner: Learner) -> None:
    """The goal is offered again, and an ended session is gone on with."""
    said = run(learner, "2", "1", "1", "A", "", "", "q")
    assert "Question 1 of" in said
    assert "The session has ended." in said
    assert "What you answered is kept." in said
    assert learner.goal().exam == "pmp"
    assert learner.goal().minutes == 5
    again = run(learner, "q")
    assert "Go on with your session: question 2 of" in again


def test_a_miss_is_offered_for_review_with_a_sibling(learner: Learner, bank: Bank) -> None:
    """And not the stem that was read a minute ago."""
    item = bank.items["payroll-1"]
    only(learner, item)
    run(learner, "1", *(line for part in parts(item) for line in typed(part, right=False)), "")
    said = run(learner, "3" if learner.going_on() else "2")
    assert "Review what you missed (1)" in said
    round_ = learner.going_on()
    assert round_ is not None
    assert round_.queue[0] != item.id
    assert bank.items[round_.queue[0]].family == item.family


def test_the_end_of_the_input_ends_the_session(learner: Learner) -> None:
    """Without a traceback, at any point."""
    for count in range(5):
        assert "The session has ended" in run(learner, *(["1"] * count))


def test_progress_that_is_not_kept_is_told(tmp_path: Path) -> None:
    """At the beginning and at the end."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    said = run(Learner(Store(tmp_path / "file" / "progress.sqlite3")))
    assert said.replace("\n", " ").count("lasts only as long as this notebook runs") == 2


def test_no_question_for_a_goal_is_told(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of an empty session."""
    monkeypatch.setattr(learner, "begin", lambda *_: Round([]))
    assert "No question fits" in run(learner, "1", "1", "1")


def test_gaps_have_their_numbers_in_the_text(bank: Bank) -> None:
    """And no marks of the bank's own."""
    item: Any = bank.select(use="practice", kind="fill")[0]
    text = scenario(item, item.questions(bank.differentiator_names))
    assert "(Gap 1)" in text
    assert "[gap" not in text
