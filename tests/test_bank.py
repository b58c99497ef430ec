"""The bank: what is in it, and how its items are drawn, listed and exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from authoring import run

from quizzes.bank import Bank, draw
from quizzes.choosing import SelectionError
from quizzes.items import AnyItem, Classify


def of_kind(bank: Bank, *kinds: str) -> list[AnyItem]:
    """Return the items of these kinds."""
    return [item for kind in kinds for item in bank.select(kind=kind)]


def test_the_bank_is_as_large_as_promised(bank: Bank) -> None:
    """Enough of every kind to practise and be assessed on."""
    scenarios = of_kind(bank, "classify")
    assert len(scenarios) >= 240
    assert len({item.family for item in scenarios}) >= 80
    assert len({item.sector for item in scenarios}) >= 12
    assert len([item for item in scenarios if item.status == "C"]) >= 30
    assert len(of_kind(bank, "choice", "multiple")) >= 150
    assert len(of_kind(bank, "sort")) >= 24
    assert len(of_kind(bank, "order")) >= 8
    assert len(of_kind(bank, "fill")) >= 8
    assert len(of_kind(bank, "case")) >= 12
    assert len(bank.terms) >= 80


@pytest.mark.parametrize("use", ["practice", "assessment"])
def test_every_differentiator_decides_project_and_operations(bank: Bank, use: str) -> None:
    """No difference is taught and then not practised, or assessed, on both sides."""
    found = {(i.deciding.key, i.classes.key) for i in bank.select(kind="classify", use=use) if isinstance(i, Classify)}
    assert {(name, key) for name in bank.differentiators for key in ("project", "operations")} <= found


def test_most_families_hold_both_classes(bank: Bank) -> None:
    """Twins share their words, so that the words do not tell the class."""
    keys: dict[str, set[str]] = {}
    for item in of_kind(bank, "classify"):
        assert isinstance(item, Classify)
        keys.setdefault(item.family, set()).add(item.classes.key)
    twins = [family for family, found in keys.items() if found >= {"project", "operations"}]
    assert len(twins) >= 75
    assert all(found == {"both"} for family, found in keys.items() if family not in twins)


def test_a_family_is_for_practice_or_for_assessment(bank: Bank) -> None:
    """A practised sibling would give an assessed one away."""
    families = {use: {item.family for item in bank.select(use=use)} for use in ("practice", "assessment")}
    assert not families["practice"] & families["assessment"]


def test_a_draw_is_the_same_for_the_same_seed_and_spreads_over_families(bank: Bank) -> None:
    """Pages and forms can be built again."""
    pool = bank.select(use="practice", kind="classify")
    first = draw(pool, 6, 3)
    assert first == draw(pool, 6, 3)
    assert first != draw(pool, 6, 4)
    assert len({item.family for item in first}) == 6
    assert sorted(item.id for item in draw(pool, len(pool), 1)) == sorted(item.id for item in pool)


def test_a_draw_that_is_too_large_says_how_many_match(bank: Bank) -> None:
    """The author learns what to change."""
    with pytest.raises(SelectionError, match=r"9999 items asked and \d+ match: ask for fewer"):
        draw(bank.select(use="practice"), 9999, 1)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("list", "--select", "family=payrol"), "shows the items; did you mean 'payroll'?"),
        (("list", "--select", "use=practice", "--select", "difference=duratoin"), "did you mean 'duration'?"),
        (("export", "json", "--out", "x.json", "--select", "exam=pmp/close"), "did you mean 'pmp/closure'?"),
        (("list", "--select", "family=payroll", "--select", "use=assessment"), "shows the items"),
    ],
)
def test_a_selection_that_finds_nothing_says_what_may_be_meant(
    arguments: tuple[str, ...], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, which ends with the nearest name where a value is unknown."""
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.rstrip().endswith(line)
    assert not (tmp_path / "x.json").exists()


def test_an_unknown_item_says_which_may_be_meant(bank: Bank) -> None:
    """On pages, in notebooks and in forms alike."""
    with pytest.raises(SelectionError, match=r"shows the ids; did you mean 'payroll-1'\?$"):
        bank.get(["payrol-1"])


def test_a_selection_lists_its_items(bank: Bank) -> None:
    """`list` takes what `export` takes."""
    listed = run("list", "--select", "family=payroll").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["payroll-1", "payroll-2"]


def test_the_json_export_holds_every_item_with_its_key(tmp_path: Path, bank: Bank) -> None:
    """One document, an array `items`, and for each item what a reader needs to ask and mark it."""
    out = tmp_path / "bank.json"
    assert run("export", "json", "--out", out).returncode == 0
    items = {item["id"]: item for item in json.loads(out.read_text(encoding="utf-8"))["items"]}
    assert set(items) == set(bank.items)
    for item in items.values():
        assert {"id", "kind", "family", "status", "use", "options", "key"} <= set(item)
        assert item.get("scenario") or item.get("stem")
        for question, asked in zip(item["questions"], bank.items[item["id"]].parts(), strict=True):
            assert (question["name"], question["type"]) == (asked.name, asked.type)
            assert list(question.get("groups", {})) == list(asked.groups)
        if item["kind"] == "case":
            stems = [each.stem for each in bank.items[item["id"]].asked]
            assert all(stem in each["legend"] for stem, each in zip(stems, item["questions"], strict=True))
        if item["kind"] in ("choice", "multiple", "order"):
            keys = [item["key"]] if item["kind"] == "choice" else item["key"]
            assert set(keys) <= {option["id"] for option in item["options"]}
        elif item["kind"] == "sort":
            assert set(item["key"]) == {option["id"] for option in item["options"]}
            assert set(item["key"].values()) == set(item["groups"])
        else:
            assert set(item["key"]) == set(item["options"])


def test_an_export_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """Nothing is half-written and no traceback is shown."""
    (tmp_path / "file").write_text("")
    done = run("export", "json", "--out", tmp_path / "file" / "bank.json")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
