"""Moodle XML: what Moodle's importers would read of it, and the marks that its questions would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain, combinations, permutations, product
from xml.etree.ElementTree import Element, fromstring

import pytest
from moodle_gaps import GAP, earned, gaps, units_gaps
from moodle_xml_parser import parser

from quizzes.bank import Bank
from quizzes.exports import moodle_xml
from quizzes.exports.base import Exported
from quizzes.exports.moodle_html import SHARES, escaped, percent
from quizzes.exports.units import Unit, shares, units
from quizzes.items import AnyItem, Case, Choice, Classify, Fill, Multiple, Order, Sort
from quizzes.marking import Part, mark


@pytest.fixture(scope="module")
def exported(bank: Bank) -> Exported:
    """Return the export of the whole bank."""
    return moodle_xml.export(list(bank.items.values()), bank)


@pytest.fixture(scope="module")
def questions(exported: Exported) -> dict[str, Element]:
    """Return the questions by name."""
    return by_name(exported)


def by_name(exported: Exported) -> dict[str, Element]:
    """Return an export's questions by name."""
    found = fromstring(exported.content).findall("question")  # noqa: S314  this project's own export
    return {each.findtext("name/text", ""): each for each in found if each.get("type") != "category"}


def subsets(part: Part) -> Iterator[tuple[str, ...]]:
    """Return every response to a part that chooses: nothing, one option, or for several any of them."""
    most = len(part.options) if part.type == "some" else 1
    return chain.from_iterable(combinations(part.options, number) for number in range(most + 1))


def ours(unit: Unit, chosen: tuple[str, ...]) -> float:
    """Return this course's mark of a choice, as a share."""
    value = list(chosen) if unit.part.type == "some" else (*chosen, "")[0]
    return mark((unit.part,), {unit.part.name: value}).score / unit.part.points


def only(bank: Bank, *kinds: type[AnyItem]) -> list[AnyItem]:
    """Return the items of some kinds."""
    return [item for item in bank.items.values() if isinstance(item, kinds)]


def test_every_item_is_one_question_in_the_category_of_its_family(bank: Bank, exported: Exported) -> None:
    """With its id as name and ID number, so that it can be found in Moodle."""
    path, placed = "", []
    for each in fromstring(exported.content):  # noqa: S314  this project's own export
        if each.get("type") == "category":
            path = each.findtext("category/text", "")
        else:
            placed.append((each.findtext("idnumber"), each.findtext("name/text"), path))
    root = "$course$/top/Project or Operation"
    assert placed == [(item.id, item.id, f"{root}/{item.family}") for item in bank.items.values()]
    assert exported.items == len(bank.items)


def test_the_same_bank_gives_the_same_bytes(bank: Bank, exported: Exported) -> None:
    """Nothing in it hangs on the time or on chance."""
    assert moodle_xml.export(list(bank.items.values()), bank) == exported


def test_every_share_that_an_item_can_have_is_known_to_moodle() -> None:
    """It refuses a file with any other one, so an item with such a one would stop the import."""
    for number in range(4, 7):
        for keyed in range(2, number):
            names = tuple("abcdef"[:number])
            for share in shares(Part("", "some", names, names[:keyed])).values():
                assert abs(float(percent(share)) / 100 - share) < 0.00001
    assert len(SHARES) == 21
    with pytest.raises(ValueError, match="0.45 is none that Moodle knows"):
        percent(0.45)


def test_choices_earn_what_this_course_gives(bank: Bank, questions: Mapping[str, Element]) -> None:
    """For every response to every item: Moodle adds the shares, and gives no less than 0 for several."""
    for item in only(bank, Choice, Multiple):
        (unit,), question = units(item, bank), questions[item.id]
        answers = question.findall("answer")
        assert [each.findtext("text") for each in answers] == [escaped(each.text) for each in unit.choices.values()]
        assert [each.findtext("feedback/text") for each in answers] == [
            escaped(each.feedback) for each in unit.choices.values()
        ]
        assert question.findtext("single") == ("false" if unit.part.type == "some" else "true")
        share = {name: float(each.get("fraction", "")) / 100 for name, each in zip(unit.choices, answers, strict=True)}
        for chosen in subsets(unit.part):
            earned = min(1, max(0, sum(share[name] for name in chosen)))
            assert earned == pytest.approx(ours(unit, chosen), abs=1e-6), (item.id, chosen)


def test_embedded_answers_are_read_as_they_were_written(bank: Bank, questions: Mapping[str, Element]) -> None:
    """By Moodle's own patterns: texts, shares and feedback of each option, and the weight of each part."""
    for item in only(bank, Classify, Fill, Case):
        html = questions[item.id].findtext("questiontext/text", "")
        found = iter(gaps(html))
        for unit in units(item, bank):
            asked = units_gaps(unit, found)
            if not unit.groups:
                share = shares(unit.part)
                assert [(text, feedback) for text, _, feedback in asked[0][2]] == [
                    (escaped(each.text), escaped(each.feedback)) for each in unit.choices.values()
                ]
                for name, (_, given, _) in zip(unit.choices, asked[0][2], strict=True):
                    assert given == pytest.approx(share[name], abs=1e-6)
        assert next(found, None) is None
        assert "{" not in GAP.sub("", html)


def test_a_text_with_gaps_earns_what_this_course_gives(bank: Bank, questions: Mapping[str, Element]) -> None:
    """For every way to fill its gaps, blanks among them."""
    for item in only(bank, Fill):
        asked = units(item, bank)
        found = gaps(questions[item.id].findtext("questiontext/text", ""))
        for values in product(*(list(subsets(unit.part)) for unit in asked)):
            marks = [earned(unit, [gap], value) for unit, gap, value in zip(asked, found, values, strict=True)]
            response = {unit.part.name: (*value, "")[0] for unit, value in zip(asked, values, strict=True)}
            own = mark(tuple(unit.part for unit in asked), response)
            assert sum(got for got, _ in marks) / sum(most for _, most in marks) == pytest.approx(
                own.score / own.points
            )


def test_a_reason_earns_its_mark_whatever_the_class(bank: Bank, questions: Mapping[str, Element]) -> None:
    """Where the class is right the mark is this course's; where it is wrong, it has the reason's half on top."""
    for item in only(bank, Classify):
        first, second = units(item, bank)
        found = gaps(questions[item.id].findtext("questiontext/text", ""))
        for chosen in product(first.part.options, second.part.options):
            marks = [
                earned(unit, [gap], (value,)) for unit, gap, value in zip((first, second), found, chosen, strict=True)
            ]
            own = mark((first.part, second.part), {"class": chosen[0], "differentiator": chosen[1]}).score
            reason = chosen[0] not in first.part.key and chosen[1] in second.part.key
            assert sum(got for got, _ in marks) == own + reason
            assert sum(most for _, most in marks) == 2


def test_each_part_of_a_case_weighs_the_same(bank: Bank, questions: Mapping[str, Element]) -> None:
    """And earns what this course gives; of rows, those in a wrong place cost nothing."""
    for item in only(bank, Case):
        found = iter(gaps(questions[item.id].findtext("questiontext/text", "")))
        weights = set()
        for unit in units(item, bank):
            asked = units_gaps(unit, found)
            responses = list(placings(unit)) if unit.groups else list(subsets(unit.part))
            for value in responses:
                got, most = earned(unit, asked, value)
                weights.add(most)
                own = right_rows(unit, value) if isinstance(value, Mapping) else ours(unit, value)
                assert got / most == pytest.approx(own, abs=1e-6)
        assert len(weights) == 1


def placings(unit: Unit) -> Iterator[dict[str, str]]:
    """Return responses to rows: each number of them right, the others in a wrong place or in none."""
    groups = list(unit.groups)
    for number in range(len(unit.choices) + 1):
        right = {row: unit.part.places[row] for row in list(unit.choices)[:number]}
        wrong = {row: groups[groups.index(unit.part.places[row]) - 1] for row in unit.choices if row not in right}
        yield right
        yield {**right, **wrong}


def right_rows(unit: Unit, value: Mapping[str, str]) -> float:
    """Return the share of rows in their right place."""
    return sum(unit.part.places[row] == place for row, place in value.items()) / len(unit.choices)


def test_a_sort_is_a_matching_with_each_row_and_its_place(bank: Bank, questions: Mapping[str, Element]) -> None:
    """Moodle's mark, the share of rows in their right place, is never less than this course's."""
    for item in only(bank, Sort):
        (unit,), question = units(item, bank), questions[item.id]
        pairs = [(each.findtext("text"), each.findtext("answer/text")) for each in question.findall("subquestion")]
        assert question.get("type") == "matching"
        assert pairs == [(escaped(row.text), row.place) for row in unit.choices.values()]
        for value in placings(unit):
            own = mark((unit.part,), {"sort": value}).score
            wrong = len(value) - right_rows(unit, value) * len(unit.choices)
            loss = wrong / (len(unit.groups) - 1) / len(unit.choices)
            assert own == pytest.approx(max(0, right_rows(unit, value) - loss))


def test_an_order_has_the_mark_of_pairs_in_order(bank: Bank, questions: Mapping[str, Element]) -> None:
    """For every order of its steps: this course takes off as much for a pair out of order as it gives for one in it."""
    for item in only(bank, Order):
        (unit,), question = units(item, bank), questions[item.id]
        steps = [each.findtext("text") for each in question.findall("answer")]
        assert steps == [escaped(unit.choices[name].text) for name in unit.part.key]
        assert question.findtext("gradingtype") == "RELATIVE_ALL_PREVIOUS_AND_NEXT"
        for given in permutations(range(len(steps))):
            pairs = list(combinations(range(len(steps)), 2))
            in_order = sum(given.index(first) < given.index(second) for first, second in pairs) / len(pairs)
            value = {unit.part.key[step]: str(place) for place, step in enumerate(given, 1)}
            assert mark((unit.part,), {"order": value}).score == pytest.approx(max(0, 2 * in_order - 1))


def test_another_reader_finds_the_same(bank: Bank, exported: Exported) -> None:
    """moodle-xml-parser, which knows choices and the drop-downs and buttons of texts."""
    found = parser.parse_bytes(exported.content)
    chosen = only(bank, Choice, Multiple)
    assert [each.name for each in found["multichoice"]] == [item.id for item in chosen]
    for item, read in zip(chosen, found["multichoice"], strict=True):
        (unit,) = units(item, bank)
        share = shares(unit.part)
        assert read.single == (unit.part.type == "one")
        assert [(each.answer, each.feedback) for each in read.options] == [
            (each.text, each.feedback) for each in unit.choices.values()
        ]
        assert [each.score_fraction for each in read.options] == pytest.approx(
            [100 * share[name] for name in unit.choices], abs=0.001
        )
    embedded = only(bank, Classify, Fill)
    read_gaps = {each.name: each.gaps for each in found["cloze"]}
    for item in embedded:
        for unit, gap in zip(units(item, bank), read_gaps[item.id], strict=True):
            assert {each.answer: each.score for each in gap.options} == {
                unit.choices[name].text: 100 * share for name, share in shares(unit.part).items()
            }


def test_reserved_characters_come_through(bank: Bank) -> None:
    """Braces, signs of the format, and HTML in an author's text are text in Moodle too."""
    text = r"a {1:MC:=b} ~ # % = \ & &amp; <b>c</b> ]]> } 50% “d” {"
    choice, fill = only(bank, Choice)[0], only(bank, Fill)[0]
    option = choice.options["a"].model_copy(update={"text": text, "rationale": text})
    choice = choice.model_copy(update={"options": {**choice.options, "a": option}, "stem": text})
    gap = fill.gaps["gap.1"]
    gap = gap.model_copy(update={"options": {**gap.options, "a": option}})
    fill = fill.model_copy(update={"gaps": {**fill.gaps, "gap.1": gap}, "scenario": f"{text} {fill.scenario}"})
    found = by_name(moodle_xml.export([choice, fill], bank))
    read = found[choice.id].findall("answer")[0]
    assert unescape(read.findtext("text", "")) == text
    asked = gaps(found[fill.id].findtext("questiontext/text", ""))
    assert len(asked) == len(fill.gaps)
    assert unescape(asked[0][2][0][0]) == text
    assert unescape(asked[0][2][0][2]).startswith(text)


def test_what_moodle_cannot_hold_is_told_of_each_item(bank: Bank, exported: Exported) -> None:
    """The chain and the words that show it of a classify, rows that cost nothing, and the source of every item."""
    told: dict[str, set[str]] = {}
    for loss in exported.losses:
        told.setdefault(loss.what, set()).add(loss.item)

    def ids(*kinds: type[AnyItem]) -> set[str]:
        return {item.id for item in only(bank, *kinds)}

    html = moodle_xml
    assert told["the source that an item is written from is left out"] == set(bank.items)
    assert told[html.OF_MATCH] == ids(Sort)
    assert told[html.OF_ROWS] == ids(Sort, Order)
    assert told[html.OF_ORDER] == ids(Order)
    assert [items for what, items in told.items() if what.startswith("the reason earns")] == [ids(Classify)]
    assert [items for what, items in told.items() if what.startswith("the words in the sc")] == [ids(Classify)]
    with_rows = {item.id for item in only(bank, Case) if any(unit.groups for unit in units(item, bank))}
    assert told[html.OF_CASE_ROWS] == with_rows


def test_a_classify_tells_the_words_after_the_question(bank: Bank, questions: Mapping[str, Element]) -> None:
    """Those that show it and those that do not, each with why."""
    for item in only(bank, Classify):
        after = questions[item.id].findtext("generalfeedback/text", "")
        shown, _, others = after.partition("Words that do not show it:")
        for phrase in item.evidence:
            assert escaped(f"“{phrase.text}”: {phrase.rationale}") in (shown if phrase.evidence else others)
