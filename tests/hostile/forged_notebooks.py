"""Attacks by a notebook whose cells, points or marks are forged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.demo import Maker
from hostile.attack import SCRIPT, Attack
from hostile.handing_in import Notebook, beside, cell, extra_cell, grade_ids, notebook


def metadata(of: str, right: int = 0, /, **changes: Any) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with forged metadata of nbgrader's in one cell."""
    return cell(of, lambda each: each["metadata"]["nbgrader"].update(changes), right)


def _swap(each: Notebook) -> None:
    one, other = (grade_ids(each)[name]["metadata"]["nbgrader"] for name in ("item-001", "item-007"))
    one["grade_id"], other["grade_id"] = "item-007", "item-001"


def _without_tests(each: Notebook) -> None:
    each["cells"] = [cell for name, cell in grade_ids(each).items() if not name.startswith("item-")]


def _doubled(grade_id: str) -> Callable[[Notebook], None]:
    def change(each: Notebook) -> None:
        each["cells"].append({**grade_ids(each)[grade_id], "id": "copy"})

    return change


FORGES = (
    Attack(
        "doubled-cell", "a cell with points twice, as by copy and paste", notebook(_doubled("item-001"), 2), right=2
    ),
    Attack("doubled-answer", "the cell of the written answer twice", notebook(_doubled("why"))),
    Attack("no-tests", "all cells with tests deleted", notebook(_without_tests)),
    Attack("no-answers-cell", "the cell of the answers deleted", notebook(lambda each: each["cells"].pop(1))),
    Attack("empty", "no cell at all", notebook(lambda each: each["cells"].clear())),
    Attack("own-tests", "a test replaced by 'pass'", cell("item-001", lambda each: each.update(source="pass"))),
    Attack("points", "points of a cell raised to 1000", metadata("item-001", 2, points=1000), right=2),
    Attack("swapped-ids", "the ids of a 3-point and another cell swapped", notebook(_swap, 1), right=1),
    Attack("renamed-id", "a cell with another id", metadata("item-001", 2, grade_id="bonus"), right=2),
    Attack("id-of-markup", "a cell id with markup", metadata("item-001", 2, grade_id=SCRIPT), right=2),
    Attack("id-is-a-list", "a cell id that is no text", metadata("why", 2, grade_id=["why"]), right=2),
    Attack("unlocked", "a test cell unlocked and made a solution", metadata("item-001", locked=False, solution=True)),
    Attack(
        "test-as-text",
        "a test cell made a Markdown cell",
        cell("item-001", lambda each: each.update(cell_type="markdown")),
    ),
    Attack("schema-new", "metadata of nbgrader's in version 99", metadata("item-001", 2, schema_version=99), right=2),
    Attack("schema-old", "metadata of nbgrader's in version 0", metadata("item-001", 2, schema_version=0), right=2),
    Attack(
        "bonus-cell",
        "one more cell with 100 points",
        extra_cell(
            "code",
            "100.0",
            nbgrader={
                "grade": True,
                "grade_id": "z",
                "locked": True,
                "points": 100,
                "schema_version": 3,
                "solution": False,
            },
        ),
    ),
    Attack(
        "forged-output",
        "a test cell whose output is 1000.0",
        cell(
            "item-001",
            lambda each: each["outputs"].append(
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "1000.0"},
                    "metadata": {},
                    "execution_count": 1,
                }
            ),
        ),
    ),
    Attack(
        "forged-marks",
        "the metadata of a notebook that is marked already",
        notebook(
            lambda each: each["metadata"].update(
                project_or_operation={
                    "scores": {"item-001": 99.0},
                    "comments": {},
                    "digest": "0" * 64,
                    "summary": SCRIPT,
                }
            ),
            2,
        ),
        right=2,
    ),
    Attack(
        "kernel",
        "a kernel of its own choice",
        notebook(lambda each: each["metadata"].update(kernelspec={"name": "../x"})),
    ),
    Attack(
        "second-notebook",
        "one more notebook of full marks",
        beside("mixed2.ipynb", '{"cells": [], "metadata": {}}', 2),
        right=2,
    ),
)
