"""Statistics of a sitting: against published examples, other libraries and figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from grader import analysis
from grader.analysis import Array, ItemStatistics

# A questionnaire of 15 people and 10 items: https://pingouin-stats.org, pingouin.cronbach_alpha gives 0.591719.
QUESTIONNAIRE = """
3 2 2 4 1 4 5 1 4 3  5 5 4 6 3 5 1 2 5 5  7 5 3 5 5 6 4 3 3 6  2 3 4 3 3 2 2 2 6 6  6 5 5 6 5 4 4 4 6 7
1 2 2 3 4 2 5 2 3 5  4 3 3 5 3 5 2 1 2 4  2 5 4 4 3 7 2 2 4 6  6 2 5 5 5 1 6 5 2 3  5 2 4 6 4 3 5 3 1 7
4 1 3 5 2 5 3 2 3 4  4 4 2 3 2 5 3 4 2 3  5 5 5 6 2 3 3 2 4 4  6 5 5 5 4 2 2 1 4 6  4 4 3 5 5 3 1 3 2 3
"""
# The nine complete rows of pingouin's second example, 11 items of 0 or 1: alpha is 0.801695.
RIGHT_OR_WRONG = """
11111111111 11111111010 11101101100 11111000100 11110010000 11111000000 01011000010 11100000000 10010000000
"""


def matrix(text: str, columns: int) -> Array:
    """Return the digits of a text as rows."""
    return np.array([float(digit) for digit in text if digit.isdigit()]).reshape(-1, columns)


@pytest.fixture
def mixed() -> tuple[Array, Array]:
    """Return the scores of 120 learners in 8 items of differing points, and these points."""
    draw = np.random.default_rng(4)
    ability, points = draw.normal(size=(120, 1)), np.array([1, 1, 2, 3, 4, 4, 8, 1.5])
    return np.round(points / (1 + np.exp(-ability - draw.normal(size=(120, 8)))), 1), points


def test_alpha_is_that_of_a_published_example() -> None:
    """Ratings on a scale, and items that are right or wrong."""
    assert analysis.alpha(matrix(QUESTIONNAIRE, 10)) == pytest.approx(0.5917188)
    assert analysis.alpha(matrix(RIGHT_OR_WRONG, 11)) == pytest.approx(0.8016950)


def test_alpha_is_kr20_where_items_are_right_or_wrong() -> None:
    """Formula 20 of Kuder and Richardson, with p and q, on the same answers."""
    scores = matrix(RIGHT_OR_WRONG, 11)
    p = scores.mean(axis=0)
    kr20 = 11 / 10 * (1 - (p * (1 - p)).sum() / scores.sum(axis=1).var())
    assert analysis.alpha(scores) == pytest.approx(kr20)


@pytest.mark.parametrize("scores", [np.ones((9, 3)), np.ones((1, 3)), np.array([[0.0], [1.0]]), np.empty((0, 3))])
def test_alpha_is_not_invented(scores: Array) -> None:
    """One learner, one item, or totals that are all the same have no reliability."""
    assert analysis.alpha(scores) is None


def test_reliability_names_its_coefficient_and_the_error_in_points() -> None:
    """KR-20 is named only for items that are right or wrong and worth the same."""
    scores = np.tile(matrix(RIGHT_OR_WRONG, 11), (4, 1))
    found = analysis.reliability(scores, np.ones(11))
    assert (found.learners, found.items, found.right_or_wrong, found.reason) == (36, 11, True, "")
    assert found.alpha == pytest.approx(0.801695)
    assert found.sem == pytest.approx(scores.sum(axis=1).std(ddof=1) * (1 - found.alpha) ** 0.5)
    assert not analysis.reliability(scores, np.full(11, 2.0)).right_or_wrong
    assert not analysis.reliability(scores * np.arange(1, 12), np.arange(1, 12) * 1.0).right_or_wrong


def test_reliability_is_over_the_largest_group_with_the_same_items() -> None:
    """Where learners have different forms, nobody's missing item is taken for a wrong one."""
    scores = np.tile(matrix(RIGHT_OR_WRONG, 11), (5, 1))
    scores[:9, 0] = np.nan
    found = analysis.reliability(scores, np.ones(11))
    assert (found.learners, found.items) == (36, 11)
    assert found.alpha == pytest.approx(0.801695)
    scores[:18, 1] = np.nan
    told = analysis.reliability(scores, np.ones(11))
    assert (told.alpha, told.reason) == (None, "held back: 27 learners were asked the same items, under 30")


def test_reliability_is_held_back_and_says_why() -> None:
    """Under 30 learners, or where it is not defined; a negative one has no error of measurement."""
    few = analysis.reliability(matrix(RIGHT_OR_WRONG, 11), np.ones(11))
    assert (few.alpha, few.sem, few.reason) == (None, None, "held back: 9 learners, under 30")
    same = analysis.reliability(np.ones((40, 3)), np.ones(3))
    assert same.reason == "not defined: one item only, or all totals are the same"
    assert analysis.reliability(np.empty((0, 3)), np.ones(3)).reason == "nobody has answered"
    against = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 10)
    contrary = analysis.reliability(against, np.ones(2))
    assert contrary.alpha is not None
    assert contrary.alpha < 0
    assert contrary.sem is None


def test_twice_the_items_are_as_reliable_as_the_formula_says() -> None:
    """Spearman and Brown: 0.60 becomes 0.75 with twice as many items."""
    assert analysis.items_for(0.75, 0.60, 10) == 20
    assert analysis.items_for(0.80, 0.80, 7) == 7
    assert analysis.items_for(0.80, 0.799, 7) == 8


def test_discrimination_leaves_the_item_out_of_the_total(mixed: tuple[Array, Array]) -> None:
    """The correlation with the points of the other items, as scipy has it."""
    scores, points = mixed
    for column, found in enumerate(analysis.item_statistics(scores, points)):
        rest = np.delete(scores, column, axis=1).sum(axis=1)
        assert found.discrimination == pytest.approx(stats.pearsonr(scores[:, column], rest)[0])
        assert found.difficulty == pytest.approx(scores[:, column].mean() / points[column])


def test_discrimination_is_the_point_biserial_where_an_item_is_right_or_wrong() -> None:
    """The same figure as from the means of those who have it right and those who have it wrong."""
    draw = np.random.default_rng(1)
    scores = (draw.random((150, 6)) < 1 / (1 + np.exp(-draw.normal(size=(150, 1))))).astype(float)
    found = analysis.item_statistics(scores, np.ones(6))[2].discrimination
    assert found == pytest.approx(stats.pointbiserialr(scores[:, 2] == 1, np.delete(scores, 2, 1).sum(axis=1))[0])


def test_an_item_is_judged_by_those_who_were_asked(mixed: tuple[Array, Array]) -> None:
    """Learners with other items change neither its difficulty nor its discrimination."""
    scores, points = mixed
    wide = np.full((200, 10), np.nan)
    wide[:120, :8] = scores
    wide[120:, 8:] = 1
    own = analysis.item_statistics(scores, points)
    found = analysis.item_statistics(wide, np.array([*points, 1, 1]))
    assert [each.responses for each in found] == [120] * 8 + [80] * 2
    for one, other in zip(own, found, strict=False):
        assert (other.difficulty, other.upper_lower) == pytest.approx((one.difficulty, one.upper_lower))
        assert other.discrimination == pytest.approx(one.discrimination)
    assert (found[9].difficulty, found[9].discrimination) == (1, None)


def test_the_tails_are_27_percent_and_do_not_hang_on_the_order_of_learners() -> None:
    """Those who tie at the border of a tail share the places that are left in it."""
    total = np.arange(100.0)
    assert analysis.upper_lower((total >= 73).astype(float), total) == pytest.approx(1)
    assert analysis.upper_lower((total >= 86.5).astype(float), total) == pytest.approx(13 / 27)
    assert analysis.upper_lower((total < 50).astype(float), total) == pytest.approx(-1)
    item, level = np.array([1.0, 0.0, 1.0, 0.0]), np.array([1.0, 1.0, 1.0, 1.0])
    assert analysis.upper_lower(item, level) == pytest.approx(0)
    assert analysis.upper_lower(item[::-1], level) == pytest.approx(0)
    assert analysis.upper_lower(np.ones(1), np.ones(1)) is None


def test_few_responses_are_held_back_and_some_are_called_unstable() -> None:
    """Under 30 there is no figure at all; under 100 there is one with a warning."""
    scores = np.tile([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]], (10, 1))
    assert analysis.item_statistics(scores[:29], np.ones(2))[0] == ItemStatistics(29)
    found = analysis.item_statistics(scores, np.ones(2))[0]
    assert (found.stability, found.difficulty) == ("unstable", pytest.approx(2 / 3))
    assert [analysis.stability(n) for n in (0, 29, 30, 99, 100)] == ["held back"] * 2 + ["unstable"] * 2 + [""]


@pytest.mark.parametrize(
    ("p", "r", "told"),
    [
        (0.5, 0.3, []),
        (0.2, 0.2, []),
        (0.19, 0.3, ["hard: p under 0.20"]),
        (0.81, 0.3, ["easy: p over 0.80, which mastery items may be"]),
        (0.5, 0.19, ["revise: discrimination under 0.20"]),
        (0.5, -0.01, ["check the key: learners who do well elsewhere miss it"]),
        (
            1.0,
            None,
            ["easy: p over 0.80, which mastery items may be", "discrimination is not defined: all scores are the same"],
        ),
        (None, None, []),
    ],
)
def test_remarks_follow_the_thresholds(p: float | None, r: float | None, told: list[str]) -> None:
    """What is acceptable has no remark, the bounds included."""
    assert analysis.remarks(ItemStatistics(200, p, r, 0.4)) == told


def test_a_word_goes_with_each_discrimination() -> None:
    """Good from 0.30, fair from 0.20, below that to be revised, and a key to check under 0."""
    words = [analysis.quality(r) for r in (0.3, 0.29, 0.2, 0.19, 0, -0.01, None)]
    assert words == ["good", "fair", "fair", "revise", "revise", "check the key", ""]


def test_every_score_is_in_the_histogram_once() -> None:
    """The highest possible score is in the last bar, and a rounding error moves nobody to another one."""
    shown = analysis.distribution(np.array([0.0, 0.1 + 0.2, 0.7, 0.1 * 3 - 1e-16, 1.0]), 1.0)
    assert shown is not None
    assert shown.counts == (1, 0, 0, 2, 0, 0, 0, 1, 0, 1)
    assert (shown.low, shown.high, shown.median) == (0, 1, pytest.approx(0.3))
    one = analysis.distribution(np.array([3.0]), 4.0)
    assert one is not None
    assert (one.mean, one.sd) == (3, None)
    assert analysis.distribution(np.empty(0), 4.0) is None


def test_totals_are_points_where_all_could_earn_the_same() -> None:
    """Else they are percent, since points out of different sums do not compare."""
    scores = np.array([[1.0, 2.0, np.nan], [0.5, np.nan, 2.0]])
    values, full = analysis.totals(scores, np.array([1.0, 2.0, 2.0]))
    assert (list(values), full) == ([3, 2.5], 3)
    values, full = analysis.totals(scores, np.array([1.0, 2.0, 4.0]))
    assert (list(values), full) == ([100, 50], 100)
