"""A class that hands in what classes hand in, to an assignment with an item of each kind, a written answer and code."""

from __future__ import annotations

from pathlib import Path

from courses import CODE, TEXT, plan, released, write_cell
from nbgrader.api import Gradebook

from grader.demo import Maker, keyed
from quizzes.bank import Bank
from quizzes.items import KINDS

LATE = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'


def handed_in(folder: Path, bank: Bank) -> Maker:
    """Release the assignment and hand in; returns what makes more submissions to it."""
    items = [next(item.id for item in bank.select(kind=kind)) for kind in KINDS]
    items[1] = "house-1"
    cells = plan(items=items, banks=["private"], cells=[TEXT, CODE], due="2026-03-01T12:00:00Z")
    maker = released(folder, "mixed", cells, config=LATE)
    right = maker.record(maker.responses(keyed))
    partly = maker.record({**maker.responses(keyed, 3), items[3]: {"sort": {}}, items[0]: {"class": 7}})
    maker.submit("a-right", receipt=right, sidecar=right)
    maker.submit("b-partly", receipt=partly)
    maker.submit("c-blank")
    wrote = maker.submit("d-wrote", sidecar=right)
    write_cell(wrote, "mixed", "why", "Because [budgets](javascript:alert(1)) end.\n<script>alert(1)</script>")
    late = maker.submit("e-late", sidecar=partly)
    (late / "timestamp.txt").write_text("2026-03-01 12:00:01 UTC")
    early = maker.submit("f-early", sidecar=partly)
    (early / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    broken = maker.submit("g-broken")
    (broken / "mixed.ipynb").write_text("{")
    empty = maker.submit("h-no-notebook")
    (empty / "mixed.ipynb").unlink()
    clock = maker.submit("i-no-time", sidecar=right)
    (clock / "timestamp.txt").write_text("yesterday")
    return maker


def by_hand(maker: Maker, student: str, cell: str, score: float) -> None:
    """Give a mark by hand, as a grader does in the formgrader."""
    with Gradebook(maker.course.db_url) as gradebook:
        grade = gradebook.find_grade(cell, "mixed", "mixed", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.find_comment("why", "mixed", "mixed", student).manual_comment = "Good."
        gradebook.db.commit()
