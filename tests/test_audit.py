"""The audit: measures miss their goals in a bank that is spoiled on purpose, and name the items."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from authoring import run

from quizzes.audit import blind, classes, keys, table, texts
from quizzes.audit.measure import Measure
from quizzes.audit.texts import grade_level
from quizzes.bank import Bank
from quizzes.items import AnyItem, Choice, Classify
from quizzes.reviews import review, sheet, wordings

DAY = date(2026, 11, 23)


def spoiled(bank: Bank, kind: type[Any], change: Callable[[Any], AnyItem]) -> Bank:
    """Return the bank with every item of a kind changed."""
    items = {name: change(item) if isinstance(item, kind) else item for name, item in bank.items.items()}
    return replace(bank, items=items)


def with_text(item: Choice, text: Callable[[str, bool], str]) -> Choice:
    """Return the item with each option's text made from the old one and whether it is keyed."""
    options = {name: o.model_copy(update={"text": text(o.text, name == item.key)}) for name, o in item.options.items()}
    return item.model_copy(update={"options": options})


def key_first(item: Choice) -> Choice:
    """Return the item with its key in the first place."""
    names = sorted(item.options, key=lambda name: name != item.key)
    return item.model_copy(update={"options": {name: item.options[name] for name in names}})


def keyed_project(item: Classify) -> Classify:
    """Return the item keyed project."""
    return item.model_copy(update={"classes": item.classes.model_copy(update={"key": "project"})})


def telling(item: Classify) -> Classify:
    """Return the item with words that no other class has."""
    return item.model_copy(update={"scenario": f"{item.classes.key} {item.classes.key}ish. {item.scenario}"})


def long_winded(item: Choice) -> Choice:
    """Return the item with a scenario that no exam would print."""
    return item.model_copy(update={"scenario": "word " * 121})


def difference_always_keyed(item: Classify) -> Classify:
    """Return the item with its keyed difference beside two that are never keyed."""
    key = item.deciding.options[item.deciding.key]
    options = {"duration": key, "money": key, "learning": key}
    return item.model_copy(
        update={"deciding": item.deciding.model_copy(update={"key": "duration", "options": options})}
    )


SPOILED: tuple[tuple[Callable[[Bank], Measure], type[Any], Callable[[Any], Any]], ...] = (
    (classes.balance, Classify, keyed_project),
    (classes.class_from_words, Classify, telling),
    (classes.difference_from_options, Classify, difference_always_keyed),
    (keys.key_from_options, Choice, lambda i: with_text(i, lambda t, keyed: f"duly {t}" if keyed else t)),
    (keys.longest_key, Choice, lambda i: with_text(i, lambda t, keyed: t + " and so on" * 3 * keyed)),
    (keys.key_position, Choice, key_first),
    (keys.absolute_words, Choice, lambda i: with_text(i, lambda t, keyed: t if keyed else f"{t}, always")),
    (texts.length, Choice, long_winded),
    (texts.near_duplicates, Choice, lambda i: i.model_copy(update={"scenario": "", "stem": "The same"})),
    (texts.readability, Classify, lambda i: i.model_copy(update={"scenario": i.scenario.replace(". ", ", ")})),
    (texts.halves, Choice, lambda i: i.model_copy(update={"use": "practice"})),
    (texts.origins, Choice, lambda i: i.model_copy(update={"source": ""})),
)


@pytest.mark.parametrize(("measure", "kind", "change"), SPOILED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_spoiled_bank_misses_the_goal(
    bank: Bank, measure: Callable[[Bank], Measure], kind: type[Any], change: Callable[[Any], Any]
) -> None:
    """What the built-in bank meets, the spoiled one misses."""
    assert measure(bank).met
    assert not measure(spoiled(bank, kind, change)).met


def test_the_items_behind_a_failure_are_named(bank: Bank) -> None:
    """An author sees where to look, and which words leak."""
    measure = texts.length(spoiled(bank, Choice, long_winded))
    assert measure.items == tuple(item.id for item in bank.items.values() if isinstance(item, Choice))
    assert measure.items[0] in table([measure])
    assert "operationsish" in classes.class_from_words(spoiled(bank, Classify, telling)).notes[0]


def test_blind_answers_are_counted_only_for_the_wording_that_was_read(bank: Bank) -> None:
    """An item that is reworded needs new readers; one that was answered otherwise is named."""
    item = bank.select(kind="classify")[0]
    assert isinstance(item, Classify)
    wrong = next(name for name in item.deciding.options if name != item.deciding.key)
    right = {part.name: part.key[0] if part.type == "one" else list(part.key) for part in item.parts()}
    one = replace(bank, items={item.id: item})
    read = wordings(sheet([item], one))
    reviews = [
        review(one, {"item": item.id, "response": right}, "reader-1", DAY, read),
        review(one, {"item": item.id, "response": {**right, "differentiator": wrong}}, "reader-2", DAY, read),
    ]
    measures = {measure.name: measure for measure in blind.measures(one, reviews)}
    assert measures["read blind by two or more"].met
    assert measures["blind agreement: class"].found == "100.0% of 2"
    assert measures["blind agreement: differentiator"].found == "50.0% of 2"
    assert measures["blind agreement: differentiator"].items == (item.id,)
    reworded = replace(bank, items={item.id: item.model_copy(update={"scenario": item.scenario + " Indeed."})})
    measures = {measure.name: measure for measure in blind.measures(reworded, reviews)}
    assert measures["read blind by two or more"].items == (item.id,)


def test_the_audit_for_machines_is_json() -> None:
    """`--json` holds what the table holds, and the exit code says whether a goal is missed."""
    done = run("audit", "--json")
    measures = json.loads(done.stdout)
    assert {"name", "found", "goal", "met", "items", "notes"} == set(measures[0])
    assert done.returncode == (0 if all(measure["met"] for measure in measures) else 1)


def test_the_built_in_bank_meets_every_goal() -> None:
    """What is released has passed its own audit."""
    done = run("audit")
    assert done.returncode == 0, done.stdout


def test_reading_grade() -> None:
    """Short plain sentences are easier than one long one (Flesch and Kincaid)."""
    assert grade_level("The cat sat. The dog ran.") < 2
    assert grade_level("Organizational transformation necessitates comprehensive deliberation.") > 15
