"""Levels: an estimate from the text, spread so that each can be practised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from quizzes.bank import Bank
from quizzes.items import AnyItem, Classify
from quizzes.kinds.choice import ChoiceQuestion
from quizzes.level import EASY, HARD, level, lix, points


def first(bank: Bank, kind: str) -> AnyItem:
    """Return the first item of a kind with few points, so that a change can show."""
    return min(bank.select(kind=kind), key=points)


@pytest.mark.parametrize("use", ["practice", "assessment"])
def test_each_level_has_a_fifth_of_the_bank(bank: Bank, use: str) -> None:
    """Whoever chooses a level has enough to practise, and assessments are no harder than practice."""
    items = bank.select(use=use)
    counts = Counter(map(level, items))
    assert set(counts) == {1, 2, 3}
    assert min(counts.values()) >= len(items) / 5


def test_levels_follow_points(bank: Bank) -> None:
    """More points are never an easier level."""
    for item in bank.items.values():
        expected = 1 if points(item) <= EASY else 3 if points(item) >= HARD else 2
        assert level(item) == expected


def test_an_item_keeps_its_level_whatever_else_is_in_the_bank(bank: Bank) -> None:
    """A level depends on the item alone: it is the same for the item read back from its own data."""
    for item in bank.items.values():
        again = type(item).model_validate(item.model_dump(by_alias=True))
        assert level(again) == level(item)


def with_phrases(item: Classify, evidence: Sequence[bool]) -> Classify:
    """Return the scenario with phrases that are evidence or not."""
    phrases = (item.evidence * 2)[: len(evidence)]
    changed = tuple(p.model_copy(update={"evidence": e}) for p, e in zip(phrases, evidence, strict=True))
    return item.model_copy(update={"evidence": changed})


def test_counter_cues_and_a_single_cue_add_points(bank: Bank) -> None:
    """A third phrase that is no evidence makes a scenario harder, and so does one cue in place of two."""
    item = first(bank, "classify")
    assert isinstance(item, Classify)
    plain = points(with_phrases(item, [True, True, False, False]))
    assert points(with_phrases(item, [True, True, False, False, False])) == plain + 1
    assert points(with_phrases(item, [True, False, False])) == plain + 1


def test_both_at_once_adds_a_point(bank: Bank) -> None:
    """It takes seeing two things in one text."""
    item = next(i for i in bank.select(kind="classify") if isinstance(i, Classify) and i.classes.key == "both")
    changed = item.model_copy(update={"classes": item.classes.model_copy(update={"key": "project"})})
    assert points(item) == points(changed) + 1


def test_a_negative_stem_adds_a_point(bank: Bank) -> None:
    """What does not hold is harder to find than what does."""
    item = first(bank, "choice")
    assert isinstance(item, ChoiceQuestion)
    assert points(item.model_copy(update={"stem": item.stem + " NOT"})) == points(item) + 1


def test_traps_add_points_only_where_the_text_invites_them(bank: Bank) -> None:
    """Two different traps make a question harder; one that the text is silent on does not."""
    item = first(bank, "choice")
    assert isinstance(item, ChoiceQuestion)

    def with_traps(*names: str) -> int:
        free = iter(names)
        options = {
            name: option if name == item.key else option.model_copy(update={"misconception": next(free)})
            for name, option in item.options.items()
        }
        return points(item.model_copy(update={"options": options}))

    silent = with_traps("cue-not-in-text", "cue-fits-both", "terms-mixed")
    assert with_traps("size-means-project", "size-means-project", "terms-mixed") == silent
    assert with_traps("size-means-project", "urgency-means-project", "terms-mixed") == silent + 1
    assert with_traps("size-means-project", "urgency-means-project", "long-means-operations") == silent + 2


def test_more_to_get_right_at_once_is_harder(bank: Bank) -> None:
    """An order of six steps has more possible answers than one choice among four."""
    rest = {"stem": "Which is it?", "scenario": ""}
    single, order = first(bank, "choice").model_copy(update=rest), first(bank, "order").model_copy(update=rest)
    assert points(order) >= points(single) + 2


def test_reading_is_measured_as_published() -> None:
    """LIX is words a sentence plus the percentage of words of more than six letters: here 5 and 10."""
    assert lix("The cat sat down quietly. The dog did not care.") == pytest.approx(5 + 10)
    assert lix("") == 0
