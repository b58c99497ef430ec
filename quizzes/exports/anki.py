"""The bank as an Anki package: a note for each question and for each term of the glossary.

All ids come from the item's id, so that a later package updates a learner's notes and leaves their schedule alone.
Anki takes a note from a package only where it is newer than the one it has: see `edition`.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import genanki

from quizzes.archive import archived
from quizzes.bank import Bank
from quizzes.exports.anki_card import CSS, QUESTION, TERM, evidence, question_fields, term_fields
from quizzes.exports.base import Carry, Exported, Format, Loss, Support
from quizzes.exports.units import Unit, units
from quizzes.items import AnyItem, Trait

COURSE = "project-or-operation"
NAME = "Project or Operation?"
ABOUT = "Questions and terms of a free course. Licence of the content: CC BY 4.0."
FIRST, SPAN = 1_577_836_800_000, 10**11  # ids are times in ms to Anki, here from 2020 on
NO_FILES = 1_577_836_800


@dataclass(frozen=True)
class Site:
    """Where the course is published: its address, the page of each item by id, and the page of the glossary."""

    url: str
    pages: Mapping[str, str] = field(default_factory=dict)
    glossary: str = "book/glossary.html"

    def of_item(self, item: str) -> str:
        """Return the address of an item, empty where it stands on no page."""
        return f"{self.url.rstrip('/')}/{self.pages[item]}#item-{item}" if self.url and item in self.pages else ""

    def of_term(self, term: str) -> str:
        """Return the address of a term."""
        return f"{self.url.rstrip('/')}/{self.glossary}#term-{term}" if self.url else ""


NOWHERE = Site("")


def edition(bank: Bank) -> int:
    """Return the time of the package in seconds: SOURCE_DATE_EPOCH, or the newest of the bank's files and of this code.

    It grows with every change, and the same files give the same package.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    code = Path(__file__)
    files = [path for path in (*bank.files, code, code.with_name("anki_card.py")) if path.exists()]
    return max((int(path.stat().st_mtime) for path in files), default=NO_FILES)


def stable(name: str) -> int:
    """Return the id that Anki knows something by, always the same for the same name."""
    return FIRST + int.from_bytes(hashlib.sha256(f"{COURSE}/{name}".encode()).digest()[:8], "big") % SPAN


def _model(name: str, layout: Mapping[str, str], fields: Sequence[str]) -> genanki.Model:
    return genanki.Model(
        stable(f"model/{name}"),
        f"{NAME} {name}",
        fields=[{"name": each} for each in fields],
        templates=[{"name": name, **layout}],
        css=CSS,
    )


def _note(model: genanki.Model, name: str, fields: Mapping[str, str], tags: Sequence[str], due: int) -> genanki.Note:
    return genanki.Note(model, list(fields.values()), tags=list(tags), guid=genanki.guid_for(COURSE, name), due=due)


def _tag(tag: str) -> str:
    return "::".join((COURSE, *tag.replace("/", ":").split(":")))


def _question_notes(found: Sequence[Unit], bank: Bank, site: Site) -> Iterator[tuple[str, genanki.Note]]:
    model = _model("question", QUESTION, ("Id", "Scenario", "Question", "Options", "Answer", "Reasons", "Page"))
    for due, unit in enumerate(found):
        fields = {"Id": unit.id, **question_fields(unit, evidence(unit.item, bank)), "Page": site.of_item(unit.item.id)}
        tags = [_tag(tag) for tag in (*unit.tags, f"use:{unit.item.use}")]
        yield f"question/{unit.id}", _note(model, f"question/{unit.id}", fields, tags, due)


def _term_notes(bank: Bank, site: Site) -> Iterator[tuple[str, genanki.Note]]:
    model = _model("term", TERM, ("Id", "Term", "Definition", "See", "Page"))
    for due, term in enumerate(bank.terms.values()):
        fields = {"Id": term.id, **term_fields(term, bank), "Page": site.of_term(term.id)}
        yield f"term/{term.id}", _note(model, f"term/{term.id}", fields, [_tag("term")], due)


def _deck(name: str, notes: Mapping[str, genanki.Note]) -> genanki.Deck:
    deck = genanki.Deck(stable(f"deck/{name}"), f"{NAME}::{name}", ABOUT)
    for note in notes.values():
        deck.add_note(note)
    return deck


def _ids(names: Sequence[str]) -> Iterator[int]:
    for name in names:
        yield from (stable(f"note/{name}"), stable(f"card/{name}"))


def _database(decks: Sequence[genanki.Deck], names: Sequence[str], at: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        genanki.Package(list(decks)).write_to_db(connection.cursor(), float(at), _ids(names))
        connection.commit()
        return connection.serialize()


def _losses(items: Sequence[AnyItem]) -> Iterator[Loss]:
    for item in items:
        yield Loss(item.id, "nothing is marked: the learner says how well the answer was known")
        if item.shows_words:
            yield Loss(item.id, "the words that show it are not asked: they stand with the answer")
        if len(item.parts()) > 1:
            yield Loss(item.id, "its questions become cards of their own, each with the scenario")
        yield Loss(item.id, "status, source and what it replaces are left out: JSON and CSV hold them")


def export(items: Sequence[AnyItem], bank: Bank, *, site: Site = NOWHERE) -> Exported:
    """Return the package of these items and of the whole glossary; cards link to their page where a site is given."""
    found = [unit for item in items for unit in units(item, bank)]
    questions, terms = dict(_question_notes(found, bank, site)), dict(_term_notes(bank, site))
    decks = [_deck("Questions", questions), _deck("Terms", terms)]
    files = {"collection.anki2": _database(decks, [*questions, *terms], edition(bank)), "media": b"{}"}
    return Exported(archived(files), len(items), tuple(_losses(items)))


_APART = Support(Carry.DEGRADED, "a card for each question")
FORMAT = Format(
    name="anki",
    title="Anki",
    suffix=".apkg",
    becomes={
        Trait.REASON: _APART,
        Trait.GAPS: Support(Carry.DEGRADED, "a card for each gap"),
        Trait.SEVERAL: _APART,
        **dict.fromkeys((Trait.ONE, Trait.SOME, Trait.MATCH, Trait.ORDER), Support(Carry.WHOLE)),
    },
    aspects={
        "rationales": Support(Carry.WHOLE),
        "misconceptions": Support(Carry.WHOLE),
        "partial": Support(Carry.LOST, "the learner rates each answer"),
        "chain": Support(Carry.LOST, "each question is learned for itself"),
        "evidence": Support(Carry.DEGRADED, "shown with the answer"),
        "tags": Support(Carry.WHOLE),
        "status": Support(Carry.DEGRADED, "the use as a tag, the rest left out"),
    },
    export=export,
)
