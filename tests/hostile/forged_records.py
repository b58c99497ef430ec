"""Attacks by an answer record: forged fields, impossible numbers, markup for names, and too much of everything."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from grader.demo import Maker, keyed
from hostile.attack import NAME, NO_RECORD, SCRIPT, Attack
from hostile.handing_in import edit, grade_ids, record, sparse
from quizzes.answers import RECEIPT_TYPE


def responses(change: Callable[[Maker, dict[str, Any]], dict[str, Any]]) -> Callable[[Maker, str], object]:
    """Return what hands in a record with forged responses; it starts with all of them right."""
    return lambda maker, student: maker.submit(
        student, receipt={**maker.record({}), "responses": change(maker, maker.responses(keyed))}
    )


def sidecar(text: bytes) -> Callable[[Maker, str], object]:
    """Return what hands in these bytes as the answers file."""
    return lambda maker, student: (maker.submit(student) / f"{NAME}.answers.json").write_bytes(text)


def sidecar_of(form: Callable[[str], str]) -> Callable[[Maker, str], object]:
    """Return what hands in an answers file made from the text of an honest, right one."""
    return lambda maker, student: (maker.submit(student) / f"{NAME}.answers.json").write_text(
        form(json.dumps(maker.record(maker.responses(keyed))))
    )


def conflict(maker: Maker, student: str) -> None:
    """Hand in two records of one revision with different answers."""
    right = maker.record(maker.responses(keyed))
    maker.submit(student, receipt=right, sidecar={**right, "responses": {}})


def receipts(count: int) -> Callable[[Maker, str], object]:
    """Return what hands in so many malformed receipts, no two alike, beside two right answers."""

    def prepare(maker: Maker, student: str) -> None:
        folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, 2)))
        many = [
            {"output_type": "display_data", "metadata": {}, "data": {RECEIPT_TYPE: {"version": 1, "n": n}}}
            for n in range(count)
        ]
        edit(folder, lambda each: grade_ids(each)["answers"]["outputs"].extend(many))

    return prepare


def bulky(maker: Maker, student: str) -> None:
    """Hand in a record within all limits of its parts that is as large as a notebook may be."""
    filler = {f"r{n}": {"class": [f"{m:0190}" for m in range(199)]} for n in range(450)}
    maker.submit(student, receipt={**maker.record(maker.responses(keyed, 2)), "responses": filler})


def everything(maker: Maker, _: dict[str, Any]) -> dict[str, Any]:
    """Choose all options of every part."""
    return {item.id: {part.name: list(part.options) for part in item.parts()} for item in _items(maker)}


def _items(maker: Maker) -> list[Any]:
    return list(maker.bank.get(item.id for item in maker.form.items))


def _nested(text: str) -> str:
    """Return a record's text with lists in lists in place of one answer."""
    data = json.loads(text)
    data["responses"][list(data["responses"])[-1]] = "HERE"
    return json.dumps(data).replace('"HERE"', "[" * 900 + "]" * 900)


RECORDS = (
    Attack(
        "other-assignment",
        "a record for another assignment",
        record(assignment="ps9"),
        "this is the notebook of ps9",
        stock=NO_RECORD,
    ),
    Attack(
        "other-form", "a record for another form", record(form="0" * 64), "answers to another form", stock=NO_RECORD
    ),
    Attack(
        "other-student",
        "a record in another student's name",
        record(student="a-honest"),
        "an unknown field",
        stock=NO_RECORD,
    ),
    Attack("own-score", "a record with a score", record(score=99, points=99), "an unknown field", stock=NO_RECORD),
    Attack("revision-huge", "a revision beyond all others", record(revision=10**30), "revision", stock=NO_RECORD),
    Attack("revision-text", "a revision that is a text", record(revision="9"), "revision", stock=NO_RECORD),
    Attack("revision-true", "a revision that is true", record(revision=True), "revision", stock=NO_RECORD),
    Attack("version", "a record of another version", record(version=3), "version", stock=NO_RECORD),
    Attack(
        "time-9999",
        "a time at the calendar's end",
        record(saved_at="9999-12-31T23:59:59-14:00"),
        "saved_at",
        stock=NO_RECORD,
    ),
    Attack("conflict", "two records of one revision", conflict, "two different answer records", stock=NO_RECORD),
    Attack("receipts", "20,000 malformed receipts", receipts(20_000), right=2, stock=NO_RECORD),
    Attack("bulky", "a record of 17 MB", bulky, "a record has more than", stock=NO_RECORD),
    Attack("everything", "all options of every question chosen", responses(everything), stock=NO_RECORD),
    Attack("nested-response", "lists in lists as answers", sidecar_of(_nested), right=6, stock=NO_RECORD),
    Attack(
        "markup",
        "markup for ids of items, parts and options",
        responses(lambda _, right: {SCRIPT: {"class": "x"}, **{name: {SCRIPT: SCRIPT} for name in right}}),
        stock=NO_RECORD,
    ),
    Attack(
        "controls",
        "line feeds and escape codes for ids of items, parts and options",
        responses(lambda _, right: {"\x1b[2J\n": {"class": "x"}, **{name: {"\n\u2028": "\x1b[31m"} for name in right}}),
        stock=NO_RECORD,
    ),
    Attack(
        "dunder",
        "__class__ and __proto__ for names",
        responses(lambda _, right: {"__proto__": {}, **{name: {"__class__": "__init__"} for name in right}}),
        stock=NO_RECORD,
    ),
    Attack(
        "half-letters",
        "halves of Unicode pairs for names",
        sidecar_of(lambda text: '{"\\ud800": 1, ' + text[1:]),
        "malformed answer record",
        stock=NO_RECORD,
    ),
    Attack(
        "nan",
        "NaN in the answers file",
        sidecar_of(lambda text: text.replace('"revision": 7', '"revision": NaN')),
        "NaN is not a JSON number",
        stock=NO_RECORD,
    ),
    Attack(
        "infinite",
        "1e999 in the answers file",
        sidecar_of(lambda text: text.replace('"revision": 7', '"revision": 1e999')),
        "revision",
        stock=NO_RECORD,
    ),
    Attack(
        "digits",
        "a number of 50,000 digits",
        sidecar_of(lambda text: text.replace('"revision": 7', '"revision": ' + "9" * 50_000)),
        "not valid JSON",
        stock=NO_RECORD,
    ),
    Attack(
        "twice",
        "a name given twice in the answers file",
        sidecar_of(lambda text: '{"revision": 99, ' + text[1:]),
        "a name is given twice",
        stock=NO_RECORD,
    ),
    Attack(
        "nested-file",
        "100,000 brackets in the answers file",
        sidecar(b"[" * 100_000),
        "not valid JSON",
        stock=NO_RECORD,
    ),
    Attack(
        "large-file",
        "an answers file of 50 MB",
        sparse(f"{NAME}.answers.json", 50_000_000),
        "over the limit",
        stock=NO_RECORD,
    ),
)
