"""What a mock exam counts, and how sure a score is: pure, and the same as in frontend/draw.mjs."""

from __future__ import annotations

import re
from math import sqrt

from quizzes.marking import Mark, Outcome, Rule

_OF_A_CASE = re.compile(r"^(q\d+)\.", re.ASCII)
_Z = 1.959963984540054  # the normal distribution's 97.5 % point


def questions_of(rule: Rule) -> list[list[str]]:
    """Return the names of the parts of each question: a case has several questions, every other item is one."""
    groups: dict[str, list[str]] = {}
    for part in rule:
        found = _OF_A_CASE.match(part.name)
        groups.setdefault(found[1] if found else "", []).append(part.name)
    return list(groups.values())


def score_of(rule: Rule, mark: Mark) -> tuple[int, int]:
    """Return how many of the item's questions are right, and how many it has; what is partly right does not count."""
    right = {part.name for part in mark.parts if part.outcome is Outcome.RIGHT}
    questions = questions_of(rule)
    return sum(right.issuperset(names) for names in questions), len(questions)


def interval(right: float, questions: int) -> tuple[float, float]:
    """Return the 95 % interval of the share of right answers (Wilson 1927); everything where nothing was asked.

    In place of the plain one, because that has no width where all or nothing is right (Newcombe 1998, method 3).
    """
    if not questions:
        return 0.0, 1.0
    share, weight = right / questions, _Z * _Z / questions
    middle = share + weight / 2
    reach = _Z * sqrt(share * (1 - share) / questions + weight / questions / 4)
    low, high = (middle - reach) / (1 + weight), (middle + reach) / (1 + weight)
    return (low if right else 0.0), (high if right < questions else 1.0)
