"""The Anki package, read by Anki's own library: what is in it, and what an update does to a learner's schedule."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import ascii_uppercase

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.notes import Note

from quizzes.bank import Bank
from quizzes.exports import anki
from quizzes.exports.units import units
from quizzes.items import AnyItem, Choice


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Return a learner's new collection."""
    made = Collection(str(tmp_path / "collection.anki2"))
    yield made
    made.close()


@pytest.fixture
def choice(bank: Bank) -> Choice:
    """Return an item with one best answer."""
    return next(item for item in bank.items.values() if isinstance(item, Choice))


def imported(collection: Collection, content: bytes, folder: Path) -> ImportLogWithChanges:
    """Import a package as Anki's own window does, with its default choices."""
    path = folder / "some.apkg"
    path.write_bytes(content)
    return collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))


def note_of(collection: Collection, name: str) -> Note:
    """Return the note with this id in its first field."""
    (found,) = collection.find_notes(f'"Id:{name}"')
    return collection.get_note(found)


def at(monkeypatch: pytest.MonkeyPatch, time: int) -> None:
    """Date the packages that are made from now on."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(time))


class Rows(HTMLParser):
    """The text of each list row of an answer, whether it is marked as right, and its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[dict[str, str]] = []
        self.field = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, or a paragraph of the row."""
        name = dict(attrs).get("class") or ""
        if tag == "li":
            self.rows.append({"right": name})
        if tag == "p":
            self.field = name or "reason"

    def handle_data(self, data: str) -> None:
        """Add to the paragraph that is open."""
        if self.rows:
            self.rows[-1][self.field] = self.rows[-1].get(self.field, "") + data


def test_the_whole_bank_and_glossary_come_in(bank: Bank, collection: Collection, tmp_path: Path) -> None:
    """A note with one card for each question and each term, none refused, in two decks."""
    items = list(bank.items.values())
    exported = anki.export(items, bank)
    log = imported(collection, exported.content, tmp_path).log
    found = [unit for item in items for unit in units(item, bank)]
    assert exported.items == len(items)
    assert len(log.new) == len(found) + len(bank.terms) == collection.note_count() == collection.card_count()
    assert not any((log.conflicting, log.empty_first_field, log.missing_notetype, log.missing_deck))
    assert len(collection.find_cards('"deck:Project or Operation?::Questions"')) == len(found)
    assert len(collection.find_cards('"deck:Project or Operation?::Terms"')) == len(bank.terms)
    assert len(collection.find_notes("tag:project-or-operation::exam::pmp::closure")) == sum(
        "pmp/closure" in unit.item.exam for unit in found
    )


def test_every_back_shows_the_key_and_every_reason(bank: Bank, collection: Collection, tmp_path: Path) -> None:
    """As the bank has them, and no front shows a reason."""
    items = list(bank.items.values())
    imported(collection, anki.export(items, bank).content, tmp_path)
    notes = {note["Id"]: note for note in map(collection.get_note, collection.find_notes("deck:*Questions"))}
    for unit in (unit for item in items for unit in units(item, bank)):
        note = notes[unit.id]
        rows = Rows(note["Reasons"]).rows
        names = list(unit.part.options)
        assert [row["option"] for row in rows] == [unit.choices[name].text for name in names]
        for name, row in zip(names, rows, strict=True):
            choice = unit.choices[name]
            assert choice.rationale in row["reason"]
            assert choice.trap in row.get("trap", "")
            assert row.get("place", "").removeprefix("Step ") == choice.place
            assert (row["right"] == "right") == (name in unit.part.key and not unit.part.groups)
        if unit.part.type != "match":
            told = note["Answer"].split(": ")[1].removesuffix("</p>").split(", ")
            chosen = [names[ascii_uppercase.index(letter)] for letter in told]
            assert (chosen == list(unit.part.key)) if unit.part.groups else (set(chosen) == set(unit.part.key))
        asked = note.cards()[0].question()
        assert "Right." not in asked
        assert "Trap:" not in asked


def test_an_update_keeps_the_schedule(
    bank: Bank, choice: Choice, collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The corrected text comes in, a new item is added, nothing doubles, and a card that was learned stays learned."""
    at(monkeypatch, 1_700_000_000)
    imported(collection, anki.export([choice], bank).content, tmp_path)
    number = collection.note_count()
    card = note_of(collection, choice.id).cards()[0]
    card.start_timer()
    states = collection._backend.get_scheduling_states(card.id)
    collection.sched.answer_card(collection.sched.build_answer(card=card, states=states, rating=3))
    learned = collection.get_card(card.id)
    assert learned.reps == 1
    changed = choice.model_copy(update={"stem": "How would you now call it?"})
    other = next(item for item in bank.items.values() if isinstance(item, Choice) and item.id != choice.id)
    at(monkeypatch, 1_700_000_001)
    log = imported(collection, anki.export([other, changed], bank).content, tmp_path).log
    after = collection.get_card(card.id)
    assert (after.reps, after.due, after.ivl, after.queue, after.type, after.did) == (
        *(learned.reps, learned.due, learned.ivl),
        *(learned.queue, learned.type, learned.did),
    )
    assert note_of(collection, choice.id)["Question"] == "How would you now call it?"
    assert len(log.new) == 1
    assert collection.note_count() == number + 1


def test_the_same_package_again_changes_nothing(
    bank: Bank, choice: Choice, collection: Collection, tmp_path: Path
) -> None:
    """It has the same bytes, and Anki takes all its notes for those it has."""
    content = anki.export([choice], bank).content
    assert anki.export([choice], bank).content == content
    imported(collection, content, tmp_path)
    before = collection.db.all("select id, guid, mod, flds from notes")
    log = imported(collection, content, tmp_path).log
    assert not any((log.new, log.updated))
    assert collection.db.all("select id, guid, mod, flds from notes") == before


def test_ids_come_from_the_items_alone(bank: Bank, collection: Collection, tmp_path: Path) -> None:
    """A note has the same ids in a package of other items."""
    first, second, *_ = [item for item in bank.items.values() if isinstance(item, Choice)]
    imported(collection, anki.export([first, second], bank).content, tmp_path)
    ids = note_of(collection, second.id).id
    other = Collection(str(tmp_path / "other.anki2"))
    imported(other, anki.export([second], bank).content, tmp_path)
    assert note_of(other, second.id).id == ids
    other.close()


def test_a_newer_bank_file_makes_a_newer_package(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Anki updates a note only from a newer one; SOURCE_DATE_EPOCH, where it is set, decides."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    path = tmp_path / "new.yaml"
    path.touch()
    before = anki.edition(bank)
    later = Bank(**{**vars(bank), "files": (*bank.files, path)})
    assert anki.edition(later) >= before
    at(monkeypatch, 1)
    assert anki.edition(later) == 1


def test_cards_link_to_their_page(bank: Bank, choice: Choice, collection: Collection, tmp_path: Path) -> None:
    """Where the course is published; without an address there is no link."""
    site = anki.Site("https://example.org/course/", {choice.id: "book/practice/end.html"})
    item: AnyItem = choice
    imported(collection, anki.export([item], bank, site=site).content, tmp_path)
    address = f'href="https://example.org/course/book/practice/end.html#item-{choice.id}"'
    assert address in note_of(collection, choice.id).cards()[0].answer()
    term = note_of(collection, "charter").cards()[0].answer()
    assert 'href="https://example.org/course/book/glossary.html#term-charter"' in term
    other = Collection(str(tmp_path / "other.anki2"))
    imported(other, anki.export([item], bank).content, tmp_path)
    assert "href" not in note_of(other, choice.id).cards()[0].answer()
    other.close()


def test_markup_in_a_text_is_text(bank: Bank, choice: Choice, collection: Collection, tmp_path: Path) -> None:
    """A private bank cannot run anything on a learner's card."""
    hostile = choice.model_copy(update={"scenario": "<img src=x onerror=alert(1)> {{Answer}}"})
    imported(collection, anki.export([hostile], bank).content, tmp_path)
    asked = note_of(collection, choice.id).cards()[0].question()
    assert "<img" not in asked
    assert "&lt;img src=x onerror=alert(1)&gt; {{Answer}}" in asked
