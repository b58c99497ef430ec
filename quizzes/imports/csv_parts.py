"""The parts of an item from their rows of a CSV file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizzes.exports.base import Loss
from quizzes.imports.base import TO_WRITE
from quizzes.imports.builder import NO_DIFFERENCE, NO_RATIONALE, NO_TRAP, Builder
from quizzes.imports.csv_rows import Row, letter, option_ids
from quizzes.kinds.about import Fields
from quizzes.kinds.base import NEGATION


@dataclass(frozen=True)
class Making:
    """What an item is made with; `name` is its id."""

    name: str
    builder: Builder

    def note(self, row: Row, column: str, what: str) -> None:
        """Keep a line for a cell that could not be carried as it was."""
        self.builder.losses.append(Loss(self.name, f"row {row.number}, column {column}: {what}"))


def _key(row: Row, ids: Mapping[int, str]) -> list[str]:
    """Return the right options' ids, which may be written in capitals and with commas between."""
    names = list(ids.values())
    given = [
        each if each in names else each.casefold() for each in re.split(r"[\s,;]+", row.cell("key").strip()) if each
    ]
    for each in given:
        if each not in names:
            raise row.fault("key", f"'{each}' is no option: use {', '.join(names)}")
    if not given:
        raise row.fault("key", f"empty: name the right option, one of {', '.join(names)}")
    return given


def _one_key(row: Row, ids: Mapping[int, str]) -> str:
    found = _key(row, ids)
    if len(found) != 1:
        raise row.fault("key", "several options are named: name one, or write the kind multiple")
    return found[0]


def _trap(row: Row, number: int, making: Making) -> str:
    """Return the id of the trap that a wrong option catches; its name may stand in the cell as well."""
    column, bank = f"trap {number}", making.builder.bank
    given = row.cell(column).strip()
    if given in bank.misconceptions:
        return given
    named = {each.name.casefold(): each.id for each in bank.misconceptions.values()}
    if given.casefold() in named:
        return named[given.casefold()]
    if given:
        making.note(row, column, f"'{given[:40]}' is no trap of the bank: it is to be named")
    else:
        making.builder.losses.append(Loss(making.name, NO_TRAP))
    return making.builder.to_name


def _option(row: Row, number: int, making: Making, *, keyed: bool, text: bool = True) -> Fields:
    made: Fields = {"text": row.cell(f"option {number}")} if text else {}
    if text and not made["text"].strip():
        raise row.fault(f"option {number}", "the text is missing: write what the learner reads")
    made["rationale"] = row.cell(f"reason {number}")
    if not made["rationale"].strip():
        making.builder.losses.append(Loss(making.name, NO_RATIONALE))
        made["rationale"] = TO_WRITE
    if not keyed:
        made["misconception"] = _trap(row, number, making)
    elif row.cell(f"trap {number}").strip():
        raise row.fault(f"trap {number}", "a right option catches no trap: empty the cell, or mend the key")
    return made


def _difference(row: Row, making: Making) -> str:
    known, given = making.builder.bank.differentiators, row.cell("difference").strip()
    if given in known:
        return given
    if given:
        making.note(row, "difference", f"'{given[:40]}' is no difference of the bank: it is to be named")
    else:
        making.builder.losses.append(Loss(making.name, NO_DIFFERENCE))
    return making.builder.to_name


def _style(row: Row) -> str:
    """Return the style, which the stem shows where none is given."""
    if given := row.cell("style").strip():
        return given
    stem = row.cell("question")
    return "negative" if NEGATION.search(stem) else "missing-word" if "[?]" in stem else "standard"


@dataclass(frozen=True)
class RowPart:
    """A part from its row, as `quizzes.kinds.about.Given` has it; raises RowError where a cell does not fit."""

    row: Row
    making: Making

    @property
    def asked(self) -> str:
        """Return what is asked."""
        return self.row.cell("question")

    @property
    def style(self) -> str:
        """Return the style of what is asked."""
        return _style(self.row)

    @property
    def difference(self) -> str:
        """Return the id of the difference, or the one that stands for what is to be named."""
        return _difference(self.row, self.making)

    @property
    def differences(self) -> Mapping[str, str]:
        """Return the ids of all differences by name."""
        return {each.name: each.id for each in self.making.builder.bank.differentiators.values()}

    def one(self, ids: Mapping[str, str] | None = None) -> Fields:
        """Return `key` and `options`; where the course gives the options' texts, `ids` has their ids by text."""
        found = option_ids(self.row, ids or {})
        key = _one_key(self.row, found)
        return {"key": key, "options": self._options(found, [key], text=ids is None)}

    def some(self) -> Fields:
        """Return `key` and `options` where several are right."""
        found = option_ids(self.row, {})
        key = _key(self.row, found)
        return {"key": key, "options": self._options(found, key)}

    def placed(self) -> Fields:
        """Return `groups` and `rows`."""
        row, numbers = self.row, self.row.numbers("group {}", "group {} id")
        groups = {row.cell(f"group {n} id").strip() or letter(n): row.cell(f"group {n}") for n in numbers}
        rows = {
            name: {**_option(row, number, self.making, keyed=False), "group": _place(row, number, groups)}
            for number, name in option_ids(row, {}).items()
        }
        return {"groups": groups, "rows": rows}

    def ordered(self) -> Fields:
        """Return `key` and `rows`."""
        found = option_ids(self.row, {})
        return {"key": _key(self.row, found), "rows": self._options(found, ())}

    def words(self) -> list[Fields]:
        """Return the words in the scenario, those that show it and those that do not."""
        found = option_ids(self.row, {})
        key = _key(self.row, found)
        return [{**option, "evidence": name in key} for name, option in self._options(found, key).items()]

    def _options(self, ids: Mapping[int, str], key: Sequence[str], *, text: bool = True) -> Fields:
        return {name: _option(self.row, n, self.making, keyed=name in key, text=text) for n, name in ids.items()}


def _place(row: Row, number: int, groups: Mapping[str, str]) -> str:
    """Return the id of a row's group, which may be written as its id or its text."""
    by_text = {text.strip().casefold(): name for name, text in groups.items()}
    given = row.cell(f"place {number}").strip()
    place = given if given in groups else by_text.get(given.casefold(), given)
    if place not in groups:
        raise row.fault(f"place {number}", f"'{place}' is no group: use {', '.join(groups) or 'a group 1, group 2'}")
    return place
