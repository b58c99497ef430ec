"""Write an assignment's source notebook and its key-free form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.asking import choose_items
from grader.course import ITEM_PREFIX, Assignment, Cell, Course, CourseError, add_scripts_to_path
from quizzes.amounts import amount
from quizzes.choosing import SelectionError
from quizzes.forms import Form, FormItem, build_form, form_file
from quizzes.records import write_json

ANSWERS_CELL = "answers"
SCHEMA_VERSION = 3
HIDDEN_BEGIN, HIDDEN_END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
HIDDEN_RAISE = f"""\
{HIDDEN_BEGIN}
raise RuntimeError("This course marks answers with its own configuration: see the instructor's guide.")
{HIDDEN_END}"""


def grade_id(number: int) -> str:
    """Return the nbgrader id of the test cell of item `number`, counted from 1."""
    return f"{ITEM_PREFIX}{number:03}"


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


def _zone(time: datetime) -> str:
    """Return the zone in which a time was written, as in UTC+01:00."""
    offset = time.isoformat()[-len("+01:00") :]
    return "UTC" if offset == "+00:00" else f"UTC{offset}"


def _conditions(plan: Assignment) -> str:
    """Return what the learner has to know of due date, attempts and other cells, a paragraph that starts with a gap."""
    said = []
    if plan.due:
        said.append(f"Due: {plan.due:%d %B %Y, %H:%M} {_zone(plan.due)}.")
    if plan.attempts:
        said.append(
            f"You may hand in {plan.attempts} times; the last one counts." if plan.attempts > 1 else "You hand in once."
        )
    if plan.cells:
        said.append(f"After the items: {amount(len(plan.cells), 'more question')}, answered in the notebook itself.")
    return "\n\n" + " ".join(said) if said else ""


def _intro(form: Form, plan: Assignment) -> NotebookNode:
    size = f"{amount(len(form.items), 'item')}, {amount(plan.points_of(form), 'point')}"
    text = f"""\
# {form.title}

{plan.instructions.strip()}

1. Choose **Run → Run All Cells** from the menu. You do not have to read or write any code.
2. Answer by mouse or keyboard. Each answer is saved at once; the line under the last question says so.
3. Save the notebook (**File → Save Notebook**) and hand it in. If you are asked for several files, hand in
   the whole folder.

{size} in all. A reason counts where the answer itself is right.
Leaving out a reason costs no more than a wrong one.{_conditions(plan)}"""
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


def _own_cells(cell: Cell) -> list[NotebookNode]:
    """Return the prompt, the place to answer and, after code, the tests of a cell of nbgrader's own."""
    prompt = nbformat.v4.new_markdown_cell(
        f"{cell.prompt.strip()}\n\n*{amount(cell.points, 'point')}*", id=f"{cell.id}-prompt"
    )
    prompt.metadata.nbgrader = _nbgrader(f"{cell.id}-prompt", grade=False, solution=False)
    source = "\n\n".join(filter(None, [cell.starter.strip(), "### BEGIN SOLUTION\n### END SOLUTION"]))
    if cell.kind == "text":
        answer = nbformat.v4.new_markdown_cell(source, id=cell.id)
        answer.metadata.nbgrader = _nbgrader(cell.id, grade=True, solution=True, points=cell.points)
        return [prompt, answer]
    answer, tests = nbformat.v4.new_code_cell(source, id=cell.id), f"{HIDDEN_BEGIN}\n{cell.tests.strip()}\n{HIDDEN_END}"
    answer.metadata.nbgrader = _nbgrader(cell.id, grade=False, solution=True)
    marked = nbformat.v4.new_code_cell(tests, id=cell.graded)
    marked.metadata.nbgrader = _nbgrader(cell.graded, grade=True, solution=False, points=cell.points)
    return [prompt, answer, marked]


def _marked(number: int, item: FormItem, total: int) -> NotebookNode:
    points = sum(item.points.values())
    source = f"# Item {number} of {total}: {amount(points, 'point')}. Nothing to do here.\n{HIDDEN_RAISE}"
    cell = nbformat.v4.new_code_cell(source, id=grade_id(number))
    cell.metadata.nbgrader = _nbgrader(grade_id(number), grade=True, solution=False, points=points)
    cell.metadata.jupyter = {"source_hidden": True}
    return cell


def source_notebook(form: Form, plan: Assignment) -> NotebookNode:
    """Return the source notebook of a form: instructions, the sheet, nbgrader's own cells, a marked cell an item. Pure.

    Other cells come before those of the items, in which there is nothing to do.
    """
    cells = [_intro(form, plan), _sheet(form)]
    cells += [each for cell in plan.cells for each in _own_cells(cell)]
    cells += [_marked(number, item, len(form.items)) for number, item in enumerate(form.items, 1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _check_released(course: Course, name: str, form: Form) -> None:
    if (course.root / "release" / name).exists() and course.form(name).form != form.form:
        raise CourseError(
            f"{name}: a different form is released already, and answers to it could not be marked any more: "
            "undo the change, or use --force if nobody has answered yet"
        )


def planned_form(course: Course, name: str) -> Form:
    """Return the form that the plan and the bank give now; raises CourseError with one line."""
    plan = course.assignment(name)
    bank = course.bank(plan)
    try:
        return build_form(name, plan.title, choose_items(plan, bank), plan.points, bank.differentiator_names)
    except (SelectionError, ValueError) as error:
        raise CourseError(f"assignments/{name}.yaml: {error}") from None


def build(course: Course, name: str, *, force: bool = False) -> tuple[Path, Form]:
    """Write source/<name>/ with notebook and form.

    Raises CourseError with one line, also where it would change a form that is released, unless `force` is given.
    """
    plan = course.assignment(name)
    form = planned_form(course, name)
    if not force and not plan.siblings:
        _check_released(course, name, form)
    folder = course.root / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    if plan.siblings:
        (folder / form_file(name)).unlink(missing_ok=True)  # each student gets a form of their own
    else:
        write_json(folder / form_file(name), form.model_dump(mode="json"))
    notebook = folder / f"{name}.ipynb"
    nbformat.write(source_notebook(form, plan), notebook)
    if plan.due:
        _set_due(course, name, plan.due)
    return notebook, form


def _set_due(course: Course, name: str, due: datetime) -> None:
    """Write the due date into the gradebook, where nbgrader's late penalties look for it."""
    from nbgrader.api import Gradebook  # noqa: PLC0415  it takes seconds to load, and few assignments need it

    add_scripts_to_path()
    with Gradebook(course.db_url, str(course.config.CourseDirectory.get("course_id") or "")) as gradebook:
        gradebook.update_or_create_assignment(name, duedate=due.astimezone(UTC).replace(tzinfo=None))
