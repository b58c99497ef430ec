"""Items from a CSV file as this course exports it, and as instructors type one in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.exports.base import Loss
from quizzes.exports.csv_bank import BOM, GROUP_COLUMNS, ITEM_COLUMNS, OPTION_COLUMNS, QUESTION_COLUMNS, unguarded
from quizzes.imports.base import Imported, ImportRefusedError
from quizzes.imports.builder import Builder
from quizzes.imports.csv_items import item_of
from quizzes.imports.csv_rows import Row, RowError

SEPARATORS = ",;\t"
NEEDED = ("kind", "question", "key", "option 1")
_KNOWN = {*ITEM_COLUMNS, *QUESTION_COLUMNS}
_NUMBERED = {*OPTION_COLUMNS, *GROUP_COLUMNS}
_NUMBER = re.compile(r"\b[0-9]{1,3}\b")
MOST_ROWS, MOST_COLUMNS = 20_000, 1_000


@dataclass(frozen=True)
class _Sheet:
    """The rows below the header that are not blank, and the columns that no one knows."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


def _text(content: bytes) -> str:
    """Return the file's text; raises ImportRefusedError where it is not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise ImportRefusedError("not UTF-8: save it again as 'CSV UTF-8'")
    try:
        return content.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportRefusedError(f"not UTF-8 in line {line}: save it again as 'CSV UTF-8'") from None


def _is_known(column: str) -> bool:
    return column in _KNOWN or _NUMBER.sub("{}", column, count=1) in _NUMBERED


def _named(cell: str) -> str:
    return " ".join(unguarded(cell).casefold().replace("_", " ").split())


def _separator(text: str) -> str:
    """Return the separator with which the first row names most columns."""
    first = text.split("\n", 1)[0].rstrip("\r")
    return max(SEPARATORS, key=lambda each: sum(_is_known(_named(cell.strip(' "'))) for cell in first.split(each)))


def _records(text: str) -> list[list[str]]:
    """Return the cells; raises ImportRefusedError where quotes do not match."""
    if text[:4] == "sep=":  # how some spreadsheets name the separator in a line of its own
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise ImportRefusedError(
            f"line {reader.line_num}: not valid CSV ({error}): check the quotes up to there"
        ) from None


def _sheet(content: bytes) -> _Sheet:
    records = _records(_text(content))
    header = [_named(cell) for cell in records[0]] if records else []
    if len(records) > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise ImportRefusedError(f"more than {MOST_ROWS} rows or {MOST_COLUMNS} columns: split the file into parts")
    for name in NEEDED:
        if name not in header:
            raise ImportRefusedError(f"no column '{name}': the first row names the columns as an export to CSV does")
    if twice := next((name for name in header if name and header.count(name) > 1), ""):
        raise ImportRefusedError(f"the column '{twice}' is there twice: remove one")
    rows = tuple(
        Row(
            number, {name: unguarded(cell) for name, cell in zip(header, cells, strict=False)}, len(cells) > len(header)
        )
        for number, cells in enumerate(records[1:], 2)
        if any(cell.strip() for cell in cells)
    )
    return _Sheet(rows, tuple(name for name in header if name and not _is_known(name)))


def _by_item(rows: Sequence[Row], builder: Builder) -> dict[str, list[Row]]:
    """Return the rows of each item, which need not stand together; a row without an id is an item of its own."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.cell("id").strip() or f"{builder.family}-row-{row.number}", []).append(row)
    return found


def _free(builder: Builder, name: str) -> str:
    """Return the id that the item gets: its own, or another where the bank has one of this id."""
    number, free = 2, name
    while free in builder.ids or free in builder.bank.items:
        free = f"{name}-imported" if number == 2 else f"{name}-imported-{number - 1}"
        number += 1
    builder.ids.add(free)
    return free


def _items(found: Mapping[str, Sequence[Row]], builder: Builder) -> Iterator[Mapping[str, Any]]:
    for name, rows in found.items():
        before = len(builder.losses)
        try:
            item = item_of(name, rows, builder)
        except RowError as fault:
            del builder.losses[before:]  # of what is not carried, nothing else matters
            builder.losses.append(Loss(name, f"not carried: {fault}"))
            continue
        free = _free(builder, name)
        if free != name:
            builder.losses.append(Loss(name, f"the bank has an item of this id: it is now '{free}'"))
        yield {**item, "id": free}


def read(content: bytes, builder: Builder) -> Imported:
    """Return the items of a file, with a loss for each row that could not be carried and each thing to be written.

    Raises ImportRefusedError with one line where the file cannot be read, or nothing in it can be an item.
    """
    sheet = _sheet(content)
    builder.losses += [Loss(f"column '{name}'", "not known and left out") for name in sheet.unknown]
    items = tuple(_items(_by_item(sheet.rows, builder), builder))
    if not items:
        losses = [loss for loss in builder.losses if loss.what.startswith("not carried")]
        why = f"{losses[0].item}: {losses[0].what}" if losses else "it has no row below the names of the columns"
        raise ImportRefusedError(f"no row in it can be an item: {why}")
    return Imported(items, tuple(builder.losses))
