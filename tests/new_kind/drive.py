"""Drive the items of a kind through everything that this course does with items; prints what was found as JSON.

It runs where `quizzes` is a copy of the package with the new kind in it.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import quizzes
from grader.course import Assignment
from grader.demo import keyed, missed
from grader.explain import explain
from quizzes import exports, imports
from quizzes.audit import texts
from quizzes.bank import Bank
from quizzes.exports.base import told
from quizzes.exports.select import selected
from quizzes.forms import build_form
from quizzes.imports.bank_folder import to_name, write_folder
from quizzes.imports.builder import Builder
from quizzes.index import bank_index
from quizzes.items import AnyItem, Item, rule
from quizzes.loading import BUILT_IN, BankError, load_bank, read_bank
from quizzes.marking import mark
from quizzes.practice import FromBank
from quizzes.render import render_form, render_practice
from quizzes.render_print import items_of, render_answers, render_questions
from quizzes.site.rooms import _choices
from quizzes.widget import Quiz

KIND = sys.argv[1]
OUT = Path(sys.argv[2])
ITEM: TypeAdapter[AnyItem] = TypeAdapter(Item)


def _fault(change: tuple[str, str]) -> list[str]:
    """Return the lines that an author reads after a change to the bank's file."""
    folder = OUT / f"faulty-{len(list(OUT.iterdir()))}"
    (source,) = (BUILT_IN / "spots").glob("*.yaml")
    text = source.read_text(encoding="utf-8").replace("id: harbour", "id: faulty")
    (folder / "spots").mkdir(parents=True)
    (folder / "spots" / "t.yaml").write_text(text.replace(*change), encoding="utf-8")
    try:
        read_bank([BUILT_IN, folder])
    except BankError as error:
        return [str(fault) for fault in error.faults]
    return []


def _marks(item: AnyItem) -> list[dict[str, Any]]:
    """Return every response that an item can have, with its mark."""
    parts = rule(item)
    found = []
    for chosen in product(*(part.options for part in parts)):
        response = dict(zip((part.name for part in parts), chosen, strict=True))
        result = mark(parts, response)
        found.append({"response": response, "outcome": result.outcome, "score": result.score, "points": result.points})
    return found


def _came_back(bank: Bank, name: str, content: bytes) -> dict[str, Any]:
    """Return what an import makes of an export: the items as the bank has them, and the lines that it tells."""
    out = OUT / f"from-{name}"
    read = imports.load(name)(content, Builder(bank, "a test", "family", to_name(out)))
    write_folder(read, out)
    read_bank([BUILT_IN, out])
    items = [ITEM.validate_python(each).model_dump(mode="json", by_alias=True) for each in read.items]
    return {"items": items, "told": told(read.dropped)}


def _shown(bank: Bank, items: list[AnyItem]) -> dict[str, Any]:
    ids = [item.id for item in items]
    html = render_practice(items, bank)
    printed = items_of(html, 1)
    form = build_form("ps1", "Test", items, {"sentence": 2}, bank.differentiator_names)
    index = bank_index(bank, {name: f"book/practice/{name}.html" for name in ids})
    answers = [(keyed(item), missed(item)) for item in items]
    return {
        "page": html,
        "room": _choices(index)["kind"],
        "index": index["items"],
        "snapshot": FromBank().html(ids),
        "widget": [mark.points for mark in Quiz(*ids, keep=False).marks.values()],
        "sheet": render_form([each.model_dump() for each in form.items]),
        "form": form.points,
        "plan": sorted(Assignment.model_validate({"title": "Test", "items": ids, "points": {"sentence": 2}}).points),
        "questions": render_questions(printed, bank),
        "answers": render_answers(printed, bank),
        "feedback": [
            [explain(asked, 1, item, bank, response).html for response in given]
            for asked, item, given in zip(form.items, items, answers, strict=True)
        ],
        "audit": [f"{each.name}: {each.met}" for each in (texts.rationales(bank), texts.origins(bank))],
    }


def main() -> None:
    """Print what was found."""
    bank = load_bank()
    items = selected(bank, [f"kind={KIND}"])
    exported = {name: exports.load(name).export(items, bank) for name in exports.MODULES}
    for name, each in exported.items():
        (OUT / name).write_bytes(each.content)
    changes = json.loads(sys.argv[3])
    found = {
        "package": quizzes.__file__,
        "items": [item.model_dump(mode="json", by_alias=True) for item in items],
        "faults": [_fault(tuple(change)) for change in changes],
        "rules": [[part.as_json() for part in rule(item)] for item in items],
        "marks": [_marks(item) for item in items],
        "shown": _shown(bank, items),
        "exports": {name: {"items": each.items, "told": told(each.losses)} for name, each in exported.items()},
        "supports": {name: str(exports.load(name).kinds[KIND].carry) for name in exports.MODULES},
        "imports": {name: _came_back(bank, name, exported[name].content) for name in imports.MODULES},
    }
    (OUT / "found.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
