"""The cases of the progress file, which Python and the site's modules both run, and what joining them makes."""

from __future__ import annotations

import copy
import json
from datetime import UTC
from typing import Any

from conftest import ROOT
from records import moment

from quizzes.study.progress_file import FIELDS, Added, add, document, parse

CASES = json.loads((ROOT / "tests" / "progress-cases.json").read_text(encoding="utf-8"))
NOW = 1_795_545_000


def pieces_of(case: dict[str, Any]) -> list[tuple[str, int]]:
    """Return a case's text in pieces, each with how often it stands there."""
    if "pieces" in case:
        return [(text, times) for text, times in case["pieces"]]
    return [(case["text"] if "text" in case else json.dumps(case["document"]), 1)]


def text_of(case: dict[str, Any]) -> str:
    """Return the text that a case gives."""
    return "".join(text * times for text, times in pieces_of(case))


def whole(records: dict[str, Any]) -> dict[str, Any]:
    """Return records with every kind, also those that have none."""
    return {kind: records.get(kind, {}) for kind in FIELDS.values()}


def file_of(records: dict[str, Any]) -> str:
    """Return the text of a file with these records, by kind and id."""
    return json.dumps(document(records, NOW))


def joined(here: dict[str, Any], text: str) -> tuple[dict[str, Any], Added]:
    """Return what is here after a file was added, and what that brought; what was here before is not touched."""
    before = copy.deepcopy(here)
    changes, added = add(parse(text), here, UTC)
    assert here == before
    after = whole(before)
    for kind, name, value in changes:
        after[kind] = {**after[kind], name: value}
    return after, added


def log_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the reviews of a case."""
    return [{"at": moment(at, case["zone"]), "knew": knew} for at, knew in case["log"]]


def due_of(case: dict[str, Any]) -> int:
    """Return the time that a case gives."""
    return moment(case["due"], case["zone"]) if case["due"] else 0
