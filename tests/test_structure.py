"""Which room of the code may look into which: floors point down, and nothing goes round in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

LONGEST = 300  # lines of a file
# Longer for a reason: one file is all that a widget can load.
LONG = {"quizzes/frontend/quiz.mjs"}
# A room sees itself, the rooms named here, and the modules that stand directly in `quizzes`.
ROOMS = {
    "quizzes.kinds": (),
    "quizzes.audit": ("quizzes.kinds",),
    "quizzes.exports": ("quizzes.kinds",),
    "quizzes.imports": ("quizzes.kinds", "quizzes.exports"),
    "quizzes.study": ("quizzes.kinds",),
    "quizzes.site": ("quizzes.exports",),
    "quizzes": ("quizzes.kinds",),
    "grader": ("quizzes", "quizzes.kinds"),
}
# What stands directly in `quizzes` and is above the rooms: the commands, the notebook's names, the book's directive.
ABOVE = {"quizzes", "quizzes.__main__", "quizzes.directive", "quizzes.widget"}


@cache
def modules() -> dict[str, Path]:
    """Return the files of both packages by module name, without those that run in a browser or are handed out."""
    paths = [path for package in ("quizzes", "grader") for path in sorted((ROOT / package).rglob("*.py"))]
    apart = {"lite_runtime", "course_template"}
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
        if not apart & set(path.parts)
    }


def imports(path: Path) -> Iterator[str]:
    """Yield the project's modules that a file imports when it runs, also within functions."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module in modules():
            for each in node.names:
                full = f"{node.module}.{each.name}"
                yield full if full in modules() else node.module


def room(module: str) -> str:
    """Return the room of a module: its folder."""
    return module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]


def test_nothing_imports_what_imports_it() -> None:
    """A circle would raise CycleError, which names it."""
    order = TopologicalSorter({name: set(imports(path)) - {name} for name, path in modules().items()})
    assert set(order.static_order()) == set(modules())


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_looks_into_the_rooms_below_it_only(name: str) -> None:
    """Marking and items know nothing of what is made of them; nothing of the quizzes knows the grader."""
    inside = [module for module in modules() if room(module) == name and module not in ABOVE]
    assert inside
    seen = {(module, other) for module in inside for other in imports(modules()[module])}
    wrong = sorted(
        f"{module} imports {other}" for module, other in seen if room(other) not in (name, "quizzes", *ROOMS[name])
    )
    assert wrong == []


def test_only_the_doors_look_into_the_rooms_above() -> None:
    """Of what stands directly in `quizzes`, commands and directive alone know exports, imports, study and site."""
    assert set(modules()) >= ABOVE
    users = {
        (module, room(other))
        for module, path in modules().items()
        if not module.startswith(("quizzes.site", "quizzes.imports", "quizzes.exports", "quizzes.study"))
        for other in imports(path)
        if room(other) in ("quizzes.site", "quizzes.imports", "quizzes.exports", "quizzes.study", "quizzes.audit")
    }
    assert {module for module, _ in users if not module.startswith("quizzes.audit")} <= ABOVE


@pytest.mark.parametrize("folder", ["quizzes", "grader", "benchmarks", "deploy", "tests"])
def test_a_file_can_be_read_in_one_sitting(folder: str) -> None:
    """No source is longer than 300 lines; what is data may be."""
    sources = [path for path in sorted((ROOT / folder).rglob("*.*")) if path.suffix in (".py", ".mjs", ".js", ".css")]
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert len(lines) > 1
    assert {name: number for name, number in lines.items() if number > LONGEST and name not in LONG} == {}
