"""The QTI 2.1 package: marked by its own rules as this course marks, whole, and the same for the same bank."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, combinations, islice, permutations, product
from typing import Any
from zipfile import ZipFile

import pytest
from qti_engine import AssessmentItem, read, text

from quizzes.bank import Bank
from quizzes.exports import load
from quizzes.exports.base import Carry
from quizzes.exports.units import tags
from quizzes.items import KINDS, AnyItem
from quizzes.marking import Part, mark
from quizzes.render import answer_view, practice_rule

MOST = 300  # of the placements of rows: where there are more, as many are drawn


@pytest.fixture(scope="module")
def package(bank: Bank) -> dict[str, bytes]:
    """Return the files of the whole bank's package."""
    return files(load("qti21").export(list(bank.items.values()), bank).content)


def files(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def exported(package: dict[str, bytes], item: AnyItem) -> AssessmentItem:
    """Return an item as the package has it."""
    return AssessmentItem(package[f"items/item-{item.id}.xml"])


def values(part: Part) -> Iterator[Any]:
    """Yield what may be answered to a part, blank first: for rows, whole and partial placements."""
    yield None
    if part.type == "one":
        yield from part.options
    elif part.type == "some":
        sizes = range(1, len(part.options) + 1)
        yield from (list(chosen) for size in sizes for chosen in combinations(part.options, size))
    elif part.type == "match":
        for places in product([None, *part.groups], repeat=len(part.options)):
            placed = {row: place for row, place in zip(part.options, places, strict=True) if place}
            if placed:
                yield placed
    else:
        sizes = range(len(part.options), 0, -1)
        every = (rows for size in sizes for rows in permutations(part.options, size))
        yield from ({row: str(number) for number, row in enumerate(rows, 1)} for rows in every)


def drawn_value(part: Part, chance: random.Random) -> Any:
    """Return any placement of rows, whole or partial."""
    if part.type == "match":
        places = {row: chance.choice([None, *part.groups]) for row in part.options}
        return {row: place for row, place in places.items() if place} or None
    rows = chance.sample(part.options, chance.randint(1, len(part.options)))
    return {row: str(number) for number, row in enumerate(rows, 1)}


def drawn(part: Part, chance: random.Random) -> list[Any]:
    """Return all values of a part, or where there are more, MOST of them; the right one among them."""
    first = list(islice(values(part), MOST + 1))
    if len(first) <= MOST:
        return first
    return [None, dict(part.places), *(drawn_value(part, chance) for _ in range(MOST))]


def answers(item: AnyItem) -> Iterable[dict[str, Any]]:
    """Return every answer to an item; of a case, every answer to each part and MOST drawn ones to all of them."""
    chance = random.Random(item.id)  # noqa: S311  a draw, no secret
    rule = practice_rule(item, evidence=True)
    found = {part.name: drawn(part, chance) for part in rule}
    if item.kind != "case":
        return [dict(zip(found, each, strict=True)) for each in product(*found.values())]
    alone = ({name: value} for name, each in found.items() for value in each)
    mixed = ({name: chance.choice(each) for name, each in found.items()} for _ in range(MOST))
    return chain(alone, mixed)


def responses(item: AnyItem, bank: Bank, found: AssessmentItem) -> dict[str, Any]:
    """Return for each part of an item its response, its type, and the identifiers of its options and groups.

    Options are found by what a learner reads.
    """
    asked = {part.name for part in practice_rule(item, evidence=True)}
    questions = [each for each in item.questions(bank.differentiator_names) if each.name in asked]
    made = {}
    for question, interaction in zip(questions, found.interactions, strict=True):
        by_text = found.choices(interaction)
        ids = {name: by_text[each.strip("“”")] if question.name == "evidence" else by_text[each]
               for name, each in question.options.items()}  # fmt: skip
        groups = {name: by_text.get(each, "") for name, each in question.groups.items()}
        made[question.name] = (interaction.attrib["responseIdentifier"], question.type, ids, groups)
    return made


def given(answer: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Return our answer as the values of response variables."""
    found: dict[str, Any] = {}
    for part, value in answer.items():
        name, kind, ids, groups = made[part]
        if value is None:
            found[name] = None
        elif kind == "one":
            found[name] = ids[value]
        elif kind == "some":
            found[name] = [ids[each] for each in value]
        elif kind == "match":
            found[name] = [f"{ids[row]} {groups[place]}" for row, place in value.items()]
        else:
            found[name] = tuple(ids[row] for row in sorted(value, key=lambda row: int(value[row])))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_of_the_file_give_this_courses_score(bank: Bank, package: dict[str, bytes], kind: str) -> None:
    """For every answer to every item, or for many drawn ones; a whole score is whole, without a rounding error."""
    for item in bank.select(kind=kind):
        found, rule = exported(package, item), practice_rule(item, evidence=True)
        made = responses(item, bank, found)
        for answer in answers(item):
            ours, theirs = mark(rule, answer), found.run(given(answer, made))
            assert abs(theirs["SCORE"] - ours.score) < 1e-12, (item.id, answer)
            assert theirs["MAXSCORE"] == ours.points
            assert (theirs["SCORE"] == theirs["MAXSCORE"]) == (ours.score == ours.points)


def test_the_engine_tells_a_wrong_rule(bank: Bank, package: dict[str, bytes]) -> None:
    """A key that is changed in the file changes the score: the comparison can fail."""
    item = bank.items["payroll-1"]
    right = {part.name: list(part.key) if part.type == "some" else part.key[0] for part in item.parts()}
    content = package["items/item-payroll-1.xml"]
    made = responses(item, bank, AssessmentItem(content))
    assert AssessmentItem(content).run(given(right, made))["SCORE"] == 3
    keyed = f"<value>o-{item.parts()[0].key[0]}</value>".encode()
    other = next(option for option in item.parts()[0].options if option not in item.parts()[0].key)
    assert content.count(keyed) == 1
    changed = AssessmentItem(content.replace(keyed, f"<value>o-{other}</value>".encode()))
    assert changed.run(given(right, made))["SCORE"] == 0


def test_each_answer_shows_its_reason(bank: Bank, package: dict[str, bytes]) -> None:
    """The rationale of a chosen option with its trap; of a row its right place, with the trap where it is wrong."""
    for item in bank.items.values():
        found = exported(package, item)
        made, views = responses(item, bank, found), {view["name"]: view for view in answer_view(item, bank)}
        for part in practice_rule(item, evidence=True):
            for option in views[part.name]["options"]:
                for place in part.groups or [""]:
                    value = {option["id"]: place} if place else [option["id"]] if part.type == "some" else option["id"]
                    if part.type == "order":
                        others = [row for row in part.options if row != option["id"]]
                        rows = [*others[: int(place) - 1], option["id"], *others[int(place) - 1 :]]
                        value = {row: str(number) for number, row in enumerate(rows, 1)}
                    found.run(given({part.name: value}, made))
                    shown = [each for each in found.shown() if text(each).startswith(option["label"])]
                    right = part.places.get(option["id"]) == place if place else option["keyed"]
                    assert len(shown) == 1
                    assert option["rationale"] in text(shown[0])
                    assert option["place"] in text(shown[0])
                    assert shown[0].attrib["title"] == ("Right" if right else "Wrong")
                    assert (option["mend"] in text(shown[0])) == (not right or not option["mend"])


def test_the_package_lists_what_is_in_it(bank: Bank, package: dict[str, bytes]) -> None:
    """Each item once, in the manifest and in the test, in bank order, with its tags as keywords."""
    manifest, test = read(package["imsmanifest.xml"]), read(package["test.xml"])
    names = [f"items/item-{item_id}.xml" for item_id in bank.items]
    assert list(package) == ["imsmanifest.xml", "test.xml", *names]
    assert [each.attrib["href"] for each in test.iter("assessmentItemRef")] == names
    first, *resources = manifest.iterfind("resources/resource")
    assert first.attrib["href"] == "test.xml"
    assert [each.attrib["href"] for each in resources] == names
    needed = [each.attrib["identifierref"] for each in first.iter("dependency")]
    assert needed == [each.attrib["identifier"] for each in resources]
    for item, resource in zip(bank.items.values(), resources, strict=True):
        words = [text(each) for each in resource.iter("keyword")]
        assert words == [*tags(item), f"status:{item.status}", f"use:{item.use}"]
        assert item.source in [text(each) for each in resource.iter("description")]
        found = read(package[resource.attrib["href"]])
        assert found.attrib["identifier"] == resource.attrib["identifier"]
        kinds = {each.tag for each in found.iter() if each.tag.endswith("Interaction")}
        assert {text(each) for each in resource.iter("interactionType")} == kinds


def test_what_an_item_replaces_is_told(bank: Bank) -> None:
    """With the reason."""
    item = bank.items["payroll-1"].model_copy(update={"replaces": "payroll-0", "why_replaced": "two keys were right"})
    manifest = read(files(load("qti21").export([item], bank).content)["imsmanifest.xml"])
    (relation,) = (each for each in manifest.iter("relation") if text(each).startswith("LOMv1.0isversionof"))
    assert text(relation).endswith("payroll-0two keys were right")


def test_names_in_a_file_are_told_apart(package: dict[str, bytes]) -> None:
    """Identifiers are such as XML allows, and each is given once where it must be."""
    for name, content in package.items():
        assert re.fullmatch(r"[a-z0-9./-]+", name)
        root = read(content)
        declared = [each.attrib["identifier"] for each in root.iter() if each.tag.endswith("Declaration")]
        assert len(declared) == len(set(declared))
        assert all(re.fullmatch(r"[A-Za-z_][\w-]*", each) for each in declared)
        feedback = [(f.attrib["outcomeIdentifier"], f.attrib["identifier"]) for f in root.iter("modalFeedback")]
        assert len(feedback) == len(set(feedback))
        for each in root.iter():
            if each.tag.endswith("Interaction"):
                inner = [within.attrib["identifier"] for within in each.iter() if "identifier" in within.attrib]
                assert len(inner) == len(set(inner))


def test_the_same_bank_gives_the_same_bytes(bank: Bank) -> None:
    """So that an import in the target system updates."""
    items = [next(iter(bank.select(kind=kind))) for kind in KINDS]
    first, second = (load("qti21").export(items, bank).content for _ in range(2))
    assert first == second
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_any_text_can_be_written(bank: Bank) -> None:
    """Markup stays text, and what XML cannot hold is left out."""
    item = bank.items["authority-and-mandate-1"].model_copy(update={"stem": "Is <b> & ]]> NOT \x0b “this”?"})
    package = files(load("qti21").export([item], bank).content)
    (prompt,) = read(package["items/item-authority-and-mandate-1.xml"]).iter("prompt")
    assert text(prompt) == "Is <b> & ]]> NOT  “this”?"
    assert [text(each) for each in prompt.iter("strong")] == ["NOT"]


def test_only_two_steps_at_one_number_are_lost(bank: Bank) -> None:
    """And the format says so."""
    found = load("qti21")
    losses = found.export(list(bank.items.values()), bank).losses
    assert {loss.item for loss in losses} == {item.id for item in bank.select(kind="order")}
    assert {kind for kind, each in found.kinds.items() if each.carry is not Carry.WHOLE} == {"order"}
    assert {each.carry for each in found.aspects.values()} == {Carry.WHOLE}


@pytest.mark.filterwarnings("ignore")  # pyslet uses names that it has itself given up
def test_a_library_of_others_marks_the_same(bank: Bank, package: dict[str, bytes]) -> None:
    """Pyslet's own response processing, for items of every kind; it does not run bodies with words to choose."""
    from pyslet.qtiv2 import variables  # noqa: PLC0415  it warns where it is imported
    from pyslet.qtiv2.xml import QTIDocument  # noqa: PLC0415

    for item in chain.from_iterable(islice(bank.select(kind=kind), 3) for kind in KINDS):
        content, chance = package[f"items/item-{item.id}.xml"], random.Random(item.id)  # noqa: S311  a draw, no secret
        read_by_them = QTIDocument()
        plain = re.sub(b"<itemBody>.*</itemBody>", b"<itemBody><p>-</p></itemBody>", content, flags=re.DOTALL)
        read_by_them.read(BytesIO(plain if item.kind == "classify" else content))
        session = variables.ItemSessionState(read_by_them.root)
        session.begin_session()
        rule, made = practice_rule(item, evidence=True), responses(item, bank, AssessmentItem(content))
        every = list(answers(item))
        for answer in chance.sample(every, min(25, len(every))):
            for name, value in given(dict.fromkeys(made) | answer, made).items():
                session[name].set_value(value)
            session.set_outcome_defaults()
            session.item.ResponseProcessing.run(session)
            assert session["SCORE"].value == pytest.approx(mark(rule, answer).score, abs=1e-12), (item.id, answer)
