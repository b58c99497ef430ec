"""Courses for the tests of marking: built and released once, then copied."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import yaml
from commands import run

from grader.build import build
from grader.course import Course
from grader.demo import Maker
from grader.init import init
from quizzes.items import ROLES

TEXT = {"id": "why", "kind": "text", "prompt": "Why does the difference matter to a budget?", "points": 5}
CODE = {
    "id": "float",
    "kind": "code",
    "prompt": "Write `slack(late, early)`.",
    "points": 3,
    "starter": "def slack(late, early):\n    ...",
    "tests": "assert slack(7, 4) == 3\nassert slack(4, 4) == 0",
}


def plan(**changes: Any) -> dict[str, Any]:
    """Return the plan of an assignment with an item of each kind, with changes; None leaves a field out."""
    points = dict.fromkeys(ROLES, 1)
    merged = {"title": "Mixed", "points": points, **changes}
    return {name: value for name, value in merged.items() if value is not None}


OWN_BANK = """
family: house
sector: parks
items:
  - id: house-1
    kind: choice
    status: F
    use: assessment
    exam: [capm/fundamentals]
    source: made for the tests
    style: standard
    scenario: A park builds its first trail, and cuts its lawns every week.
    stem: The project among these is
    differentiator: end
    key: a
    options:
      a: {text: the trail, rationale: It ends when the trail is there.}
      b: {text: the lawns, rationale: They are cut again and again., misconception: routine-words-mean-operations}
      c: {text: the mower, rationale: It is a tool., misconception: terms-mixed}
"""


def own_bank(folder: Path, key: str = "a") -> None:
    """Write a private bank with one item, which takes its key from here."""
    family = yaml.safe_load(OWN_BANK)
    (item,) = family["items"]
    if key != item["key"]:
        item["options"][item["key"]]["misconception"] = item["options"][key].pop("misconception")
        item["key"] = key
    (folder / "questions").mkdir(parents=True, exist_ok=True)
    (folder / "questions" / "house.yaml").write_text(yaml.safe_dump(family, sort_keys=False), encoding="utf-8")


def released(folder: Path, name: str, content: dict[str, Any], *, config: str = "") -> Maker:
    """Make a course with one released assignment; returns what makes submissions to it."""
    course = init(folder)
    own_bank(course.root / "private")
    if config:
        path = course.root / "nbgrader_config.py"
        path.write_text(path.read_text(encoding="utf-8") + config, encoding="utf-8")
    (course.root / "assignments" / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    _, form = build(course, name)
    done = run(course, "generate_assignment", name)
    assert done.returncode == 0, done.stderr
    return Maker(course, form, course.bank(course.assignment(name)))


def copied(maker: Maker, folder: Path) -> Maker:
    """Return the same course in another folder."""
    shutil.copytree(maker.course.root, folder)
    return Maker(Course(folder), maker.form, maker.bank)


def write_cell(folder: Path, name: str, cell: str, source: str) -> None:
    """Put an answer into a cell of a handed-in notebook, as a learner does who types into it."""
    path = folder / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for each in notebook.cells:
        if each.metadata.get("nbgrader", {}).get("grade_id") == cell:
            each.source = source
    path.write_text(json.dumps(notebook), encoding="utf-8")
