"""One item of the bank as one assessmentItem of QTI 2.1, with all its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from quizzes.bank import Bank
from quizzes.exports.qti_score import (
    Asked,
    asked,
    choice_name,
    declarations,
    group_name,
    processing,
    wrong_name,
)
from quizzes.exports.qti_xml import emphasized, node
from quizzes.exports.units import units
from quizzes.items import EVIDENCE, AnyItem, role

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
INTERACTIONS = {"one": "choice", "some": "choice", "match": "match", "order": "order"}


def named(item: AnyItem) -> str:
    """Return the identifier of an item, which is also the name of its file."""
    return f"item-{item.id}"


def parts_of(item: AnyItem, bank: Bank) -> list[Asked]:
    """Return the item's parts, the words that show it among them."""
    return asked(units(item, bank, evidence=True))


def interactions(parts: Sequence[Asked]) -> list[str]:
    """Return the kinds of interaction of an item's parts, each once."""
    return list(dict.fromkeys(map(_interaction, parts)))


def _interaction(each: Asked) -> str:
    if each.unit.inline:
        return "inlineChoiceInteraction"
    return "hottextInteraction" if role(each.part.name) == EVIDENCE else f"{INTERACTIONS[each.part.type]}Interaction"


def _prompt(each: Asked) -> ET.Element:
    return node("prompt", *emphasized(each.unit.legend))


def _options(each: Asked, tag: str, **attributes: str) -> Iterator[ET.Element]:
    for option in each.part.options:
        yield node(tag, each.unit.choices[option].text, identifier=choice_name(each.part, option), **attributes)


def _choice(each: Asked) -> ET.Element:
    most = "1" if each.part.type == "one" else "0"  # 0 is no limit: choosing all is possible, and does not pay
    return node(
        "choiceInteraction",
        _prompt(each),
        *_options(each, "simpleChoice"),
        responseIdentifier=each.response,
        shuffle="false",
        maxChoices=most,
    )


def _match(each: Asked) -> ET.Element:
    groups = [
        node("simpleAssociableChoice", text, identifier=group_name(group), matchMax="0")
        for group, text in each.unit.groups.items()
    ]
    return node(
        "matchInteraction",
        _prompt(each),
        node("simpleMatchSet", *_options(each, "simpleAssociableChoice", matchMax="1")),
        node("simpleMatchSet", *groups),
        responseIdentifier=each.response,
        shuffle="false",
        maxAssociations=str(len(each.part.options)),
    )


def _order(each: Asked) -> ET.Element:
    return node(
        "orderInteraction",
        _prompt(each),
        *_options(each, "simpleChoice"),
        responseIdentifier=each.response,
        shuffle="false",
    )


def _hottext(each: Asked) -> ET.Element:
    text = [
        node("hottext", piece, identifier=choice_name(each.part, name)) if name else piece
        for name, piece in each.unit.item.pieces()
    ]
    return node("hottextInteraction", _prompt(each), node("p", *text), responseIdentifier=each.response, maxChoices="0")


def _gap(each: Asked) -> ET.Element:
    return node(
        "inlineChoiceInteraction",
        *_options(each, "inlineChoice"),
        responseIdentifier=each.response,
        shuffle="false",
        label=each.unit.legend,
    )


BLOCKS: dict[str, Callable[[Asked], ET.Element]] = {
    "choiceInteraction": _choice,
    "matchInteraction": _match,
    "orderInteraction": _order,
    "hottextInteraction": _hottext,
}


def _scenario(item: AnyItem, gaps: Mapping[str, Asked]) -> list[ET.Element]:
    if gaps:
        return [node("p", *(_gap(gaps[name]) if name else piece for name, piece in item.pieces()))]
    return [node("p", paragraph) for paragraph in item.scenario.split("\n\n") if paragraph.strip()]


def _body(item: AnyItem, parts: Sequence[Asked]) -> ET.Element:
    gaps = {each.part.name: each for each in parts if _interaction(each) == "inlineChoiceInteraction"}
    blocks = [BLOCKS[_interaction(each)](each) for each in parts if each.part.name not in gaps]
    return node("itemBody", *_scenario(item, gaps), *blocks)


def _feedback(each: Asked, name: str, right: bool, *lines: str) -> ET.Element:
    first, *others = lines
    return node(
        "modalFeedback",
        node("p", node("strong", first)),
        *(node("p", line) for line in others),
        outcomeIdentifier=each.feedback,
        identifier=name,
        showHide="show",
        title="Right" if right else "Wrong",
    )


def _explained(each: Asked) -> Iterator[ET.Element]:
    """Yield the feedback of each option, or of each row in its right place and in a wrong one."""
    for option in each.part.options:
        choice, name = each.unit.choices[option], choice_name(each.part, option)
        trap = [f"Trap: “{choice.trap}” {choice.mend}"] if choice.trap else []
        if each.part.groups:
            place = f"Right place: {choice.place}"
            yield _feedback(each, name, True, choice.text, place, choice.rationale)
            yield _feedback(each, wrong_name(option), False, choice.text, place, choice.rationale, *trap)
        else:
            yield _feedback(each, name, option in each.part.key, choice.text, choice.rationale, *trap)


def assessment_item(item: AnyItem, parts: Sequence[Asked]) -> ET.Element:
    """Return the item: what is answered, how it is marked, what is shown, and the feedback of each option."""
    return node(
        "assessmentItem",
        *declarations(parts),
        _body(item, parts),
        processing(parts),
        *(feedback for each in parts for feedback in _explained(each)),
        **{
            "xmlns": NAMESPACE,
            "xml:lang": "en",
            "identifier": named(item),
            "title": item.id,
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
