"""The bank as Moodle XML, one question an item, for a Moodle of 4.4 or newer.

What Moodle accepts was read in its importers: question/format/xml, question/type/multianswer and
question/type/ordering. An item of several questions is one question with embedded answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from quizzes.bank import Bank
from quizzes.exports.base import Carry, Exported, Format, Loss, Support
from quizzes.exports.moodle_cloze import fill_html, parts_html, weight
from quizzes.exports.moodle_html import (
    OF_MATCH,
    OF_ROWS,
    TITLE,
    all_tags,
    asked_and_told,
    escaped,
    evidence_html,
    legal,
    percent,
    question_html,
    rows_html,
    shared_losses,
)
from quizzes.exports.units import Unit, shares
from quizzes.items import AnyItem, Trait

OF_ORDER = "the mark is the share of pairs in order, and no pair out of order is taken off"
OF_SHUFFLE = "the order in which the steps are shown is left to Moodle, which shuffles them"
OF_CASE_ROWS = "in the sort of a case, a row in a wrong place costs nothing"


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    made = SubElement(parent, tag, attributes)
    SubElement(made, "text").text = legal(text)
    return made


def _field(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _question(quiz: Element, item: AnyItem, qtype: str, html: str, after: str) -> Element:
    """Add a question with what all types have; Moodle adds up the marks of embedded answers by itself."""
    question = SubElement(quiz, "question", type=qtype)
    _text(question, "name", item.id)
    _text(question, "questiontext", html, format="html")
    _text(question, "generalfeedback", after, format="html")
    if qtype != "cloze":
        _field(question, "defaultgrade", "1")
    _field(question, "penalty", "0.3333333")
    _field(question, "hidden", "0")
    _field(question, "idnumber", item.id)
    return question


def _tags(question: Element, unit: Unit) -> None:
    tags = SubElement(question, "tags")
    for tag in all_tags(unit):
        _text(tags, "tag", tag)


def _choice(quiz: Element, asked: Sequence[Unit], _: Sequence[Unit]) -> list[str]:
    (unit,) = asked
    question = _question(quiz, unit.item, "multichoice", question_html(unit), "")
    _field(question, "single", "false" if unit.part.type == "some" else "true")
    _field(question, "shuffleanswers", "false")
    _field(question, "answernumbering", "ABCD")
    _field(question, "showstandardinstruction", "0")
    share = shares(unit.part)
    for name, choice in unit.choices.items():
        answer = _html_text(question, "answer", choice.text, fraction=percent(share[name]))
        _html_text(answer, "feedback", choice.feedback)
    _tags(question, unit)
    return []


def _html_text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    return _text(parent, tag, escaped(text), **attributes, format="html")


def _rows(quiz: Element, unit: Unit, qtype: str) -> Element:
    return _question(quiz, unit.item, qtype, question_html(unit), rows_html(unit))


def _sort(quiz: Element, asked: Sequence[Unit], _: Sequence[Unit]) -> list[str]:
    (unit,) = asked
    question = _rows(quiz, unit, "matching")
    _field(question, "shuffleanswers", "false")
    for row in unit.choices.values():
        _text(_html_text(question, "subquestion", row.text), "answer", row.place)
    _tags(question, unit)
    return [OF_ROWS, OF_MATCH]


def _order(quiz: Element, asked: Sequence[Unit], _: Sequence[Unit]) -> list[str]:
    (unit,) = asked
    question = _rows(quiz, unit, "ordering")
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    for name, value in settings.items():
        _field(question, name, value)
    for number, row in enumerate(unit.choices.values(), 1):
        _html_text(question, "answer", row.text, fraction=f"{number}.0000000")
    _tags(question, unit)
    return [OF_ROWS, OF_ORDER, OF_SHUFFLE]


def _embedded(quiz: Element, asked: Sequence[Unit], told: Sequence[Unit]) -> list[str]:
    item = asked[0].item
    html = fill_html(item.scenario, asked) if Trait.GAPS in item.traits else parts_html(asked)
    _tags(_question(quiz, item, "cloze", html, evidence_html(told)), asked[0])
    heavy = weight(asked)
    marks = f"its mark in Moodle is {heavy * len(asked)}, since a row weighs 1: set it to {len(asked)} in a quiz"
    return [OF_CASE_ROWS, marks] if heavy > 1 else []


_Writer = Callable[[Element, Sequence[Unit], Sequence[Unit]], list[str]]
_WRITERS: dict[str, _Writer] = {"one": _choice, "some": _choice, "match": _sort, "order": _order}


def _write(quiz: Element, item: AnyItem, bank: Bank) -> list[str]:
    """Add an item, and return what is lost of it."""
    asked, told = asked_and_told(item, bank)
    whole = len(asked) == 1 and Trait.GAPS not in item.traits
    return (_WRITERS[asked[0].part.type] if whole else _embedded)(quiz, asked, told)


def category(family: str) -> str:
    """Return the path of a family's category, in which a slash of a name would be doubled."""
    return f"$course$/top/{TITLE}/{family}"


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the document: for each family its category, then its items."""
    quiz, losses = Element("quiz"), []
    for family, members in groupby(items, key=lambda item: item.family):
        _text(SubElement(quiz, "question", type="category"), "category", category(family))
        for item in members:
            lost = _write(quiz, item, bank)
            losses += [*(Loss(item.id, what) for what in lost), *shared_losses(item)]
    indent(quiz)
    document: bytes = tostring(quiz, encoding="utf-8", xml_declaration=True)
    return Exported(document + b"\n", len(items), tuple(losses))


_EMBEDDED = "one question with embedded answers"
FORMAT = Format(
    name="moodle",
    title="Moodle XML",
    suffix=".xml",
    becomes={
        Trait.REASON: Support(Carry.DEGRADED, f"{_EMBEDDED}, without the words that show it"),
        Trait.GAPS: Support(Carry.WHOLE, _EMBEDDED),
        Trait.SEVERAL | Trait.MATCH: Support(Carry.DEGRADED, f"{_EMBEDDED}; in a sort, a wrong row costs nothing"),
        Trait.SEVERAL: Support(Carry.WHOLE, _EMBEDDED),
        Trait.ONE: Support(Carry.WHOLE),
        Trait.SOME: Support(Carry.WHOLE),
        Trait.MATCH: Support(Carry.DEGRADED, "matching; a wrong row costs nothing"),
        Trait.ORDER: Support(Carry.DEGRADED, "ordering, from Moodle 4.4 on; the share of pairs in order counts"),
    },
    aspects={
        "rationales": Support(Carry.WHOLE, "feedback of each option; of rows, after the question"),
        "misconceptions": Support(Carry.WHOLE, "named in the feedback of each option"),
        "partial": Support(Carry.DEGRADED, "exact where options are chosen, less strict where rows are placed"),
        "chain": Support(Carry.LOST, "each question earns its own mark"),
        "evidence": Support(Carry.DEGRADED, "not asked but told after the question"),
        "tags": Support(Carry.WHOLE, "tags, a category for each family, and the item's id as ID number"),
        "status": Support(Carry.DEGRADED, "status and use as tags, without source and what is replaced"),
    },
    export=export,
)
