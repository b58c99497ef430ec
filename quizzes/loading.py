"""Load and check bank folders. Every fault is one line that names file, item, field and the mend."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from quizzes.bank import Bank
from quizzes.bank_text import BankTextError, parsed
from quizzes.blueprints import Blueprint, faults
from quizzes.items import KINDS, AnyItem, Family
from quizzes.nearest import meant
from quizzes.records import file_state
from quizzes.references import of_faulty, of_item, phrase_number, vocabularies
from quizzes.vocabulary import Differentiator, Exams, Misconception, Term

BUILT_IN = Path(__file__).with_name("bank")
ITEM_FOLDERS = tuple(dict.fromkeys(kind.about.folder for kind in KINDS.values()))
VOCABULARY = {"exams.yaml", "differentiators.yaml", "misconceptions.yaml", "terms.yaml", "blueprints.yaml"}
T = TypeVar("T")
_FAMILY, _EXAMS = TypeAdapter(Family), TypeAdapter(Exams)
_DIFFERENTIATORS, _MISCONCEPTIONS = TypeAdapter(tuple[Differentiator, ...]), TypeAdapter(tuple[Misconception, ...])
_TERMS, _BLUEPRINTS = TypeAdapter(tuple[Term, ...]), TypeAdapter(tuple[Blueprint, ...])
E = TypeVar("E", Differentiator, Misconception, Term, Blueprint)


@dataclass(frozen=True)
class Fault:
    """One fault of a bank: where it is, and what to do about it."""

    file: str
    item: str
    place: str
    mend: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        where = ": ".join(part for part in (self.file, self.item, self.place) if part)
        return f"{where}: {self.mend}"


class BankError(Exception):
    """The bank cannot be used; `faults` lists every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line for each."""
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


_EVIDENCE = re.compile(r"^evidence[ .](?=e?\d)e?")  # models count phrases in words of their own


def _shown(path: Path) -> str:
    """Return a path as it can be pasted: from the working folder where the file is below it, else its end."""
    full, here = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100  a link stays as the author wrote it
    if full.is_relative_to(here):
        return full.relative_to(here).as_posix()
    return "/".join(path.parts[-3:] if path.parent.name in ITEM_FOLDERS else path.parts[-2:])


class _Reader:
    """Collects faults over all files of a bank, so that an author sees them all at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.files: list[Path] = []
        self.origin: dict[str, Path] = {}
        self.refused: list[tuple[Path, Any]] = []  # the content of files that no model has accepted

    def note(self, path: Path, item: str, place: str, mend: str) -> None:
        named = (_EVIDENCE.sub("evidence e", text) for text in (place, mend))
        self.faults.append(Fault(_shown(path), item, *named))

    def read(self, path: Path, adapter: TypeAdapter[T]) -> T | None:
        """Return the file's checked content, or None after noting its faults."""
        self.files.append(path)
        try:
            return cast("T", _content(path.read_text(encoding="utf-8"), adapter))
        except BankTextError as fault:
            self.note(path, fault.item, fault.place, fault.mend)
        except UnicodeDecodeError:
            self.note(path, "", "", "not UTF-8 text: save the file as UTF-8")
        except OSError as error:
            self.note(path, "", "", f"cannot be read: {error.strerror}")
        except _RefusedError as refused:
            for detail in _causes(refused.details):
                self.note(path, *_explain(refused.data, detail))
            self.refused.append((path, refused.data))
        return None


class _RefusedError(Exception):
    """The content of a file that no model accepts, with pydantic's errors."""

    def __init__(self, data: Any, details: Sequence[Any]) -> None:
        super().__init__()
        self.data, self.details = data, details


@lru_cache(maxsize=2048)  # a preview or an audit reads the bank again when one file of it has changed
def _content(text: str, adapter: TypeAdapter[Any]) -> Any:
    """Return the checked content of a text; raises BankTextError or _RefusedError."""
    data = parsed(text)
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        raise _RefusedError(data, error.errors()) from error


def _causes(details: Sequence[Any]) -> list[Any]:
    """Return pydantic's errors without those that only follow: a list is "too short" because its entries are faulty."""

    def follows(detail: Any) -> bool:
        place = detail["loc"]
        return detail["type"] == "too_short" and any(
            other is not detail and other["loc"][: len(place)] == place for other in details
        )

    return [detail for detail in details if not follows(detail)]


def _explain(data: Any, detail: Any) -> tuple[str, str, str]:
    """Return (item, field, mend) for one of pydantic's errors."""
    item, here = "", data
    above: Any = None
    path: list[str] = []
    for step in detail["loc"]:
        if step in KINDS and not (isinstance(here, dict) and step in here):
            continue  # pydantic names the kind it chose; the author did not write it as a field
        number = str(step)
        if isinstance(here, (list, tuple)) and isinstance(step, int):
            is_phrase = path[-1:] == ["evidence"] and isinstance(above, dict)
            number = str(phrase_number(above, step) if is_phrase else step + 1)
        above = here
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, (list, tuple)) and isinstance(step, int) and step < len(here):
            here = here[step]
        if isinstance(here, dict) and isinstance(here.get("id"), str) and not item:
            item, path = here["id"], []
            continue
        path.append(number)
    return item, ".".join(path), _mend(detail)


def _mend(detail: Any) -> str:
    context = detail.get("ctx", {})
    given = repr(detail.get("input"))[:60]
    mends = {
        "missing": "missing: add it",
        "extra_forbidden": "unknown field: remove it or check its spelling",
        "string_too_short": "empty: write it",
        "string_pattern_mismatch": f"{given} has a form that is not allowed: use lower-case words joined by '-'",
        "literal_error": f"{given} is not allowed: use {context.get('expected')}",
        "union_tag_not_found": f"the kind is missing: add one of {', '.join(KINDS)}",
        "union_tag_invalid": f"unknown kind: use {str(context.get('expected_tags')).replace(chr(39), '')}",
        "value_error": str(context.get("error", detail["msg"])),
        "too_short": f"at least {context.get('min_length')} are needed: add the rest",
        "too_long": f"at most {context.get('max_length')} are allowed: remove the rest",
    }
    if detail["type"] in mends:
        return mends[detail["type"]]
    wanted = next((how for kind, how in _FORMS.items() if kind in detail["type"]), f"{detail['msg'].lower()}: mend it")
    return f"{_written(detail.get('input'))}: {wanted}"


# What a field should have been, by what pydantic calls the fault.
_FORMS = {
    "string_type": "write a text, in quotes where it is yes, no, a number or a date",
    "tuple_type": "write a list: [one, two], or a line for each with '- ' before it",
    "dict_type": "write fields below it, as in 'name: value'",
    "model_type": "write fields below it, as in 'name: value'",
    "bool_": "write true or false",
    "int_": "write a whole number",
}


def _written(given: Any) -> str:
    """Return what stands there, as an author would call it."""
    if given is None:
        return "empty"
    if isinstance(given, bool):
        return f"{given} (YAML reads yes, no, on, off, true and false so)"
    if isinstance(given, dict):
        return f"fields ({', '.join(map(str, given))})"[:60]
    if isinstance(given, (list, tuple)):
        return "a list"
    return repr(given)[:60]


def _vocabulary(reader: _Reader, roots: Sequence[Path], name: str, adapter: TypeAdapter[tuple[E, ...]]) -> dict[str, E]:
    """Return the entries of one vocabulary over all bank folders, by id."""
    entries: dict[str, E] = {}
    for path in (root / name for root in roots):
        if path.exists():
            for entry in reader.read(path, adapter) or ():
                if entry.id in entries:
                    reader.note(path, entry.id, "id", "given twice: choose another id")
                entries[entry.id] = entry
                reader.origin[f"{name}/{entry.id}"] = path
    return entries


def _items(reader: _Reader, roots: Sequence[Path]) -> dict[str, AnyItem]:
    items: dict[str, AnyItem] = {}
    paths = [path for root in roots for folder in ITEM_FOLDERS for path in sorted((root / folder).glob("*.yaml"))]
    for path in paths:
        family = reader.read(path, _FAMILY)
        if family and (first := reader.origin.setdefault(f"{path.parent}/{family.family}", path)) != path:
            reader.note(path, "", "family", f"also the family of {_shown(first)}: give one of the two another name")
        for item in family.items if family else ():
            if item.id in items:
                other = _shown(reader.origin[item.id])
                reader.note(path, item.id, "id", f"also used in {other}: give the newer of the two another id")
                continue
            items[item.id] = item
            reader.origin[item.id] = path
    folders = ", ".join(f"{folder}/" for folder in ITEM_FOLDERS)
    for path in (path for root in roots for path in _strays(root, paths)):
        reader.note(path, "", "", f"not read: let it end in .yaml and lie in one of {folders} of the bank")
    return items


def _strays(root: Path, read: Iterable[Path]) -> Iterator[Path]:
    """Yield the files below a bank folder that were written as item files and lie or end so that none reads them."""
    for path in sorted(set(root.rglob("*.y*ml")).difference(read)):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and re.search(r"^family:", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE):
            yield path


def _check_references(reader: _Reader, bank: Bank) -> None:
    """Note every name that an item or term uses and no vocabulary has, also in items that have other faults."""
    known = vocabularies(bank)
    for item in bank.items.values():
        for place, mend in of_item(item, known):
            reader.note(reader.origin[item.id], item.id, place, mend)
    for path, data in reader.refused:
        for name, place, mend in of_faulty(data, known):
            reader.note(path, name, place, mend)
    for term in bank.terms.values():
        for name in sorted(set(term.see) - set(bank.terms)):
            mend = f"'{name}' is unknown: use the id of another term{meant(name, bank.terms)}"
            reader.note(reader.origin[f"terms.yaml/{term.id}"], term.id, "see", mend)


def _check_blueprints(reader: _Reader, bank: Bank) -> None:
    """Note every name and number of a blueprint that cannot be."""
    for blueprint in bank.blueprints.values():
        for place, mend in faults(blueprint, bank.exams):
            reader.note(reader.origin[f"blueprints.yaml/{blueprint.id}"], blueprint.id, place, mend)


def load_bank(*private: Path) -> Bank:
    """Load the built-in bank and any private bank folders; raises BankError with all faults found.

    A private folder has the form of the built-in one: one or more of ITEM_FOLDERS, and
    vocabulary files if it adds any. The same bank is returned while no file of the private folders changes.
    """
    folders = tuple(Path(folder).resolve() for folder in private)
    # A long-running server must see a corrected key.
    return _load(folders, file_state(path for folder in folders for path in sorted(folder.rglob("*.yaml"))))


@lru_cache(maxsize=4)
def _load(private: tuple[Path, ...], state: object) -> Bank:
    return read_bank((BUILT_IN, *private))


def read_bank(roots: Iterable[Path]) -> Bank:
    """Load bank folders as they are on disk; the first must hold exams.yaml. Raises BankError with all faults found."""
    reader, folders = _Reader(), tuple(roots)
    for folder in folders:
        if not any((folder / name).is_dir() for name in ITEM_FOLDERS):
            reader.note(folder, "", "", f"not a bank folder: it needs {'/ or '.join(ITEM_FOLDERS)}/ with item files")
    exams = reader.read(folders[0] / "exams.yaml", _EXAMS)
    bank = Bank(
        items=_items(reader, folders),
        differentiators=_vocabulary(reader, folders, "differentiators.yaml", _DIFFERENTIATORS),
        misconceptions=_vocabulary(reader, folders, "misconceptions.yaml", _MISCONCEPTIONS),
        terms=_vocabulary(reader, folders, "terms.yaml", _TERMS),
        exams=exams or Exams(checked="?", exams=()),
        blueprints=_vocabulary(reader, folders, "blueprints.yaml", _BLUEPRINTS),
        files=tuple(reader.files),
    )
    if not any(Path(fault.file).name in VOCABULARY for fault in reader.faults):
        _check_references(reader, bank)  # a faulty vocabulary would make every reference to it look wrong
        _check_blueprints(reader, bank)
    if reader.faults:
        raise BankError(reader.faults)
    return bank
