"""A course directory: its assignments, its banks, and where nbgrader keeps what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from quizzes.bank import Bank, SelectionError, draw
from quizzes.forms import Form, form_file
from quizzes.items import ROLES, AnyItem, role
from quizzes.loading import load_bank
from quizzes.records import RecordError, parse_json

Points = Annotated[float, Field(ge=0)]


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


class Assignment(BaseModel):
    """assignments/<name>.yaml: what an assignment asks, and the points of each part of its items."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    instructions: str = ""
    items: tuple[str, ...] = ()
    draw: Draw | None = None
    points: Mapping[str, Points]
    banks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _items_or_draw(self) -> Assignment:
        if bool(self.items) == bool(self.draw):
            raise ValueError("give either 'items' (ids) or 'draw' (number and seed)")
        return self

    @model_validator(mode="after")
    def _points_have_known_names(self) -> Assignment:
        for name in self.points:
            if role(name) not in ROLES:
                raise ValueError(f"points: '{name}' is unknown, use some of {', '.join(ROLES)}")
        return self


@dataclass(frozen=True)
class Course:
    """A course directory on disk."""

    root: Path

    def assignment(self, name: str) -> Assignment:
        """Read an assignment's plan; raises CourseError."""
        path = self.root / "assignments" / f"{name}.yaml"
        where = f"assignments/{path.name}"
        try:
            return Assignment.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise CourseError(f"{where}: not found: write it, or run this in the course directory") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise CourseError(f"{where}: line {mark.line + 1 if mark else '?'}: not valid YAML: mend it") from None
        except ValidationError as error:
            detail = error.errors()[0]
            place = ".".join(map(str, detail["loc"])) or "assignment"
            raise CourseError(f"{where}: {place}: {detail['msg'].lower()}: mend it") from None

    def bank(self, plan: Assignment) -> Bank:
        """Load the built-in bank and the private folders that the plan names, relative to the course."""
        return load_bank(*(self.root / folder for folder in plan.banks))

    def form(self, name: str) -> Form:
        """Read the form that learners answer: the released one, else the one that was built. Raises CourseError."""
        released, built = (self.root / folder / name / form_file(name) for folder in ("release", "source"))
        path = released if released.exists() else built
        try:
            return Form.model_validate(parse_json(path.read_bytes()))
        except (OSError, RecordError, ValidationError):
            raise CourseError(f"{path.name}: no usable form: run `python -m grader build {name}`") from None

    def submission(self, student: str, name: str) -> Path:
        """Return the folder of a student's submission."""
        return self.root / "submitted" / student / name


def choose_items(plan: Assignment, bank: Bank) -> tuple[AnyItem, ...]:
    """Return the plan's items; raises SelectionError where the bank lacks one or is too small."""
    if plan.draw is None:
        if len(set(plan.items)) != len(plan.items):
            raise SelectionError("items: an id is given twice: remove one")
        return bank.get(plan.items)
    pool = bank.select(use=plan.draw.use, kind=plan.draw.kind, differentiator=plan.draw.differentiator)
    return draw(pool, plan.draw.number, plan.draw.seed)
