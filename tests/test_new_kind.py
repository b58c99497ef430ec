"""A new kind of item is one module and two lines: a sample goes through all that this course does with items."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from modules import run
from playwright.sync_api import Browser

from quizzes.items import KINDS, REGISTERED

SAMPLE = ROOT / "tests" / "new_kind"
IMPORT = "from quizzes.kinds.placing import Order, Sort\n"
LINES = {
    IMPORT: f"{IMPORT}from quizzes.kinds.spot import Spot\n",
    "Order, Fill, Case)\n": "Order, Fill, Case, Spot)\n",
}
FAULTS = [
    ("key: project", "key: both", "sentences.2: key 'both' is not one of the options: use one of project, operations"),
    ("      project: {", "      both: {", "sentences.1: options: give project and operations, each once"),
    ("key: operations", "key: project", "sentences.1: 'project' is keyed and names a misconception"),
    ("  sentences:\n", "  lines:\n", "lines: unknown field: remove it or check its spelling"),
    (
        "misconception: cue-misread",
        "misconception: none-such",
        "'none-such' is unknown: use an id of misconceptions.yaml: the author's guide lists them",
    ),
]
COMMON = {
    "nothing is marked: the learner says how well the answer was known",
    "status, source and what it replaces are left out: JSON and CSV hold them",
    "reasons and traps are left out: the other formats hold them",
    "tags, status and source are left out: the key has the item's id",
    "tags, status and source are left out: the question's title holds the item's id",
    "the source that an item is written from is left out",
}
# Where a kind is named outside of quizzes/kinds, and why. A new kind is not missed there.
NAMED = {
    "quizzes/items.py": "kinds are registered here",
    "quizzes/audit/classes.py": "measures of scenarios to classify",
    "quizzes/audit/measure.py": "measures of scenarios, and of options that an author wrote",
    "quizzes/imports/kinds.py": "a question of another program becomes the kind that it fits",
    "quizzes/study/figures.py": "mastery: a scenario whose difference was known shows its class alone",
    "quizzes/frontend/mastery.mjs": "the same on the site",
    "quizzes/study/schedule.py": "usual times of three kinds; any other takes the usual time of all",
    "quizzes/exports/qti_item.py": "QTI's own word 'choice'",
    "quizzes/exports/qti_score.py": "QTI's own word 'multiple'",
    "quizzes/frontend/scorm/marks.mjs": "SCORM's own word 'choice'",
}


def _with_sample(folder: Path) -> Path:
    """Copy the package and add a kind to it as an author does."""
    package = folder / "quizzes"
    shutil.copytree(ROOT / "quizzes", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SAMPLE / "spot.py", package / "kinds")
    (package / "bank" / "spots").mkdir()
    shutil.copy(SAMPLE / "harbour-ferry.yaml", package / "bank" / "spots")
    registry = package / "items.py"
    text = registry.read_text(encoding="utf-8")
    for before, after in LINES.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    registry.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Return what came of the sample in a package that has its kind."""
    folder, out = _with_sample(tmp_path_factory.mktemp("with-sample")), tmp_path_factory.mktemp("out")
    command = [sys.executable, str(SAMPLE / "drive.py"), "spot", str(out), json.dumps([each[:2] for each in FAULTS])]
    path = os.pathsep.join((str(folder), str(ROOT)))
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, "PYTHONPATH": path}
    )
    assert (done.returncode, done.stderr) == (0, "")
    read: dict[str, Any] = json.loads((out / "found.json").read_text(encoding="utf-8"))
    assert Path(read["package"]).is_relative_to(folder)
    return read


def test_the_shipped_course_does_not_have_the_sample() -> None:
    """The kind is the tests' own."""
    assert "spot" not in KINDS


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_each_fault_of_the_sample_is_told(found: Mapping[str, Any], number: int) -> None:
    """With file, item, field and mend."""
    lines = found["faults"][number]
    assert lines[0].startswith("faulty-")
    assert any(line.partition(": ")[2].startswith("faulty-ferry-") and FAULTS[number][2] in line for line in lines)


def test_both_languages_mark_every_response_alike(found: Mapping[str, Any], browser: Browser) -> None:
    """Outcome and score of each response that the sample can have."""
    script = """async ({ rules, marks }) => {
        const { markRule } = await import("/quiz.mjs");
        return marks.map((each, item) => each.map(({ response }) => markRule(rules[item], response)));
    }"""
    theirs = run(browser, script, {"rules": found["rules"], "marks": found["marks"]})
    outcomes = set()
    for ours, in_browser in zip(found["marks"], theirs, strict=True):
        assert max(mark["score"] for mark in ours) == ours[0]["points"]
        for mark, other in zip(ours, in_browser, strict=True):
            assert (mark["outcome"], mark["score"]) == (other["outcome"], other["score"]), mark["response"]
            outcomes.add(mark["outcome"])
    assert outcomes == {"right", "partly", "wrong"}


def test_learners_meet_the_sample_everywhere(found: Mapping[str, Any]) -> None:
    """On a page, in the practice room, in a notebook, on an answer sheet, on paper; the sheet has no key."""
    shown = {name: unescape(text) if isinstance(text, str) else text for name, text in found["shown"].items()}
    sentences = [each["text"] for item in found["items"] for each in item["sentences"]]
    for place in ("page", "snapshot", "sheet", "questions", "answers"):
        assert all(sentence in shown[place] for sentence in sentences), place
    assert ["spot", "Sentence by sentence"] in shown["room"]
    assert {entry["kind"] for entry in shown["index"].values()} == {"spot"}
    assert shown["widget"] == [len(item["sentences"]) for item in found["items"]]
    reasons = [option["rationale"] for each in found["items"][0]["sentences"] for option in each["options"].values()]
    assert all(reason in shown["page"] and reason in shown["answers"] for reason in reasons)
    assert not any(reason in shown["sheet"] for reason in reasons)


def test_an_assignment_asks_marks_and_explains_the_sample(found: Mapping[str, Any]) -> None:
    """Points go by its role; feedback names each sentence's right side, and the trap of a wrong one."""
    shown = found["shown"]
    assert (shown["form"], shown["plan"]) == (14, ["sentence"])
    right, wrong = shown["feedback"][0]
    assert "8 of 8 points" in right
    assert "0 of 8 points" in wrong
    assert "Trap:" in wrong
    assert "Trap:" not in right
    assert [line.rpartition(": ")[2] for line in shown["audit"]] == ["True", "True"]


def test_every_format_takes_the_sample_and_tells_what_is_lost(found: Mapping[str, Any]) -> None:
    """A loss of its own where the table says that it degrades, and none where it says that it carries."""
    assert set(found["supports"].values()) == {"carries", "degrades"}
    for name, exported in found["exports"].items():
        assert exported["items"] == len(found["items"])
        own = [line for line in exported["told"] if line.partition(": ")[2] not in COMMON]
        assert bool(own) == (found["supports"][name] == "degrades"), (name, own)


@pytest.mark.parametrize("name", ["csv", "moodle", "gift"])
def test_the_sample_comes_back(found: Mapping[str, Any], name: str) -> None:
    """With every field that the format holds."""
    back = found["imports"][name]["items"]
    assert len(found["imports"][name]["told"]) in (1, len(back)), "that the id is taken, and nothing else"
    left_out = set() if name == "csv" else {"source"}
    for before, after in zip(found["items"], back, strict=True):
        expected = {**before, "id": f"{before['id']}-imported"}
        assert {k: v for k, v in after.items() if k not in left_out} == {
            k: v for k, v in expected.items() if k not in left_out
        }


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("quizzes", "grader"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("quizzes/kinds/"):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def _front_end() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "quizzes").rglob("*")):
        if path.suffix in {".mjs", ".js", ".css", ".jinja"}:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def _names_a_kind(node: ast.AST, words: set[str], classes: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith(("quizzes.items", "quizzes.kinds")) and any(
            each.name in classes for each in node.names
        )
    return isinstance(node, ast.Constant) and (node.value in words or str(node.value).removeprefix("kind:") in words)


def test_no_other_place_names_a_kind() -> None:
    """Neither its name nor its class; `order` is also the type of a part."""
    classes = {each.__name__ for kind in REGISTERED for each in kind.__mro__ if each.__module__ == kind.__module__}
    words = set(KINDS) - {"order"}
    assert {"Classify", "ChoiceQuestion", "Fill"} <= classes
    found = {name for name, tree in _modules() if any(_names_a_kind(node, words, classes) for node in ast.walk(tree))}
    quoted = re.compile(rf"""["'`]({"|".join(sorted(words))})["'`]""")
    found |= {name for name, text in _front_end() if quoted.search(text)}
    assert found == set(NAMED)
