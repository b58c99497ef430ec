"""The names that an author may have meant. Needs neither the bank nor its models."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CLOSE = 0.7  # share of letters in common; with less, names are offered that nobody meant


def meant(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" with the nearest of the known names, or an empty text where none is near."""
    found = nearest(name, known, 1)
    return f"; did you mean '{found[0]}'?" if found else ""


def nearest(name: str, known: Iterable[str], number: int) -> list[str]:
    """Return at most `number` of the known names that are spelt much like this one, the nearest first."""
    return get_close_matches(name, list(known), number, CLOSE)
