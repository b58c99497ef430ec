"""Made classes: the same simulated answers in this project's notebooks and in a typed twin, which is run."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from benchmarks.command import ROOT
from grader.build import build
from grader.course import Course, add_scripts_to_path
from grader.demo import Maker, expect, run
from grader.init import init
from grader.simulate import simulate
from quizzes.answers import AnswerRecord, newest, parse_record, receipts
from quizzes.forms import Form
from quizzes.items import rule
from quizzes.records import parse_json

NAME, SEED = "ps1", 5
STOCK = """\
c = get_config()
c.CourseDirectory.course_id = "stock"
"""


def make(folder: Path, students: int) -> Course:
    """Return a course in a folder with a released assignment and a class's submissions.

    It is made anew where it is not there or the bank, the quizzes or the grader have changed since.
    """
    course, made, sources = Course(folder), folder / "made", _sources()
    if made.is_file() and made.read_text(encoding="utf-8") == sources:
        return course
    add_scripts_to_path()  # nbgrader looks for `alembic` there
    shutil.rmtree(folder, ignore_errors=True)
    course = init(folder)
    _, form = build(course, NAME)
    expect(run(course, "generate_assignment", NAME))
    simulate(Maker(course, form, course.bank(course.assignment(NAME))), students, SEED)
    made.write_text(sources, encoding="utf-8")
    return course


def _sources() -> str:
    """Return a digest of all that a class is made from."""
    digest = hashlib.sha256()
    for path in sorted(path for name in ("quizzes", "grader") for path in (ROOT / name).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def answered(course: Course, student: str) -> AnswerRecord | None:
    """Return a student's record, as the class was made; None where nothing was answered that can be read."""
    notebook = parse_json((course.submission(student, NAME) / f"{NAME}.ipynb").read_bytes())
    found = []
    for each in receipts(notebook):
        try:
            found.append(parse_record(each))
        except ValueError:
            return None
    return newest(found)


def fresh(course: Course, folder: Path) -> Course:
    """Return a copy of a course, unmarked."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(course.root, folder, ignore=shutil.ignore_patterns("autograded", "feedback"))
    return Course(folder)


def typed_twin(course: Course, folder: Path) -> Course:
    """Return a stock nbgrader course with the same items, the same points and the same class, answers typed as Python.

    Each item is a cell to answer in and a cell of hidden tests, which calls the same marking rule as ours, with the key
    in it: so a test costs next to nothing beside starting a kernel.
    """
    form = course.form(NAME)
    add_scripts_to_path()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "source" / NAME).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
    nbformat.write(_typed(course, form), folder / "source" / NAME / f"{NAME}.ipynb")
    twin = Course(folder)
    expect(run(twin, "generate_assignment", NAME))
    released = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    for student in course.students(NAME):
        record = answered(course, student)
        target = twin.submission(student, NAME)
        target.mkdir(parents=True)
        nbformat.write(_filled(released, form, record.responses if record else {}), target / f"{NAME}.ipynb")
    return twin


def _cell(cell_id: str, source: str, *, points: float | None = None) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id=cell_id)
    cell.metadata.nbgrader = {
        "grade": points is not None,
        "grade_id": cell_id,
        "locked": points is not None,
        "schema_version": 3,
        "solution": points is None,
        "task": False,
        **({"points": points} if points is not None else {}),
    }
    return cell


def _typed(course: Course, form: Form) -> NotebookNode:
    bank, cells = course.bank(course.assignment(NAME)), []
    for number, asked in enumerate(form.items, 1):
        parts = [part.as_json() for part in rule(bank.items[asked.id], asked.points)]
        tests = [
            "### BEGIN HIDDEN TESTS",
            "import json",
            "from quizzes.marking import Part, mark",
            f"rule = tuple(Part.from_json(part) for part in json.loads({json.dumps(parts)!r}))",
            f"mark(rule, answer_{number}).score",
            "### END HIDDEN TESTS",
        ]
        cells += [nbformat.v4.new_markdown_cell(asked.scenario, id=f"text-{number}")]
        cells += [_cell(f"answer-{number}", "### BEGIN SOLUTION\n### END SOLUTION")]
        cells += [_cell(f"item-{number:03}", "\n".join(tests), points=sum(asked.points.values()))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _filled(released: NotebookNode, form: Form, responses: dict[str, object]) -> NotebookNode:
    notebook: NotebookNode = nbformat.from_dict(json.loads(json.dumps(released)))
    for number, asked in enumerate(form.items, 1):
        cell = next(each for each in notebook.cells if each.id == f"answer-{number}")
        cell.source = f"answer_{number} = {responses.get(asked.id)!r}"
    return notebook
