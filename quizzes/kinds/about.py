"""What a kind of item says of itself: its names, and the traits from which all else follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any, Protocol

EVIDENCE = "evidence"  # the role of the part whose options are words in the scenario
Fields = dict[str, Any]


class Trait(Flag):
    """What an item asks for. The first four are the types of its parts."""

    ONE = auto()
    SOME = auto()
    MATCH = auto()
    ORDER = auto()
    GAPS = auto()
    """Its questions stand in the text."""
    SEVERAL = auto()
    """Several questions on one scenario, none of which hangs on another."""
    REASON = auto()
    """A reason, which counts only where the answer before it is right."""


TYPES = {"one": Trait.ONE, "some": Trait.SOME, "match": Trait.MATCH, "order": Trait.ORDER}


@dataclass(frozen=True)
class About:
    """What a kind says of itself.

    `title` is its name for people and `folder` the bank's folder for it. `roles` are what points are given for; the
    options of those in `fixed` are never shuffled. `parts` is the pattern of its parts' names in a file of rows,
    `example` tells an author which there are, and `needed` are those that no item can do without.
    """

    title: str
    folder: str
    traits: Trait
    roles: tuple[str, ...]
    parts: str
    example: str
    needed: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()


class Given(Protocol):
    """A part as a file of another program gives it, of which a kind takes what it needs.

    What is missing or wrong is the file's own fault, told with its place.
    """

    @property
    def asked(self) -> str:
        """Return what is asked."""

    @property
    def style(self) -> str:
        """Return the style of what is asked, empty where the file names none."""

    @property
    def difference(self) -> str:
        """Return the id of the difference."""

    @property
    def differences(self) -> Mapping[str, str]:
        """Return the ids of all differences by name."""

    def one(self, ids: Mapping[str, str] | None = None) -> Fields:
        """Return `key` and `options`; where the course gives the options' texts, `ids` has their ids by text."""

    def some(self) -> Fields:
        """Return `key` and `options` where several are right."""

    def placed(self) -> Fields:
        """Return `groups` and `rows`."""

    def ordered(self) -> Fields:
        """Return `key` and `rows`."""

    def words(self) -> list[Fields]:
        """Return the words in the scenario, those that show it and those that do not."""
