"""The export command: what is chosen, what is lost, and faults in a line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from authoring import run
from conftest import ROOT

from quizzes import exports
from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.exports.base import ASPECTS, Carry, Exported, Format, Loss, Support, told
from quizzes.exports.select import selected
from quizzes.exports.table import table
from quizzes.exports.units import shares, units
from quizzes.items import KINDS, Trait
from quizzes.marking import mark
from quizzes.render import practice_rule


def test_conditions_choose_items(bank: Bank) -> None:
    """Of several on one field one must hold, of several fields all."""
    found = selected(bank, ["use=practice", "kind=sort", "kind=order"])
    assert {(item.use, item.kind) for item in found} == {("practice", "sort"), ("practice", "order")}
    assert [item.id for item in selected(bank, ["id=payroll-1"])] == ["payroll-1"]
    assert all("pmp/closure" in item.exam for item in selected(bank, ["exam=pmp/closure"]))
    assert selected(bank, []) == list(bank.items.values())


@pytest.mark.parametrize("condition", ["kind", "kind=", "colour=red", "id=nothing"])
def test_a_condition_that_is_none_is_told(bank: Bank, condition: str) -> None:
    """In one line."""
    with pytest.raises(SelectionError, match=condition):
        selected(bank, [condition])


def test_the_command_writes_what_is_chosen(tmp_path: Path) -> None:
    """And says how many items."""
    out = tmp_path / "new" / "some.json"
    done = run("export", "json", "--select", "family=payroll", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(out.read_text(encoding="utf-8"))
    assert {item["family"] for item in document["items"]} == {"payroll"}
    assert done.stdout == f"{out}: {len(document['items'])} items\n"
    done = run("export", "json", "--select", "family=none", "--out", tmp_path / "other.json")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "other.json").exists()


def test_the_commands_run_as_a_program() -> None:
    """As an author types it."""
    command = [sys.executable, "-m", "quizzes", "formats"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == table(exports.every())


def test_losses_are_told_once_each() -> None:
    """With the items where they are few."""
    losses = [Loss("a-1", "no gaps"), Loss("a-2", "no gaps"), *(Loss(f"b-{n}", "no rows") for n in range(9))]
    assert told([*losses, losses[0]]) == ["a-1, a-2: no gaps", "9 items: no rows"]


@pytest.mark.parametrize("name", exports.MODULES)
def test_every_format_says_what_becomes_of_every_kind_and_aspect(name: str) -> None:
    """The table of the docs is made of it."""
    found = exports.load(name)
    assert found.name == name
    assert set(found.kinds) == set(KINDS)
    assert set(found.aspects) == set(ASPECTS)
    for support in (*found.kinds.values(), *found.aspects.values()):
        assert support.how or support.carry is Carry.WHOLE, f"{name}: say how it degrades or is lost"
        assert "|" not in support.how


def test_the_docs_table_is_the_exporters_own() -> None:
    """`python -m quizzes formats` prints what docs/exports.md ends with, and every format has its line there."""
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert text.endswith(table(exports.every()))
    assert all(f"| `{name}` |" in text for name in exports.MODULES)


def test_a_format_that_is_silent_on_a_trait_has_no_table() -> None:
    """It is told which."""
    silent = Format("silent", "Silent", ".txt", {}, {}, lambda *_: Exported(b"", 0))
    with pytest.raises(ValueError, match="silent: say in `becomes` what becomes of ONE"):
        table([silent])
    whole = Support(Carry.WHOLE)
    found = Format("x", "X", ".x", dict.fromkeys(Trait, whole), dict.fromkeys(ASPECTS, whole), silent.export)
    assert table([found]).splitlines()[2] == "| Classify | carries |"


def test_units_are_the_parts_that_practice_asks(bank: Bank) -> None:
    """Each with an id of its own, its options in the order of the part, and the key told apart by its traps."""
    seen = set()
    for item in bank.items.values():
        found = units(item, bank)
        assert [unit.part for unit in found] == list(practice_rule(item, evidence=False))
        for unit in found:
            assert unit.id not in seen
            seen.add(unit.id)
            assert set(unit.choices) == set(unit.part.options)
            assert "[gap" not in unit.stem
            if not unit.part.groups:
                assert {name for name, choice in unit.choices.items() if not choice.trap} == set(unit.part.key)


def test_shares_add_up_to_this_courses_mark(bank: Bank) -> None:
    """For each option alone, all right ones, and everything."""
    for item in bank.items.values():
        for unit in units(item, bank):
            part, share = unit.part, shares(unit.part)
            if part.type not in ("one", "some"):
                continue
            values = [[option] for option in part.options]
            values += [list(part.key), list(part.options)] if part.type == "some" else []
            for value in values:
                given = value[0] if part.type == "one" else value
                made = mark((part,), {part.name: given}).score / part.points
                assert made == pytest.approx(max(0, sum(share[option] for option in value)))
