"""Write an assignment's source notebook and its key-free form."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.course import Course, CourseError, choose_items
from quizzes.bank import SelectionError
from quizzes.forms import Form, FormItem, build_form, form_file
from quizzes.records import write_json

ANSWERS_CELL = "answers"
SCHEMA_VERSION = 3
HIDDEN_RAISE = """\
### BEGIN HIDDEN TESTS
raise RuntimeError("This course marks answers with its own configuration: see the instructor's guide.")
### END HIDDEN TESTS"""


def grade_id(number: int) -> str:
    """Return the nbgrader id of the test cell of item `number`, counted from 1."""
    return f"item-{number:03}"


def _nbgrader(cell_id: str, *, grade: bool, solution: bool, points: float | None = None) -> dict[str, object]:
    data: dict[str, object] = {
        "grade": grade,
        "grade_id": cell_id,
        "locked": not solution,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    return data if points is None else {**data, "points": points}


def _intro(form: Form, instructions: str) -> NotebookNode:
    text = f"""\
# {form.title}

{instructions.strip()}

1. Choose **Run → Run All Cells** from the menu. You do not have to read or write any code.
2. Answer by mouse or keyboard. Each answer is saved at once; the line under the last question says so.
3. Save the notebook (**File → Save Notebook**) and hand it in. If you are asked for several files, hand in
   the whole folder.

{len(form.items)} items, {form.points:g} points. A reason counts where the answer itself is right.
Leaving out a reason costs no more than a wrong one."""
    cell = nbformat.v4.new_markdown_cell(text, id="intro")
    cell.metadata.nbgrader = _nbgrader("intro", grade=False, solution=False)
    return cell


def _sheet(form: Form) -> NotebookNode:
    source = (
        f'from quizzes import AnswerSheet\n\nAnswerSheet("{form.assignment}")\n### BEGIN SOLUTION\n### END SOLUTION'
    )
    cell = nbformat.v4.new_code_cell(source, id="answers")
    cell.metadata.nbgrader = _nbgrader(ANSWERS_CELL, grade=False, solution=True)
    cell.metadata.jupyter = {"source_hidden": True}
    return cell


def _marked(number: int, item: FormItem, total: int) -> NotebookNode:
    points = sum(item.points.values())
    source = f"# Item {number} of {total}: {points:g} points. Nothing to do here.\n{HIDDEN_RAISE}"
    cell = nbformat.v4.new_code_cell(source, id=grade_id(number))
    cell.metadata.nbgrader = _nbgrader(grade_id(number), grade=True, solution=False, points=points)
    cell.metadata.jupyter = {"source_hidden": True}
    return cell


def source_notebook(form: Form, instructions: str) -> NotebookNode:
    """Return the source notebook of a form: instructions, the sheet, and one marked cell an item. Pure."""
    cells = [_intro(form, instructions), _sheet(form)]
    cells += [_marked(number, item, len(form.items)) for number, item in enumerate(form.items, 1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _check_released(course: Course, name: str, form: Form) -> None:
    if (course.root / "release" / name).exists() and course.form(name).form != form.form:
        raise CourseError(
            f"{name}: a different form is released already, and answers to it could not be marked any more: "
            "undo the change, or use --force if nobody has answered yet"
        )


def build(course: Course, name: str, *, force: bool = False) -> tuple[Path, Form]:
    """Write source/<name>/ with notebook and form.

    Raises CourseError with one line, also where it would change a form that is released, unless `force` is given.
    """
    plan = course.assignment(name)
    bank = course.bank(plan)
    try:
        form = build_form(name, plan.title, choose_items(plan, bank), plan.points, bank.differentiator_names)
    except (SelectionError, ValueError) as error:
        raise CourseError(f"assignments/{name}.yaml: {error}") from None
    if not force:
        _check_released(course, name, form)
    folder = course.root / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / form_file(name), form.model_dump(mode="json"))
    notebook = folder / f"{name}.ipynb"
    nbformat.write(source_notebook(form, plan.instructions), notebook)
    return notebook, form
