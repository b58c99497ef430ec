"""Imported items as a private bank folder, which is written whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from quizzes.imports.base import TO_NAME, Imported, ImportRefusedError
from quizzes.imports.builder import slug
from quizzes.items import KINDS
from quizzes.loading import BUILT_IN, BankError, read_bank

_Dumper: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
HEADER = "# Imported. `python -m quizzes --bank FOLDER check` names the items in which something is to be written.\n"


def to_name(out: Path) -> str:
    """Return the id that stands for a trap or difference to be named: two folders may be used together."""
    return f"{TO_NAME}-{slug(out.name, 'folder')}"


def write_folder(imported: Imported, out: Path, private: Sequence[Path] = ()) -> None:
    """Write the folder, which no bank of `private` may clash with.

    Raises ImportRefusedError where `out` is taken or the bank would have a fault; nothing is written then.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ImportRefusedError(f"{out} is there already: choose a folder that is new or empty")
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        _write_files(imported, beside)
        read_bank([BUILT_IN, *private, beside])
        if out.exists():
            out.rmdir()  # where a folder is in the way, some systems do not move another one there
        beside.rename(out)
    except BankError as error:
        fault = str(error.faults[0]).replace(beside.name, out.name)
        raise ImportRefusedError(f"the items do not make a bank: {fault}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_files(imported: Imported, folder: Path) -> None:
    families: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in imported.items:
        families.setdefault((KINDS[item["kind"]].about.folder, item["family"]), []).append(item)
    for (place, family), items in families.items():
        _write(folder / place / f"{family}.yaml", _family(family, items))
    if traps := set(_to_name(imported.items, "misconception")):
        _write(folder / "misconceptions.yaml", [_trap(name) for name in sorted(traps)])
    if differences := set(_to_name(imported.items, "differentiator")):
        _write(folder / "differentiators.yaml", [_difference(name) for name in sorted(differences)])


def _to_name(data: Any, field: str) -> Iterator[str]:
    """Yield the ids in a field, at any depth, that stand for what is to be named."""
    if isinstance(data, Mapping):
        value = data.get(field)
        if isinstance(value, str) and value.startswith(TO_NAME):
            yield value
    if isinstance(data, Mapping | list | tuple):
        for each in data.values() if isinstance(data, Mapping) else data:
            yield from _to_name(each, field)


def _family(family: str, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a family's file: the sector of most items stands once, that of others with them."""
    every = list(items)
    sector = Counter(item["sector"] for item in every).most_common(1)[0][0]
    shared = {"family": family, "sector": sector}
    own = [{name: value for name, value in item.items() if shared.get(name) != value} for item in every]
    return {**shared, "items": own}


def _trap(named: str) -> dict[str, str]:
    return {"id": named, "name": "A trap that is not named yet", "mend": "What avoids it is to be written."}


def _difference(named: str) -> dict[str, str]:
    blank = dict.fromkeys(("question", "project", "operations"), "To be named.")
    return {"id": named, "name": "A difference that is not named yet", **blank, "source": "imported"}


def _write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(HEADER + written, encoding="utf-8")
