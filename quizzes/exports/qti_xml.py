"""What both QTI formats are written with: XML elements, and a zip that is the same for the same content."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from quizzes.archive import archived
from quizzes.render import EMPHASIS

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def node(tag: str, *content: ET.Element | str, **attributes: str) -> ET.Element:
    """Return an element with its content in order; characters that XML forbids are left out."""
    made = ET.Element(tag, {name: FORBIDDEN.sub("", value) for name, value in attributes.items()})
    for each in content:
        if isinstance(each, ET.Element):
            made.append(each)
        else:
            _write(made, FORBIDDEN.sub("", each))
    return made


def _write(parent: ET.Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def emphasized(text: str) -> list[ET.Element | str]:
    """Return a text with its capital words set off in type, as the course does."""
    found = EMPHASIS.split(text)
    return [node("strong", piece) if odd % 2 else piece for odd, piece in enumerate(found) if piece]


def document(root: ET.Element) -> bytes:
    """Return an XML file in UTF-8."""
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def packed(files: Mapping[str, ET.Element]) -> bytes:
    """Return a zip of XML files by their names in it."""
    return archived({name: document(root) for name, root in files.items()})
