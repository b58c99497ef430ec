"""What a notebook that was handed in says of itself, whatever shape it has. It is read as data and never run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from quizzes.answers import receipts

SHEET = re.compile(r"""AnswerSheet\(\s*["']([^"'\n]+)["']""")


def cells_of(notebook: Any) -> list[Mapping[str, Any]]:
    """Return a notebook's cells, whatever shape the notebook has."""
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    return [cell for cell in cells if isinstance(cell, Mapping)] if isinstance(cells, list) else []


def grade_id_of(cell: Mapping[str, Any]) -> Any:
    """Return what a cell that was handed in has as its nbgrader id, whatever that is; None where it has none."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None


def grade_ids(notebook: Any) -> set[str]:
    """Return the ids that nbgrader gave to a notebook's cells, whatever shape the notebook has."""
    return {each for each in map(grade_id_of, cells_of(notebook)) if isinstance(each, str)}


def _sheets(notebook: Any) -> set[str]:
    """Return the assignments whose sheet the code cells open; they are read as text."""
    sources = (cell.get("source") for cell in cells_of(notebook) if cell.get("cell_type") == "code")
    lines = (source if isinstance(source, list) else [source] for source in sources)
    return {name for each in lines for name in SHEET.findall("".join(line for line in each if isinstance(line, str)))}


def assignments_of(notebook: Any) -> set[str]:
    """Return the assignments that a notebook names by its receipts, else by the sheets that it opens."""
    answered = (each.get("assignment") for each in receipts(notebook) if isinstance(each, Mapping))
    return {each for each in answered if isinstance(each, str)} or _sheets(notebook)


def is_notebook_of(notebook: Any, assignment: str, released: set[str]) -> bool:
    """Return whether a notebook is one of the assignment: by what it names, else by nbgrader's cells.

    The cells alone do not tell: each assignment numbers its items alike.
    """
    if named := assignments_of(notebook):
        return assignment in named
    return not released.isdisjoint(grade_ids(notebook))
