"""What every format has: its name, what it can hold, and what an export came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizzes.bank import Bank
from quizzes.items import KINDS, AnyItem, Trait

FEW = 3
ASPECTS = {
    "rationales": "why each option is right or wrong",
    "misconceptions": "the trap that a wrong option catches",
    "partial": "partial credit as this course gives it",
    "chain": "a reason counts only for the right class",
    "evidence": "the words in the scenario that show it",
    "tags": "difference, exam topics, sector, family and level",
    "status": "status, use, source and what an item replaces",
}


class Carry(StrEnum):
    """What becomes of a thing in a format."""

    WHOLE = "carries"
    DEGRADED = "degrades"
    LOST = "is lost"


@dataclass(frozen=True)
class Support:
    """What becomes of a kind of item, or of an aspect of items, in a format; `how` says it in a few words."""

    carry: Carry
    how: str = ""


@dataclass(frozen=True)
class Loss:
    """Something of an item that its export does not hold; `what` also says what stands in its place."""

    item: str
    what: str


@dataclass(frozen=True)
class Exported:
    """An export: the file's content, how many items are in it, and what was lost on the way."""

    content: bytes
    items: int
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class Format:
    """A format that a bank can be written in.

    `becomes` says for every trait of items, and `aspects` for everything in ASPECTS, what becomes of it. Of a kind with
    several traits, the first entry counts whose traits it all has. `export` raises ValueError with one line where there
    is nothing that the format can hold.
    """

    name: str
    title: str
    suffix: str
    becomes: Mapping[Trait, Support]
    aspects: Mapping[str, Support]
    export: Callable[[Sequence[AnyItem], Bank], Exported]

    @property
    def kinds(self) -> dict[str, Support]:
        """Return what becomes of each kind of item; raises ValueError where the format is silent on a trait."""
        for trait in Trait:
            if trait not in self.becomes:
                raise ValueError(f"{self.name}: say in `becomes` what becomes of {trait.name}")
        return {name: self._of(kind.about.traits) for name, kind in KINDS.items()}

    def _of(self, traits: Trait) -> Support:
        return next(support for asked, support in self.becomes.items() if asked in traits)


def lost(items: Sequence[AnyItem], rules: Mapping[str, Callable[[AnyItem], bool]]) -> tuple[Loss, ...]:
    """Return a loss for each rule that holds for an item; `rules` are by what is lost."""
    return tuple(Loss(item.id, what) for item in items for what, holds in rules.items() if holds(item))


def told(losses: Sequence[Loss]) -> list[str]:
    """Return a line for each thing that was lost: in how many items, or in which where they are few."""
    items: dict[str, dict[str, None]] = {}
    for loss in losses:
        items.setdefault(loss.what, {})[loss.item] = None
    return [f"{_named(list(names))}: {what}" for what, names in items.items()]


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= FEW else f"{len(names)} items"
