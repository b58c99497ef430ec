"""Questions in Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizzes.exports.base import Loss
from quizzes.imports.after import why, words_of
from quizzes.imports.base import Asked, Entry, Imported, ImportRefusedError, Option, gather, traits_of
from quizzes.imports.blocks import Block, blocks, joined, plain
from quizzes.imports.build import build
from quizzes.imports.builder import Builder
from quizzes.imports.cloze import embedded, questions
from quizzes.items import Trait

_GAPS = re.compile(r"\[\[(\d+)\]\]")


def _parsed(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise ImportRefusedError(
            "it declares entities or a document type: Moodle writes neither, so it is not read"
        ) from None
    except ParseError as error:
        raise ImportRefusedError(f"not well-formed XML: {error}") from None
    except (LookupError, ValueError, RecursionError) as error:
        raise ImportRefusedError(f"not XML in an encoding that can be read: {error}") from None
    if root.tag != "quiz":
        raise ImportRefusedError(f"not Moodle XML: its root is '{root.tag[:40]}', where 'quiz' is expected")
    return root


@dataclass
class _Question:
    """One question element, and what its texts hold that is left out."""

    element: Element
    lost: dict[str, None] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.element.get("type", "")

    def value(self, tag: str) -> str:
        return (self.element.findtext(tag) or "").strip()

    @property
    def name(self) -> str:
        return self.value("idnumber") or self.value("name/text") or "a question without a name"

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple((each.text or "").strip() for each in self.element.findall("tags/tag/text"))

    def html(self, tag: str) -> str:
        return self.element.findtext(f"{tag}/text") or ""

    def text(self, element: Element | None) -> list[Block]:
        """Return the blocks of an element with `text` in it; formats other than plain text are read as HTML."""
        if element is None:
            return []
        if element.find("file") is not None:
            self.lost["attached files are left out"] = None
        written = element.findtext("text") or ""
        if element.get("format") in ("plain_text", "markdown"):
            return plain(written)
        found, lost = blocks(written)
        self.lost.update(dict.fromkeys(lost))
        return found

    def blocks(self, tag: str) -> list[Block]:
        return self.text(self.element.find(tag))

    def option(self, element: Element) -> Option:
        share = float(element.get("fraction") or 0) / 100
        return Option(joined(self.text(element)), share, joined(self.text(element.find("feedback"))))


def _asked_below(text: list[Block], kind: str, options: tuple[Option, ...]) -> tuple[str, tuple[Asked, ...]]:
    """Return all but the last block as the scenario, and the last as the stem."""
    return joined(text[:-1]), (Asked(kind, joined(text[-1:]), options),)


def _multichoice(question: _Question) -> Entry:
    kind = "some" if question.value("single") in ("false", "0") else "one"
    options = tuple(question.option(each) for each in question.element.findall("answer"))
    scenario, asked = _asked_below(question.blocks("questiontext"), kind, options)
    return Entry(question.name, asked, scenario)


def _truefalse(question: _Question) -> Entry:
    options = tuple(question.option(each) for each in question.element.findall("answer"))
    named = tuple(Option(each.text.capitalize(), each.share, each.feedback) for each in options)
    scenario, asked = _asked_below(question.blocks("questiontext"), "one", named)
    return Entry(question.name, asked, scenario)


def _matching(question: _Question) -> Entry:
    told = question.blocks("generalfeedback")
    rows = []
    for each in question.element.findall("subquestion"):
        text, place = joined(question.text(each)), (each.findtext("answer/text") or "").strip()
        rows.append(Option(text, feedback=why(told, text, place), place=place))
    scenario, asked = _asked_below(question.blocks("questiontext"), "match", tuple(rows))
    return Entry(question.name, asked, scenario)


def _ordering(question: _Question) -> Entry:
    told = question.blocks("generalfeedback")
    rows = []
    for number, each in enumerate(question.element.findall("answer"), 1):
        text = joined(question.text(each))
        feedback = why(told, text, str(number)) or joined(question.text(each.find("feedback")))
        rows.append(Option(text, feedback=feedback, place=str(number)))
    scenario, asked = _asked_below(question.blocks("questiontext"), "order", tuple(rows))
    return Entry(question.name, asked, scenario)


def _cloze(question: _Question) -> Entry:
    text, asked, lost = embedded(question.html("questiontext"))
    question.lost.update(dict.fromkeys(lost))
    if not traits_of(question.tags) & (Trait.SEVERAL | Trait.REASON):
        return Entry(question.name, tuple(asked), joined(text), inline=True)
    scenario, found = questions(text, asked)
    return Entry(question.name, found, scenario, words=words_of(question.blocks("generalfeedback")))


def _gapselect(question: _Question) -> Entry:
    """Read drop-downs in a text: `[[2]]` is where the second choice is right, among those of its group."""
    tag = "selectoption" if question.kind == "gapselect" else "dragbox"
    choices = question.element.findall(tag)
    asked: list[Asked] = []

    def taken(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 1 <= number <= len(choices):
            raise ImportRefusedError(f"not carried: [[{number}]] names no choice")
        key = choices[number - 1]
        group = [each for each in choices if each.findtext("group") == key.findtext("group")]
        options = tuple(Option((each.findtext("text") or "").strip(), float(each is key)) for each in group)
        asked.append(Asked("one", "", options))
        return f"[gap.{len(asked)}]"

    text, lost = blocks(_GAPS.sub(taken, question.html("questiontext")))
    question.lost.update(dict.fromkeys(lost))
    return Entry(question.name, tuple(asked), joined(text), inline=True)


_READERS: dict[str, Callable[[_Question], Entry]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _gapselect,
    "ddwtos": _gapselect,
}
_OWN_AFTER = {"matching", "match", "ordering", "cloze", "multianswer"}


def _left_out(question: _Question) -> None:
    """Note the fields of a question that an item of the bank does not have."""
    if question.element.find("hint") is not None:
        question.lost["hints are left out"] = None
    if any(question.html(f"{each}feedback").strip() for each in ("correct", "partiallycorrect", "incorrect")):
        question.lost["feedback on the whole answer is left out"] = None
    own = any(tag.startswith("kind:") for tag in question.tags)
    if question.html("generalfeedback").strip() and not (own and question.kind in _OWN_AFTER):
        question.lost["general feedback is left out: rationales stand at the options"] = None


def _entry(question: _Question, family: str) -> Entry:
    if question.kind not in _READERS:
        raise ImportRefusedError(f"not carried: questions of the type '{question.kind[:40]}' have no kind of item here")
    found = _READERS[question.kind](question)
    _left_out(question)
    return Entry(**{**found.__dict__, "tags": question.tags, "family": family})


def entries(content: bytes) -> tuple[list[Entry], list[Loss]]:
    """Return the questions of a Moodle XML file, and a loss for what is left out; raises ImportRefusedError."""
    found: list[Entry] = []
    losses: list[Loss] = []
    family = ""
    for element in _parsed(content).findall("question"):
        question = _Question(element)
        if question.kind == "category":
            family = question.value("category/text").rpartition("/")[2]
            continue
        gather(question, partial(_entry, family=family), found, losses)
    return found, losses


def read(content: bytes, builder: Builder) -> Imported:
    """Return the items of a Moodle XML file, with a loss for each thing that could not be carried.

    Raises ImportRefusedError with one line where the file cannot be read, or nothing in it can be an item.
    """
    return build(builder, *entries(content))
