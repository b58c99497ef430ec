"""What is taken from a hand-in and how it is marked: answers to this form alone, and one clear line for the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from released_course import maker, released

from grader.demo import Maker, keyed
from grader.explain import StaleKeyError, mark_record
from grader.intake import IntakeError, take_in
from quizzes.answers import RECEIPT_TYPE, parse_record
from quizzes.bank import Bank
from quizzes.items import Classify, Phrase

__all__ = ["maker", "released"]  # fixtures


def test_the_higher_revision_wins_and_a_conflict_is_reported(maker: Maker) -> None:
    """Receipt and sidecar that contradict each other under one revision are not guessed about."""
    more, less = maker.record(maker.responses(keyed, 4)), maker.record(maker.responses(keyed, 2))
    folder = maker.submit("newer", receipt=more, sidecar=less)
    assert take_in(folder, maker.form).record == parse_record(more)
    folder = maker.submit("clash", receipt=more, sidecar={**less, "revision": 4})
    with pytest.raises(IntakeError, match="two different answer records have revision 4: ask the student"):
        take_in(folder, maker.form)


def test_answers_to_another_form_are_refused(maker: Maker) -> None:
    """A record names the paper that it answers; the line says what to ask for, and names no digest."""
    record = {**maker.record(maker.responses(keyed)), "form": "another"}
    with pytest.raises(IntakeError, match="^answers to another form of ps1, with other questions .* you handed out"):
        take_in(maker.submit("other-form", sidecar=record), maker.form)


@pytest.mark.parametrize("name", ["ps1.ipynb", "ps2.ipynb"])
@pytest.mark.parametrize("told_by", ["the sheet", "the receipt", "the answers file", "the form"])
def test_the_notebook_of_another_assignment_is_no_blank_one(maker: Maker, name: str, told_by: str) -> None:
    """Under its own name or renamed, with answers or without, it has no mark, and the line says whose it is."""
    others = {**maker.record(maker.responses(keyed)), "assignment": "ps2"}
    folder = maker.submit(
        "eve",
        receipt=others if told_by == "the receipt" else None,
        sidecar=others if told_by == "the answers file" else None,
    )
    path = folder / "ps1.ipynb"
    if told_by == "the sheet":
        path.write_text(path.read_text("utf-8").replace('AnswerSheet(\\"ps1\\")', 'AnswerSheet(\\"ps2\\")'), "utf-8")
    elif told_by != "the receipt":
        path.write_text('{"cells": []}')
    if told_by == "the form":
        (folder / "ps2.form.json").write_text('{"assignment": "ps2"}')
    (folder / "ps1.form.json").unlink()
    path.rename(folder / name)
    if (name, told_by) == ("ps1.ipynb", "the form"):
        assert take_in(folder, maker.form).record is None  # a form that lies beside is nobody's answer
        return
    with pytest.raises(IntakeError, match=r"^this is the notebook of ps2, not of ps1: ask for ps1\.ipynb$"):
        take_in(folder, maker.form)


def test_answers_to_another_assignment_beside_the_own_ones_are_left_out(maker: Maker) -> None:
    """The own ones count, and a note tells of the others."""
    right = maker.record(maker.responses(keyed))
    folder = maker.submit("both", receipt=right, sidecar={**right, "assignment": "ps2"})
    found = take_in(folder, maker.form)
    assert (found.record, found.notes) == (parse_record(right), ("answers to ps2",))


def test_links_and_oversized_files_are_refused(maker: Maker) -> None:
    """Intake reads regular files of a sane size only."""
    folder = maker.submit("link")
    (folder / "ps1.answers.json").symlink_to(maker.course.root / "source" / "ps1" / "ps1.form.json")
    with pytest.raises(IntakeError, match="ps1.answers.json is a link or no regular file"):
        take_in(folder, maker.form)
    folder = maker.submit("huge")
    (folder / "ps1.answers.json").write_text(" " * 2_000_001)
    with pytest.raises(IntakeError, match="over the limit of 2,000,000"):
        take_in(folder, maker.form)


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, "\ud800".encode("utf-8", "surrogatepass"), ""]
)
def test_hostile_json_is_one_line(maker: Maker, text: str | bytes) -> None:
    """NaN, duplicate names, deep nesting and bad bytes are told apart from answers and never raise anything else."""
    folder = maker.submit("hostile")
    (folder / "ps1.answers.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(IntakeError, match="ps1.answers.json: "):
        take_in(folder, maker.form)


@pytest.mark.parametrize(
    "response", ["project", {"class": 7}, {"class": "<script>alert(1)</script>"}, {"bonus": "x"}, ["a"]]
)
def test_a_malformed_answer_costs_that_item_alone(maker: Maker, response: Any) -> None:
    """The rest is marked, and nothing that the learner wrote reaches the feedback's HTML."""
    responses: dict[str, Any] = maker.responses(keyed)
    responses[maker.form.items[0].id] = response
    results = mark_record(maker.form, maker.bank, parse_record(maker.record(responses)))
    assert [result.mark.outcome for result in results] == ["malformed"] + ["right"] * 9
    assert "<script" not in results[0].html


def test_a_renamed_or_missing_notebook_is_told(maker: Maker) -> None:
    """A perfect answer under another name is not a blank one."""
    folder = maker.submit("renamed", receipt=maker.record(maker.responses(keyed)))
    (folder / "ps1.ipynb").rename(folder / "ps1 (1).ipynb")
    with pytest.raises(IntakeError, match=r"ps1.ipynb is missing \(found: ps1 \(1\).ipynb\): rename"):
        take_in(folder, maker.form)


@pytest.mark.parametrize("time", ["yesterday", "", "9999999999999", "x" * 200])
def test_a_bad_time_of_handing_in_is_one_line(maker: Maker, time: str) -> None:
    """timestamp.txt is checked before it is believed."""
    folder = maker.submit("late")
    (folder / "timestamp.txt").write_text("2026-11-23 14:04:51.748504 UTC")
    assert take_in(folder, maker.form).record is None
    (folder / "timestamp.txt").write_text(time)
    with pytest.raises(IntakeError, match="timestamp.txt"):
        take_in(folder, maker.form)


def test_a_phrase_added_to_the_bank_stops_marking(maker: Maker, bank: Bank) -> None:
    """Evidence is counted in order: a new phrase would shift the keys of a released form."""
    item = bank.items[maker.form.items[0].id]
    assert isinstance(item, Classify)
    word = item.scenario.split()[0]
    extra = Phrase(text=word, evidence=False, rationale="Decoy.", misconception="cue-fits-both")
    changed = item.model_copy(update={"evidence": (*item.evidence, extra)})
    shifted = replace(bank, items={**bank.items, item.id: changed})
    with pytest.raises(StaleKeyError, match=f"{item.id}: evidence: the bank's options are not the form's"):
        mark_record(maker.form, shifted, None)


def test_a_bank_that_lost_an_item_is_named(maker: Maker, bank: Bank) -> None:
    """Marking stops rather than mark against a wrong key."""
    gone = maker.form.items[0].id
    poorer = replace(bank, items={name: item for name, item in bank.items.items() if name != gone})
    with pytest.raises(StaleKeyError, match=gone):
        mark_record(maker.form, poorer, None)


def test_the_receipt_of_the_demo_is_the_documented_type(maker: Maker) -> None:
    """Made submissions look like the sheet's own."""
    folder = maker.submit("made", receipt=maker.record({}))
    notebook = json.loads((folder / "ps1.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert [RECEIPT_TYPE in output["data"] for output in outputs] == [True]
