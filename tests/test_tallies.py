"""What learners chose: counts of options, rows, misconceptions and classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.demo import keyed, missed
from grader.tallies import Answer, confusion, misconceptions, tally
from quizzes.bank import Bank
from quizzes.items import AnyItem, rule
from quizzes.marking import Outcome, mark

Given = Callable[[AnyItem], Any]


def answer(item: AnyItem, response: Any, share: float = 0.5) -> Answer:
    """Return an answer to all parts of an item."""
    return Answer(response, mark(rule(item), response), share)


def first(bank: Bank, kind: str, **wanted: Any) -> AnyItem:
    """Return the first item of a kind with the given fields."""
    return next(i for i in bank.select(kind=kind) if all(getattr(i, name) == value for name, value in wanted.items()))


def test_options_are_counted_over_those_who_answered_the_part(bank: Bank) -> None:
    """A part that is left out, and a malformed answer, count for no option."""
    item = first(bank, "classify", status="F")
    right, wrong = keyed(item), missed(item)
    answers = [answer(item, right, 0.9)] * 24 + [answer(item, wrong, 0.3)] * 8
    answers += [answer(item, {"class": right["class"]})] * 4 + [answer(item, {"class": "<b>"}), answer(item, None)]
    classes, deciding, evidence = tally(item, rule(item), bank, answers)
    assert (classes.answered, deciding.answered, evidence.answered) == (36, 32, 32)
    assert (classes.right, deciding.right) == (28 / 36, 24 / 32)
    assert deciding.outcomes == {
        Outcome.RIGHT: 24,
        Outcome.WRONG: 8,
        Outcome.BLANK: 5,
        Outcome.MALFORMED: 1,
    }
    key = next(option for option in deciding.options if option.keyed)
    assert (key.chosen, key.share, key.mean) == (24, 0.75, pytest.approx(0.9))
    assert {option.chosen for option in deciding.options} == {24, 8, 0}
    assert [option.idle for option in deciding.options if option.chosen == 0] == [True]


def test_under_30_answers_there_are_counts_and_no_shares(bank: Bank) -> None:
    """Nothing is called idle before enough learners could have chosen it."""
    item = first(bank, "choice")
    (part,) = tally(item, rule(item), bank, [answer(item, keyed(item))] * 29)
    assert max(option.chosen for option in part.options) == 29
    assert {option.share for option in part.options} == {None}
    assert not any(option.idle for option in part.options)
    assert part.right is None


@pytest.mark.parametrize("kind", ["sort", "order"])
def test_rows_are_counted_in_their_right_place(bank: Bank, kind: str) -> None:
    """With the wrong place that is most frequent; a row that is left out counts as not right."""
    item = first(bank, kind)
    (asked,) = rule(item)
    places = asked.places
    row, right = next(iter(places.items()))
    wrong = next(group for group in asked.groups if group != right)
    name = asked.name
    answers = [answer(item, {name: places})] * 20 + [answer(item, {name: {**places, row: wrong}})] * 15
    answers += [answer(item, {name: {r: p for r, p in places.items() if r != row}})] * 5
    (part,) = tally(item, rule(item), bank, answers)
    found = part.options[0]
    groups = item.questions(bank.differentiator_names)[0].groups
    assert (found.chosen, found.share, found.instead, found.instead_share) == (20, 0.5, groups[wrong], 15 / 40)
    assert found.place == groups[right]
    assert [option.share for option in part.options[1:]] == [1.0] * (len(places) - 1)
    assert not any(option.keyed or option.idle for option in part.options)


def test_every_kind_can_be_tallied(bank: Bank) -> None:
    """Each option and row of the whole bank has its label and its rationale, whatever is answered."""
    for item in bank.items.values():
        answers = [answer(item, keyed(item)), answer(item, {}), answer(item, "unreadable")]
        for part in tally(item, rule(item), bank, answers):
            assert part.answered == 1
            assert all(option.label and option.rationale for option in part.options)


def test_a_misconception_counts_learners_once(bank: Bank) -> None:
    """However many options carry it, over those who met an item that can catch it."""
    item = first(bank, "classify", status="F")
    choice = first(bank, "choice")
    wrong, right = answer(item, missed(item)), answer(item, keyed(item))
    class_trap = next(o.misconception for o in item.rationales()["class"].values() if o.misconception)
    both = [(item, rule(item), wrong), (item, rule(item), wrong)]
    fine = [(item, rule(item), right)]
    other = [(choice, rule(choice), answer(choice, keyed(choice)))]
    found = misconceptions([both] * 20 + [fine] * 20 + [other] * 7)
    assert (found[class_trap].learners, found[class_trap].met - 7 * (choice.id in found[class_trap].items)) == (20, 40)
    shares = [caught.learners / caught.met for caught in found.values()]
    assert shares == sorted(shares, reverse=True)
    assert all(caught.learners == 0 for caught in misconceptions([other] * 7).values())


def test_a_misplaced_row_carries_its_misconception(bank: Bank) -> None:
    """A row that is where it belongs, or nowhere, carries none."""
    item = first(bank, "sort")
    (asked,) = rule(item)
    row, right = next(iter(asked.places.items()))
    wrong = next(group for group in asked.groups if group != right)
    trap = item.rationales()["sort"][row].misconception
    for response, caught in (({row: wrong}, 1), ({row: right}, 0), ({}, 0)):
        found = misconceptions([[(item, rule(item), answer(item, {"sort": response}))]])
        assert found[trap].learners == caught


def test_classes_are_counted_as_keyed_and_as_chosen(bank: Bank) -> None:
    """Projects taken for operations apart from the reverse; shares are of the answers to items of the keyed class."""
    every = bank.select(kind="classify")
    project, operations = (next(i for i in every if i.classes.key == key) for key in ("project", "operations"))
    fine = [(i, rule(i), answer(i, keyed(i))) for i in (project, operations)]
    mistaken = [
        (project, rule(project), answer(project, {"class": "operations"})),
        (operations, rule(operations), answer(operations, keyed(operations))),
    ]
    blank = [(project, rule(project), answer(project, None))]
    found = confusion([fine] * 30 + [mistaken] * 10 + [blank] * 5)
    assert found is not None
    assert (found.learners, found.total("project"), found.total("both")) == (40, 40, 0)
    assert (found.share("project", "operations"), found.share("operations", "project")) == (0.25, 0)
    few = confusion([fine] * 29)
    assert few is not None
    assert few.share("project", "operations") is None
    choice = first(bank, "choice")
    assert confusion([[(choice, rule(choice), answer(choice, keyed(choice)))]]) is None
