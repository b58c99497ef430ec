"""What every import has: questions as they were read, the items made of them, and what could not be carried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from quizzes.bank import Bank
from quizzes.exports.base import Loss
from quizzes.items import KINDS, AnyItem, Trait

LARGEST = 32 * 2**20  # bytes; the whole bank is about 2 MB
TO_WRITE = "To be written: why this is right or wrong."
TO_NAME = "to-be-named"


class ImportRefusedError(ValueError):
    """A file cannot be imported; the message is one line."""


Q = TypeVar("Q", bound="Question")


@dataclass(frozen=True)
class Option:
    """An option or row as it was read: its share of the mark, its feedback, and for a row its place."""

    text: str
    share: float = 0
    feedback: str = ""
    place: str = ""


@dataclass(frozen=True)
class Asked:
    """A question as it was read: `one` and `some` choose, `match` and `order` place rows, an order's in sequence."""

    type: str
    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Entry:
    """What becomes an item: one question, or several on a scenario.

    `inline` questions stand in the scenario at `[gap.1]` and so on. `words` are those that show a scenario's class and
    those that do not: the phrase, whether it shows it, and why.
    """

    name: str
    asked: tuple[Asked, ...]
    scenario: str = ""
    inline: bool = False
    words: tuple[tuple[str, bool, str], ...] = ()
    tags: tuple[str, ...] = ()
    family: str = ""

    def tagged(self, name: str) -> list[str]:
        """Return the values of the tags with a name, as `pmp/closure` of `exam:pmp/closure`."""
        return [tag.removeprefix(f"{name}:") for tag in self.tags if tag.startswith(f"{name}:")]


@dataclass(frozen=True)
class Imported:
    """Items as a bank file holds them, and a loss for each thing that could not be carried as it was."""

    items: tuple[Mapping[str, Any], ...]
    dropped: tuple[Loss, ...] = ()


class Question(Protocol):
    """A question as a format's reader holds it: its name, and what it could not carry."""

    lost: dict[str, None]

    @property
    def name(self) -> str:
        """Return what the file calls it."""


def gather(question: Q, make: Callable[[Q], Entry], found: list[Entry], losses: list[Loss]) -> None:
    """Add what a question becomes, and a loss for each thing that could not be carried."""
    try:
        found.append(make(question))
    except ImportRefusedError as error:
        losses.append(Loss(question.name, str(error)))
    except ValueError as error:
        losses.append(Loss(question.name, f"not carried: {error}"))
    losses += [Loss(question.name, what) for what in question.lost]


def traits_of(tags: Iterable[str]) -> Trait:
    """Return the traits of the kind that an export of this course names in a tag; none where there is no such tag."""
    name = next((tag.removeprefix("kind:") for tag in tags if tag.startswith("kind:")), "")
    return KINDS[name].about.traits if name in KINDS else Trait(0)


def content(path: Path) -> bytes:
    """Return a file's bytes; raises ImportRefusedError where it is too large, before it is read."""
    size = path.stat().st_size
    if size > LARGEST:
        raise ImportRefusedError(
            f"{size / 2**20:.0f} MB are too large: split the file into parts of up to {LARGEST >> 20} MB"
        )
    return path.read_bytes()


def unwritten(bank: Bank) -> list[str]:
    """Return the ids of items in which an import left a rationale, a trap or a difference to be written."""
    return [item.id for item in bank.items.values() if _is_unwritten(item)]


def _is_unwritten(item: AnyItem) -> bool:
    options = [option for part in item.rationales().values() for option in part.values()]
    names = [*item.differentiators(), *(option.misconception or "" for option in options)]
    return any(name.startswith(TO_NAME) for name in names) or any(each.rationale == TO_WRITE for each in options)
