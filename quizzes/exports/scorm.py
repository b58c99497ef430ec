"""SCORM packages: one page with the questions, which records a score in a learning platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from markupsafe import Markup

from quizzes.archive import archived
from quizzes.bank import Bank
from quizzes.exports.base import ASPECTS, Carry, Exported, Format, Loss, Support
from quizzes.exports.qti_xml import document, node
from quizzes.exports.scorm_script import joined
from quizzes.items import AnyItem, Trait
from quizzes.render import environment, render_practice

FRONTEND = Path(__file__).parent.with_name("frontend")
TITLE = "Project or Operation?"
PACKAGE = "project-or-operation"
PAGE = "index.html"
EVIDENCE_LOSS = "the words that show it are not asked; they are marked in the scenario after handing in"


def manifest(
    namespaces: dict[str, str], version: str, kind: str, files: Sequence[str], *rules: ET.Element
) -> ET.Element:
    """Return a manifest of one page; `kind` is the attribute that says that it talks to the platform."""
    listed = [node("file", href=name) for name in files]
    attributes = {"identifier": f"{PACKAGE}-files", "type": "webcontent", "href": PAGE, kind: "sco"}
    item = node("item", node("title", TITLE), *rules, identifier=f"{PACKAGE}-item", identifierref=f"{PACKAGE}-files")
    organization = node("organization", node("title", TITLE), item, identifier=f"{PACKAGE}-organization")
    return node(
        "manifest",
        node("metadata", node("schema", "ADL SCORM"), node("schemaversion", version)),
        node("organizations", organization, default=f"{PACKAGE}-organization"),
        node("resources", node("resource", *listed, **attributes)),
        **namespaces,
        identifier=PACKAGE,
        version="1",
    )


def page(items: Sequence[AnyItem], bank: Bank, version: str) -> str:
    """Return the page; `version` is the one that its script speaks."""
    questions = Markup(render_practice(items, bank))  # noqa: S704  escaped as it was made
    template = environment().get_template("scorm.html.jinja")
    return template.render(title=TITLE, version=version, count=len(items), questions=questions)


def package(
    items: Sequence[AnyItem], bank: Bank, version: str, described: Callable[[Sequence[str]], ET.Element]
) -> Exported:
    """Return the package; `described` makes its manifest from the names of its files."""
    if not items:
        raise ValueError("there is no item to put into the package")
    files = {
        PAGE: page(items, bank, version).encode(),
        "page.js": joined("scorm/page.mjs", FRONTEND).encode(),
        "page.css": (FRONTEND / "scorm" / "page.css").read_bytes(),
        "quiz.css": (FRONTEND / "quiz.css").read_bytes(),
    }
    content = archived({"imsmanifest.xml": document(described(list(files))), **files})
    losses = tuple(Loss(item.id, EVIDENCE_LOSS) for item in items if item.shows_words)
    return Exported(content, len(items), losses)


def described_format(name: str, title: str, export: Callable[[Sequence[AnyItem], Bank], Exported]) -> Format:
    """Return the format of a version: both hold the same."""
    return Format(
        name=name,
        title=title,
        suffix=".zip",
        becomes=dict.fromkeys(Trait, Support(Carry.WHOLE)),
        aspects=dict.fromkeys(ASPECTS, Support(Carry.WHOLE))
        | {
            "evidence": Support(Carry.DEGRADED, "not asked; marked in the scenario after handing in"),
            "tags": Support(Carry.LOST, "export a selection instead"),
            "status": Support(Carry.LOST, "the platform's report has the item's id"),
        },
        export=export,
    )
