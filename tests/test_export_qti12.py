"""The QTI 1.2 package: as Canvas writes and reads it, with the score that Canvas gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import combinations, permutations, product
from pathlib import Path
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import pytest
from qti_engine import read, text
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from quizzes.bank import Bank
from quizzes.exports import load
from quizzes.exports.base import Carry, told
from quizzes.exports.units import Unit, units
from quizzes.items import AnyItem
from quizzes.marking import Part, mark
from quizzes.render import emphasis

SHORT = 4  # rows: of more, only the first ones are moved about


@pytest.fixture(scope="module")
def questions(bank: Bank) -> dict[str, Element]:
    """Return all questions of the whole bank's package by their ident."""
    return quiz(load("qti12").export(list(bank.items.values()), bank).content)


def quiz(content: bytes) -> dict[str, Element]:
    """Return the questions of a package, found by its manifest."""
    with ZipFile(BytesIO(content)) as archive:
        manifest = read(archive.read("imsmanifest.xml"))
        (found,) = (each for each in manifest.iter("resource") if each.attrib["type"] == "imsqti_xmlv1p2")
        (file,) = found.iter("file")
        return {each.attrib["ident"]: each for each in read(archive.read(file.attrib["href"])).iter("item")}


def fields(question: Element) -> dict[str, str]:
    """Return a question's fields."""
    pairs = ((each.find("fieldlabel"), each.find("fieldentry")) for each in question.iter("qtimetadatafield"))
    return {label.text or "": entry.text or "" for label, entry in pairs if label is not None and entry is not None}


def keyed(question: Element) -> dict[str, list[str]]:
    """Return the right values of each response, as Canvas's importer finds them in the rules."""
    found: dict[str, list[str]] = {}
    for rule in question.iter("respcondition"):
        if rule.find("setvar") is None:
            continue
        plain = rule.find("conditionvar/and")
        for each in rule.find("conditionvar") if plain is None else plain:
            if each.tag == "varequal":
                found.setdefault(each.attrib["respident"], []).append(each.text or "")
    return found


def canvas_score(question: Element, response: dict[str, list[str]]) -> float:
    """Return what Canvas gives: by the type of question, right parts of all, and for several less the wrong ones."""
    points, key = float(fields(question)["points_possible"]), keyed(question)
    right = sum(value in key[name] for name, values in response.items() for value in values)
    if fields(question)["question_type"] == "multiple_answers_question":
        wrong = sum(map(len, response.values())) - right
        return max(0.0, (right - wrong) / len(key["response1"]) * points)
    return right / len(key) * points


def labels(response: Element) -> dict[str, str]:
    """Return the idents of a response's options by their texts."""
    return {text(each).strip(): each.attrib["ident"] for each in response.iter("response_label")}


def asked(question: Element) -> list[Element]:
    """Return a question's responses."""
    return list(question.iter("response_lid"))


def test_a_choice_scores_as_in_this_course(bank: Bank, questions: dict[str, Element]) -> None:
    """For every set of options; where most are right and some chosen wrong, never less than here, and that is told."""
    losses = load("qti12").export(list(bank.items.values()), bank).losses
    told_of = {loss.item for loss in losses if loss.what.startswith("a wrong choice")}
    differs = set()
    for unit in every(bank, "one", "some"):
        if unit.item.kind == "fill":
            continue
        question = questions[unit.id]
        (response,) = asked(question)
        idents = [labels(response)[unit.choices[option].text] for option in unit.part.options]
        by_option = dict(zip(unit.part.options, idents, strict=True))
        for chosen in subsets(unit.part):
            ours = mark((unit.part,), {unit.part.name: chosen[0] if unit.part.type == "one" else list(chosen)}).score
            theirs = canvas_score(question, {"response1": [by_option[option] for option in chosen]})
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


def every(bank: Bank, *types: str) -> Iterator[Unit]:
    """Yield the parts of these types in the bank."""
    yield from (unit for item in bank.items.values() for unit in units(item, bank) if unit.part.type in types)


def test_gaps_score_as_in_this_course(bank: Bank, questions: dict[str, Element]) -> None:
    """One question a text, with a list at each gap."""
    for item in bank.select(kind="fill"):
        question, rule = questions[item.id], item.parts()
        responses = {each.attrib["ident"]: labels(each) for each in asked(question)}
        body = text(next(iter(question.findall("presentation/material")), question))
        assert re.findall(r"\[(\w+)\]", body) == [name.removeprefix("response_") for name in responses]
        names = item.questions(bank.differentiator_names)
        for chosen in product(*(part.options for part in rule)):
            answer = dict(zip((part.name for part in rule), chosen, strict=True))
            theirs = {
                name: [by_text[each.options[option]]]
                for (name, by_text), each, option in zip(responses.items(), names, chosen, strict=True)
            }
            assert canvas_score(question, theirs) == pytest.approx(mark(rule, answer).score)


def test_rows_score_by_their_places(bank: Bank, questions: dict[str, Element]) -> None:
    """The whole score for all in place, none for none, and a wrong place takes nothing off; that is told."""
    for unit in every(bank, "match", "order"):
        question = questions[unit.id]
        assert fields(question)["question_type"] == "matching_question"
        rows = {text(next(iter(each.findall("material")), each)).strip(): each for each in asked(question)}
        names = {row: rows[unit.choices[row].text].attrib["ident"] for row in unit.part.options}
        for places in moved(unit.part):
            groups = {row: labels(rows[unit.choices[row].text]) for row in places}
            theirs = {names[row]: [groups[row][unit.groups[place]]] for row, place in places.items()}
            right = sum(unit.part.places[row] == place for row, place in places.items())
            assert canvas_score(question, theirs) == pytest.approx(right / len(unit.part.options))
            ours = mark((unit.part,), {unit.part.name: places}).score
            if unit.part.type == "match":
                assert canvas_score(question, theirs) >= ours - 1e-12
            assert (ours == 1) == (right == len(unit.part.options))


def moved(part: Part) -> Iterator[dict[str, str]]:
    """Yield placements in which the first rows are moved about and the others are right."""
    first = part.options[:SHORT]
    held = {row: place for row, place in part.places.items() if row not in first}
    places = [part.places[row] for row in first]
    ways = product(part.groups, repeat=len(first)) if part.type == "match" else permutations(places)
    yield from (dict(zip(first, way, strict=True)) | held for way in ways)


def test_every_reason_is_in_the_file(bank: Bank, questions: dict[str, Element]) -> None:
    """On each option, linked by the rule that shows it; a row's is the last rule on it, as Canvas's importer needs."""
    for item in bank.items.values():
        asked_units = units(item, bank)
        for unit in asked_units:
            question = questions[item.id if item.kind == "fill" else unit.id]
            feedback = {each.attrib["ident"]: text(each) for each in question.iter("itemfeedback")}
            shown = [each.attrib["linkrefid"] for each in question.iter("displayfeedback")]
            assert sorted(shown) == sorted(feedback)
            for choice in unit.choices.values():
                assert any(str(emphasis(choice.rationale)) in each for each in feedback.values())
            for response in asked(question) if unit.part.groups else ():
                rules = rules_on(question, response.attrib["ident"])
                assert [rule.find("setvar") is not None for rule in rules] == [True, False]


def rules_on(question: Element, response: str) -> list[Element]:
    """Return the rules that look at a response, in order."""
    every_rule = question.iter("respcondition")
    return [rule for rule in every_rule if response in {each.attrib["respident"] for each in rule.iter("varequal")}]


def test_the_words_that_show_it_are_told(bank: Bank, questions: dict[str, Element]) -> None:
    """With the difference that decides."""
    item = bank.items["payroll-1"]
    general = next(each for each in questions["payroll-1.differentiator"].iter("itemfeedback"))
    assert general.attrib["ident"] == "general_fb"
    told_words = text(general)
    for phrase in item.phrases.values():  # type: ignore[union-attr]
        assert (phrase.text in told_words) == phrase.evidence


def test_answers_have_numbers(questions: dict[str, Element]) -> None:
    """Canvas reads the ids of answers and matches as numbers, and needs them apart within a question."""
    for question in questions.values():
        numbers = fields(question)["original_answer_ids"].split(",")
        assert len(numbers) == len(set(numbers))
        assert all(each.isdecimal() and int(each) > 0 for each in numbers)
        for response in asked(question):
            idents = list(labels(response).values())
            assert len(idents) == len(set(idents)) == len(list(response.iter("response_label")))
            assert all(each.isdecimal() for each in idents)
            if fields(question)["question_type"] == "matching_question":
                assert response.attrib["ident"].removeprefix("response_") in numbers
                assert not set(idents) & set(numbers)


def shape(question: Element) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return the elements of a question with their depth and the names of their attributes."""
    found = []

    def walk(element: Element, depth: int) -> None:
        found.append((depth, element.tag, tuple(sorted(element.attrib))))
        for each in element:
            walk(each, depth + 1)

    walk(question, 0)
    return found


@pytest.mark.parametrize("kind", ["choice", "multiple"])
def test_a_question_is_built_as_text2qti_builds_it(
    bank: Bank, questions: dict[str, Element], kind: str, tmp_path: Path
) -> None:
    """Element for element, for the same item: text2qti's files are what Canvas's users import."""
    item = next(iter(bank.select(kind=kind)))
    (unit,) = units(item, bank)
    lines = ["Quiz title: same", "", f"Title: {unit.id}", "Points: 1", f"1.  {' '.join(unit.stem.split())}"]
    for letter, (option, choice) in zip("abcdef", unit.choices.items(), strict=False):
        right = option in unit.part.key
        mark_ = f"{'*' if right else ''}{letter})" if kind == "choice" else f"[{'*' if right else ' '}]"
        lines += [f"{mark_} {choice.text}", f"... {choice.feedback}"]
    made = tmp_path / "same.zip"
    QTI(Quiz("\n".join(lines), config=Config())).save(made)
    (theirs,) = quiz(made.read_bytes()).values()
    ours = questions[unit.id]
    assert shape(ours) == shape(theirs)
    assert list(fields(ours)) == list(fields(theirs))
    assert fields(ours)["question_type"] == fields(theirs)["question_type"]
    assert [each.attrib for each in ours.iter("setvar")] == [each.attrib for each in theirs.iter("setvar")]


def test_the_package_is_one_unpublished_practice_quiz(bank: Bank) -> None:
    """With the points of its questions, and files that the manifest lists."""
    items: list[AnyItem] = list(bank.select(kind="case"))
    content = load("qti12").export(items, bank).content
    with ZipFile(BytesIO(content)) as archive:
        manifest = read(archive.read("imsmanifest.xml"))
        assert archive.namelist() == ["imsmanifest.xml", *(each.attrib["href"] for each in manifest.iter("file"))]
        settings = read(archive.read("project-or-operation/assessment_meta.xml"))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    found = {each.tag: each.text for each in settings}
    assert found["points_possible"] == str(float(sum(len(item.parts()) for item in items)))
    assert (found["quiz_type"], found["available"]) == ("practice_quiz", "false")
    assert content == load("qti12").export(items, bank).content


def test_what_is_lost_is_told(bank: Bank) -> None:
    """Kind by kind, with what stands in its place."""
    exported = load("qti12").export(list(bank.items.values()), bank)
    assert exported.items == len(bank.items)
    assert [line.split(" items: ")[0] for line in told(exported.losses)] == ["502", "274", "274", "5", "35", "10", "14"]
    whole = {kind for kind, each in load("qti12").kinds.items() if each.carry is Carry.WHOLE}
    assert whole == {"choice", "fill"}
