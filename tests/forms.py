"""What the tests of mock exams share: the real bank's index, its blueprints, and forms over many seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from quizzes.bank import Bank
from quizzes.drawing import Form, draw_form
from quizzes.index import bank_index

SEEDS = [0, 1, 2, 3, 42, 4711, 99_999, 2**31 - 1, 2**31, 2**32 - 1]
FORMS = ("itil", "pmp", "pmp-half", "capm", "sprint")


def whole_index(bank: Bank) -> dict[str, Any]:
    """Return the index of a site that shows every practice item."""
    return bank_index(bank, {item.id: "book/practice.html" for item in bank.select(use="practice")})


def blueprint(index: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one blueprint of the index."""
    found: dict[str, Any] = next(each for each in index["blueprints"] if each["id"] == name)
    return found


def drawn(form: Form) -> list[str]:
    """Return all items of a form."""
    return [item for section in form.sections for item in section]


def questions(index: dict[str, Any], items: Iterable[str]) -> int:
    """Return how many questions items have."""
    return sum(index["items"][item]["questions"] for item in items)


def forms(index: dict[str, Any], *names: str) -> Iterator[tuple[dict[str, Any], Form]]:
    """Yield forms of these blueprints, or of all, over the seeds."""
    for name in names or FORMS:
        for seed in SEEDS:
            yield blueprint(index, name), draw_form(index, blueprint(index, name), seed)
