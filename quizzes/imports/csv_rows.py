"""A row of a CSV file, and its faults with row, column and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from quizzes.exports.csv_bank import ITEM_COLUMNS
from quizzes.items import KINDS


class RowError(ValueError):
    """Rows cannot be an item; the message names row and column, and says what to do."""


@dataclass(frozen=True)
class Row:
    """A row by column, with its number in the spreadsheet; `over` where it has more cells than there are columns."""

    number: int
    cells: Mapping[str, str]
    over: bool = False

    def cell(self, column: str) -> str:
        """Return a cell, empty where there is no such column."""
        return self.cells.get(column, "")

    def fault(self, column: str, what: str) -> RowError:
        """Return a fault of a cell."""
        return RowError(f"row {self.number}, column {column}: {what}")

    def numbers(self, column: str, *others: str) -> list[int]:
        """Return the numbers of a column such as `option {}`, where its cell is filled or one of the others."""
        pattern = re.compile(re.escape(column).replace(r"\{\}", r"([0-9]{1,3})"))
        found = [int(match[1]) for name in self.cells if (match := pattern.fullmatch(name))]
        return [n for n in sorted(found) if any(self.cell(each.format(n)).strip() for each in (column, *others))]


def letter(number: int) -> str:
    """Return the id of an option or group that has none of its own."""
    return ascii_lowercase[number - 1] if 1 <= number <= len(ascii_lowercase) else f"z-{number}"


def option_ids(row: Row, names: Mapping[str, str]) -> dict[int, str]:
    """Return the id of each option by number: as given, by its text in `names`, or a letter."""
    found: dict[int, str] = {}
    for number in row.numbers("option {}", "option {} id", "reason {}"):
        text = row.cell(f"option {number}")
        name = row.cell(f"option {number} id").strip() or names.get(text.strip(), letter(number))
        if name in found.values():
            raise row.fault(f"option {number} id", f"'{name}' is given twice: give each option its own")
        found[number] = name
    if not found:
        raise row.fault("option 1", "empty: write the options")
    return found


def fault_of(detail: Any, parts: Mapping[str, Row]) -> RowError:
    """Return one of pydantic's errors as a fault of a cell."""
    place = [str(step) for step in detail["loc"] if step not in KINDS]
    row, cause = _row_of(place, parts), detail.get("ctx", {}).get("error")
    return row.fault(_column_of(place, row), str(cause) if cause else f"{detail['msg'].lower()}: mend it")


def _row_of(place: Sequence[str], parts: Mapping[str, Row]) -> Row:
    if place[:1] == ["questions"] and len(place) > 1:
        return next((row for name, row in parts.items() if name.startswith(f"q{int(place[1]) + 1}.")), _first(parts))
    return next((parts[step] for step in place if step in parts), _first(parts))


def _first(parts: Mapping[str, Row]) -> Row:
    return next(iter(parts.values()))


_CELLS = {"text": "option {}", "rationale": "reason {}", "misconception": "trap {}", "group": "place {}"}
_COLUMNS = {"stem": "question", "differentiator": "difference", "why_replaced": "why replaced", "key": "key"}


def _column_of(place: Sequence[str], row: Row) -> str:
    last = place[-1] if place else ""
    if last in _CELLS and len(place) > 1:
        ids = {name: number for number, name in option_ids(row, {}).items()}
        number = ids.get(place[-2]) or (int(place[-2]) + 1 if place[-2].isdigit() else 1)
        return _CELLS[last].format(number)
    if last in ITEM_COLUMNS or last in _COLUMNS:
        return _COLUMNS.get(last, last)
    return "group 1" if "groups" in place else "option 1" if {"options", "rows", "gaps"} & set(place) else "question"
