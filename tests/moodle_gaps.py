"""Reads the answers that are embedded in a text, and marks them, as Moodle does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from quizzes.exports.units import Unit

# How Moodle finds the questions in a text, and the answers in each (question/type/multianswer/questiontype.php).
ANSWER = r"(?:(=)|%(-?\d+(?:[.,]\d*)?)%)?(.+?(?<!\\|&)(?=[~#}]|$))(?:#(.*?(?<!\\)(?=[~}]|$)))?"
GAP = re.compile(rf"\{{(\d*):(MC|MCV|MR):({re.sub(r'[(](?![?])', '(?:', ANSWER)}(?:~.*?)?)(?<!\\)\}}", re.DOTALL)
Gap = tuple[int, str, list[tuple[str, float, str]]]


def gaps(html: str) -> list[Gap]:
    """Return the weight, type and answers of each question in a text."""
    found = []
    for weight, kind, answers in GAP.findall(html):
        read = []
        for each in re.split(r"(?<!\\)~", answers):
            equals, share, text, feedback = re.fullmatch(ANSWER, each, re.DOTALL).groups()  # type: ignore[union-attr]
            read.append((unescape(text), 1.0 if equals else float(share or 0) / 100, unescape(feedback or "")))
        found.append((int(weight), kind, read))
    return found


def units_gaps(unit: Unit, found: Iterator[Gap]) -> list[Gap]:
    """Return the questions in the text that a part became: one, or one for each row."""
    return [next(found) for _ in (unit.choices if unit.groups else "1")]


def earned(unit: Unit, asked: list[Gap], value: tuple[str, ...] | Mapping[str, str]) -> tuple[float, int]:
    """Return the marks that Moodle gives for a part, and the most that it can give."""
    most = sum(weight for weight, _, _ in asked)
    if isinstance(value, Mapping):
        rows = zip(unit.choices, asked, strict=True)
        places = list(unit.groups)
        return sum(gap[0] * gap[2][places.index(value[row])][1] for row, gap in rows if row in value), most
    share = {name: given for name, (_, given, _) in zip(unit.choices, asked[0][2], strict=True)}
    return most * max(0, sum(share[name] for name in value)), most
