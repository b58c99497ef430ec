"""A round of study: which item is asked, what became of it, and what comes again. Pure, and kept as a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from quizzes.study.schedule import in_place_of
from quizzes.study.tally import Items

AFTER = 3  # so many questions later a sibling of a missed item comes, so that the family is not fresh in mind


@dataclass
class Round:
    """`queue` holds the ids in their order, `at` the place in it, `done` the outcome by id.

    `brought` are those that stand in for a missed sibling; `responses` holds what was answered, by id.
    """

    queue: list[str]
    at: int = 0
    brought: list[str] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    responses: dict[str, Any] = field(default_factory=dict)

    @property
    def current(self) -> str | None:
        """The item that is asked, or None once the round is over."""
        return self.queue[self.at] if self.at < len(self.queue) else None

    @property
    def missed(self) -> list[str]:
        """What was not right, in the order in which it was asked."""
        return [name for name in self.queue if self.done.get(name, "right") != "right"]

    @property
    def score(self) -> str:
        """Say how it goes, as in "3 of 4 right"; nothing where nothing was answered."""
        right = sum(outcome == "right" for outcome in self.done.values())
        return f"{right} of {len(self.done)} right" if self.done else ""

    def answered(self, name: str, outcome: str, response: Any, index: Mapping[str, Any], items: Items) -> None:
        """Note the answer to an item; a missed one brings a sibling later, once."""
        self.done[name], self.responses[name] = outcome, response
        if outcome == "right" or name in self.brought:
            return
        other = in_place_of(name, index, items, self.queue)
        if other:
            self.brought.append(other)
            self.queue.insert(min(self.at + AFTER, len(self.queue)), other)

    def as_record(self) -> dict[str, Any]:
        """Return the round as a record."""
        return asdict(self)


def from_record(record: Any, known: Mapping[str, Any]) -> Round | None:
    """Return a round that was kept, without items that are no longer known; None where there is none to go on with."""
    try:
        kept = Round(**record)
        queue = [name for name in kept.queue if name in known]
        before = sum(name in known for name in kept.queue[: kept.at])
        made = Round(queue, before, list(kept.brought), dict(kept.done), dict(kept.responses))
    except (TypeError, ValueError):
        return None
    return made if made.current else None
