"""The bank: what is in it, and what an author is told about each kind of fault."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from authoring import run

from quizzes.bank import Bank, draw
from quizzes.choosing import SelectionError
from quizzes.items import KINDS, AnyItem, Classify
from quizzes.loading import BUILT_IN, BankError, load_bank, read_bank

KIND_LIST = ", ".join(KINDS)


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


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """Make a private bank folder with one good family."""
    folder = tmp_path / "mine"
    (folder / "scenarios").mkdir(parents=True)
    text = (BUILT_IN / "scenarios" / "payroll.yaml").read_text(encoding="utf-8")
    text = text.replace("payroll-", "shop-").replace("family: payroll", "family: shop")
    (folder / "scenarios" / "shop.yaml").write_text(text, encoding="utf-8")
    return folder


def break_item(folder: Path, change: str) -> None:
    """Change the first item of the private family by a line of Python over `item`."""
    path = folder / "scenarios" / "shop.yaml"
    family = yaml.safe_load(path.read_text(encoding="utf-8"))
    exec(change, {"item": family["items"][0], "family": family})  # noqa: S102  the changes stand below
    path.write_text(yaml.safe_dump(family, sort_keys=False), encoding="utf-8")


def test_a_private_folder_adds_to_the_built_in_bank(private: Path, bank: Bank) -> None:
    """The instructor's items stand beside the course's."""
    assert set(load_bank(private).items) == {*bank.items, "shop-1", "shop-2"}
    assert run("--bank", private, "check").returncode == 0


SHOP = "mine/scenarios/shop.yaml"
FAULTS = {
    "item['colour'] = 'red'": f"{SHOP}: shop-1: colour: unknown field: remove it or check its spelling",
    "del item['source']": f"{SHOP}: shop-1: source: missing: add it",
    "del item['class']['options']['project']['rationale']": (
        f"{SHOP}: shop-1: class.options.project.rationale: missing: add it"
    ),
    "item['evidence'][0]['text'] = 'not there'": (
        f"{SHOP}: shop-1: evidence e1: 'not there' does not stand in the scenario exactly once: copy it to the letter"
    ),
    "item['id'] = 'shop-2'": f"{SHOP}: shop-2: id: also used in shop.yaml: choose another id",
    "item['kind'] = 'essay'": f"{SHOP}: shop-1: unknown kind: use {KIND_LIST}",
    "del item['kind']": f"{SHOP}: shop-1: the kind is missing: add one of {KIND_LIST}",
    "item['status'] = 'X'": f"{SHOP}: shop-1: status: 'X' is not allowed: use 'F' or 'C'",
    "item['exam'] = ['pmp/cooking']": f"{SHOP}: shop-1: exam: 'pmp/cooking' is unknown: use exam/topic of exams.yaml",
    "item['class']['options']['project']['misconception'] = 'luck'": (
        f"{SHOP}: shop-1: class.project.misconception: 'luck' is unknown: use an id of misconceptions.yaml"
    ),
    "item['differentiator']['options']['weather'] = {'rationale': 'It rains.', 'misconception': 'cue-not-in-text'}": (
        f"{SHOP}: shop-1: differentiator: 'weather' is unknown: use an id of differentiators.yaml"
    ),
    "item['class']['key'] = 'neither'": (
        f"{SHOP}: shop-1: class: key 'neither' is not one of the options: use one of project, operations"
    ),
    "item['id'] = 'Shop 1'": (
        f"{SHOP}: Shop 1: id: 'Shop 1' has a form that is not allowed: use lower-case words joined by '-'"
    ),
    "item['evidence'][1]['misconception'] = 'size-mean-project'": (
        f"{SHOP}: shop-1: evidence e2.misconception: 'size-mean-project' is unknown: use an id of misconceptions.yaml; "
        "did you mean 'size-means-project'?"
    ),
    "del item['evidence'][1]['rationale']": f"{SHOP}: shop-1: evidence e2.rationale: missing: add it",
    "item['evidence'].reverse(); del item['evidence'][0]['rationale']": (
        f"{SHOP}: shop-1: evidence e4.rationale: missing: add it"  # as `list` counts it
    ),
    "item['exam'] = ['pmp/close']": (
        f"{SHOP}: shop-1: exam: 'pmp/close' is unknown: use exam/topic of exams.yaml; did you mean 'pmp/closure'?"
    ),
    "o = item['differentiator']['options']; o['tema'] = o.pop('team')": (
        f"{SHOP}: shop-1: differentiator: 'tema' is unknown: use an id of differentiators.yaml; did you mean 'team'?"
    ),
    "item['replaces'] = 'shop-0'": (f"{SHOP}: shop-1: 'replaces' and 'why_replaced' go together: give both or neither"),
    "family['items'] = []": f"{SHOP}: items: at least 1 are needed: add the rest",
}


@pytest.mark.parametrize("change", FAULTS, ids=[str(number) for number in range(len(FAULTS))])
def test_a_fault_gives_one_line_with_file_item_field_and_mend(private: Path, change: str) -> None:
    """`check` prints the line, counts the faults and ends with 1."""
    break_item(private, change)
    done = run("--bank", private, "check")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [FAULTS[change], "1 fault(s)"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("items: [", "mine/scenarios/bad.yaml: line 1: not valid YAML: "),
        (
            "family: a\nfamily: b\n",
            "mine/scenarios/bad.yaml: line 2: not valid YAML: 'family' is given twice: remove one of the two",
        ),
        ("", "mine/scenarios/bad.yaml: "),
        (
            "family: 2026-13-45\n",
            "mine/scenarios/bad.yaml: not valid YAML: month must be in 1..12: put texts like dates",
        ),
        ("[" * 5000, "mine/scenarios/bad.yaml: "),
        ("family: a\x07b\n", "mine/scenarios/bad.yaml: not valid YAML: "),
        ("- just\n- a list\n", "mine/scenarios/bad.yaml: "),
    ],
)
def test_a_file_that_is_no_family_is_named(private: Path, content: str, line: str) -> None:
    """Bad YAML names file and line; the rest of the bank is still checked."""
    (private / "scenarios" / "bad.yaml").write_text(content)
    break_item(private, "item['colour'] = 'red'")
    done = run("--bank", private, "check")
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert [each for each in lines if each.startswith(line)]
    assert [each for each in lines if "shop-1: colour" in each]


def test_a_file_in_another_encoding_is_named(private: Path) -> None:
    """The author learns to save as UTF-8."""
    (private / "scenarios" / "bad.yaml").write_bytes("family: café".encode("latin-1"))
    with pytest.raises(BankError, match="bad.yaml: not UTF-8 text: save the file as UTF-8"):
        read_bank([BUILT_IN, private])


def test_a_folder_that_is_no_bank_is_named(tmp_path: Path) -> None:
    """A mistyped folder is not an empty bank."""
    done = run("--bank", tmp_path / "nowhere", "check")
    assert done.returncode == 1
    assert "nowhere: not a bank folder" in done.stderr


def test_several_faults_are_all_told(private: Path) -> None:
    """An author mends in one go."""
    break_item(private, "del item['source']; item['colour'] = 'red'")
    with pytest.raises(BankError) as caught:
        read_bank([BUILT_IN, private])
    assert len(caught.value.faults) == 2


def test_a_wrong_key_hides_no_unknown_name(private: Path) -> None:
    """What no model has accepted is still looked through for names, in the item and in its twin."""
    break_item(
        private,
        "item['class']['key'] = 'neither'; item['class']['options']['project']['misconception'] = 'luck'; "
        "item['differentiator']['options'].update(weather=dict(rationale='It rains.')); "
        "family['items'][1]['exam'] = ['pmp/cooking']; family['items'][1]['evidence'][1]['misconception'] = 'luck'",
    )
    with pytest.raises(BankError) as caught:
        read_bank([BUILT_IN, private])
    found = {(fault.item, fault.place): fault.mend for fault in caught.value.faults}
    assert set(found) == {
        ("shop-1", "class"),
        ("shop-1", "class.options.project.misconception"),
        ("shop-1", "differentiator"),
        ("shop-2", "exam"),
        ("shop-2", "evidence e2.misconception"),
    }


def test_an_unknown_term_is_told_in_its_own_file(private: Path) -> None:
    """A private glossary's fault does not send its author to the course's."""
    term = {"id": "odd", "term": "Odd", "definition": "Odd.", "source": "a test", "see": ["acceptanc"]}
    (private / "terms.yaml").write_text(yaml.safe_dump([term]), encoding="utf-8")
    done = run("--bank", private, "check")
    line = "mine/terms.yaml: odd: see: 'acceptanc' is unknown: use the id of another term; did you mean 'acceptance'?"
    assert done.stderr.splitlines() == [line, "1 fault(s)"]


def test_a_file_below_the_working_folder_is_named_from_there(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path can be pasted behind an editor's name, however the bank was named."""
    break_item(private, "del item['source']")
    for start, name in ((private.parent.parent, f"{private.parent.name}/{SHOP}"), (private, "scenarios/shop.yaml")):
        monkeypatch.chdir(start)
        for bank in (private, Path(os.path.relpath(private))):
            line = run("--bank", bank, "check").stderr.splitlines()[0]
            assert line == f"{name}: shop-1: source: missing: add it"
            assert Path(name).is_file()


YAML_FAULTS = [
    (
        "      options:\n        project",
        "       options:\n        project",
        18,
        "begin it in column 7, as 'key' in line 17",
    ),
    (
        "      options:\n        project",
        "     options:\n        project",
        18,
        "begin it in column 7, as 'key' in line 17",
    ),
    ("      - text: wages", "       - text: wages", 40, "begin it in column 7, as '- text' in line 36"),
    ("        evidence: false", "       evidence: false", 37, "begin it in column 9, as 'text' in line 36"),
    ("people from finance ver", "people from finance\n   ver", 13, "indent it like the lines around it"),
    ("rationale: Noon is", "rationale: Noon: is", 20, "put the text in double quotes, since it holds a colon"),
    ("text: two people", "text: @two people", 36, "put the text in double quotes"),
    (
        "text: two people from finance",
        "text: 'two people' from finance",
        36,
        "put the text in double quotes, all of it",
    ),
    ("text: two people", 'text: "two people', 36, "close the quotation mark that is open"),
    ("    status: F", "    status F", 6, "write the field as 'name: value'"),
    ("[capm/fundamentals]", "[capm/fundamentals", 9, "close the bracket, or put the text in double quotes"),
    ("      options:\n        project", "\toptions:\n        project", 18, "indent with spaces, not with a tab"),
]


@pytest.mark.parametrize(("old", "new", "line", "mend"), YAML_FAULTS, ids=[str(n) for n in range(len(YAML_FAULTS))])
def test_a_fault_of_the_writing_names_item_line_and_mend(
    private: Path, old: str, new: str, line: int, mend: str
) -> None:
    """An author who does not know YAML is told where to put which sign; the twin below is not blamed."""
    path = private / "scenarios" / "shop.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (told, count) = run("--bank", private, "check").stderr.splitlines()
    assert told.startswith(f"{SHOP}: shop-1: line {line}: not valid YAML: ")
    assert f": {mend}" in told
    assert count == "1 fault(s)"


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


def test_a_bank_folder_may_stand_behind_the_command(private: Path) -> None:
    """Where an author writes it makes no difference."""
    (line,) = run("list", "--select", "id=shop-1", "--bank", private).stdout.splitlines()
    assert line.split()[0] == "shop-1"


def test_a_faulty_vocabulary_does_not_blame_the_items(tmp_path: Path) -> None:
    """One fault in misconceptions.yaml is one line."""
    copy = tmp_path / "bank"
    shutil.copytree(BUILT_IN, copy)
    path = copy / "misconceptions.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "- {id: odd, name: Odd}\n", encoding="utf-8")
    with pytest.raises(BankError) as caught:
        read_bank([copy])
    assert [str(fault) for fault in caught.value.faults] == ["bank/misconceptions.yaml: odd: mend: missing: add it"]


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
