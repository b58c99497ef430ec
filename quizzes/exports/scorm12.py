"""SCORM 1.2, which nearly every learning platform takes."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from quizzes.bank import Bank
from quizzes.exports.base import Exported
from quizzes.exports.scorm import described_format, manifest, package
from quizzes.items import AnyItem

VERSION = "1.2"
NAMESPACES = {
    "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}


def _manifest(files: Sequence[str]) -> Element:
    return manifest(NAMESPACES, VERSION, "adlcp:scormtype", files)


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the package."""
    return package(items, bank, VERSION, _manifest)


FORMAT = described_format("scorm12", "SCORM 1.2", export)
