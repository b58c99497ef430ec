"""The H5P package: the fields of its content types, and the score that their scripts give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from io import BytesIO
from itertools import combinations, permutations, product
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from h5p_engine import CHOICE, FIELDS, SET, choice_share, faults, gaps, words_share

from quizzes.bank import Bank
from quizzes.exports import load
from quizzes.exports.base import Carry, told
from quizzes.exports.h5p_questions import _row
from quizzes.exports.units import Choice, Unit, units
from quizzes.items import AnyItem
from quizzes.marking import Part, mark

SHORT = 4  # rows: of more, only the first ones are moved about
FIELD = 255  # characters that H5P's editor lets an author write into a line


def opened(items: Sequence[AnyItem], bank: Bank) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what an export says of itself, and its content."""
    with ZipFile(BytesIO(load("h5p").export(items, bank).content)) as archive:
        assert archive.namelist() == ["h5p.json", "content/content.json"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return json.loads(archive.read("h5p.json")), json.loads(archive.read("content/content.json"))


@pytest.fixture(scope="module")
def content(bank: Bank) -> dict[str, Any]:
    """Return the content of the whole bank's package."""
    return opened(list(bank.items.values()), bank)[1]


@pytest.fixture(scope="module")
def questions(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the whole bank's questions by their titles."""
    return {each["metadata"]["title"]: each for each in content["questions"]}


def every(bank: Bank, *types: str) -> Iterator[Unit]:
    """Yield the parts of these types in the bank."""
    yield from (unit for item in bank.items.values() for unit in units(item, bank) if unit.part.type in types)


def words_of(question: dict[str, Any], texts: Sequence[str]) -> dict[str, str]:
    """Return the word to drag for each text: its number, where the task lists them."""
    listed = dict(re.findall(r"(\d+)\. ([^<]+)", question["params"]["taskDescription"].rpartition("<p>")[2]))
    by_text = {unescape(text): number for number, text in listed.items()}
    return {text: by_text.get(text, text) for text in texts}


def test_content_is_as_its_fields_are(content: dict[str, Any]) -> None:
    """Each field known, of its type, and HTML only where H5P reads HTML."""
    assert list(faults(content, FIELDS[SET])) == []
    for each in content["questions"]:
        assert list(faults(each["params"], FIELDS[each["library"]])) == [], each["metadata"]["title"]
        assert len(each["params"].get("distractors", "")) <= FIELD


def test_a_choice_scores_as_in_this_course(bank: Bank, questions: dict[str, Any]) -> None:
    """For every set of options; where most are right and some chosen wrong, never less than here, and that is told."""
    losses = load("h5p").export(list(bank.items.values()), bank).losses
    told_of = {loss.item for loss in losses if loss.what.startswith("a wrong choice")}
    differs = set()
    for unit in every(bank, "one", "some"):
        if unit.item.kind == "fill":
            continue
        params, options = questions[unit.id]["params"], unit.part.options
        for chosen in subsets(unit.part):
            ours = mark((unit.part,), {unit.part.name: chosen[0] if unit.part.type == "one" else list(chosen)}).score
            theirs = choice_share(params, [options.index(option) for option in chosen])
            assert theirs >= ours - 1e-12
            if abs(theirs - ours) > 1e-12:
                differs.add(unit.item.id)
    assert differs == told_of
    assert len(differs) == 5


def subsets(part: Part) -> Iterator[tuple[str, ...]]:
    """Yield what may be chosen."""
    sizes = [1] if part.type == "one" else range(1, len(part.options) + 1)
    for size in sizes:
        yield from combinations(part.options, size)


def test_gaps_score_as_in_this_course(bank: Bank, questions: dict[str, Any]) -> None:
    """For every word in every gap that offers it."""
    for item in bank.select(kind="fill"):
        question, rule = questions[item.id], item.parts()
        names = item.questions(bank.differentiator_names)
        words = words_of(question, [text for each in names for text in each.options.values()])
        for chosen in product(*(part.options for part in rule)):
            ours = mark(rule, dict(zip((part.name for part in rule), chosen, strict=True)))
            dropped = [words[each.options[option]] for each, option in zip(names, chosen, strict=True)]
            assert words_share(question["params"], dropped) == pytest.approx(ours.score / ours.points)


def test_rows_score_by_their_places(bank: Bank, questions: dict[str, Any]) -> None:
    """The whole score for all in place, none for none, and a wrong place takes nothing off; no word is cut."""
    for unit in every(bank, "match", "order"):
        question = questions[unit.id]
        words = words_of(question, list(unit.groups.values()))
        assert all(len(word) <= 20 for word in words.values())
        for places in moved(unit.part):
            dropped = [words[unit.groups[places[row]]] for row in unit.part.options]
            right = sum(unit.part.places[row] == place for row, place in places.items())
            assert words_share(question["params"], dropped) == pytest.approx(right / len(unit.part.options))
            ours = mark((unit.part,), {unit.part.name: places}).score
            assert (ours == 1) == (right == len(unit.part.options))


def moved(part: Part) -> Iterator[dict[str, str]]:
    """Yield placements in which the first rows change places and the others are right, and one row is misplaced."""
    first = part.options[:SHORT]
    held = {row: place for row, place in part.places.items() if row not in first}
    yield from (dict(zip(first, way, strict=True)) | held for way in permutations(part.places[row] for row in first))
    if part.type == "match":
        yield from (part.places | {row: group} for row in part.options for group in part.groups)


def test_every_reason_is_in_the_file(bank: Bank, questions: dict[str, Any]) -> None:
    """With its trap: on the option, or in what a gap says when it is filled."""
    for item in bank.items.values():
        for unit in units(item, bank):
            question = questions[item.id if item.kind == "fill" else unit.id]
            if question["library"] == CHOICE:
                said = [each["tipsAndFeedback"]["chosenFeedback"] for each in question["params"]["answers"]]
                for text, choice in zip(said, unit.choices.values(), strict=True):
                    assert choice.feedback in unescape(text)
                continue
            read = gaps(question["params"]["textField"])
            for choice in unit.choices.values():
                assert any(choice.feedback.replace(":", " –") in unescape(gap.wrong) for gap in read)  # noqa: RUF001
            assert all(gap.right for gap in read)


def test_the_words_that_show_it_are_told(bank: Bank, questions: dict[str, Any]) -> None:
    """With the right difference, and nowhere else."""
    item = bank.items["payroll-1"]
    for answer in questions["payroll-1.differentiator"]["params"]["answers"]:
        said = unescape(answer["tipsAndFeedback"]["chosenFeedback"])
        for phrase in item.phrases.values():  # type: ignore[union-attr]
            assert (f"“{phrase.text}” {phrase.rationale}" in said) == (phrase.evidence and answer["correct"])


def test_signs_of_the_notation_stay_text() -> None:
    """A star, a colon and a backslash in a row or its reason start no gap, tip or feedback: look-alikes do not."""
    hostile = "a * b: c \\+ d \\- e < f & g\n*h*"
    (gap,) = gaps(_row(Choice(hostile, hostile, "trap: *", "at 9:30"), hostile))
    assert gap.text == "a ∗ b – c ⧵+ d ⧵- e &lt; f &amp; g ∗h∗"  # noqa: RUF001  look-alikes are meant
    assert gap.right == f"“{gap.text}” {gap.text}"
    assert gap.wrong == f"“{gap.text}” {gap.text} Trap – “trap – ∗” at 9∶30"  # noqa: RUF001


def test_the_package_asks_for_what_it_uses(bank: Bank) -> None:
    """Content types that a platform must have, by their versions; no more of them than are used."""
    about, _ = opened(list(bank.select(kind="order")), bank)
    assert about["preloadedDependencies"] == [
        {"machineName": "H5P.QuestionSet", "majorVersion": 1, "minorVersion": 21},
        {"machineName": "H5P.DragText", "majorVersion": 1, "minorVersion": 10},
    ]
    assert (about["mainLibrary"], about["language"], about["embedTypes"]) == ("H5P.QuestionSet", "en", ["iframe"])


def test_a_question_keeps_its_id(bank: Bank, questions: dict[str, Any]) -> None:
    """In every selection, and no two have the same; the same items give the same bytes."""
    ids = {name: UUID(each["subContentId"]) for name, each in questions.items()}
    assert len(set(ids.values())) == len(ids)
    items = list(bank.select(kind="case"))
    for each in opened(items, bank)[1]["questions"]:
        assert UUID(each["subContentId"]) == ids[each["metadata"]["title"]]
    assert load("h5p").export(items, bank).content == load("h5p").export(items, bank).content


def test_the_licence_is_that_of_this_course_for_its_own_items(bank: Bank) -> None:
    """An item of someone else is not given away, and does not take the course's credit from its items."""
    own = next(iter(bank.select(kind="choice")))
    about, content = opened([own, own.model_copy(update={"id": "theirs-1"})], bank)
    assert about["license"] == "U"
    assert [each["metadata"]["license"] for each in content["questions"]] == ["CC BY", "U"]
    about, _ = opened([own], bank)
    assert (about["license"], about["licenseVersion"]) == ("CC BY", "4.0")
    assert about["authors"] == [{"name": "Project or Operation? contributors", "role": "Author"}]


def test_what_is_lost_is_told(bank: Bank) -> None:
    """Kind by kind, with what stands in its place."""
    exported = load("h5p").export(list(bank.items.values()), bank)
    assert exported.items == len(bank.items)
    counts = [line.split(" items: ")[0] for line in told(exported.losses)]
    assert counts == ["502", "274", "274", "92", "5", "35", "59", "10", "14", "14"]
    whole = {kind for kind, each in load("h5p").kinds.items() if each.carry is Carry.WHOLE}
    assert whole == {"choice"}
