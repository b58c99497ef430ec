"""`python -m grader handout`: a form of each student's own, with siblings of the assignment's items.

A sibling has the same kind, difference, level and parts: another text, the same points and about the same work. Which
one a student gets follows from the course's secret, the assignment and the student's id, so that the same handout can
be made again, and nobody who knows an id can tell the items from it.
"""

from __future__ import annotations

import hmac
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.asking import choose_items
from grader.course import Assignment, Course, CourseError
from grader.roster import roster
from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.forms import Form, build_form, form_file
from quizzes.items import AnyItem, rule
from quizzes.level import level
from quizzes.records import RecordError, parse_json, write_json, write_text

SECRET_FILE = "secret.txt"  # noqa: S105  the name of the file


def secret(course: Course) -> bytes:
    """Return the course's secret; made at the first call, and kept for its owner alone."""
    path = course.root / SECRET_FILE
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        text = secrets.token_hex(32)
        write_text(path, text)
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{SECRET_FILE}: cannot be read: {error}") from None
    if len(text) < 16:
        raise CourseError(f"{SECRET_FILE}: too short to be this course's secret: restore it from your backup")
    return text.encode()


def _shape(item: AnyItem, plan: Assignment) -> tuple[object, ...]:
    """Return what siblings have in common: whatever a student may compare with a neighbour."""
    asked = tuple((part.name, part.type, part.points) for part in rule(item, plan.points))
    return item.kind, item.use, item.differentiator, level(item), asked


def siblings(item: AnyItem, bank: Bank, plan: Assignment) -> tuple[AnyItem, ...]:
    """Return the items that may stand in an item's place, the item itself among them, in order of their ids."""
    alike = [each for each in bank.items.values() if (each.kind, each.use) == (item.kind, item.use)]
    shape = _shape(item, plan)
    return tuple(sorted((each for each in alike if _shape(each, plan) == shape), key=lambda each: each.id))


def own_items(choices: Sequence[Sequence[AnyItem]], draw: Callable[[int], int]) -> Iterator[AnyItem]:
    """Give a student's items: for each place one of its `choices`; none twice, and a family once while others are left.

    `draw` gives a large number for each place.
    """
    taken: set[str] = set()
    families: set[str] = set()
    for place, choice in enumerate(choices):
        left = [each for each in choice if each.id not in taken]
        fresh = [each for each in left if each.family not in families] or left
        if not fresh:
            raise SelectionError(f"siblings: too few for place {place + 1}: ask for fewer items of this kind")
        chosen = fresh[draw(place) % len(fresh)]
        taken.add(chosen.id)
        families.add(chosen.family)
        yield chosen


def _draw(key: bytes, who: str) -> Callable[[int], int]:
    return lambda place: int.from_bytes(hmac.digest(key, f"{who}\n{place}".encode(), "sha256"))


def own_forms(course: Course, name: str, plan: Assignment, students: Sequence[str]) -> dict[str, Form]:
    """Return the form of each student; the same course, bank, assignment and id always give the same one."""
    bank, key = course.bank(plan), secret(course)
    try:
        choices = [siblings(item, bank, plan) for item in choose_items(plan, bank)]
        own = {student: tuple(own_items(choices, _draw(key, f"{name}\n{student}"))) for student in students}
        return {
            student: build_form(name, plan.title, items, plan.points, bank.differentiator_names)
            for student, items in own.items()
        }
    except (SelectionError, ValueError) as error:
        raise CourseError(f"assignments/{name}.yaml: {error}") from None


def handout(course: Course, name: str, students: Sequence[str] | None = None, *, force: bool = False) -> list[Path]:
    """Write handout/<name>/<student>/ with notebook and form for each student, of students.csv where none are named.

    Raises CourseError before anything is written, also where a student has a different form already and `force` is not
    given: answers to that form could not be marked any more.
    """
    plan = course.assignment(name)
    if not plan.siblings:
        raise CourseError(f"assignments/{name}.yaml: siblings: write `siblings: true`, or hand out release/{name}")
    notebook = course.root / "release" / name / f"{name}.ipynb"
    if not notebook.is_file():
        raise CourseError(f"release/{name}/{name}.ipynb: not found: run nbgrader generate_assignment {name}")
    chosen = list(students or roster(course))
    for student in chosen:
        _check_name(student)
    forms = own_forms(course, name, plan, chosen)
    for student, form in forms.items():
        if not force and (old := _form_before(course, name, student)) not in (None, form.form):
            raise CourseError(
                f"handout/{name}/{student}: has the form {old} already, and {form.form} would replace it: "
                "undo the change to bank or assignment, or use --force if nobody has answered yet"
            )
    return [_write(course.handout(name, student), form, notebook) for student, form in forms.items()]


def _check_name(student: str) -> None:
    if not student or student != Path(student).name or student.startswith("."):
        raise CourseError(f"students: {student!r} is no name for a folder: mend the id")


def _form_before(course: Course, name: str, student: str) -> str | None:
    path = course.handout(name, student) / form_file(name)
    try:
        return str(parse_json(path.read_bytes())["form"])
    except FileNotFoundError:
        return None
    except (OSError, RecordError, KeyError, TypeError):
        return "unreadable"


def _write(folder: Path, form: Form, notebook: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(notebook, folder / notebook.name)
    write_json(folder / form_file(form.assignment), form.model_dump(mode="json"))
    (folder / form_file(form.assignment)).chmod(0o644)
    return folder
