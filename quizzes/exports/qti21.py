"""The bank as a QTI 2.1 content package: a manifest, a test that lists the items, and a file for each item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from quizzes.bank import Bank
from quizzes.exports.base import ASPECTS, Carry, Exported, Format, Loss, Support
from quizzes.exports.qti_item import NAMESPACE, assessment_item, interactions, named, parts_of
from quizzes.exports.qti_score import Asked
from quizzes.exports.qti_xml import node, packed
from quizzes.exports.units import tags
from quizzes.items import AnyItem, Trait

TITLE = "Project or Operation?"
PACKAGE = "project-or-operation"
TEST = "test.xml"
CONTENT = "http://www.imsglobal.org/xsd/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/LOM"
METADATA = "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
ORDER_LOSS = "two steps cannot have the same number: the steps are put into one sequence, and the score is the same"


def file_name(item: AnyItem) -> str:
    """Return the name of an item's file in the package."""
    return f"items/{named(item)}.xml"


def _words(item: AnyItem) -> tuple[str, ...]:
    return (*tags(item), f"status:{item.status}", f"use:{item.use}")


def _string(tag: str, text: str) -> ET.Element:
    return node(tag, node("lom:string", text, language="en"))


def _related(kind: str, *resource: ET.Element) -> ET.Element:
    named_kind = node("lom:kind", node("lom:source", "LOMv1.0"), node("lom:value", kind))
    return node("lom:relation", named_kind, node("lom:resource", *resource))


def _identified(name: str) -> ET.Element:
    return node("lom:identifier", node("lom:catalog", PACKAGE), node("lom:entry", name))


def _relations(item: AnyItem) -> Iterator[ET.Element]:
    """Yield what the item is based on, and the item that it replaces with the reason."""
    yield _related("isbasedon", _string("lom:description", item.source))
    if item.replaces:
        yield _related("isversionof", _identified(item.replaces), _string("lom:description", item.why_replaced))


def _general(name: str, title: str, words: Sequence[str]) -> ET.Element:
    keywords = [_string("lom:keyword", word) for word in words]
    return node("lom:general", _identified(name), _string("lom:title", title), node("lom:language", "en"), *keywords)


def _described(item: AnyItem, parts: Sequence[Asked]) -> ET.Element:
    kinds = interactions(parts)
    return node(
        "metadata",
        node("lom:lom", _general(item.id, item.id, _words(item)), *_relations(item)),
        node(
            "imsqti:qtiMetadata",
            node("imsqti:timeDependent", "false"),
            node("imsqti:composite", str(len(parts) > 1).lower()),
            *(node("imsqti:interactionType", kind) for kind in kinds),
            node("imsqti:feedbackType", "nonadaptive"),
            node("imsqti:solutionAvailable", "true"),
        ),
    )


def _resource(item: AnyItem, parts: Sequence[Asked]) -> ET.Element:
    href = file_name(item)
    described, file = _described(item, parts), node("file", href=href)
    return node("resource", described, file, identifier=named(item), type="imsqti_item_xmlv2p1", href=href)


def _manifest(asked: Sequence[tuple[AnyItem, Sequence[Asked]]]) -> ET.Element:
    needed = [node("dependency", identifierref=named(item)) for item, _ in asked]
    test = node("resource", node("file", href=TEST), *needed, identifier=PACKAGE, type="imsqti_test_xmlv2p1", href=TEST)
    return node(
        "manifest",
        node(
            "metadata",
            node("schema", "QTIv2.1 Package"),
            node("schemaversion", "1.0.0"),
            node("lom:lom", _general(PACKAGE, TITLE, ())),
        ),
        node("organizations"),
        node("resources", test, *(_resource(item, parts) for item, parts in asked)),
        **{"xmlns": CONTENT, "xmlns:lom": LOM, "xmlns:imsqti": METADATA, "identifier": f"{PACKAGE}-package"},
    )


def _test(items: Sequence[AnyItem]) -> ET.Element:
    score = node("outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    listed = [node("assessmentItemRef", identifier=named(item), href=file_name(item)) for item in items]
    section = node("assessmentSection", *listed, identifier="section", title=TITLE, visible="true")
    control = node("itemSessionControl", maxAttempts="0", showFeedback="true")
    total = node("sum", node("testVariables", variableIdentifier="SCORE"))
    return node(
        "assessmentTest",
        score,
        node("testPart", control, section, identifier="part", navigationMode="nonlinear", submissionMode="individual"),
        node("outcomeProcessing", node("setOutcomeValue", total, identifier="SCORE")),
        xmlns=NAMESPACE,
        identifier=PACKAGE,
        title=TITLE,
    )


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the package. Classify items ask all three parts, the words that show it among them."""
    asked = [(item, parts_of(item, bank)) for item in items]
    files = {"imsmanifest.xml": _manifest(asked), TEST: _test(items)}
    files |= {file_name(item): assessment_item(item, parts) for item, parts in asked}
    losses = tuple(Loss(item.id, ORDER_LOSS) for item in items if Trait.ORDER in item.traits)
    return Exported(packed(files), len(items), losses)


FORMAT = Format(
    name="qti21",
    title="QTI 2.1",
    suffix=".zip",
    becomes=dict.fromkeys(Trait, Support(Carry.WHOLE))
    | {Trait.ORDER: Support(Carry.DEGRADED, "one sequence, with no two steps at the same number")},
    aspects=dict.fromkeys(ASPECTS, Support(Carry.WHOLE))
    | {"evidence": Support(Carry.WHOLE, "always asked, for a third point")},
    export=export,
)
