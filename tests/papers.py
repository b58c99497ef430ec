"""Reads exam papers and their keys back from PDF, from nothing but their text, as a learner and an examiner do."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import chain

import pypdfium2

from quizzes.exports.units import Unit

KEY_LINE = re.compile(r"(\d+(?:\.\d+)?) (.+?) ([a-z0-9][a-z0-9.-]*) (1(?: \([^)]+\))?)")


@dataclass
class Read:
    """A question as a learner finds it on paper: letters with texts, and numbers with the texts of rows."""

    lettered: dict[str, str] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)


def files(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pages(pdf: bytes) -> list[list[str]]:
    """Return the lines of each page, without those at its head and foot."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        text = page.get_textpage()
        found.append(text.get_text_range().splitlines()[1:-1])
        text.close()
    document.close()
    return found


def tight(text: str) -> str:
    """Return a text without the spaces that lines break at."""
    return re.sub(r"\s", "", text)


def questions(pdf: bytes) -> dict[str, Read]:
    """Return the questions of a paper by label, from nothing but its text."""
    found: dict[str, Read] = {}
    number, label, target = "", "", None
    for line in chain.from_iterable(pages(pdf)):
        if heading := re.fullmatch(r"Question (\d+)", line):
            number = label = heading[1]
            target = None
        elif number and (part := re.match(rf"({number}\.\d)\s", line)):
            label, target = part[1], None
        elif line.startswith(("Right order:", "No. Statement")):
            target = None
        elif label and (option := re.match(r"([A-J])\. (.*)", line)):
            target = (found.setdefault(label, Read()).lettered, option[1])
        elif label in found and (target is None or target[0] is found[label].numbered) and re.match(r"\d+ ", line):
            name, _, line = line.partition(" ")  # noqa: PLW2901  the rest of the line is the row's text
            target = (found[label].numbered, name)
            target[0][name] = line
            continue
        if target is not None:
            text = line.partition(". ")[2] if target[1] not in target[0] else line
            target[0][target[1]] = f"{target[0].get(target[1], '')} {text}"
    return found


def key(pdf: bytes) -> dict[str, tuple[str, str, str]]:
    """Return answer, item and points by label, as an examiner reads them."""
    lines = chain.from_iterable(pages(pdf))
    return {found[1]: (found[2], found[3], found[4]) for line in lines if (found := KEY_LINE.fullmatch(line.strip()))}


def answer(told: str, read: Read) -> list[str] | dict[str, str]:
    """Return the texts that a key's letters stand for on its paper."""
    if read.numbered:
        pairs = [each.split(" ") for each in told.split(", ")]
        return {tight(read.numbered[row]): tight(read.lettered[group]) for row, group in pairs}
    return [tight(read.lettered[letter]) for letter in told.split(", ")]


def expected(unit: Unit) -> list[str] | dict[str, str]:
    """Return the texts of the right answer as the bank has them."""
    texts = {name: tight(choice.text) for name, choice in unit.choices.items()}
    if unit.part.type == "match":
        return {texts[row]: tight(unit.groups[group]) for row, group in unit.part.places.items()}
    return [texts[name] for name in unit.part.key]
