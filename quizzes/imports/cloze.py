"""Moodle's questions with embedded answers: texts with `{1:MULTICHOICE:~one#why~=other#why}` in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from quizzes.imports.base import Asked, ImportRefusedError, Option
from quizzes.imports.blocks import Block, blocks, joined

_START = re.compile(r"\{\d*:([A-Z_]+):")
_END = re.compile(r"(?<!\\)\}")
_ALTERNATIVE = re.compile(r"\s*(?:(=)|%(-?\d+(?:[.,]\d*)?)%)?(.*)", re.DOTALL)
_GAP = re.compile(r"\[gap\.(\d+)\]")
_ONE = {"MULTICHOICE", "MC"}
_SOME = {"MULTIRESPONSE", "MR"}
_LAYOUT = re.compile(r"_?(?:[VH]?S|[VH])$")  # upright, flat, shuffled


def _type(name: str) -> str:
    bare = name if name in _ONE | _SOME else _LAYOUT.sub("", name)
    if bare in _ONE:
        return "one"
    if bare in _SOME:
        return "some"
    raise ImportRefusedError("not carried: an answer that is typed has no place among options")


def _shown(coded: str) -> str:
    """Return what a learner reads: entities are decoded once, and the rest is HTML."""
    return joined(blocks(re.sub(r"\\([}#~/\"\\])", r"\1", unescape(coded)))[0])


def _option(coded: str) -> Option:
    answer, _, feedback = re.sub(r"(?<![\\&])#", "\0", coded, count=1).partition("\0")
    found = _ALTERNATIVE.match(answer)
    equals, percent, text = found.groups() if found else ("", "", answer)
    share = 1.0 if equals else float((percent or "0").replace(",", ".")) / 100
    return Option(_shown(text), share, _shown(feedback))


def _answers(kind: str, alternatives: Sequence[str]) -> tuple[Option, ...]:
    """Return the options, of several with shares as Moodle makes them of `=`: the right ones share the mark."""
    options = [_option(each) for each in alternatives]
    right = sum(option.share for option in options if option.share > 0)
    if kind == "one" or not right:
        return tuple(options)
    specific = any(each.lstrip().startswith("%") for each in alternatives)
    return tuple(
        Option(
            each.text,
            each.share / right if each.share > 0 else each.share if specific else -1 / right,
            each.feedback,
        )
        for each in options
    )


def embedded(html: str) -> tuple[list[Block], list[Asked], list[str]]:
    """Return the text in blocks, `[gap.1]` and so on where a question stands, the questions, and what is no text.

    Raises ImportRefusedError where an answer is typed.
    """
    asked: list[Asked] = []
    outside, at = [], 0
    while (start := _START.search(html, at)) and (end := _END.search(html, start.end())):
        kind, answers = _type(start[1]), html[start.end() : end.start()].removeprefix("~")
        asked.append(Asked(kind, "", _answers(kind, re.split(r"(?<!\\)~", answers))))
        outside += [html[at : start.start()], f"[gap.{len(asked)}]"]
        at = end.end()
    text, lost = blocks("".join((*outside, html[at:])))
    return text, asked, lost


def questions(text: Sequence[Block], asked: Sequence[Asked]) -> tuple[str, tuple[Asked, ...]]:
    """Return the scenario and the questions below it; rows of a list with a gap each are one question that places rows.

    Raises ImportRefusedError where gaps stand in the midst of a text.
    """
    before: list[str] = []
    scenario: str | None = None
    found: list[Asked] = []
    rows: list[Option] = []
    for block in (*text, Block("")):
        gaps = _GAP.findall(block.text)
        if rows and not (block.row and gaps):
            found.append(Asked("match", before.pop() if before else "", tuple(rows)))
            rows, before = [], []
        if not gaps:
            before.append(block.text)
            continue
        if scenario is None:
            scenario, before = "\n".join(before[:-1]), before[-1:]
        gap = asked[int(gaps[0]) - 1] if int(gaps[0]) <= len(asked) else None
        rest = _GAP.sub("", block.text).strip()
        if gap is None or len(gaps) > 1 or bool(rest) != block.row:
            raise ImportRefusedError("not carried: its parts are not laid out as this course's exports lay them out")
        if block.row:
            rows.append(_row(rest, gap))
        else:
            found.append(Asked(gap.type, "\n".join(before), gap.options))
            before = []
    return scenario or "", tuple(found)


def _row(text: str, gap: Asked) -> Option:
    """Return a row: its place is the right option, and its feedback that of a wrong one, which also names the trap."""
    places = [option.text for option in gap.options if option.share > 0]
    feedback = next((option.feedback for option in gap.options if option.share <= 0), "")
    return Option(text, feedback=feedback, place=places[0] if places else "")
