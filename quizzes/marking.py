"""Mark a response against a rule: pure, and the same as `markRule` in frontend/quiz.mjs.

A rule is what marking needs to know of an item and nothing else: an ordered list of parts, each of a part type.
Both implementations run every case of tests/marking-cases.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any


class Outcome(StrEnum):
    """The five results of marking. Blank and malformed are never the same as wrong."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    BLANK = "blank"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Part:
    """One question within an item, of a part type.

    `one` asks for one of the options and `some` for several; `key` holds those that are right. `match` puts each
    option into one of the `groups`; `key` holds the options' groups in the order of `options`. `order` numbers the
    options, with positions as `groups`; `key` holds the options in the right order.

    A part that `decides` is the answer itself. Where it is not right, the parts after it earn nothing: a reason
    counts only for the right answer.
    """

    name: str
    type: str
    options: tuple[str, ...]
    key: tuple[str, ...]
    points: float = 1
    decides: bool = False
    groups: tuple[str, ...] = ()

    @property
    def places(self) -> dict[str, str]:
        """Return each row's right place, an order's in the right sequence; empty where no rows are placed."""
        if self.type == "match":
            return dict(zip(self.options, self.key, strict=True))
        if self.type == "order":
            return {row: str(number) for number, row in enumerate(self.key, 1)}
        return {}

    def as_json(self) -> dict[str, Any]:
        """Return the part as the front end reads it."""
        return {
            "name": self.name,
            "type": self.type,
            "options": list(self.options),
            "key": list(self.key),
            "points": self.points,
            "decides": self.decides,
            **({"groups": list(self.groups)} if self.groups else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Part:
        """Read what `as_json` wrote."""
        return cls(
            data["name"],
            data["type"],
            tuple(data["options"]),
            tuple(data["key"]),
            data.get("points", 1),
            data.get("decides", False),
            tuple(data.get("groups", ())),
        )


@dataclass(frozen=True)
class PartMark:
    """The mark of one part; `reason` is set where the outcome is malformed."""

    name: str
    outcome: Outcome
    score: float
    points: float
    reason: str = ""

    @property
    def unearned(self) -> bool:
        """Tell whether the part is right and earns nothing, because what decides it is not right."""
        return self.outcome == "right" and not self.score


@dataclass(frozen=True)
class Mark:
    """The mark of an item: its outcome, its score out of `points`, and the marks of its parts."""

    outcome: Outcome
    score: float
    points: float
    parts: tuple[PartMark, ...]

    @property
    def reason(self) -> str:
        """Return why the response is malformed, or an empty string."""
        return next((part.reason for part in self.parts if part.reason), "")


Rule = tuple[Part, ...]


def is_blank(value: Any) -> bool:
    """Return whether a part's value says nothing: absent, null, an empty text or an empty list."""
    return value in (None, "", [])


def _one(part: Part, value: Any) -> float | str:
    """Return 1 for the key and 0 for another option; a text says why the value is malformed."""
    if not isinstance(value, str):
        return "one option is expected"
    if value not in part.options:
        return "not an option of this item"
    return 1.0 if value in part.key else 0.0


def _some(part: Part, value: Any) -> float | str:
    """Return right less wrong choices over the number keyed, never under 0, so that choosing all does not pay.

    Where more options are right than wrong, a wrong choice weighs as much as it takes for that.
    """
    if not isinstance(value, list) or not all(isinstance(choice, str) for choice in value):
        return "a list of options is expected"
    if any(choice not in part.options for choice in value):
        return "not an option of this item"
    if len(set(value)) != len(value):
        return "an option is given twice"
    right = sum(choice in part.key for choice in value)
    weight = max(1, len(part.key) / (len(part.options) - len(part.key)))
    return float(max(0, right - (len(value) - right) * weight) / len(part.key))


def _fault_of_places(part: Part, value: Any) -> str:
    if not isinstance(value, Mapping):
        return "a place for each row is expected"
    if not all(isinstance(place, str) for place in value.values()):
        return "a place for each row is expected"
    if not set(value) <= set(part.options) or not set(value.values()) <= set(part.groups):
        return "not a row or place of this item"
    return ""


def _match(part: Part, value: Any) -> float | str:
    """Return right less wrong places over all rows, a wrong one at its chance weight, so that guessing does not pay."""
    if fault := _fault_of_places(part, value):
        return fault
    key = part.places
    right = sum(key[row] == place for row, place in value.items())
    wrong = len(value) - right
    return float(max(0, right - wrong / (len(part.groups) - 1)) / len(part.options))


def _order(part: Part, value: Any) -> float | str:
    """Return pairs in order less pairs out of order over all pairs: Kendall's tau, never under 0 (Kendall 1938)."""
    if fault := _fault_of_places(part, value):
        return fault
    places = [int(value[row]) if row in value else None for row in part.key]
    pairs = list(combinations(places, 2))
    balance = sum(0 if a is None or b is None else 1 if a < b else -1 for a, b in pairs)
    return max(0, balance) / len(pairs)


PART_TYPES: dict[str, Callable[[Part, Any], float | str]] = {
    "one": _one,
    "some": _some,
    "match": _match,
    "order": _order,
}


def _mark_part(part: Part, value: Any, counts: bool) -> PartMark:
    if is_blank(value) or (part.groups and value == {}):
        return PartMark(part.name, Outcome.BLANK, 0, part.points)
    earned = PART_TYPES[part.type](part, value)
    if isinstance(earned, str):
        return PartMark(part.name, Outcome.MALFORMED, 0, part.points, f"{part.name}: {earned}")
    outcome = Outcome.RIGHT if earned == 1 else Outcome.PARTLY if earned > 0 else Outcome.WRONG
    return PartMark(part.name, outcome, earned * part.points if counts else 0, part.points)


def _shape_fault(rule: Rule, response: Any) -> str:
    if not isinstance(response, Mapping):
        return "the response is not a record"
    names = {part.name for part in rule}
    # The name is not repeated: a learner chose it, and reasons are shown on a grader's pages.
    return "" if set(response) <= names else "a part that this item does not ask"


def _malformed(rule: Rule, reason: str) -> Mark:
    parts = tuple(PartMark(part.name, Outcome.MALFORMED, 0, part.points, reason) for part in rule)
    return Mark(Outcome.MALFORMED, 0, sum(part.points for part in rule), parts)


def _overall(parts: tuple[PartMark, ...], score: float, decided: PartMark | None) -> Outcome:
    if decided is not None and decided.outcome is Outcome.BLANK:
        return Outcome.BLANK
    if all(part.outcome is Outcome.BLANK for part in parts):
        return Outcome.BLANK
    if all(part.outcome is Outcome.RIGHT for part in parts):
        return Outcome.RIGHT
    return Outcome.PARTLY if score > 0 else Outcome.WRONG


def mark(rule: Rule, response: Any) -> Mark:
    """Mark a response, or None: a record of part name → option id (`one`), list of option ids (`some`), or row → place.

    Never raises for anything a response can hold: what does not fit the item is malformed and scores 0.
    """
    if response is None:
        response = {}
    if fault := _shape_fault(rule, response):
        return _malformed(rule, fault)
    marks: list[PartMark] = []
    decided: PartMark | None = None
    for part in rule:
        counts = decided is None or decided.outcome is Outcome.RIGHT
        marks.append(_mark_part(part, response.get(part.name), counts))
        if part.decides:
            decided = marks[-1]
    if reason := next((m.reason for m in marks if m.outcome is Outcome.MALFORMED), ""):
        return _malformed(rule, reason)
    parts, points = tuple(marks), sum(part.points for part in rule)
    score = sum(m.score for m in parts)
    return Mark(_overall(parts, score, decided), score, points, parts)
