"""The marking of an item in QTI 2.1: what may be answered, what is right, and rules that give this course's score.

A part of several right answers, or of rows that have groups, is scored by a mapping that never falls below 0. An order
is scored by the balance of its pairs. A part after one that decides is scored within the condition that it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from quizzes.exports.qti_xml import node
from quizzes.exports.units import Unit, shares
from quizzes.marking import Part

CARDINALITY = {"one": "single", "some": "multiple", "match": "multiple", "order": "ordered"}


@dataclass(frozen=True)
class Asked:
    """A part of an item with the names of its variables; `suffix` is empty where the item has one part."""

    unit: Unit
    suffix: str

    @property
    def part(self) -> Part:
        """Return the part."""
        return self.unit.part

    @property
    def response(self) -> str:
        """Return the name of the response variable."""
        return f"RESPONSE{self.suffix}"

    @property
    def score(self) -> str:
        """Return the name of the variable that holds the part's points."""
        return f"SCORE{self.suffix}"

    @property
    def feedback(self) -> str:
        """Return the name of the variable that says which feedback is shown."""
        return f"FEEDBACK{self.suffix}"


def asked(units: Sequence[Unit]) -> list[Asked]:
    """Return an item's parts with names that hold no point: a point divides item and variable in a test."""
    if len(units) == 1:
        return [Asked(units[0], "")]
    return [Asked(unit, "_" + unit.part.name.replace(".", "_")) for unit in units]


def choice_name(part: Part, option: str) -> str:
    """Return the identifier of an option or row; ids of the bank may begin with a digit, identifiers may not."""
    return f"r-{option}" if part.groups else f"o-{option}"


def group_name(group: str) -> str:
    """Return the identifier of a group."""
    return f"g-{group}"


def wrong_name(row: str) -> str:
    """Return the identifier of the feedback on a row in a wrong place."""
    return f"w-{row}"


def _pair(part: Part, row: str, group: str) -> str:
    return f"{choice_name(part, row)} {group_name(group)}"


def _correct(part: Part) -> list[str]:
    if part.type == "match":
        return [_pair(part, row, group) for row, group in part.places.items()]
    return [choice_name(part, option) for option in part.key]


def _rows(part: Part) -> int:
    """Return how many right answers make the whole score."""
    return len(part.options) if part.type == "match" else len(part.key)


def _mapping(part: Part) -> ET.Element:
    """Return what each answer counts, with 1 for a right one: a whole score is then whole, without a rounding error."""
    share = shares(part)
    if part.type == "match":
        entries, wrong = dict.fromkeys(_correct(part), 1.0), share["wrong"] / share["right"]
    else:
        right = share[part.key[0]]
        entries, wrong = {choice_name(part, option): value / right for option, value in share.items()}, 0.0
    rows = [node("mapEntry", mapKey=key, mappedValue=repr(value)) for key, value in entries.items()]
    return node("mapping", *rows, lowerBound="0.0", upperBound=repr(float(_rows(part))), defaultValue=repr(wrong))


def _declared_response(each: Asked) -> ET.Element:
    part = each.part
    correct = node("correctResponse", *(node("value", value) for value in _correct(part)))
    mapping = [_mapping(part)] if part.type in ("some", "match") else []
    kind = "directedPair" if part.type == "match" else "identifier"
    return node(
        "responseDeclaration",
        correct,
        *mapping,
        identifier=each.response,
        cardinality=CARDINALITY[part.type],
        baseType=kind,
    )


def _declared(name: str, kind: str, default: str | None = None, **more: str) -> ET.Element:
    value = [] if default is None else [node("defaultValue", node("value", default))]
    return node("outcomeDeclaration", *value, **{"identifier": name, "cardinality": "single", "baseType": kind, **more})


def declarations(parts: Sequence[Asked]) -> Iterator[ET.Element]:
    """Yield what the item's variables are: responses, points, the most that can be earned, and feedback."""
    most = repr(float(sum(each.part.points for each in parts)))
    yield from map(_declared_response, parts)
    yield _declared("SCORE", "float", "0.0", normalMaximum=most, normalMinimum="0.0")
    yield _declared("MAXSCORE", "float", most)
    for each in parts:
        if each.suffix:
            yield _declared(each.score, "float", "0.0")
        if each.part.type == "order":
            yield _declared(_balance(each), "integer", "0")
            yield from (_declared(_place(each, row), "integer", "0") for row in each.part.key)
        several = "single" if each.part.type == "one" else "multiple"
        yield _declared(each.feedback, "identifier", cardinality=several)


def _balance(each: Asked) -> str:
    return f"BALANCE{each.suffix}"


def _place(each: Asked, row: str) -> str:
    return f"PLACE{each.suffix}_{row}"


def _variable(name: str) -> ET.Element:
    return node("variable", identifier=name)


def _value(kind: str, text: str) -> ET.Element:
    return node("baseValue", text, baseType=kind)


def _set(name: str, expression: ET.Element) -> ET.Element:
    return node("setOutcomeValue", expression, identifier=name)


def _when(*branches: tuple[ET.Element, Sequence[ET.Element]]) -> ET.Element:
    first, *others = branches
    return node(
        "responseCondition",
        node("responseIf", first[0], *first[1]),
        *(node("responseElseIf", test, *rules) for test, rules in others),
    )


def _answered(each: Asked) -> ET.Element:
    return node("not", node("isNull", _variable(each.response)))


def _right(each: Asked) -> ET.Element:
    return node("match", _variable(each.response), node("correct", identifier=each.response))


def _scored_one(each: Asked) -> list[ET.Element]:
    return [_when((_right(each), [_set(each.score, _value("float", repr(float(each.part.points))))]))]


def _scored_mapped(each: Asked) -> list[ET.Element]:
    whole = _value("float", repr(_rows(each.part) / each.part.points))
    return [_set(each.score, node("divide", node("mapResponse", identifier=each.response), whole))]


def _at(each: Asked, row: str, number: int) -> ET.Element:
    found = node("index", _variable(each.response), n=str(number))
    return node("match", found, _value("identifier", choice_name(each.part, row)))


def _placed(each: Asked, row: str) -> ET.Element:
    numbers = range(1, len(each.part.key) + 1)
    name = _place(each, row)
    return _when(*((_at(each, row, number), [_set(name, _value("integer", str(number)))]) for number in numbers))


def _compared(each: Asked, earlier: str, later: str) -> ET.Element:
    """Return the rule of one pair; a row that has no place stands at 0 and counts neither way."""

    def before(one: str, other: str) -> ET.Element:
        first, second = _place(each, one), _place(each, other)
        given = node("gt", _variable(first), _value("integer", "0"))
        return node("and", given, node("lt", _variable(first), _variable(second)))

    def counted(operator: str) -> list[ET.Element]:
        return [_set(_balance(each), node(operator, _variable(_balance(each)), _value("integer", "1")))]

    return _when((before(earlier, later), counted("sum")), (before(later, earlier), counted("subtract")))


def _scored_order(each: Asked) -> list[ET.Element]:
    pairs = list(combinations(each.part.key, 2))
    share = node("divide", _variable(_balance(each)), _value("float", repr(len(pairs) / each.part.points)))
    positive = node("gt", _variable(_balance(each)), _value("integer", "0"))
    return [
        *(_placed(each, row) for row in each.part.key),
        *(_compared(each, earlier, later) for earlier, later in pairs),
        _when((positive, [_set(each.score, share)])),
    ]


SCORED: dict[str, Callable[[Asked], list[ET.Element]]] = {
    "one": _scored_one,
    "some": _scored_mapped,
    "match": _scored_mapped,
    "order": _scored_order,
}


def _scores(parts: Sequence[Asked]) -> list[ET.Element]:
    if not parts:
        return []
    first, rest = parts[0], parts[1:]
    own = _when((_answered(first), SCORED[first.part.type](first)))
    if first.part.decides and rest:
        return [own, _when((_right(first), _scores(rest)))]
    return [own, *_scores(rest)]


def _shown(each: Asked) -> list[ET.Element]:
    """Return the rules that choose the feedback: that of each chosen option, or of each row as it was placed."""
    if not each.part.groups:
        return [_when((_answered(each), [_set(each.feedback, _variable(each.response))]))]
    return [_when((_answered(each), [_shown_row(each, row) for row in each.part.options]))]


def _shown_row(each: Asked, row: str) -> ET.Element:
    def added(name: str) -> list[ET.Element]:
        return [_set(each.feedback, node("multiple", _variable(each.feedback), _value("identifier", name)))]

    here = {place: _in_place(each, row, place) for place in each.part.groups}
    right = here.pop(each.part.places[row])
    return _when((right, added(choice_name(each.part, row))), (node("or", *here.values()), added(wrong_name(row))))


def _in_place(each: Asked, row: str, place: str) -> ET.Element:
    if each.part.type == "order":
        return _at(each, row, int(place))
    return node("member", _value("directedPair", _pair(each.part, row, place)), _variable(each.response))


def processing(parts: Sequence[Asked]) -> ET.Element:
    """Return the rules that mark a response and choose its feedback."""
    total = [_set("SCORE", node("sum", *(_variable(each.score) for each in parts)))] if len(parts) > 1 else []
    shown = [rule for each in parts for rule in _shown(each)]
    return node("responseProcessing", *_scores(parts), *total, *shown)
