"""The guides are true: their commands run in order and print what they show, and everything that they name is there."""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from nbgrader.apps.nbgraderapp import NbGraderApp
from test_structure import ROOMS

import grader.__main__
import quizzes.__main__
from grader.course import Assignment
from quizzes.items import KINDS, ROLES

GUIDES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "book" / "guides").glob("*.md"))}
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for pattern in ("*.md", "docs/*.md", "book/**/*.md", "grader/course_template/*.md")
    for path in sorted(ROOT.glob(pattern))
}
BLOCK = re.compile(
    r"(?P<fails>^% fails\n)?^```(?:\{code-block\} )?(?P<language>\w+)\n"
    r"(?::caption: (?P<file>\S+)\n\n?)?(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
OWN = ("quizzes", "grader", "benchmarks")
PARSERS = {"quizzes": quizzes.__main__._parser(), "grader": grader.__main__._parser()}


@dataclass(frozen=True)
class Block:
    """A block of a guide: a file to write, or commands with what they print; `fails` where they end with a fault."""

    language: str
    text: str
    file: str = ""
    fails: bool = False

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """Return each command with the lines that are shown below it."""
        first, *rest = re.split(r"^\$ ", self.text, flags=re.MULTILINE)
        assert not first.strip(), f"output without a command: {first}"
        told = [each.strip().splitlines() for each in rest]
        return [(lines[0], [line for line in lines[1:] if line.strip()]) for lines in told]


def blocks(text: str) -> Iterator[Block]:
    """Yield a page's blocks of code in order."""
    for found in BLOCK.finditer(text):
        yield Block(found["language"], found["text"], found["file"] or "", fails=bool(found["fails"]))


class Reader:
    """Somebody who does what a guide says, in a folder of their own with the installed programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = self.start = folder
        programs = Path(sys.executable).parent
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")]),
            "XDG_DATA_HOME": str(folder / "data"),  # where progress is kept
            "PYTHONUTF8": "1",
        }

    def follow(self, block: Block) -> None:
        """Write or change the block's file, or run its commands and look for what is shown below each."""
        path = self.start / block.file
        if block.language == "diff":
            old, new = (re.findall(rf"^[{sign}](.*\n)", block.text, re.MULTILINE) for sign in "-+")
            before = path.read_text(encoding="utf-8")
            assert before.count("".join(old)) == 1, block.text
            path.write_text(before.replace("".join(old), "".join(new)), encoding="utf-8")
        elif block.file:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        if block.language == "console":
            for command, shown in block.commands:
                self.run(command, shown, fails=block.fails)

    def run(self, command: str, shown: list[str], *, fails: bool) -> None:
        """Run one command; every line that is shown must be printed, in this order; `…` stands for anything."""
        program, *arguments = shlex.split(command)
        if program == "cd":
            self.folder = (self.folder / arguments[0]).resolve(strict=True)
            return
        start = {"python": [], "nbgrader": ["-m", "nbgrader"]}[program]
        done = subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=self.folder,
            env=self.environment,
            input="",
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert bool(done.returncode) == fails, f"{command}: {done.returncode}: {done.stdout[-3000:]}"
        printed = iter(done.stdout.splitlines())
        for line in shown:
            pattern = ".*".join(map(re.escape, " ".join(line.split()).split("…")))
            assert any(re.search(pattern, " ".join(each.split())) for each in printed), (
                f"{command}: {line}:\n{done.stdout}"
            )


@pytest.mark.parametrize("guide", sorted(GUIDES))
def test_a_guides_commands_run_and_print_what_it_shows(guide: str, tmp_path: Path) -> None:
    """Files are written and commands run in the order of the page, so that a guide is a story that works."""
    reader = Reader(tmp_path)
    for block in blocks(GUIDES[guide]):
        reader.follow(block)


NOT_RUN = {
    "python3 -m venv .venv": "an environment for each guide would take minutes; tests/test_wheel.py installs the wheel",
    "source .venv/bin/activate": "belongs to the environment",
    "python -m pip install": "the wheel is built and installed by tests/test_wheel.py",
    "python -m quizzes --bank my-bank preview": "runs until it is stopped; tests/test_preview.py starts it",
    "jupyter lab": "opens a browser; tests/test_jupyterlab.py starts it",
    "make serve": "runs until it is stopped",
    "make site": "takes minutes; the fixture `built` of the tests takes its steps",
    "make test": "these are the tests",
    "make audit": "measures of the public bank; tests/test_audit.py runs them",
    ".venv/bin/python -m pytest": "these are the tests",
    "make lint": "the house's own check, which stands beside the tests",
    "make lock": "asks the package index for the newest of everything",
}


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    """Blocks in `sh` hold what needs a network, a browser or minutes, and nothing else."""
    lines = [
        line
        for text in GUIDES.values()
        for each in blocks(text)
        if each.language == "sh"
        for line in each.text.splitlines()
    ]
    unknown = [line for line in lines if not line.startswith(tuple(NOT_RUN))]
    unused = [known for known in NOT_RUN if not any(line.startswith(known) for line in lines)]
    assert (unknown, unused) == ([], [])


def spans(text: str) -> Iterator[str]:
    """Yield what a page shows as code: words in backticks, and each command of its blocks."""
    for each in blocks(text):
        if each.language in ("console", "sh"):
            yield from (line.removeprefix("$ ") for line in each.text.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return a command's subcommands by name."""
    return next((dict(each.choices) for each in parser._actions if isinstance(each, argparse._SubParsersAction)), {})


def fault_of(arguments: str, parser: argparse.ArgumentParser) -> str:
    """Return what is wrong with the arguments of one of our commands; empty where all of it is known."""
    words, top = shlex.split(arguments), subcommands(parser)
    if words and not words[0].startswith("-") and words[0] not in top:
        return f"{words[0]}: no such command"
    for word in words:
        if word.startswith("--") and word.partition("=")[0] not in parser._option_string_actions:
            return f"{arguments}: {word} is unknown"
        parser = subcommands(parser).get(word, parser)
    return ""


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_every_command_that_a_page_names_exists(page: str) -> None:
    """Subcommands and options of ours, modules, targets of make, nbgrader's commands."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    faults = []
    for span in spans(TEXTS[page]):
        if found := re.match(r"(?:\S*python3? |… )-m ([\w.]+)(.*)", span):
            module, rest = found.groups()
            if module in PARSERS:
                faults.append(fault_of(re.sub(r" \|.*|[…()]", "", rest), PARSERS[module]))
            elif module.startswith(OWN) and importlib.util.find_spec(module) is None:
                faults.append(f"{span}: no such module")
        elif found := re.match(r"make ([a-z-]+)", span):
            faults.append("" if found[1] in targets else f"{span}: no such target")
        elif found := re.match(r"nbgrader ([a-z_]+)", span):
            faults.append("" if found[1] in NbGraderApp.subcommands else f"{span}: no such command")
    assert [fault for fault in faults if fault] == []


def test_every_command_and_field_is_in_a_guide() -> None:
    """What can be done is told: subcommands, settings of an assignment, targets of make, extras."""
    told = "\n".join(GUIDES.values()) + TEXTS["README.md"]
    wanted = []
    for package, parser in PARSERS.items():
        wanted += [(f"python -m {package}", name) for name in subcommands(parser)]
    lacking = [
        f"{program} {name}" for program, name in wanted if not re.search(rf"{program}(?: --bank \S+)? {name}\b", told)
    ]
    lacking += [name for name in Assignment.model_fields if f"`{name}" not in GUIDES["marking"]]
    lacking += [name for name in ROLES if f"`{name}`" not in GUIDES["marking"]]
    assert lacking == []


NAMED = re.compile(r"`((?:\.github|[a-z_]+)/[\w./*-]*|[A-Za-z-]+\.(?:md|toml|cff|json|txt|yml))`")


@pytest.mark.parametrize("page", ["book/guides/developer.md", "CONTRIBUTING.md"])
def test_every_file_that_an_engineers_page_names_is_there(page: str) -> None:
    """The map of the rooms shows no wall where a door was, and the recipes name files that can be opened."""
    named = [name for name in NAMED.findall(TEXTS[page]) if not name.startswith("_build") and "NAME" not in name]
    assert len(named) > 1
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_map_of_rooms_says_what_the_structure_allows() -> None:
    """The developer's table and the test of the structure name the same rooms."""
    rows = re.findall(r"^\| `([\w/]+)/` \|.*\| ([^|]*) \|$", GUIDES["developer"], re.MULTILINE)
    table = {folder.replace("/", "."): tuple(re.findall(r"`([\w.]+)`", seen)) for folder, seen in rows}
    assert {name: table.get(name) for name in ROOMS} == ROOMS


def test_the_authors_guide_has_a_whole_example_of_every_kind() -> None:
    """The examples are checked by the command that the guide runs on them; here, that none is missing."""
    files = [yaml.safe_load(each.text) for each in blocks(GUIDES["author"]) if each.language == "yaml"]
    shown = {item["kind"] for family in files for item in family["items"]}
    assert shown == set(KINDS)


def test_the_instructors_private_bank_has_five_items() -> None:
    """The questions of the story are all in the assignment, and no learner's folder holds a key."""
    files = {each.file: each.text for each in blocks(GUIDES["instructor"])}
    bank = yaml.safe_load(files["my-course/bank/questions/staff-canteen.yaml"])
    plan = yaml.safe_load(files["my-course/assignments/canteen.yaml"])
    assert [item["id"] for item in bank["items"]] == plan["items"]
    assert len(plan["items"]) == 5
