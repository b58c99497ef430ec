"""Rebuild the notebook to mark: the released one, with the learner's answers and nothing else of what was handed in."""

from __future__ import annotations

import copy
import json
import textwrap
from collections.abc import Mapping
from typing import Any

from grader.build import ANSWERS_CELL, grade_id
from grader.course import ITEM_PREFIX
from grader.explain import ItemResult
from grader.intake import Submission
from quizzes.answers import AnswerRecord

METADATA = "project_or_operation"
WIDTH = 100

Notebook = dict[str, Any]


def cell_id(cell: Mapping[str, Any]) -> str:
    """Return a cell's nbgrader id, an empty text where it has none."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def is_item(cell: Mapping[str, Any]) -> bool:
    """Return whether a cell is the marked one of an item."""
    return cell_id(cell).startswith(ITEM_PREFIX)


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's source as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _answers_source(source: str, record: AnswerRecord | None) -> str:
    """Return the sheet's cell with the answers as comments: data that a grader reads and that nothing runs."""
    if record is None:
        return source
    lines = [f"# Revision {record.revision}, saved at {record.saved_at.isoformat()}"]
    lines += [f"# {json.dumps({name: value})[:500]}" for name, value in record.responses.items()]
    return "\n".join([source, *lines])


def as_text_block(answer: str) -> str:
    """Return a written answer as a block that Markdown shows as it is: no link, markup or formula of it comes to life.

    Long lines are wrapped, since such a block does not wrap by itself.
    """
    lines = [part for line in answer.splitlines() for part in textwrap.wrap(line, WIDTH) or [""]]
    return "\n".join(f"    {line}" for line in ["Answer:", "", *lines])


def _with_answer(cell: Notebook, sources: Mapping[str, str]) -> None:
    """Put the learner's source into a cell of nbgrader's own; an unchanged one stays as it was released."""
    given = sources.get(cell_id(cell))
    if given is not None and given.strip() != source_of(cell).strip():
        cell["source"] = as_text_block(given) if cell["cell_type"] == "markdown" else given


def rebuild(released: Notebook, submission: Submission) -> Notebook:
    """Return a copy of the released notebook that carries the learner's answers in its cells and metadata. Pure."""
    notebook = copy.copy(released)
    notebook["cells"] = [_rebuilt(cell, submission) for cell in released["cells"]]
    record = submission.record.model_dump(mode="json") if submission.record else None
    notebook["metadata"] = {**released["metadata"], METADATA: {"record": record, "notes": list(submission.notes)}}
    return notebook


def _rebuilt(released: Notebook, submission: Submission) -> Notebook:
    cell = copy.copy(released)
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
    if cell_id(cell) == ANSWERS_CELL:
        cell["source"] = _answers_source(source_of(cell), submission.record)
    elif cell["metadata"].get("nbgrader", {}).get("solution"):
        _with_answer(cell, submission.sources)
    return cell


def write_results(notebook: Notebook, results: list[ItemResult]) -> None:
    """Put each item's score and reason into the outputs of its test cell, where nbgrader looks for them.

    The score is the cell's value, so that `determine_grade` takes it; an item without a result keeps an error output
    and so earns nothing.
    """
    by_cell = {grade_id(number): result for number, result in enumerate(results, 1)}
    for cell in notebook["cells"]:
        if is_item(cell):
            cell["outputs"] = _outputs(by_cell.get(cell_id(cell)))


def _outputs(result: ItemResult | None) -> list[Notebook]:
    if result is None:
        text = "not marked: the released notebook and the form do not match"
        return [{"output_type": "error", "ename": "NotMarked", "evalue": text, "traceback": [text]}]
    reason = {"text/html": result.html, "text/plain": result.line}
    score = {"text/plain": repr(float(result.mark.score))}
    return [
        {"output_type": "display_data", "data": reason, "metadata": {}},
        {"output_type": "execute_result", "data": score, "metadata": {}, "execution_count": None},
    ]
