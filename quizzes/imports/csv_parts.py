"""The fields of each kind of item from its rows of a CSV file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.exports.base import Loss
from quizzes.imports.base import TO_WRITE
from quizzes.imports.builder import NO_DIFFERENCE, NO_RATIONALE, NO_TRAP, Builder
from quizzes.imports.csv_rows import Row, letter, option_ids
from quizzes.items import CLASS_NAMES
from quizzes.kinds.choice import NEGATION

ASKED = {"choice": "choice", "choices": "multiple", "sort": "sort"}
Fields = dict[str, Any]


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


def _chosen(row: Row, making: Making, kind: str) -> Fields:
    ids = option_ids(row, {})
    key = [_one_key(row, ids)] if kind == "choice" else _key(row, ids)
    return {
        "kind": kind,
        "style": _style(row),
        "stem": row.cell("question"),
        "differentiator": _difference(row, making),
        "key": key[0] if kind == "choice" else key,
        "options": {name: _option(row, n, making, keyed=name in key) for n, name in ids.items()},
    }


def _sorted(row: Row, making: Making) -> Fields:
    numbers = row.numbers("group {}", "group {} id")
    groups = {row.cell(f"group {n} id").strip() or letter(n): row.cell(f"group {n}") for n in numbers}
    by_text = {text.strip().casefold(): name for name, text in groups.items()}
    made: Fields = {}
    for number, name in option_ids(row, {}).items():
        place = row.cell(f"place {number}").strip()
        place = place if place in groups else by_text.get(place.casefold(), place)
        if place not in groups:
            raise row.fault(
                f"place {number}", f"'{place}' is no group: use {', '.join(groups) or 'a group 1, group 2'}"
            )
        made[name] = {**_option(row, number, making, keyed=False), "group": place}
    stem = {"stem": row.cell("question"), "differentiator": _difference(row, making)}
    return {"kind": "sort", **stem, "groups": groups, "rows": made}


def _ordered(row: Row, making: Making) -> Fields:
    ids = option_ids(row, {})
    rows = {name: _option(row, number, making, keyed=False) for number, name in ids.items()}
    stem = {"stem": row.cell("question"), "differentiator": _difference(row, making)}
    return {"kind": "order", **stem, "key": _key(row, ids), "rows": rows}


def _keyed(row: Row, making: Making, names: Mapping[str, str] | None = None) -> Fields:
    """Return the options of a gap, or of a part whose texts the course gives, as `names` has them."""
    ids = option_ids(row, names or {})
    key = _one_key(row, ids)
    made = {name: _option(row, n, making, keyed=name == key, text=names is None) for n, name in ids.items()}
    return {"key": key, "options": made}


def _phrases(row: Row, making: Making) -> list[Fields]:
    ids = option_ids(row, {})
    key = _key(row, ids)
    return [{**_option(row, n, making, keyed=name in key), "evidence": name in key} for n, name in ids.items()]


def _single(make: Callable[[Row, Making], Fields]) -> Callable[[Mapping[str, Row], Making], Fields]:
    def made(parts: Mapping[str, Row], making: Making) -> Fields:
        (row,) = parts.values()
        return make(row, making)

    return made


def _filled(parts: Mapping[str, Row], making: Making) -> Fields:
    first = next(iter(parts.values()))
    gaps = {name: _keyed(parts[name], making) for name in sorted(parts)}
    return {"kind": "fill", "differentiator": _difference(first, making), "gaps": gaps}


def _classify(parts: Mapping[str, Row], making: Making) -> Fields:
    known = {each.name: each.id for each in making.builder.bank.differentiators.values()}
    return {
        "kind": "classify",
        "class": _keyed(parts["class"], making, {text: name for name, text in CLASS_NAMES.items()}),
        "differentiator": _keyed(parts["differentiator"], making, known),
        "evidence": _phrases(parts["evidence"], making),
    }


def _case(parts: Mapping[str, Row], making: Making) -> Fields:
    questions = []
    for name in sorted(parts, key=lambda each: int(each[1:].split(".")[0])):
        kind = ASKED[name.split(".")[1]]
        row = parts[name]
        questions.append(_sorted(row, making) if kind == "sort" else _chosen(row, making, kind))
    return {"kind": "case", "questions": questions}


MAKE: dict[str, Callable[[Mapping[str, Row], Making], Fields]] = {
    "choice": _single(lambda row, making: _chosen(row, making, "choice")),
    "multiple": _single(lambda row, making: _chosen(row, making, "multiple")),
    "sort": _single(_sorted),
    "order": _single(_ordered),
    "fill": _filled,
    "classify": _classify,
    "case": _case,
}
