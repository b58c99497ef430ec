"""The figures of the benchmark: what each part compares, how a figure is written, and when a goal is met."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile.catalogue import ATTACKS

from benchmarks import lite_part, table
from benchmarks.lite import LAB, STOCK, Loaded
from benchmarks.marking import __main__ as marking_alone
from benchmarks.marking import attacks_part
from benchmarks.marking import figures as marking
from benchmarks.marking import part as marking_part
from benchmarks.marking.figures import Figure
from benchmarks.plan import QUICK, REAL
from benchmarks.rows import Goal, alone, beside


@pytest.mark.parametrize(
    ("ours", "theirs", "goal", "verdict"),
    [
        (50.0, None, Goal(50), "met"),
        (50.1, None, Goal(50), "missed"),
        (10.0, 17.0, Goal(1.7, at_most=False, of="ratio"), "met"),
        (10.0, 16.9, Goal(1.7, at_most=False, of="ratio"), "missed"),
        (10.0, None, Goal(1.7, at_most=False, of="ratio"), "not measured"),
        (None, 5.0, Goal(50), "not measured"),
        (1.0, 2.0, None, ""),
    ],
)
def test_a_goal_is_met_missed_or_not_measured(
    ours: float | None, theirs: float | None, goal: Goal | None, verdict: str
) -> None:
    """At its limit it is met; what was not measured is never met."""
    assert beside(alone("x", "X", "ms", ours, goal), "a peer", theirs).verdict == verdict


def test_none_of_ours_against_some_of_theirs_has_no_ratio() -> None:
    """A figure of 0 is not so many times less."""
    row = beside(alone("hostile", "Succeed", "", 0), "stock", 46)
    assert table.cells(row) == ("Succeed", "0", "stock", "46", table.NONE, "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, table.NONE),
        (0, "0"),
        (0.0023, "0.0023"),
        (2.554, "2.55"),
        (41.44, "41.4"),
        (867.5, "868"),
        (1340.74, "1,341"),
        (130.0, "130"),
    ],
)
def test_a_figure_has_three_digits_and_no_more_than_it_needs(value: float | None, shown: str) -> None:
    """Thousands are told apart, and whole numbers stay whole."""
    assert table.number(value) == shown


FOUND = (
    Figure("ours in batch", 50, 0.5, 120),
    Figure("ours in batch", 5000, 10, 125),
    Figure("floor", 5000, 8),
    Figure("stock", 50, 65),
    Figure("ours in nbgrader", 500, 25),
    Figure("our feedback", 4900, 9.8),
    Figure("stock feedback", 50, 10),
    Figure("export", 500, 0.1),
    Figure("export", 2000, 0.32),
    Figure("export", 5000, 0.7),
)


def test_costs_of_marking_are_compared_for_each_submission() -> None:
    """Batch at its largest class; a figure that shrinks with the class is growth below 1; otter is not there."""
    rows = {row.figure: row for row in marking.rows(FOUND)}
    shown = {name: (row.ours, row.theirs, row.ratio, row.verdict) for name, row in rows.items()}
    assert shown == {
        "batch_stock": (2, 1300, 650, "met"),
        "batch_otter": (2, None, None, ""),
        "batch_floor": (2, 1.6, 0.8, "met"),
        "nbgrader_stock": (50, 1300, 26, "met"),
        "growth": (2, 10, 5, "met"),
        "memory": (125, 120, 0.96, "met"),
        "feedback": (2, 200, 100, "met"),
        "export": (0.32, None, None, "met"),
        "export_growth": (0.16, 0.2, 1.25, "met"),
    }
    assert rows["batch_stock"].what == "Marking in batch, 5,000 submissions: each"
    assert rows["batch_stock"].peer == "stock nbgrader, 50 submissions"


def test_marking_tells_all_its_figures_and_which_peer_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its detail holds every way and every row; without a figure of otter-grader's that one is named."""
    options = marking_alone.arguments(["--out", str(tmp_path)])
    monkeypatch.setattr(marking_part, "arguments", lambda _: options)
    monkeypatch.setattr(marking_part, "measure", lambda _: list(FOUND))
    found = marking_part.measured(REAL)
    assert found.missing == ("otter-grader",)
    assert "nbgrader" in found.versions
    text = (tmp_path / "marking.md").read_text(encoding="utf-8")
    assert "| `python -m grader mark` | 5,000 | 10.00 | 2.00 | 125 |" in text
    assert all(row.what in text for row in found.rows)


def test_hostile_submissions_are_counted_where_they_apply() -> None:
    """A peer's and ours, each of those that were tried there."""
    yes, no, none = "**succeeds**: shows a secret", "fails", "does not apply: no answer record"
    rows = attacks_part.rows([("one", yes, no, no), ("two", no, yes, no), ("three", none, no, none)])
    assert [(row.figure, row.ours, row.theirs, row.verdict) for row in rows] == [
        ("hostile_batch", 0, 1, "met"),
        ("hostile_nbgrader", 1, 1, "missed"),
    ]
    assert rows[0].what == "Hostile submissions that succeed, marked in batch, 2 tried"
    assert rows[0].peer == "stock nbgrader, 2 tried"


def test_a_quick_run_tries_some_hostile_submissions_and_a_real_one_all() -> None:
    """So that a count of the table is never of a part of them."""
    assert REAL.every == 1
    assert 0 < len(ATTACKS[:: QUICK.every]) < len(ATTACKS) / 4


def test_the_lab_is_told_with_and_without_its_peer() -> None:
    """The median of its rounds; JupyterLite's figures stay empty where it could not be built."""
    ours = [Loaded(6.1, 9.0, 5), Loaded(6.1, 11.0, 5), Loaded(6.2, 8.0, 6)]
    both = lite_part.rows({LAB: ours, STOCK: [Loaded(18.3, 18.0, 146)]})
    assert [(row.ours, row.theirs, row.ratio) for row in both] == [(6.1, 18.3, 3), (5, 146, 29.2), (9, 18, 2)]
    assert [row.theirs for row in lite_part.rows({LAB: ours})] == [None] * 3
