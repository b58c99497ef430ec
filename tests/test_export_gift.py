"""GIFT: read back by a parser of others, and the marks that its questions give."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from quizzes.bank import Bank
from quizzes.exports import gift
from quizzes.exports.base import Exported
from quizzes.exports.moodle_html import escaped
from quizzes.exports.units import Unit, units
from quizzes.items import Choice
from quizzes.marking import mark

ROOT = Path(__file__).resolve().parent.parent
# gift-pegjs is a grammar of the format for npm, which an editor's extension and an add-on for forms work with.
READ = """
const { parse } = require("gift-pegjs");
process.stdout.write(JSON.stringify(parse(require("node:fs").readFileSync(0, "utf8"))));
"""


def read(exported: Exported) -> list[dict[str, Any]]:
    """Return the questions as gift-pegjs reads them."""
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(
        [node, "-e", READ], input=exported.content, capture_output=True, check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def exported(bank: Bank) -> Exported:
    """Return the export of the whole bank."""
    return gift.export(list(bank.items.values()), bank)


@pytest.fixture(scope="module")
def questions(exported: Exported) -> dict[str, dict[str, Any]]:
    """Return the questions of the whole bank by id."""
    return {each["id"]: each for each in read(exported) if each["type"] != "Category"}


@pytest.fixture(scope="module")
def asked(bank: Bank) -> list[Unit]:
    """Return all parts of all items."""
    return [unit for item in bank.items.values() for unit in units(item, bank)]


def test_another_reader_finds_every_part_with_its_id_and_tags(
    asked: list[Unit], questions: dict[str, dict[str, Any]], exported: Exported
) -> None:
    """In the order of the bank, each in the format of HTML."""
    assert list(questions) == [unit.id for unit in asked]
    assert exported.items == len({unit.item.id for unit in asked})
    for unit in asked:
        found = questions[unit.id]
        assert found["title"] == unit.id
        assert found["stem"]["format"] == "html"
        assert set(unit.tags) < set(found["tags"])
        assert f"use:{unit.item.use}" in found["tags"]


def test_options_have_their_feedback(asked: list[Unit], questions: dict[str, dict[str, Any]]) -> None:
    """The rationale, and of a wrong one the trap."""
    for unit in asked:
        if not unit.groups:
            found = [(each["text"]["text"], each["feedback"]["text"]) for each in questions[unit.id]["choices"]]
            assert found == [(escaped(each.text), escaped(each.feedback)) for each in unit.choices.values()]


def share(choice: dict[str, Any]) -> float:
    """Return what an option earns: the whole mark for `=`, its weight, or nothing."""
    return 1.0 if choice["isCorrect"] else (choice["weight"] or 0) / 100


def test_choices_earn_what_this_course_gives(asked: list[Unit], questions: dict[str, dict[str, Any]]) -> None:
    """For every response to every part, read from the file: shares are added, and never below 0."""
    for unit in asked:
        part = unit.part
        if unit.groups:
            continue
        given = dict(zip(unit.choices, map(share, questions[unit.id]["choices"]), strict=True))
        for number in range(len(part.options) + 1 if part.type == "some" else 2):
            for chosen in combinations(part.options, number):
                value: Any = list(chosen) if part.type == "some" else (*chosen, "")[0]
                own = mark((part,), {part.name: value}).score / part.points
                assert max(0, sum(given[name] for name in chosen)) == pytest.approx(own, abs=1e-6), unit.id


def test_rows_have_their_places(asked: list[Unit], questions: dict[str, dict[str, Any]]) -> None:
    """Those of an order are numbers, in the right sequence."""
    for unit in asked:
        if unit.groups:
            found = [(each["subquestion"]["text"], each["subanswer"]) for each in questions[unit.id]["matchPairs"]]
            assert found == [(escaped(row.text), row.place) for row in unit.choices.values()]
            after = questions[unit.id]["globalFeedback"]["text"]
            assert all(escaped(row.feedback) in after for row in unit.choices.values())


def test_reserved_characters_come_through(bank: Bank) -> None:
    """Those that GIFT and HTML reserve are text in an author's text."""
    text = r"a {b} ~ # = : \ & <c> :: -> // ####d “e” 50%"
    item = next(each for each in bank.items.values() if isinstance(each, Choice))
    option = item.options["a"].model_copy(update={"text": text, "rationale": text})
    item = item.model_copy(update={"options": {**item.options, "a": option}, "stem": text})
    _, found = read(gift.export([item], bank))
    assert found["choices"][0]["text"]["text"] == escaped(text)
    assert found["choices"][0]["feedback"]["text"].startswith(escaped(text))
    assert escaped(text) in found["stem"]["text"]


def test_the_same_bank_gives_the_same_bytes(bank: Bank, exported: Exported) -> None:
    """Nothing in it hangs on the time or on chance."""
    assert gift.export(list(bank.items.values()), bank) == exported


def test_items_of_several_questions_tell_that_they_are_taken_apart(bank: Bank, exported: Exported) -> None:
    """Each has the whole scenario, and each its own mark."""
    apart = {loss.item for loss in exported.losses if loss.what == gift.OF_PARTS}
    assert apart == {item.id for item in bank.items.values() if len(units(item, bank)) > 1}
