"""Exam papers to print: a zip of versions A to D as PDF, each with an answer key in a file of its own.

A zip and not one PDF: a paper can then be copied for a room without its key lying behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from quizzes.archive import archived
from quizzes.bank import Bank
from quizzes.exports.base import Carry, Exported, Format, Loss, Support
from quizzes.exports.paper_version import Asked, Entry, version
from quizzes.items import AnyItem, Trait
from quizzes.kinds.base import without_number
from quizzes.render import EMPHASIS

LETTERS = "ABCD"
SEED = 1
TITLE = "Project or Operation?"
LINE, SURE_TO_FIT = 75, 34  # signs in a line; lines that a page of some 45 takes whatever they are
TEMPLATE = Path(__file__).with_name("paper.typ")
_NO_SIGN = re.compile(r'the text `"(.+)"` could not be displayed')


def _runs(text: str) -> list[dict[str, Any]]:
    """Return a text in runs, its capital words apart, as exams set them off."""
    return [{"text": run, "strong": bool(odd % 2)} for odd, run in enumerate(EMPHASIS.split(text)) if run]


def _question(asked: Asked) -> dict[str, Any]:
    unit = asked.unit
    legend = without_number(unit.legend) if Trait.SEVERAL in unit.item.traits else unit.legend
    return {
        "label": asked.label,
        "legend": _runs(legend),
        "type": unit.part.type,
        "options": [unit.choices[name].text for name in asked.order],
        "groups": [unit.groups[name] for name in unit.part.groups] if unit.part.type == "match" else [],
    }


def _lines(entry: Entry) -> int:
    """Return about how many lines an item takes, rather too many."""
    texts = [entry.scenario, *(asked.unit.legend for asked in entry.asked)]
    texts += [each.text for asked in entry.asked for each in asked.unit.choices.values()]
    texts += [group for asked in entry.asked for group in asked.unit.groups.values()]
    rows = sum(len(asked.order) for asked in entry.asked if asked.unit.groups)  # a table's lines are higher
    breaks = sum(text.count("\n") for text in texts)
    return sum(1 + len(text) // LINE for text in texts) + 2 * len(entry.asked) + rows + breaks


def _paper(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "number": entry.number,
            "long": _lines(entry) > SURE_TO_FIT,
            "scenario": [text.strip() for text in entry.scenario.split("\n\n") if text.strip()],
            "questions": [_question(asked) for asked in entry.asked],
        }
        for entry in entries
    ]


def _key(entries: Sequence[Entry]) -> list[dict[str, str]]:
    return [
        {"label": asked.label, "item": asked.unit.id, "key": asked.key, "marks": asked.marks}
        for entry in entries
        for asked in entry.asked
    ]


def _pdf(data: Mapping[str, Any]) -> bytes:
    """Return the PDF; it meets PDF/UA-1, so that it is read aloud in order. Raises ValueError for a missing sign."""
    try:
        made = typst.compile(
            TEMPLATE.read_bytes(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            ignore_system_fonts=True,  # the same PDF on every computer
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise ValueError(_fault(str(error))) from None
    assert isinstance(made, bytes)  # noqa: S101  the one form of a PDF that is not written to disk
    return made


def _fault(message: str) -> str:
    found = _NO_SIGN.search(message)
    if found:
        return f"the paper's typeface has no sign for '{found[1]}': write it in another way"
    return f"the paper cannot be set: {message.splitlines()[0]}"


def _files(items: Sequence[AnyItem], bank: Bank, letters: str, seed: int, title: str) -> dict[str, bytes]:
    files = {}
    for letter in letters:
        entries = version(items, bank, letter, seed)
        shared = {"title": title, "letter": letter, "points": f"{_points(entries):g}"}
        files[f"paper-{letter}.pdf"] = _pdf({**shared, "document": "paper", "items": _paper(entries)})
        files[f"key-{letter}.pdf"] = _pdf({**shared, "document": "key", "rows": _key(entries)})
    return files


def _points(entries: Sequence[Entry]) -> float:
    return sum(asked.unit.part.points for entry in entries for asked in entry.asked)


def _losses(items: Sequence[AnyItem]) -> list[Loss]:
    losses = [Loss(item.id, "reasons and traps are left out: the other formats hold them") for item in items]
    losses += [Loss(item.id, "tags, status and source are left out: the key has the item's id") for item in items]
    losses += [Loss(item.id, "the words that show it are not asked") for item in items if item.shows_words]
    return losses


def export(
    items: Sequence[AnyItem], bank: Bank, *, letters: str = LETTERS, seed: int = SEED, title: str = TITLE
) -> Exported:
    """Return a zip with a paper and a key for each letter. Raises ValueError for a sign that the typeface lacks."""
    return Exported(archived(_files(items, bank, letters, seed, title)), len(items), tuple(_losses(items)))


FORMAT = Format(
    name="paper",
    title="Exam paper (PDF)",
    suffix=".zip",
    becomes={
        Trait.GAPS: Support(Carry.DEGRADED, "the lists stand under the text"),
        **dict.fromkeys((Trait.REASON, Trait.SEVERAL, Trait.ONE, Trait.SOME), Support(Carry.WHOLE)),
        Trait.MATCH: Support(Carry.DEGRADED, "letters are written beside the rows"),
        Trait.ORDER: Support(Carry.DEGRADED, "letters are written in a row"),
    },
    aspects={
        "rationales": Support(Carry.LOST, "left out"),
        "misconceptions": Support(Carry.LOST, "left out"),
        "partial": Support(Carry.DEGRADED, "marked by hand, the key says how"),
        "chain": Support(Carry.DEGRADED, "marked by hand, the key says where"),
        "evidence": Support(Carry.LOST, "not asked"),
        "tags": Support(Carry.LOST, "left out, the key has the item's id"),
        "status": Support(Carry.LOST, "left out, the key has the item's id"),
    },
    export=export,
)
