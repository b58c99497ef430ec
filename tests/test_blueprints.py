"""Blueprints of mock exams: they keep to the exams' facts, and an author's faults are told in one line."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from forms import blueprint, whole_index

from quizzes.bank import Bank
from quizzes.blueprints import apportion, resolved
from quizzes.index import bank_index
from quizzes.loading import BUILT_IN, BankError, read_bank


@pytest.fixture(scope="module")
def index(bank: Bank) -> dict[str, Any]:
    """Return the index of a site that shows every practice item."""
    return whole_index(bank)


def test_there_are_the_promised_forms(index: dict[str, Any]) -> None:
    """The five formats, with sections and breaks as the exams have them."""
    found = {each["id"]: (each["questions"], each["minutes"], each["sections"]) for each in index["blueprints"]}
    assert found == {
        "itil": (40, 60, 1),
        "pmp": (180, 240, 3),
        "pmp-half": (90, 120, 2),
        "capm": (150, 180, 1),
        "sprint": (10, 10, 1),
    }
    assert [blueprint(index, name)["break_minutes"] for name in ("pmp", "pmp-half", "capm", "itil")] == [10, 10, 0, 0]
    assert [each["id"] for each in index["blueprints"] if each["pause"]] == ["sprint"]
    assert [each["minutes"] for each in blueprint(index, "itil")["extra"]] == [75, 90, 120]


def test_numbers_of_exams_are_the_facts(bank: Bank, index: dict[str, Any]) -> None:
    """A number of an exam is named in the blueprint and stated in exams.yaml alone."""
    facts = bank.exams.facts
    for name in ("itil", "pmp", "capm"):
        made = blueprint(index, name)
        assert made["questions"] == facts[f"{name}_questions"]
        assert made["minutes"] == facts[f"{name}_minutes"]
        assert made["pass"] == facts.get(f"{name}_pass")
        assert made["sections"] == int(facts.get(f"{name}_breaks", 0)) + 1
    written = yaml.safe_load((BUILT_IN / "blueprints.yaml").read_text(encoding="utf-8"))
    for each in (each for each in written if "exam" in each):
        amounts = [
            each[field] for field in ("questions", "minutes", "pass", "breaks", "break_minutes") if field in each
        ]
        assert all(set(amount) <= {"fact", "times"} for amount in [*amounts, *each.get("shares", {}).values()])


def test_shares_of_domains_are_whole_questions(bank: Bank, index: dict[str, Any]) -> None:
    """Each share is within a question of the fact's percentage, and all come to the form's number."""
    facts = bank.exams.facts
    named = {"People": "pmp_people", "Process": "pmp_process", "Business environment": "pmp_business"}
    for name in ("pmp", "pmp-half", "capm"):
        made = blueprint(index, name)
        assert sum(made["domains"].values()) == made["questions"]
        if name != "capm":
            for domain, asked in made["domains"].items():
                exact = made["questions"] * int(str(facts[named[domain]]).split()[0]) / 100
                assert abs(asked - exact) < 1
    assert apportion({"a": 50, "b": 25, "c": 25}, 10) == {"a": 5, "b": 3, "c": 2}
    assert apportion({"a": 100, "b": 0}, 7) == {"a": 7, "b": 0}


def test_the_index_knows_how_many_questions_an_item_has(bank: Bank, index: dict[str, Any]) -> None:
    """A case has its questions, every other item one; assessment items and items without a page are not in it."""
    for name, entry in index["items"].items():
        case = bank.items[name]
        assert entry["questions"] == (len(case.asked) if case.kind == "case" else 1)
        assert case.use == "practice"
    one = next(iter(index["items"]))
    assert list(bank_index(bank, {one: "book/a.html"})["items"]) == [one]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a bank folder with the built-in vocabularies and one family."""
    for name in BUILT_IN.glob("*.yaml"):
        shutil.copy(name, tmp_path)
    (tmp_path / "scenarios").mkdir()
    shutil.copy(BUILT_IN / "scenarios" / "payroll.yaml", tmp_path / "scenarios")
    return tmp_path


AUTHOR_ERRORS = [
    ("b['title'] = ''", "itil: title: empty: write it"),
    ("b['colour'] = 'red'", "itil: colour: unknown field: remove it or check its spelling"),
    ("del b['note']", "itil: note: missing: add it"),
    ("b['exam'] = 'cooking'", "itil: exam: 'cooking' is unknown: use pmp, capm, itil"),
    (
        "b['questions'] = 'many'",
        "itil: questions: give a whole number, or the name of a fact as in {fact: pmp_questions}",
    ),
    (
        "b['questions'] = True",
        "itil: questions: give a whole number, or the name of a fact as in {fact: pmp_questions}",
    ),
    (
        "b['questions'] = {'fact': 'itil_question'}",
        (
            "itil: questions: 'itil_question' is unknown: use exam_fact of exams.yaml, as in pmp_questions; "
            "did you mean 'itil_questions'?"
        ),
    ),
    (
        "b['minutes'] = {'fact': 'pmp_outline_since'}",
        "itil: minutes: the fact 'pmp_outline_since' is no number: use another one",
    ),
    (
        "b['questions'] = {'fact': 'itil_questions', 'times': 0.33}",
        "itil: questions: 'itil_questions' times 0.33 is no whole number: use another factor",
    ),
    ("b['questions'] = 0", "itil: questions: 0: ask at least one"),
    ("b['pass'] = 41", "itil: pass: more than there are questions: lower it"),
    ("b['breaks'] = 2", "itil: breaks: 3 sections cannot be of the same size"),
    (
        "b['shares'] = {'Cooking': 100}; b['exam'] = 'pmp'",
        "itil: shares: 'Cooking' is no domain of the exam: use People, Process, Business environment",
    ),
    ("b['shares'] = {'Service desk': 50}", "itil: shares: 50 %: make them 100 in all"),
    ("b['kinds'] = {'choice': 60, 'fill': 60}", "itil: kinds: 120 %: make them 100 at most"),
    ("b['extra'] = [{'why': 'for all'}]", "itil: extra.1: give either a factor or minutes"),
    ("b['id'] = 'pmp'", "pmp: id: given twice: choose another id"),
]


@pytest.mark.parametrize(("change", "line"), AUTHOR_ERRORS, ids=[line for _, line in AUTHOR_ERRORS])
def test_a_fault_of_a_blueprint_is_one_line(folder: Path, change: str, line: str) -> None:
    """It names file, blueprint, field and the mend."""
    path = folder / "blueprints.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    exec(change, {"b": written[0]})  # noqa: S102  the changes stand above
    path.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    with pytest.raises(BankError) as caught:
        read_bank([folder])
    lines = str(caught.value).splitlines()
    assert [each.split(": ", 1)[1] for each in lines] == [line]
    assert lines[0].split(": ")[0].endswith("/blueprints.yaml")


def test_an_unknown_kind_is_named(folder: Path) -> None:
    """The author is told which kinds there are."""
    path = folder / "blueprints.yaml"
    text = path.read_text(encoding="utf-8").replace("{choice: 100, ", "{chioce: 100, ")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BankError, match="itil: kinds: 'chioce' is unknown: use classify, choice"):
        read_bank([folder])


def test_a_private_folder_adds_a_blueprint(folder: Path, bank: Bank) -> None:
    """An instructor's own format stands beside the course's."""
    made = {"id": "quick", "title": "Quick", "questions": 5, "minutes": 4, "note": "Five."}
    (folder / "blueprints.yaml").write_text(yaml.safe_dump([made]), encoding="utf-8")
    for name in ("exams", "differentiators", "misconceptions", "terms"):
        (folder / f"{name}.yaml").unlink()
    shutil.rmtree(folder / "scenarios")
    (folder / "scenarios").mkdir()
    found = read_bank([BUILT_IN, folder])
    assert [*found.blueprints] == [*bank.blueprints, "quick"]
    assert resolved(found.blueprints["quick"], found.exams)["sections"] == 1
