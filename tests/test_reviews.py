"""Blind review by its commands: a sheet without keys goes out, a reader's answers come back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from authoring import run
from clicking import answer
from playwright.sync_api import Page, expect
from records import violations

from grader.demo import keyed
from quizzes.audit import Measure, blind, table
from quizzes.bank import Bank
from quizzes.loading import BUILT_IN, read_bank
from quizzes.records import RecordError
from quizzes.reviews import current, differences, read_reviews, unsettled


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """Make a private bank of one family, the payroll twins under other ids."""
    data = yaml.safe_load((BUILT_IN / "scenarios" / "payroll.yaml").read_text(encoding="utf-8"))
    data["family"] = "wages"
    for number, item in enumerate(data["items"], 1):
        item["id"] = f"wages-{number}"
    folder = tmp_path / "mine"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "scenarios" / "wages.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return folder


def answers(path: Path, *given: dict[str, Any]) -> Path:
    """Write a reader's answers."""
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


def sheet(private: Path, tmp_path: Path) -> Path:
    """Write the sheet of every item."""
    out = tmp_path / "sheet.json"
    done = run("--bank", private, "blind", "sheet", "--all", "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def right(private: Path, name: str) -> dict[str, Any]:
    """Return the keyed response of an item of the private bank."""
    return keyed(read_bank([BUILT_IN, private]).items[name])


def test_the_sheet_holds_what_a_learner_sees_and_no_key(private: Path, tmp_path: Path, bank: Bank) -> None:
    """Texts and options only; the item's key, rationale and misconceptions stay away."""
    text = sheet(private, tmp_path).read_text(encoding="utf-8")
    items = {item["id"]: item for item in json.loads(text)}
    assert set(items) == {*bank.items, "wages-1", "wages-2"}
    assert set(items["wages-1"]) == {"id", "scenario", "questions"}
    for item in bank.items.values():
        for options in item.rationales().values():
            assert all(option.rationale not in text for option in options.values())


def test_answers_are_compared_and_kept_beside_the_bank(private: Path, tmp_path: Path) -> None:
    """A difference is printed with its part and the reader's doubt, and at the end what is to be mended."""
    first, read = right(private, "wages-1"), sheet(private, tmp_path)
    given = answers(
        tmp_path / "a.json",
        {"item": "wages-1", "response": first},
        {"item": "wages-2", "response": {**right(private, "wages-2"), "class": "operations"}, "doubt": "Is it one?"},
    )
    done = run(
        "--bank", private, "blind", "record", given, "--sheet", read, "--reader", "reader-1", "--date", "2026-11-01"
    )
    assert done.returncode == 0, done.stderr
    assert "wages-2: differs class: Is it one?" in done.stdout
    assert "2 answers kept: 1 agrees, 1 differs" in done.stdout
    assert done.stdout.splitlines()[-1] == "mend or drop: wages-2"
    again = answers(tmp_path / "b.json", {"item": "wages-1", "response": first})
    again_by = ("--bank", private, "blind", "record", again, "--sheet", read, "--reader", "reader-2")
    assert run(*again_by).returncode == 0
    kept = read_reviews(private / "reviews.jsonl")
    assert [(each.item, each.reader, each.outcome) for each in kept] == [
        ("wages-1", "reader-1", "agrees"),
        ("wages-2", "reader-1", "differs"),
        ("wages-1", "reader-2", "agrees"),
    ]
    run("--bank", private, "blind", "sheet", "--out", tmp_path / "rest.json")
    left = {item["id"] for item in json.loads((tmp_path / "rest.json").read_text(encoding="utf-8"))}
    assert "wages-2" in left
    assert "wages-1" not in left


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("{", "answers.json: not valid JSON (line 1)"),
        ('[{"item": "wages-1", "response": {}, "doubt": ["x"]}]', "doubt as a text"),
        ('{"item": "wages-1"}', "an array of answers is expected"),
        ('[{"item": "wages-1"}]', "each answer is an object with item, response"),
        ('[{"item": "no-such", "response": {}}]', "'no-such' is not an item of the bank"),
        (
            '[{"item": "wages-1", "response": {"class": "Operations"}}]',
            "wages-1: class: 'Operations' is no option: use one of operations, project",
        ),
        (
            '[{"item": "wages-1", "response": {"evidence": "e4"}}]',
            "wages-1: evidence: 'e4' is no list: give some of e1, e2, e3, e4 in brackets",
        ),
        (
            '[{"item": "wages-1", "response": {"evidence": ["e4", "e5"]}}]',
            "wages-1: evidence: 'e5' is no option: use some of e1, e2, e3, e4",
        ),
        ('[{"item": "wages-1", "response": {"evidence": ["e4", "e4"]}}]', "evidence: 'e4' is given twice: remove one"),
        (
            '[{"item": "wages-1", "response": {"differentiator": ["duration"]}}]',
            "wages-1: differentiator: ['duration'] is no option: use one of duration, money, team",
        ),
        (
            '[{"item": "wages-1", "response": {"choice": "a"}}]',
            "wages-1: 'choice' is not asked: use class, differentiator, evidence",
        ),
        ('[{"item": "wages-2", "response": {}}]', "wages-2: not on the sheet"),
    ],
)
def test_answers_that_do_not_fit_are_one_line_and_keep_nothing(
    private: Path, tmp_path: Path, given: str, line: str
) -> None:
    """Nothing is written where an answer cannot be read."""
    path = tmp_path / "answers.json"
    path.write_text(given)
    read = sheet(private, tmp_path)
    read.write_text(json.dumps([each for each in json.loads(read.read_text()) if each["id"] == "wages-1"]))
    done = run("--bank", private, "blind", "record", path, "--sheet", read, "--reader", "reader-1")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert line in done.stderr
    assert not (private / "reviews.jsonl").exists()


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ('"a"', "'a' is no record: give each of"),
        ('{"z": "x"}', "'z' is no row: use "),
        ('{"ROW": "x"}', "'x' is no place: use one of "),
    ],
)
def test_rows_that_do_not_fit_say_what_would(bank: Bank, value: str, line: str) -> None:
    """Rows and places are named as the sheet names them."""
    item = bank.select(kind="sort")[0]
    (part,) = item.parts()
    with pytest.raises(RecordError) as caught:
        differences(item, {part.name: json.loads(value.replace("ROW", part.options[0]))})
    assert str(caught.value).startswith(f"{item.id}: {part.name}: {line}")


def test_an_item_is_settled_by_two_readers_who_find_its_key(private: Path, tmp_path: Path) -> None:
    """One that a reader disputes stays on the sheet and misses the audit's goal until two others find its key."""
    read = sheet(private, tmp_path)
    key = right(private, "wages-1")
    wrong = {**key, "class": "project"}

    def after(reader: str, response: dict[str, Any]) -> tuple[bool, Measure]:
        given = answers(tmp_path / "a.json", {"item": "wages-1", "response": response})
        done = run("--bank", private, "blind", "record", given, "--sheet", read, "--reader", reader)
        assert done.returncode == 0, done.stderr
        bank, kept = read_bank([BUILT_IN, private]), read_reviews(private / "reviews.jsonl")
        (measure,) = (each for each in blind.measures(bank, kept) if each.name == "disputed by a blind reader")
        return "wages-1" in {item.id for item in unsettled(bank, kept)}, measure

    assert after("reader-1", key)[0]
    listed, measure = after("reader-2", wrong)
    assert (listed, measure.met, measure.items) == (True, False, ("wages-1",))
    assert "items: wages-1" in table([measure])
    listed, measure = after("reader-3", key)
    assert (listed, measure.met, measure.found) == (False, True, "1 items")
    assert measure.notes == ("disputed by one, found by two others: wages-1",)


def test_the_sheet_is_a_page_that_is_answered_from_disk(page: Page, private: Path, tmp_path: Path, bank: Bank) -> None:
    """Without a network and without a key; what it saves is what `record` takes, with the page as the sheet."""
    out, saved = tmp_path / "sheet.html", tmp_path / "answers.json"
    done = run("blind", "sheet", "--out", out, "--bank", private)
    assert done.stdout == f"{out}: 2 items\n", done.stderr
    text = out.read_text(encoding="utf-8")
    items = read_bank([BUILT_IN, private]).items
    told = [option for options in items["wages-1"].rationales().values() for option in options.values()]
    assert not [option for option in told if option.rationale in text]
    assert not [option for option in told if option.misconception and option.misconception in text]
    page.route("http*://**", lambda route: route.abort())
    page.goto(out.as_uri())
    first, second = page.locator(".quiz-item").all()
    for part in items["wages-1"].parts():
        answer(first, part)
    second.get_by_label("Your doubt").fill("Is it <one>?")
    expect(page.get_by_role("status").last).to_have_text("1 of 2 answered.")
    page.reload()
    expect(second.get_by_label("Your doubt")).to_have_value("Is it <one>?")
    answer(second, items["wages-2"].parts()[0])
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the answers").click()
    expect(page.get_by_role("status").last).to_have_text("Saved: answers.json has all answers.")
    download.value.save_as(saved)
    assert json.loads(saved.read_text(encoding="utf-8")) == [
        {"item": "wages-1", "response": right(private, "wages-1")},
        {"item": "wages-2", "response": {"class": "project"}, "doubt": "Is it <one>?"},
    ]
    done = run("--bank", private, "blind", "record", saved, "--sheet", out, "--reader", "reader-1")
    assert "2 answers kept: 1 agrees, 1 differs" in done.stdout, done.stderr
    assert "wages-2: differs differentiator, evidence: Is it <one>?" in done.stdout


def test_a_question_left_open_is_named_and_not_in_the_file(page: Page, private: Path, tmp_path: Path) -> None:
    """Half an answer would count as a difference that the reader never stated."""
    out = tmp_path / "sheet.html"
    run("blind", "sheet", "--out", out, "--bank", private)
    page.goto(out.as_uri())
    page.locator('.quiz-item input[value="project"]').first.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the answers").click()
    expect(page.get_by_role("status").last).to_contain_text("since they are not wholly answered: 1, 2.")
    assert json.loads(download.value.path().read_text(encoding="utf-8")) == []


def test_a_page_that_is_no_sheet_is_one_line(private: Path, tmp_path: Path) -> None:
    """The reader's answers cannot be told from the wording without it."""
    (tmp_path / "other.html").write_text("<p>Hello</p>")
    given = answers(tmp_path / "a.json")
    done = run("--bank", private, "blind", "record", given, "--sheet", tmp_path / "other.html", "--reader", "reader-1")
    assert done.returncode == 1
    assert done.stderr.endswith("other.html: not a page that `blind sheet` wrote: give the sheet that was answered\n")


def test_an_answer_to_an_earlier_wording_is_superseded(private: Path, tmp_path: Path) -> None:
    """It is kept with its doubt, and does not count for what the item says now."""
    given = answers(tmp_path / "a.json", {"item": "wages-1", "response": right(private, "wages-1"), "doubt": "Odd."})
    read = sheet(private, tmp_path)
    path = private / "scenarios" / "wages.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(" noon", " midday"))
    done = run("--bank", private, "blind", "record", given, "--sheet", read, "--reader", "reader-1")
    assert done.returncode == 0, done.stderr
    assert "wages-1: superseded: Odd." in done.stdout
    (kept,) = read_reviews(private / "reviews.jsonl")
    bank = read_bank([BUILT_IN, private])
    assert current([kept], bank)["wages-1"] == []


def test_a_second_answer_to_one_wording_takes_the_place_of_the_first(private: Path, tmp_path: Path) -> None:
    """Recording a file twice counts no reader twice; odd characters in a doubt break no later command."""
    response = right(private, "wages-1")
    given = answers(tmp_path / "a.json", {"item": "wages-1", "response": response, "doubt": "Odd\u2028line \ud800"})
    read = sheet(private, tmp_path)
    for _ in range(2):
        done = run("--bank", private, "blind", "record", given, "--sheet", read, "--reader", "reader-1")
        assert done.returncode == 0, done.stderr
    (kept,) = read_reviews(private / "reviews.jsonl")
    assert kept.doubt == "Odd\u2028line ?"


def test_a_reader_needs_a_plain_name(private: Path, tmp_path: Path) -> None:
    """The name is data beside the bank."""
    given, read = answers(tmp_path / "a.json"), sheet(private, tmp_path)
    done = run("--bank", private, "blind", "record", given, "--sheet", read, "--reader", "Reader One")
    assert done.returncode == 2
    assert "use lower-case words joined by '-'" in done.stderr


@pytest.mark.parametrize("record", ["{", "[]", '{"item": "payroll-1"}', "caf\u00e9"])
def test_a_spoiled_review_file_is_one_line(private: Path, record: str) -> None:
    """The audit names file and line instead of counting what it cannot read."""
    (private / "reviews.jsonl").write_text(record + "\n", encoding="latin-1")
    done = run("--bank", private, "audit")
    assert done.returncode == 1
    assert done.stderr.startswith("reviews.jsonl: ")
    assert len(done.stderr.splitlines()) == 1
