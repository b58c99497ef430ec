"""The bank as CSV (RFC 4180): a row for each part of an item, with the item's own fields on every row.

A row a part and not a row an item: a case would need hundreds of columns. A spreadsheet can filter and sort the rows,
and the import puts an item together again from rows in any order. Texts that a spreadsheet would take for formulas
get an apostrophe, which the import takes away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from quizzes.bank import Bank
from quizzes.exports.base import ASPECTS, Carry, Exported, Format, Support
from quizzes.items import AnyItem, Question, Trait
from quizzes.kinds.base import without_number

ITEM_COLUMNS = (
    *("id", "kind", "family", "sector", "status", "use", "exam", "source", "replaces", "why replaced"),
    "scenario",
)
QUESTION_COLUMNS = ("part", "style", "difference", "question", "key")
OPTION_COLUMNS = ("option {} id", "option {}", "reason {}", "trap {}", "place {}")
GROUP_COLUMNS = ("group {} id", "group {}")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it, spreadsheets on Windows take UTF-8 for another encoding
# A cell that begins so may be run as a formula, also where a spreadsheet parts the text at another separator.
_FORMULA = "=+\\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
_FORMULA += "\N{FULLWIDTH COMMERCIAL AT}"
_BARE = re.compile(f"(^|[;,\t\r\n])('*)(?=[{_FORMULA}])")
_GUARDED = re.compile(f"(^|[;,\t\r\n])'('*)(?=[{_FORMULA}])")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: an apostrophe stands before what begins like one."""
    return _BARE.sub(r"\1'\2", text)


def unguarded(text: str) -> str:
    """Return the text of which `guarded` made this."""
    return _GUARDED.sub(r"\1\2", text)


def _options(question: Question, given: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, option in given.items():
        text = option.text or question.options[name]
        yield name, text, option.rationale, option.misconception or "", getattr(option, "group", "")


def _numbered(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, str]:
    return {
        column.format(number): cell
        for number, row in enumerate(rows, 1)
        for column, cell in zip(columns, row, strict=True)
    }


def _item_cells(item: AnyItem) -> dict[str, str]:
    given = {name: getattr(item, name.replace(" ", "_")) for name in ITEM_COLUMNS if name != "exam"}
    return {**{name: value or "" for name, value in given.items()}, "exam": " ".join(item.exam)}


def rows(item: AnyItem, bank: Bank) -> Iterator[dict[str, str]]:
    """Yield a row for each part of an item, as cell by column."""
    shared = _item_cells(item)
    for part, question in zip(item.parts(), item.questions(bank.differentiator_names), strict=True):
        holder: Any = item.holder(part.name)
        options = list(_options(question, item.written(part.name)))
        groups = question.groups.items() if part.type == "match" else ()
        yield {
            **shared,
            "part": part.name,
            "style": getattr(holder, "style", ""),
            "difference": holder.differentiator,
            "question": getattr(holder, "stem", without_number(question.legend)),
            "key": "" if part.type == "match" else " ".join(part.key),
            **_numbered(GROUP_COLUMNS, groups),
            **_numbered(OPTION_COLUMNS, options),
        }


def _columns(found: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the columns in order: as many options and groups as the longest row has; no column is wholly empty."""
    used = {name for row in found for name, cell in row.items() if cell}
    numbers = range(1, max(len(row) for row in found))
    groups = [column.format(number) for number in numbers for column in GROUP_COLUMNS]
    options = [column.format(number) for number in numbers for column in OPTION_COLUMNS]
    return [*ITEM_COLUMNS, *QUESTION_COLUMNS, *(name for name in (*groups, *options) if name in used)]


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the file as UTF-8 with a byte order mark; nothing is lost in it."""
    found = [row for item in items for row in rows(item, bank)]
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, _columns(found), restval="")
    writer.writeheader()
    writer.writerows({name: guarded(cell) for name, cell in row.items() if cell} for row in found)
    return Exported((BOM + made.getvalue()).encode(), len(items))


FORMAT = Format(
    name="csv",
    title="CSV",
    suffix=".csv",
    becomes=dict.fromkeys(Trait, Support(Carry.WHOLE)),
    aspects=dict.fromkeys(ASPECTS, Support(Carry.WHOLE)),
    export=export,
)
