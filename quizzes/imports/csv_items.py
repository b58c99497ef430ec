"""An item from its rows of a CSV file: which rows belong together, and what all kinds share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from quizzes.exports.csv_bank import ITEM_COLUMNS
from quizzes.imports.builder import Builder
from quizzes.imports.csv_parts import Making, RowPart
from quizzes.imports.csv_rows import Row, RowError, fault_of
from quizzes.items import KINDS, AnyItem, Item
from quizzes.kinds.about import Fields

_ADAPTER: TypeAdapter[AnyItem] = TypeAdapter(Item)


def _parts(kind: str, rows: Sequence[Row]) -> dict[str, Row]:
    """Return each part's row; raises RowError for a part that the kind does not have, or has twice."""
    about, found = KINDS[kind].about, dict[str, Row]()
    usual = about.example if re.fullmatch(about.parts, about.example) else ""
    for row in rows:
        part = row.cell("part").strip() or usual
        if not re.fullmatch(about.parts, part):
            raise row.fault("part", f"'{part}' is no part of the kind {kind}: use {about.example}")
        if part in found:
            raise row.fault("part", f"row {found[part].number} has the same id and part: change one")
        found[part] = row
    if missing := next((part for part in about.needed if part not in found), ""):
        raise rows[0].fault("part", f"there is no row '{missing}' of this item: add it")
    return found


def _shared(rows: Sequence[Row]) -> dict[str, tuple[str, Row]]:
    """Return an item's own cells, each with its row; a row may leave out what another one says."""
    found: dict[str, tuple[str, Row]] = {}
    for row in rows:
        if row.over:
            raise RowError(
                f"row {row.number}: more cells than there are columns: put texts with a separator into quotes"
            )
        for column in ITEM_COLUMNS:
            cell = row.cell(column)
            if not cell:
                continue
            given, other = found.setdefault(column, (cell, row))
            if given != cell:
                raise row.fault(column, f"not the same as in row {other.number} of this item: make them the same")
    return found


def _topics(cells: Mapping[str, tuple[str, Row]], first: Row, making: Making) -> list[str]:
    bank = making.builder.bank
    known = {f"{exam.id}/{topic.id}" for exam in bank.exams.exams for topic in exam.topics}
    given, row = cells.get("exam", ("", first))
    topics = [each for each in re.split(r"[\s,;]+", given) if each]
    for each in topics:
        if each not in known:
            making.note(row, "exam", f"'{each[:40]}' is no topic of an exam: it is left out")
    found = [each for each in topics if each in known] or ([making.builder.exam] if making.builder.exam else [])
    if not found:
        raise row.fault("exam", "no topic: write one as in capm/fundamentals")
    return found


def _own(cells: Mapping[str, tuple[str, Row]], first: Row, making: Making) -> Fields:
    """Return the fields that every item has; what a spreadsheet leaves out has a value that says so."""
    builder = making.builder
    otherwise = {
        "family": builder.family,
        "sector": "imported",
        "status": "F",
        "use": "practice",
        "source": builder.source,
    }
    made: Fields = {name: cells[name][0].strip() if name in cells else value for name, value in otherwise.items()}
    made["exam"] = _topics(cells, first, making)
    for column in ("replaces", "why replaced", "scenario"):
        if column in cells:
            made[column.replace(" ", "_")] = cells[column][0]
    return made


def item_of(name: str, rows: Sequence[Row], builder: Builder) -> Fields:
    """Return an item's fields as a bank file holds them; raises RowError where its rows make none."""
    cells, making = _shared(rows), Making(name, builder)
    kind = cells.get("kind", ("", rows[0]))[0].strip().casefold()
    if kind not in KINDS:
        raise rows[0].fault("kind", f"'{kind}' is no kind of item: use {', '.join(KINDS)}")
    parts = _parts(kind, rows)
    given = {part: RowPart(row, making) for part, row in parts.items()}
    item = {"id": name, **_own(cells, rows[0], making), **KINDS[kind].from_parts(given)}
    try:
        _ADAPTER.validate_python(item)
    except ValidationError as error:
        raise fault_of(error.errors()[0], parts) from None
    return item
