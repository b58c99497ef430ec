"""What an attack is, the assignment that is attacked, and the honest submissions that no attack may touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from courses import CODE, TEXT, plan, write_cell

from grader.demo import Maker, keyed
from grader.intake import shown
from quizzes.bank import Bank
from quizzes.items import KINDS

NAME = "mixed"
HONEST = ("a-honest", "z-honest")
KEY, ESSAY, PAYLOAD, ALIVE = "key-canary-5521", "essay-canary-7713", "4711", "hostile-alive"
NO_RECORD = "no answer record"
SCRIPT = f"<script>alert({PAYLOAD})</script><img src=x onerror=alert({PAYLOAD})>"


@dataclass(frozen=True)
class Attack:
    """One hostile submission. `line` is a part of our one line about it; without one, its honest record is marked.

    `right` says how many items that record answers rightly, `stock` why there is no such attack on stock nbgrader.
    """

    name: str
    tries: str
    prepare: Callable[[Maker, str], object]
    line: str = ""
    right: int = 0
    stock: str = ""
    student: str = ""

    @property
    def by(self) -> str:
        """Return the attacker's id."""
        return self.student or f"k-{self.name}"

    @property
    def shown(self) -> str:
        """Return the attacker's id as our lines have it."""
        return shown(self.by) if self.student else self.by


def content(bank: Bank) -> dict[str, Any]:
    """Return the plan of the assignment that is attacked: an item of each kind, a written answer, and code."""
    items = [next(item.id for item in bank.select(kind=kind)) for kind in KINDS]
    code = {**CODE, "tests": f"# {KEY}\n{CODE['tests']}"}
    return plan(items=items, cells=[TEXT, code])


def worth(maker: Maker, right: int) -> float:
    """Return the points of the first items."""
    return float(sum(sum(item.points.values()) for item in maker.form.items[:right]))


def submit_honest(maker: Maker) -> None:
    """Hand in what the attacks must not touch: before all attackers, and after them."""
    for student, count in zip(HONEST, (len(maker.form.items), 3), strict=True):
        folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, count)))
        write_cell(folder, NAME, "why", f"Because budgets end: {ESSAY}.")
