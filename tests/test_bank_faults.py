"""A bank folder of one's own adds to the course's, and each kind of fault in it is told with its place and its mend."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import yaml
from authoring import run

from quizzes.bank import Bank
from quizzes.items import KINDS
from quizzes.loading import BUILT_IN, BankError, load_bank, read_bank

KIND_LIST = ", ".join(KINDS)


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


SHOP, BAD = "mine/scenarios/shop.yaml", "mine/scenarios/bad.yaml"
FAULTS = {
    "item['colour'] = 'red'": f"{SHOP}: shop-1: colour: unknown field: remove it or check its spelling",
    "del item['source']": f"{SHOP}: shop-1: source: missing: add it",
    "del item['class']['options']['project']['rationale']": (
        f"{SHOP}: shop-1: class.options.project.rationale: missing: add it"
    ),
    "item['evidence'][0]['text'] = 'not there'": (
        f"{SHOP}: shop-1: evidence e1: 'not there' does not stand in the scenario: copy it to the letter"
    ),
    "item['id'] = 'shop-2'": (f"{SHOP}: shop-2: id: also used in {SHOP}: give the newer of the two another id"),
    "item['evidence'][0]['text'] = 'the'": (
        f"{SHOP}: shop-1: evidence e1: 'the' stands in the scenario 9 times: take more words"
    ),
    "item['exam'] = 'pmp/closure'": (
        f"{SHOP}: shop-1: exam: 'pmp/closure': write a list: [one, two], or a line for each with '- ' before it"
    ),
    "item['class']['key'] = True": (
        f"{SHOP}: shop-1: class.key: True (YAML reads yes, no, on, off, true and false so): "
        "write a text, in quotes where it is yes, no, a number or a date"
    ),
    "item['source'] = None": (
        f"{SHOP}: shop-1: source: empty: write a text, in quotes where it is yes, no, a number or a date"
    ),
    "item['kind'] = 'essay'": f"{SHOP}: shop-1: unknown kind: use {KIND_LIST}",
    "del item['kind']": f"{SHOP}: shop-1: the kind is missing: add one of {KIND_LIST}",
    "item['status'] = 'X'": f"{SHOP}: shop-1: status: 'X' is not allowed: use 'F' or 'C'",
    "item['exam'] = ['pmp/cooking']": (
        f"{SHOP}: shop-1: exam: 'pmp/cooking' is unknown: use exam/topic of exams.yaml: the author's guide lists them"
    ),
    "item['class']['options']['project']['misconception'] = 'luck'": (
        f"{SHOP}: shop-1: class.project.misconception: 'luck' is unknown: "
        "use an id of misconceptions.yaml: the author's guide lists them"
    ),
    "item['differentiator']['options']['weather'] = {'rationale': 'It rains.', 'misconception': 'cue-not-in-text'}": (
        f"{SHOP}: shop-1: differentiator: 'weather' is unknown: "
        "use an id of differentiators.yaml: the author's guide lists them"
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
    "o = item['differentiator']['options']; o['result'] = o.pop('team')": (
        f"{SHOP}: shop-1: differentiator: 'result' is unknown: use an id of differentiators.yaml; "
        "did you mean 'output'?"
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
        ("items: [", f"{BAD}: line 1: not valid YAML: "),
        (
            "family: a\nfamily: b\n",
            f"{BAD}: line 2: not valid YAML: 'family' is given twice: remove one of the two",
        ),
        ("", f"{BAD}: "),
        ("family: 2026-13-45\n", f"{BAD}: not valid YAML: month must be in 1..12: put texts like dates"),
        ("[" * 5000, f"{BAD}: "),
        ("[" * 500 + "]" * 500, f"{BAD}: line 1: not valid YAML: nested deeper than "),
        ('family: a\nsector: "b\nitems:\n', f"{BAD}: line 3: not valid YAML: found unexpected end of"),
        ("family: a\x07b\n", f"{BAD}: not valid YAML: "),
        ("- just\n- a list\n", f"{BAD}: "),
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


def test_a_file_that_cannot_be_read_is_named(private: Path) -> None:
    """The author learns to save as UTF-8; and a folder may have the name of a file."""
    bad = private / "scenarios" / "bad.yaml"
    bad.write_bytes("family: café".encode("latin-1"))
    with pytest.raises(BankError, match="bad.yaml: not UTF-8 text: save the file as UTF-8"):
        read_bank([BUILT_IN, private])
    bad.unlink()
    bad.mkdir()
    with pytest.raises(BankError, match="bad.yaml: cannot be read: "):
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


@pytest.mark.parametrize(
    "name", ["scenarios/more.yml", "more.yaml", "szenarios/more.yaml", "scenarios/deeper/more.yaml"]
)
def test_an_item_file_that_would_not_be_read_is_named(private: Path, name: str) -> None:
    """It would be missing without a word; other files in YAML beside a bank are nobody's business."""
    stray = private / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("family: more\nsector: trade\nitems: []\n", encoding="utf-8")
    (private / "notes.yml").write_text("mine: true\n", encoding="utf-8")
    with pytest.raises(BankError) as caught:
        read_bank([BUILT_IN, private])
    (fault,) = caught.value.faults
    assert fault.file.endswith(Path(name).name)
    assert fault.mend.startswith("not read: let it end in .yaml and lie in one of scenarios/")


def test_a_family_has_one_file_in_a_folder(private: Path) -> None:
    """A copied file whose family was left as it was would join the items of the other."""
    path = private / "scenarios" / "shop.yaml"
    text = path.read_text(encoding="utf-8")
    (private / "scenarios" / "stall.yaml").write_text(text.replace("shop-", "stall-"), encoding="utf-8")
    done = run("--bank", private, "check")
    told = "family: also the family of mine/scenarios/shop.yaml: give one of the two another name"
    assert done.stderr.splitlines() == [f"mine/scenarios/stall.yaml: {told}", "1 fault(s)"]
