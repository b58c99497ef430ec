"""`{room}`: a page's interactive part, with what it shows before its script comes and what is read without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from docutils import nodes
from jinja2 import TemplateNotFound
from sphinx.application import Sphinx

from quizzes.loading import load_bank
from quizzes.reference import BankDirective
from quizzes.render import environment
from quizzes.site.front_end import page_index

ROOMS = ("practice", "exam", "progress", "cards", "lite")


class Room(nodes.General, nodes.Element):
    """Where a room will stand; its children are read without JavaScript only."""


class RoomDirective(BankDirective):
    """A room by name; the content is what is read without JavaScript."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the room's place; an unknown room is an error of the page."""
        name = self.arguments[0]
        if name not in ROOMS:
            raise self.error(f"room: '{name}' is unknown: use {', '.join(ROOMS)}")
        self.bank()
        room = Room(name=name)
        self.state.nested_parse(self.content, self.content_offset, room)
        return [room]


def _sector(name: str) -> str:
    """Return a sector's name as read: `clinic-it` is "Clinic IT"."""
    words = name.split("-")
    told = " ".join("IT" if word == "it" else word for word in words)
    return told[0].upper() + told[1:]


def _choices(index: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return what each of a practice room's lists offers, as (value, text)."""
    items = index["items"].values()
    sectors = sorted({item["sector"] for item in items})
    exams = [(name, f"{exam['short']}, all topics") for name, exam in index["exams"].items()]
    used = {tag for item in items for tag in item["exam"]}
    topics = [
        (f"{name}/{topic}", f"{exam['short']}: {told['name']}")
        for name, exam in index["exams"].items()
        for topic, told in exam["topics"].items()
        if f"{name}/{topic}" in used
    ]
    return {
        "difference": [(name, told["name"]) for name, told in index["differences"].items()],
        "exam": exams + topics,
        "kind": list(index["kinds"].items()),
        "sector": [(name, _sector(name)) for name in sectors],
    }


def _html(app: Sphinx, name: str) -> str:
    """Return what the room shows at first."""
    try:
        template = environment().get_template(f"rooms/{name}.html.jinja")
    except TemplateNotFound:
        return ""
    index = page_index(app)
    return template.render(bank=load_bank(), index=index, choices=_choices(index))


def _place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for room in list(doctree.findall(Room)):
        if app.builder.name == "epub" or app.builder.format != "html":
            room.replace_self(room.children)
            continue
        html = f'<div class="quiz-room" data-room="{room["name"]}">{_html(app, room["name"])}</div>'
        room.replace_self(
            [
                nodes.raw("", "<noscript>", format="html"),
                *room.children,
                nodes.raw("", f"<style>.quiz-room {{ display: none; }}</style></noscript>{html}", format="html"),
            ]
        )


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("room", RoomDirective)
    app.add_node(Room)
    app.connect("doctree-resolved", _place)
