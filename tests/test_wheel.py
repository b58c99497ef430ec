"""The wheel, installed into an environment that holds nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from clicking import answer
from conftest import ROOT, serve
from playwright.sync_api import Page, expect

from quizzes.bank import Bank

CONFIG = """
title: My course
sphinx:
  extra_extensions: [quizzes.directive]
"""
EXTRAS = {"export anki --out a.apkg": "exports", "formats": "exports", "audit": "audit"}


class Environment:
    """A virtual environment outside the checkout, into which the wheel alone was installed."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self.wheel = folder, wheel
        self.uv("venv", "--python", sys.executable, str(folder / "env"))
        self.install("")

    def uv(self, *arguments: str) -> None:
        """Run uv; a failure shows what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "uv", "--quiet", *arguments], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def install(self, extra: str) -> None:
        """Install the wheel with an extra, as in `[book]`, at the locked versions."""
        self.uv(
            *("pip", "install", "--python", str(self.folder / "env")),
            *("--constraint", str(ROOT / "requirements.txt"), f"{self.wheel}{extra}"),
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the environment's Python with none of this one's settings."""
        programs = self.folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
        environment = {**kept, "XDG_DATA_HOME": str(self.folder / "data")}
        return subprocess.run(
            [programs / "python", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=environment,
            input="",
        )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an empty environment with the wheel, which is built from this checkout."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return Environment(folder, wheel)


def test_the_bank_and_the_commands_come_with_the_wheel(environment: Environment) -> None:
    """What is imported is the installed package; the bank is whole, and an item is marked and rendered."""
    place = environment.run("-c", "import quizzes; print(quizzes.__file__)").stdout
    assert str(environment.folder) in place
    checked = environment.run("-m", "quizzes", "check")
    assert checked.returncode == 0, checked.stderr
    assert "no faults" in checked.stdout
    exported = environment.run("-m", "quizzes", "export", "json", "--out", "bank.json")
    assert exported.returncode == 0, exported.stderr
    items = json.loads((environment.folder / "bank.json").read_text(encoding="utf-8"))["items"]
    assert checked.stdout.startswith(f"{len(items)} items")
    shown = environment.run("-c", "from quizzes import Quiz; print(type(Quiz('payroll-1')).__name__)")
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize("command", EXTRAS)
def test_a_missing_extra_is_one_line_with_the_command_that_brings_it(environment: Environment, command: str) -> None:
    """Nobody sees a traceback because a library was not asked for."""
    done = environment.run("-m", "quizzes", *command.split())
    assert done.returncode == 1
    assert re.fullmatch(rf"\w+ needs \w+: pip install 'project-or-operation\[{EXTRAS[command]}\]'\n", done.stderr)


def test_the_grader_names_its_extra(environment: Environment) -> None:
    """A course can be begun without nbgrader; what needs it says so."""
    made = environment.run("-m", "grader", "init", "course")
    assert made.returncode == 0, made.stderr
    done = environment.run(
        "-c", "import os, grader.__main__ as g; os.chdir('course'); raise SystemExit(g.main(['build', 'ps1']))"
    )
    assert done.returncode == 1
    assert re.fullmatch(r"grader needs \w+: pip install 'project-or-operation\[grader\]'\n", done.stderr)


def test_a_book_of_ones_own_shows_quizzes_that_are_marked(environment: Environment, page: Page, bank: Bank) -> None:
    """With the extra `book`, another Jupyter Book takes the directive, and its questions work in a browser."""
    environment.install("[book]")
    book = environment.folder / "book"
    book.mkdir()
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    (book / "index.md").write_text("# My page\n\n```{quiz} payroll-1\n```\n", encoding="utf-8")
    done = environment.run(
        "-c", "from jupyter_book.cli.main import main; main()", "build", str(book), "-W", "-n", "--keep-going"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with serve(book / "_build" / "html") as address:
        page.goto(f"{address}/index.html")
        item = page.locator("#item-payroll-1")
        for part in bank.items["payroll-1"].parts():
            if item.locator(f'[name="{part.name}"]').count():
                answer(item, part)
        item.get_by_role("button", name="Check answer").click()
        expect(item.get_by_role("status").first).to_contain_text("Correct")
