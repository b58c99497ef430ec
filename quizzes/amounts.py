"""Points and counts in words, as people read them; files for spreadsheets have every decimal."""

from __future__ import annotations


def brief(value: float) -> str:
    """Return a number with two decimals at most: "3", "0.33"."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def amount(value: float, unit: str) -> str:
    """Return a number with its unit: "1 point", "0.33 points", "3 items"."""
    shown = brief(value)
    return f"{shown} {unit}" if shown == "1" else f"{shown} {unit}s"
