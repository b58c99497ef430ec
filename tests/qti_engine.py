"""A small engine for QTI 2.1 response processing, written from the specification and not from the exporter.

NULL is None. A single value is a text, a number or a truth value, a multiple one a list and an ordered one a tuple.
It knows the expressions of the items that it is given and refuses any other, and a value of a type that a variable
does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

NUMBERS: dict[str, Callable[[str], Any]] = {"float": float, "integer": int}
TYPES = {"float": float, "integer": int, "identifier": str, "directedPair": str}
CONTAINERS = {"multiple": list, "ordered": tuple}
INTERACTIONS = {
    "choiceInteraction": ("simpleChoice",),
    "orderInteraction": ("simpleChoice",),
    "hottextInteraction": ("hottext",),
    "inlineChoiceInteraction": ("inlineChoice",),
    "matchInteraction": ("simpleAssociableChoice",),
}


def read(content: bytes) -> Element:
    """Read XML; the names of elements are without their namespace."""
    root: Element = ElementTree.fromstring(content)
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


def text(element: Element) -> str:
    """Return all text within an element."""
    return "".join(element.itertext())


class AssessmentItem:
    """An item that can be answered."""

    def __init__(self, content: bytes) -> None:
        self.root = read(content)
        self.responses = {each.attrib["identifier"]: each for each in self.root.iter("responseDeclaration")}
        self.outcomes = {each.attrib["identifier"]: each for each in self.root.iter("outcomeDeclaration")}
        self.processing = self.root.find("responseProcessing")
        self.interactions = [each for each in self.root.iter() if each.tag in INTERACTIONS]
        self.defaults = {name: self._default(each) for name, each in self.outcomes.items()} | dict.fromkeys(
            self.responses
        )
        self.corrects = {name: self._right(each) for name, each in self.responses.items()}
        self.mappings = {name: self._mapping(each) for name, each in self.responses.items()}
        self.values: dict[str, Any] = {}

    def choices(self, interaction: Element) -> dict[str, str]:
        """Return the identifier of each choice of an interaction by its text."""
        (tag,) = INTERACTIONS[interaction.tag]
        return {text(each): each.attrib["identifier"] for each in interaction.iter(tag)}

    def run(self, responses: Mapping[str, Any]) -> dict[str, Any]:
        """Mark responses and return the outcomes."""
        self.values = self.defaults | dict(responses)
        for rule in self.processing if self.processing is not None else ():
            self._rule(rule)
        return {name: self.values[name] for name in self.outcomes}

    def shown(self) -> list[Element]:
        """Return the feedback that is shown after a run."""
        return [each for each in self.root.iter("modalFeedback") if self._is_shown(each)]

    def _is_shown(self, feedback: Element) -> bool:
        value = self.values[feedback.attrib["outcomeIdentifier"]]
        held = feedback.attrib["identifier"] in (value if isinstance(value, list) else [value])
        return held == (feedback.attrib["showHide"] == "show")

    def _default(self, declaration: Element) -> Any:
        value, kind = declaration.find("defaultValue/value"), declaration.attrib["baseType"]
        if value is not None:
            return NUMBERS[kind](value.text or "")
        return NUMBERS[kind]("0") if kind in NUMBERS and declaration.attrib["cardinality"] == "single" else None

    def _rule(self, rule: Element) -> None:
        if rule.tag == "setOutcomeValue":
            name = rule.attrib["identifier"]
            self.values[name] = self._typed(self.outcomes[name], self._value(rule[0]))
            return
        assert rule.tag == "responseCondition", rule.tag
        for branch in rule:
            test, rules = (None, list(branch)) if branch.tag == "responseElse" else (branch[0], list(branch)[1:])
            if test is None or self._value(test) is True:
                for each in rules:
                    self._rule(each)
                return

    @staticmethod
    def _typed(declaration: Element, value: Any) -> Any:
        kind, container = TYPES[declaration.attrib["baseType"]], CONTAINERS.get(declaration.attrib["cardinality"])
        singles = [] if value is None else list(value) if container else [value]
        assert container is None or value is None or type(value) is container, (declaration.attrib, value)
        assert all(type(each) is kind for each in singles), (declaration.attrib, value)
        return value

    def _value(self, expression: Element) -> Any:
        reader = getattr(self, f"_{expression.tag}", None)
        if reader is not None:
            return reader(expression)
        values = [self._value(each) for each in expression]
        return OPERATORS[expression.tag](expression, values)

    def _variable(self, expression: Element) -> Any:
        return self.values[expression.attrib["identifier"]]

    def _baseValue(self, expression: Element) -> Any:  # noqa: N802  named as in QTI
        return NUMBERS.get(expression.attrib["baseType"], str)(expression.text or "")

    def _correct(self, expression: Element) -> Any:
        return self.corrects[expression.attrib["identifier"]]

    @staticmethod
    def _right(declaration: Element) -> Any:
        values = [each.text or "" for each in declaration.iterfind("correctResponse/value")]
        container = CONTAINERS.get(declaration.attrib["cardinality"])
        return container(values) if container else values[0]

    @staticmethod
    def _mapping(declaration: Element) -> tuple[dict[str, float], float, float, float] | None:
        mapping = declaration.find("mapping")
        if mapping is None:
            return None
        entries = {each.attrib["mapKey"]: float(each.attrib["mappedValue"]) for each in mapping}
        default, lower, upper = (float(mapping.attrib[name]) for name in ("defaultValue", "lowerBound", "upperBound"))
        return entries, default, lower, upper

    def _mapResponse(self, expression: Element) -> float:  # noqa: N802  named as in QTI
        name = expression.attrib["identifier"]
        mapping, value = self.mappings[name], self.values[name]
        assert mapping is not None
        entries, default, lower, upper = mapping
        values = [] if value is None else value if isinstance(value, (list, tuple)) else [value]
        return max(lower, min(upper, sum((entries.get(each, default) for each in values), 0.0)))


def _same(one: Any, other: Any) -> bool:
    return sorted(one) == sorted(other) if isinstance(one, list) else bool(one == other)


def _all(values: list[Any]) -> bool | None:
    return False if False in values else None if None in values else True


def _any(values: list[Any]) -> bool | None:
    return True if True in values else None if None in values else False


def _strict(operation: Callable[..., Any]) -> Callable[[Element, list[Any]], Any]:
    """Return an operator that is NULL where any of its values is."""
    return lambda _, values: None if None in values else operation(*values)


def _index(expression: Element, values: list[Any]) -> Any:
    number = int(expression.attrib["n"])
    return values[0][number - 1] if values[0] and number <= len(values[0]) else None


def _joined(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found


OPERATORS: dict[str, Callable[[Element, list[Any]], Any]] = {
    "isNull": lambda _, values: values[0] in (None, [], ()),
    "not": _strict(lambda value: not value),
    "and": lambda _, values: _all(values),
    "or": lambda _, values: _any(values),
    "match": _strict(_same),
    "member": _strict(lambda value, container: value in container),
    "multiple": lambda _, values: _joined(values) or None,
    "index": _index,
    "sum": _strict(lambda *values: sum(values[1:], values[0])),
    "subtract": _strict(lambda one, other: one - other),
    "divide": _strict(lambda one, other: one / other),
    "lt": _strict(lambda one, other: one < other),
    "gt": _strict(lambda one, other: one > other),
}
