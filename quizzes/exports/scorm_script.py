"""The front end's modules as one plain script.

A learning platform may serve modules with a type that browsers refuse, and from disk they do not load at all. Those who
export have no Node.js, so that this joins the few forms of import and export that the modules use, and no others.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

IMPORT = re.compile(r'^import (?:(\w+)(?:, )?)?(?:\{ ([\w, ]+) \})? ?(?:from )"(\.[./\w-]+\.mjs)";\n', re.MULTILINE)
NAMED = re.compile(r"^export (?=(?:async )?(?:const|function) (\w+))", re.MULTILINE)
DEFAULT = re.compile(r"^export default (?=\{)", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(first: str, folder: Path) -> str:
    """Return the script of a module and of all that it imports; its path is relative to the folder."""
    parts: dict[str, str] = {}
    _add(PurePosixPath(first), folder, parts)
    return "\n".join(['"use strict";', *parts.values()])


def _name(path: PurePosixPath) -> str:
    return "module_" + re.sub(r"\W", "_", str(path.with_suffix("")))


def _resolved(importer: PurePosixPath, address: str) -> PurePosixPath:
    folder = importer.parent
    for step in PurePosixPath(address).parts:
        folder = folder.parent if step == ".." else folder / step
    return folder


def _add(path: PurePosixPath, folder: Path, parts: dict[str, str]) -> None:
    """Add a module after those that it imports."""
    if str(path) in parts:
        return
    text = (folder / path).read_text(encoding="utf-8")
    for found in IMPORT.finditer(text):
        _add(_resolved(path, found[3]), folder, parts)
    parts[str(path)] = _wrapped(path, text)


def _wrapped(path: PurePosixPath, text: str) -> str:
    """Return a module as a function that gives what it exports; raises ValueError for a form unknown here."""

    def imported(found: re.Match[str]) -> str:
        names = [f"default: {found[1]}"] if found[1] else []
        names += [found[2]] if found[2] else []
        return f"const {{ {', '.join(names)} }} = {_name(_resolved(path, found[3]))};\n"

    exported = NAMED.findall(text)
    plain = NAMED.sub("", IMPORT.sub(imported, text))
    if DEFAULT.search(plain):
        plain, exported = DEFAULT.sub("const standard = ", plain), [*exported, "default: standard"]
    if unknown := OTHER.search(plain):
        raise ValueError(f"{path}: cannot be joined: {unknown[0]}")
    return f"const {_name(path)} = (() => {{\n{plain}\nreturn {{ {', '.join(exported)} }};\n}})();"
