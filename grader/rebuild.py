"""Rebuild the notebook to mark: the released one, with the learner's record and nothing else of what was handed in."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.build import ANSWERS_CELL, grade_id
from grader.explain import ItemResult
from quizzes.answers import AnswerRecord

METADATA = "project_or_operation"


def _answers_source(source: str, record: AnswerRecord | None) -> str:
    """Return the sheet's cell with the answers as comments: data that a grader reads and that nothing runs."""
    if record is None:
        return source
    lines = [f"# Revision {record.revision}, saved at {record.saved_at.isoformat()}"]
    lines += [f"# {json.dumps({name: value})[:500]}" for name, value in record.responses.items()]
    return "\n".join([source, *lines])


def rebuild(released: NotebookNode, record: AnswerRecord | None, notes: tuple[str, ...]) -> NotebookNode:
    """Return a copy of the released notebook that carries the record in its answers cell and metadata. Pure."""
    notebook: NotebookNode = nbformat.from_dict(json.loads(json.dumps(released)))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if cell.metadata.get("nbgrader", {}).get("grade_id") == ANSWERS_CELL:
            cell.source = _answers_source(cell.source, record)
    data: dict[str, Any] = {"record": record.model_dump(mode="json") if record else None, "notes": list(notes)}
    notebook.metadata[METADATA] = data
    return notebook


def write_results(notebook: NotebookNode, results: list[ItemResult]) -> None:
    """Put each item's score and reason into the outputs of its test cell, where nbgrader looks for them.

    The score is the cell's value, so that `determine_grade` takes it; an item without a result keeps an error output
    and so earns nothing.
    """
    by_cell = {grade_id(number): result for number, result in enumerate(results, 1)}
    for cell in notebook.cells:
        info = cell.metadata.get("nbgrader", {})
        if info.get("grade"):
            cell.outputs = _outputs(by_cell.get(info["grade_id"]))


def _outputs(result: ItemResult | None) -> list[NotebookNode]:
    if result is None:
        text = "not marked: the released notebook and the form do not match"
        return [nbformat.v4.new_output("error", ename="NotMarked", evalue=text, traceback=[text])]
    reason = {"text/html": result.html, "text/plain": result.line}
    score = {"text/plain": repr(float(result.mark.score))}
    return [
        nbformat.v4.new_output("display_data", data=reason),
        nbformat.v4.new_output("execute_result", data=score, execution_count=None),
    ]
