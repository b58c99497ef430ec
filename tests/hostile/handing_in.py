"""How attacks of more than one kind are handed in: code, changed notebooks, forged records, and files beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from courses import write_cell

from grader.demo import Maker, keyed
from hostile.attack import NAME

Notebook = dict[str, Any]


def edit(folder: Path, change: Callable[[Notebook], object]) -> None:
    """Change a handed-in notebook as JSON."""
    path = folder / f"{NAME}.ipynb"
    notebook = json.loads(path.read_bytes())
    change(notebook)
    path.write_text(json.dumps(notebook))


def grade_ids(notebook: Notebook) -> dict[str, Any]:
    """Return the cells by nbgrader's id."""
    return {cell["metadata"].get("nbgrader", {}).get("grade_id", ""): cell for cell in notebook["cells"]}


def code(source: str) -> Callable[[Maker, str], object]:
    """Return what hands in code, in the cell of the answers and in the one that asks for code."""

    def prepare(maker: Maker, student: str) -> None:
        text = source.replace("STUDENT", student)
        folder = maker.submit(student)
        edit(folder, lambda notebook: _append(grade_ids(notebook)["answers"], text))
        write_cell(folder, NAME, "float", text)

    return prepare


def _append(cell: Notebook, text: str) -> None:
    cell["source"] = f"{''.join(cell['source'])}\n{text}"


def notebook(change: Callable[[Notebook], object], right: int = 0) -> Callable[[Maker, str], object]:
    """Return what hands in a changed notebook, with so many right answers."""

    def prepare(maker: Maker, student: str) -> None:
        receipt = maker.record(maker.responses(keyed, right)) if right else None
        edit(maker.submit(student, receipt=receipt), change)

    return prepare


def cell(grade_id: str, change: Callable[[Notebook], object], right: int = 0) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with one changed cell."""
    return notebook(lambda each: change(grade_ids(each)[grade_id]), right)


def extra_cell(cell_type: str, source: str, **ours: Any) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with one more cell."""
    more: Notebook = {"cell_type": cell_type, "id": "extra", "source": source, "metadata": {**ours}}
    if cell_type == "code":
        more |= {"outputs": [], "execution_count": None}
    return notebook(lambda each: each["cells"].insert(0, more))


def record(right: int | None = None, **changes: Any) -> Callable[[Maker, str], object]:
    """Return what hands in a record with forged fields, as the receipt."""
    return lambda maker, student: maker.submit(
        student, receipt={**maker.record(maker.responses(keyed, right)), **changes}
    )


def sparse(name: str, size: int) -> Callable[[Maker, str], object]:
    """Return what hands in a file of that size."""

    def prepare(maker: Maker, student: str) -> None:
        with (maker.submit(student) / name).open("wb") as file:
            file.truncate(size)

    return prepare


def beside(name: str, text: str, right: int = 0) -> Callable[[Maker, str], object]:
    """Return what hands in one more file."""

    def prepare(maker: Maker, student: str) -> None:
        folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, right)) if right else None)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    return prepare
