"""The Sphinx extension on small books of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quizzes.bank import Bank, draw
from quizzes.directive import exam_facts, frontend_version
from quizzes.render import render_practice

CONF = """
project = "Small"
extensions = ["myst_parser", "quizzes.directive"]
myst_enable_extensions = ["substitution"]
"""


def build(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a book of one page with plain Sphinx."""
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-b", "html", *options, str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def page(folder: Path) -> str:
    """Return the page that was built."""
    return (folder / "out" / "index.html").read_text(encoding="utf-8")


def test_items_are_embedded_by_id_and_by_draw(tmp_path: Path, bank: Bank) -> None:
    """Two directives on one page, each with its own items, and the front end once."""
    drawn = "```{quiz}\n:draw: 2\n:differentiator: duration\n:kind: classify\n:seed: 5\n:evidence:\n```"
    done = build(tmp_path, f"```{{quiz}} payroll-2 payroll-1\n```\n\n{drawn}", "-W", "-n")
    assert done.returncode == 0, done.stderr
    html = page(tmp_path)
    items = draw(bank.select(use="practice", kind="classify", differentiator="duration"), 2, 5)
    assert render_practice(bank.get(["payroll-2", "payroll-1"]), bank) in html
    assert render_practice(items, bank, evidence=True) in html
    assert html.count(f"quiz-{frontend_version()}/host.mjs") == 1
    assert (tmp_path / "out" / "_static" / f"quiz-{frontend_version()}" / "quiz.mjs").is_file()


def test_a_page_without_a_quiz_loads_no_front_end(tmp_path: Path) -> None:
    """Plain pages stay plain."""
    build(tmp_path, "Nothing to answer here.")
    assert "host.mjs" not in page(tmp_path)


@pytest.mark.parametrize(
    ("directive", "line"),
    [
        (
            "```{quiz} no-such-item\n```",
            "quiz: 'no-such-item' is not an item of the bank: `python -m quizzes list` shows",
        ),
        ("```{quiz} payroll-1\n:draw: 2\n```", "quiz: give either item ids or `:draw:` with a number"),
        ("```{quiz}\n:seed: 2\n```", "quiz: give either item ids or `:draw:` with a number"),
        ("```{quiz} warehouse-1\n```", "quiz: 'warehouse-1' is for assessment: its key may not go on the site"),
        ("```{quiz}\n:draw: 500\n```", "quiz: 500 items asked and"),
        ("```{quiz}\n:draw: 1\n:differentiator: weather\n```", "quiz: 1 items asked and 0 match"),
    ],
)
def test_a_wrong_selection_ends_the_build_with_page_and_mend(tmp_path: Path, directive: str, line: str) -> None:
    """The author is told page, line and what to do."""
    done = build(tmp_path, directive, "-W")
    assert done.returncode != 0
    assert line in done.stderr
    assert "index.md:3" in done.stderr


def test_exam_facts_are_substitutions(tmp_path: Path, bank: Bank) -> None:
    """A page takes an exam's numbers from the one dated file."""
    build(tmp_path, "It has {{ pmp_questions }} questions ({{ exams_checked }}).", "-W")
    facts = exam_facts(bank)
    assert f"It has {facts['pmp_questions']} questions ({facts['exams_checked']})." in page(tmp_path)


def test_terms_and_differences_come_from_the_bank(tmp_path: Path, bank: Bank) -> None:
    """Every term and every difference is on the page that asks for them."""
    build(tmp_path, "```{terms}\n```\n\n```{differences}\n```", "-W", "-n")
    html = page(tmp_path)
    assert all(f'id="term-{term}"' in html for term in bank.terms)
    assert all(f"<p>{each.name}</p>" in html for each in bank.differentiators.values())
