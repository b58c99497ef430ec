"""nbgrader's exchange with the assignment's number of attempts: of a learner's hand-ins the first so many count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from grader.course import Course

Record = dict[str, Any]  # nbgrader's of a hand-in: username, filename, timestamp


def attempts_of(root: Path, assignment: str) -> int | None:
    """Return how many hand-ins count; an assignment of nbgrader's own has no plan and no limit."""
    planned = (root / "assignments" / f"{assignment}.yaml").exists()
    return Course(root).assignment(assignment).attempts if planned else None


def first_hand_ins(records: Sequence[Record], attempts: int | None) -> tuple[list[Record], list[Record]]:
    """Return those of one learner's hand-ins that count, newest first, and those that came after them."""
    ordered = sorted(records, key=lambda record: record["timestamp"])
    return ordered[:attempts][::-1], ordered[len(ordered[:attempts]) :]


class Collect(ExchangeCollect):
    """Collects the newest of the hand-ins that count, and names each that came too often."""

    def _sort_by_timestamp(self, records: Sequence[Record]) -> list[Record]:
        """Return one learner's hand-ins, newest first: nbgrader takes the first of them that is in time."""
        attempts = attempts_of(Path(self.coursedir.root), self.coursedir.assignment_id)
        counting, passed = first_hand_ins(records, attempts)
        for record in passed:
            self.log.warning("%s: passed over: only the first %d count", ascii(record["filename"]), attempts)
        return counting
