"""Import: what was exported comes back, what others wrote is carried as far as it goes, and no folder is spoiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import run
from importing import ADAPTER, FORMATS, read

from quizzes import exports
from quizzes.bank import Bank
from quizzes.exports.base import told
from quizzes.imports.bank_folder import to_name, write_folder
from quizzes.imports.base import TO_WRITE, Imported, ImportRefusedError, unwritten
from quizzes.imports.builder import NO_RATIONALE, NO_TRAP
from quizzes.items import AnyItem
from quizzes.loading import BUILT_IN, read_bank


def held(item: AnyItem) -> dict[str, Any]:
    """Return what both formats hold of an item: no source, no ids of groups, no order in which steps stand."""
    fields = item.model_dump(by_alias=True, exclude={"source"})
    fields["id"] = item.id.removesuffix("-imported")
    for each in (fields, *fields.get("questions", ())):
        if each["kind"] == "sort":
            each["rows"] = {name: {**row, "group": each["groups"][row["group"]]} for name, row in each["rows"].items()}
            each["groups"] = sorted(each["groups"].values())
        if each["kind"] == "order":
            each["rows"] = [each["rows"][name] for name in each.pop("key")]
        if each["kind"] == "classify":
            each["evidence"] = sorted(each["evidence"], key=lambda phrase: str(phrase["text"]))
    return fields


@pytest.mark.parametrize("name", FORMATS)
def test_every_item_of_the_bank_comes_back(bank: Bank, name: str) -> None:
    """With every field that the format holds."""
    exported = exports.load(name).export(list(bank.items.values()), bank)
    found = read(bank, name, exported.content, exam="")
    back = [ADAPTER.validate_python(item) for item in found.items]
    assert [held(item) for item in back] == [held(item) for item in bank.items.values()]
    assert told(found.dropped) == [
        f"{len(bank.items)} items: the bank has an item of this id: '-imported' was added to it",
        "10 items: the order in which steps are shown was not in the file: they are shown by the alphabet",
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_makes_a_bank_folder_that_check_accepts(name: str, tmp_path: Path) -> None:
    """Beside the bank that the items came from."""
    file, out = tmp_path / "some", tmp_path / "new" / "folder"
    assert (
        run("export", name, "--select", "family=payroll", "--select", "family=case-bank", "--out", file).returncode == 0
    )
    done = run("import", name, file, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    number = len(list(read_bank([BUILT_IN, out]).items)) - len(list(read_bank([BUILT_IN]).items))
    assert done.stdout.splitlines()[0] == f"{out}: {number} items"
    assert sorted(path.name for path in out.iterdir()) == ["cases", "scenarios"]
    checked = run("--bank", out, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert len(checked.stdout.splitlines()) == 1


FOREIGN = """<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/top/My Course/Chapter One</text></category></question>
<question type="multichoice"><name><text>Capital of &lt;b&gt;?</text></name>
<questiontext format="html"><text><![CDATA[<p>Read this.</p><p>What is <em>the</em> capital? <img src="x"></p>]]>
</text></questiontext><generalfeedback><text>See chapter 1.</text></generalfeedback><single>true</single>
<answer fraction="100"><text>Rome</text><feedback><text>It has been since 1871.</text></feedback></answer>
<answer fraction="0"><text>Milan</text></answer><answer fraction="50"><text>Turin</text></answer>
<hint><text>A hint.</text></hint></question>
<question type="truefalse"><name><text>Round</text></name><questiontext><text>The earth is round.</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="multichoice"><name><text>Seas</text></name><questiontext><text>Which are NOT seas?</text></questiontext>
<single>false</single><answer fraction="50"><text>A</text></answer><answer fraction="50"><text>B</text></answer>
<answer fraction="-50"><text>C</text></answer><answer fraction="-50"><text>D</text></answer></question>
<question type="matching"><name><text>Pairs</text></name><questiontext><text>Match.</text></questiontext>
<subquestion><text>1</text><answer><text>one</text></answer></subquestion>
<subquestion><text>2</text><answer><text>two</text></answer></subquestion>
<subquestion><text>3</text><answer><text>one</text></answer></subquestion>
<subquestion><text></text><answer><text>four</text></answer></subquestion></question>
<question type="gapselect"><name><text>Gaps</text></name><questiontext><text>The [[2]] is big.</text></questiontext>
<selectoption><text>mouse</text><group>1</group></selectoption>
<selectoption><text>whale</text><group>1</group></selectoption>
<selectoption><text>red</text><group>2</group></selectoption></question>
<question type="cloze"><name><text>Cloze</text></name><questiontext>
<text>It is {1:MULTICHOICE_VS:cold#No.~=hot#Yes.~%50%warm\\}} and {:MC:=dry~wet}.</text></questiontext></question>
<question type="cloze"><name><text>Typed</text></name>
<questiontext><text>Say {1:SA:=yes}.</text></questiontext></question>
<question type="ordering"><name><text>Steps</text></name><questiontext><text>Order these.</text></questiontext>
<answer><text>alpha</text></answer><answer><text>beta</text></answer><answer><text>gamma</text></answer></question>
<question type="essay"><name><text>Write</text></name><questiontext><text>Write.</text></questiontext></question>
<question type="multichoice"><name><text>None</text></name><questiontext><text>Which?</text></questiontext>
<single>true</single><answer fraction="50"><text>A</text></answer><answer fraction="0"><text>B</text></answer>
<answer fraction="0"><text>C</text></answer></question>
</quiz>"""


def test_what_others_wrote_in_moodle_is_carried_as_far_as_it_goes(bank: Bank) -> None:
    """Each kind of question that has a kind of item, and a line for each thing that is not carried."""
    found = read(bank, "moodle", FOREIGN)
    by_id = {item["id"]: item for item in found.items}
    assert {name: item["kind"] for name, item in by_id.items()} == {
        "capital-of-b": "choice",
        "round": "fill",
        "seas": "multiple",
        "pairs": "sort",
        "gaps": "fill",
        "cloze": "fill",
        "steps": "order",
    }
    choice = by_id["capital-of-b"]
    assert (choice["scenario"], choice["stem"], choice["key"]) == ("Read this.", "What is the capital?", "a")
    assert choice["options"]["a"] == {"text": "Rome", "rationale": "It has been since 1871."}
    assert choice["options"]["b"] == {"text": "Milan", "rationale": TO_WRITE, "misconception": "to-be-named-test"}
    assert {choice["family"], choice["use"], *choice["exam"]} == {"chapter-one", "practice", "capm/fundamentals"}
    assert by_id["round"]["scenario"] == "The earth is round. [gap.1]"
    assert (by_id["seas"]["style"], by_id["seas"]["key"]) == ("negative", ["a", "b"])
    assert by_id["pairs"]["groups"] == {"one": "one", "two": "two"}
    assert by_id["gaps"]["scenario"] == "The [gap.1] is big."
    assert [each["text"] for each in by_id["gaps"]["gaps"]["gap.1"]["options"].values()] == ["mouse", "whale"]
    assert by_id["cloze"]["scenario"] == "It is [gap.1] and [gap.2]."
    assert by_id["cloze"]["gaps"]["gap.1"]["options"]["c"]["text"] == "warm}"
    assert [by_id["steps"]["rows"][name]["text"] for name in by_id["steps"]["key"]] == ["alpha", "beta", "gamma"]
    lines = {(loss.item, loss.what) for loss in found.dropped}
    assert {
        ("Capital of <b>?", "a picture is left out"),
        ("Capital of <b>?", "hints are left out"),
        ("Capital of <b>?", "general feedback is left out: rationales stand at the options"),
        ("Capital of <b>?", "its own partial credit is left out: this course's rule counts"),
        ("Capital of <b>?", NO_RATIONALE),
        ("Capital of <b>?", NO_TRAP),
        ("Round", "not three or four options: it is a text with a gap that is filled from a list"),
        ("Pairs", "a place that no row belongs to is left out"),
        ("Typed", "not carried: an answer that is typed has no place among options"),
        ("Write", "not carried: questions of the type 'essay' have no kind of item here"),
        ("None", "not carried: where one option is chosen, exactly one must earn the whole mark"),
    } <= lines


GIFT = r"""// a comment [tag:exam:pmp/closure]
::Q1::Two words\: which? {
  =right#Because\: so
  ~wrong # not so
  ~%-20%worse
}

$CATEGORY: $course$/top/Second part

Grant is {~buried =entombed ~living} in a tomb.

::T:: Round? {TRUE#Wrong.#Right.}

::M:: Match {=a -> one =b -> two =c -> one}

::N:: How many? {#3}

::S:: Name it {=this =that}

::E:: Write {}

Only words.

::B:: broken } {
"""


def test_what_others_wrote_in_gift_is_carried_as_far_as_it_goes(bank: Bank) -> None:
    """A word that is missing in a sentence is a gap in it."""
    found = read(bank, "gift", GIFT)
    items = {item["id"]: item for item in found.items}
    assert {name: item["kind"] for name, item in items.items()} == {
        "q1": "choice",
        "question-3": "fill",
        "t": "fill",
        "m": "sort",
    }
    assert items["q1"]["exam"] == ["pmp/closure"]
    assert items["q1"]["stem"] == "Two words: which?"
    assert items["q1"]["options"]["a"]["rationale"] == "Because: so"
    assert items["question-3"]["scenario"] == "Grant is [gap.1] in a tomb."
    assert items["question-3"]["family"] == "second-part"
    assert items["t"]["gaps"]["gap.1"]["key"] == "a"
    assert [each["rationale"] for each in items["t"]["gaps"]["gap.1"]["options"].values()] == ["Right.", "Wrong."]
    lines = {loss.item: loss.what for loss in found.dropped if loss.what.startswith("not carried")}
    assert lines == {
        "N": "not carried: questions that are answered by a number have no kind of item here",
        "S": "not carried: questions that are answered by typing have no kind of item here",
        "E": "not carried: questions that are answered in an essay have no kind of item here",
        "question 9": "not carried: a description asks nothing",
        "B": "not carried: its braces do not match",
    }


def test_what_is_to_be_written_is_told_by_check(bank: Bank, tmp_path: Path) -> None:
    """In one line, and two folders with such items may be used together."""
    folders = []
    for name in ("one", "two"):
        file, out = tmp_path / f"{name}.xml", tmp_path / name
        file.write_text(FOREIGN, encoding="utf-8")
        banks = [part for folder in folders for part in ("--bank", folder)]
        done = run(*banks, "import", "moodle", file, "--out", out, "--exam", "pmp/closure")
        assert (done.returncode, done.stderr) == (0, "")
        folders.append(out)
    both = read_bank([BUILT_IN, *folders])
    assert len(unwritten(both)) == len(both.items) - len(bank.items) == 14
    done = run("--bank", folders[0], "check")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == "  7 items: something is to be written: an import did not find it"
    assert unwritten(bank) == []
    assert len(run("check").stdout.splitlines()) == 1


def test_questions_without_an_exam_topic_need_one(bank: Bank, tmp_path: Path) -> None:
    """The line says how to give it, and a topic that no exam has is refused."""
    with pytest.raises(ImportRefusedError, match="questions name no exam topic, first 'Capital of <b>\\?': .* --exam"):
        read(bank, "moodle", FOREIGN, exam="")
    file = tmp_path / "some.xml"
    file.write_text(FOREIGN, encoding="utf-8")
    done = run("import", "moodle", file, "--out", tmp_path / "out", "--exam", "pmp/nothing")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "pmp/nothing" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["some.xml"]


def test_a_folder_that_is_not_empty_is_left_as_it_is(bank: Bank, tmp_path: Path) -> None:
    """An import never mixes with what is there."""
    (tmp_path / "kept").write_text("mine", encoding="utf-8")
    with pytest.raises(ImportRefusedError, match="is there already: choose a folder that is new or empty"):
        write_folder(read(bank, "gift", GIFT), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_items_that_make_no_bank_are_not_written(bank: Bank, tmp_path: Path) -> None:
    """The whole folder is checked beside its place, and moved there only without a fault."""
    found = read(bank, "gift", GIFT)
    twice = Imported((*found.items, found.items[0]))
    with pytest.raises(ImportRefusedError, match="the items do not make a bank: .*q1: id: also used"):
        write_folder(twice, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_is_taken_gets_another(bank: Bank) -> None:
    """In the bank, or in the file itself."""
    found = read(bank, "gift", "::payroll-1:: A {=a ~b ~c}\n\n::payroll-1:: B {=a ~b ~c}\n\n::x:: C {=a ~b ~c}\n")
    assert [item["id"] for item in found.items] == ["payroll-1-imported", "payroll-1-imported-2", "x"]


def test_each_folder_has_a_name_of_its_own_for_what_is_to_be_named() -> None:
    """Else two folders could not be used together."""
    assert to_name(Path("/x/My Folder")) == "to-be-named-my-folder"
