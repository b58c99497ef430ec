"""A course directory: its assignments, its banks, and where nbgrader keeps what."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)
from traitlets.config import Config, PyFileConfigLoader

from quizzes.bank import Bank
from quizzes.forms import Form, form_file
from quizzes.items import ROLES, role
from quizzes.loading import load_bank
from quizzes.records import RecordError, parse_json

Points = Annotated[float, Field(ge=0)]
ITEM_PREFIX = "item-"  # of the nbgrader ids of items' cells


def add_scripts_to_path() -> None:
    """Let nbgrader find the `alembic` program, which stands beside Python, also where no environment is activated."""
    scripts = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if scripts not in paths:
        os.environ["PATH"] = os.pathsep.join([scripts, *paths])


class CourseError(Exception):
    """The course or an assignment cannot be used; the message is one line with file, field and mend."""


class Draw(BaseModel):
    """A set to draw from the bank: the same seed always gives the same items from the same bank."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    number: Annotated[int, Field(ge=1)]
    seed: int
    kind: str | None = None
    differentiator: str | None = None
    use: str = "assessment"


class Cell(BaseModel):
    """A cell of nbgrader's own after the items: a written answer that a person marks, or code with tests."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
    kind: Literal["text", "code"]
    prompt: str
    points: Annotated[float, Field(gt=0)]
    starter: str = ""
    tests: str = ""

    @property
    def graded(self) -> str:
        """Return nbgrader's id of the cell that has the points: the answer itself, or the tests after code."""
        return self.id if self.kind == "text" else f"{self.id}-tests"

    @model_validator(mode="after")
    def _code_has_tests(self) -> Cell:
        if (self.kind == "code") != bool(self.tests.strip()):
            raise ValueError(f"'{self.id}': 'tests' belong to a cell of kind code, and it needs them")
        return self


class Assignment(BaseModel):
    """assignments/<name>.yaml: what an assignment asks, the points of each part of its items, and its conditions."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    instructions: str = ""
    items: tuple[str, ...] = ()
    draw: Draw | None = None
    points: Mapping[str, Points]
    banks: tuple[str, ...] = ()
    siblings: bool = False
    cells: tuple[Cell, ...] = ()
    execute: Literal["never", "sandbox", "unprotected"] = "never"
    due: AwareDatetime | None = None
    attempts: Annotated[int, Field(ge=1)] | None = None
    feedback: Literal["full", "outcomes", "score"] = "full"
    _file: str = PrivateAttr(default="")  # for lines about it

    def points_of(self, form: Form) -> float:
        """Return the most that the assignment can earn: the items of a form, and the other cells."""
        return form.points + sum(cell.points for cell in self.cells)

    @field_validator("due", mode="before")
    @classmethod
    def _due_has_time_and_zone(cls, due: object) -> object:
        """Take a time with its zone, of which YAML has made a time or left a text, and tell what is missing."""
        if due is None:
            return None
        try:
            time = datetime.fromisoformat(due) if isinstance(due, str) else due
        except ValueError:
            time = None
        if not isinstance(time, date):
            raise ValueError("not a time: write it as in 2026-12-01T23:59:00+01:00")  # noqa: TRY004  as pydantic asks
        if not isinstance(time, datetime) or time.tzinfo is None:
            raise ValueError(f"add the time and zone, as in {time:%Y-%m-%d}T23:59:00+01:00")
        return time

    @model_validator(mode="after")
    def _cells_differ(self) -> Assignment:
        ids = [name for cell in self.cells for name in {cell.id, cell.graded}]
        taken = {
            name for name in ids if ids.count(name) > 1 or name in ("intro", "answers") or name.startswith(ITEM_PREFIX)
        }
        if taken:
            raise ValueError(f"cells: the id '{min(taken)}' is taken: choose another")
        return self

    @model_validator(mode="after")
    def _items_or_draw(self) -> Assignment:
        if bool(self.items) == bool(self.draw):
            raise ValueError("give either 'items' (ids) or 'draw' (number and seed)")
        return self

    @model_validator(mode="after")
    def _points_have_known_names(self) -> Assignment:
        unknown = [f"'{name}'" for name in self.points if role(name) not in ROLES]
        if unknown:
            verb = "is" if len(unknown) == 1 else "are"
            raise ValueError(f"points: {', '.join(unknown)} {verb} unknown, use some of {', '.join(ROLES)}")
        return self


def _told(error: ValidationError) -> str:
    """Return the first fault of a plan: its field, what is wrong, and what to do."""
    detail = error.errors()[0]
    place = ".".join(map(str, detail["loc"]))
    if detail["type"] == "value_error":  # our own words, which name the mend
        return ": ".join(filter(None, (place, str(detail["ctx"]["error"]))))
    return f"{place or 'assignment'}: {detail['msg'].lower()}: mend it"


@dataclass(frozen=True)
class Course:
    """A course directory on disk."""

    root: Path

    def assignment(self, name: str) -> Assignment:
        """Read an assignment's plan; raises CourseError."""
        path = self.root / "assignments" / f"{name}.yaml"
        where = f"assignments/{path.name}"
        try:
            plan = Assignment.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise CourseError(f"{where}: not found: {self._others()}") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise CourseError(f"{where}: line {mark.line + 1 if mark else '?'}: not valid YAML: mend it") from None
        except ValidationError as error:
            raise CourseError(f"{where}: {_told(error)}") from None
        plan._file = where  # noqa: SLF001  of this file
        return plan

    def _others(self) -> str:
        """Return which assignments there are, or what to do where there are none."""
        names = sorted(path.stem for path in self.root.glob("assignments/*.yaml"))
        return f"here are: {', '.join(names)}" if names else "write it, or run this in the course directory"

    def bank(self, plan: Assignment) -> Bank:
        """Load the built-in bank and the private folders that the plan names, relative to the course.

        Raises CourseError for a folder that is not there, BankError for one that has faults.
        """
        for folder in plan.banks:
            if not (self.root / folder).is_dir():
                raise CourseError(f"{plan._file}: banks: {folder}: no such folder".removeprefix(": "))  # noqa: SLF001
        return load_bank(*(self.root / folder for folder in plan.banks))

    def handout(self, name: str, student: str) -> Path:
        """Return the folder with what one student gets, where each has a form of their own."""
        return self.root / "handout" / name / student

    def form(self, name: str, student: str | None = None) -> Form:
        """Read the form that learners answer: the student's own, else the released one, else the one that was built.

        Raises CourseError.
        """
        own = self.handout(name, student) / form_file(name) if student else None
        if own and own.exists():
            return self._form(own, f"make it again with `python -m grader handout {name}`")
        released, built = (self.root / folder / name / form_file(name) for folder in ("release", "source"))
        return self._form(released if released.exists() else built, f"run `python -m grader build {name}`")

    @staticmethod
    def _form(path: Path, mend: str) -> Form:
        try:
            return Form.model_validate(parse_json(path.read_bytes()))
        except (OSError, RecordError, ValidationError):
            raise CourseError(f"{path.name}: no usable form: {mend}") from None

    @cached_property
    def config(self) -> Config:
        """Return what the course's nbgrader_config.py sets; raises CourseError where it cannot be read."""
        try:
            return PyFileConfigLoader("nbgrader_config.py", str(self.root)).load_config()
        except Exception as error:  # noqa: BLE001  the file is a program: anything may go wrong in it
            reason = str(error).partition("\n")[0]
            raise CourseError(f"nbgrader_config.py: {type(error).__name__}: {reason}: mend it") from None

    @property
    def db_url(self) -> str:
        """Return the address of the gradebook: `c.CourseDirectory.db_url`, else the file in the course directory."""
        own = self.config.CourseDirectory.get("db_url")
        return own if isinstance(own, str) and own else f"sqlite:///{(self.root / 'gradebook.db').resolve()}"

    def students(self, name: str) -> list[str]:
        """Return who has a folder for the assignment, in order; the folder alone says who handed in."""
        return sorted(path.parent.name for path in self.root.glob(f"submitted/*/{name}") if path.is_dir())

    def submission(self, student: str, name: str) -> Path:
        """Return the folder of a student's submission."""
        return self.root / "submitted" / student / name
