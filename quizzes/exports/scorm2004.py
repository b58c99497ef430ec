"""SCORM 2004 in its 4th edition, with the score as a share besides."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from quizzes.bank import Bank
from quizzes.exports.base import Exported
from quizzes.exports.qti_xml import node
from quizzes.exports.scorm import described_format, manifest, package
from quizzes.items import AnyItem

NAMESPACES = {
    "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
    "xmlns:imsss": "http://www.imsglobal.org/xsd/imsss",
}


def _manifest(files: Sequence[str]) -> Element:
    # Without this, a platform takes a page that was only opened as completed and passed.
    controls = node("imsss:deliveryControls", completionSetByContent="true", objectiveSetByContent="true")
    return manifest(NAMESPACES, "2004 4th Edition", "adlcp:scormType", files, node("imsss:sequencing", controls))


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the package."""
    return package(items, bank, "2004", _manifest)


FORMAT = described_format("scorm2004", "SCORM 2004", export)
