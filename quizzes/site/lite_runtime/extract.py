"""Runs in Pyodide: takes out of Python what the notebooks need, and compiles it."""

from __future__ import annotations

import ast
import importlib.util
import marshal
import sys
import zipfile
from pathlib import Path
from typing import Any

STDLIB = next(path for path in sys.path if path.endswith(".zip"))
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_UNCHECKED = (1).to_bytes(4, "little") + bytes(8)
# What Python looks for by itself, and what unpacks the packages: the exercise has them before it begins to watch.
ALWAYS = (
    "encodings/ascii.py",
    "encodings/cp437.py",
    "encodings/idna.py",
    "encodings/latin_1.py",
    "stringprep.py",
    "tarfile.py",
)


def _flatten(node: ast.AST, line: int) -> None:
    """Put all of a function on its first line: where each expression stood is a third of compiled Python."""
    for child in ast.iter_child_nodes(node):
        here = child.lineno if isinstance(child, _DOCUMENTED[1:]) else line
        if hasattr(child, "lineno"):
            for name, value in {"lineno": here, "end_lineno": here, "col_offset": 0, "end_col_offset": 0}.items():
                setattr(child, name, value)
        _flatten(child, here)


def _compiled(source: bytes, shown: str) -> bytes:
    """Return a module as a `.pyc` that is never checked against its source.

    From source the first question would come five seconds later.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass(lineno=1, col_offset=0)]
    _flatten(tree, 1)
    code = compile(tree, shown, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + _UNCHECKED + marshal.dumps(code)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _origins() -> set[str]:
    return {str(getattr(getattr(each, "__spec__", None), "origin", None)) for each in list(sys.modules.values())}


def write_stdlib(target: Path) -> None:
    """Write the modules of the standard library that have been imported."""
    names = {origin.removeprefix(f"{STDLIB}/") for origin in _origins() if origin.startswith(f"{STDLIB}/")}
    with zipfile.ZipFile(STDLIB) as archive:
        for name in sorted(names | set(ALWAYS)):
            _write(target / f"{name}c", _compiled(archive.read(name), name))


def write_packages(stage: Path, opened: set[str], target: Path) -> None:
    """Write the staged modules that have been imported, and copy the other staged files that have been read."""
    prefix = f"{stage}/"
    for name in sorted(each for each in opened | _origins() if each.startswith(prefix)):
        path, place = Path(name), target / name.removeprefix(prefix)
        if path.suffix == ".py":
            _write(place.with_suffix(".pyc"), _compiled(path.read_bytes(), name.removeprefix(prefix)))
        elif path.is_file() and path.suffix != ".pyc":
            _write(place, path.read_bytes())


def watch() -> set[str]:
    """Return a set that from now on fills with the paths of all files that are opened."""
    opened: set[str] = set()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str):
            opened.add(arguments[0])

    sys.addaudithook(note)
    return opened
