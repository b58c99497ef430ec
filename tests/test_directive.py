"""The Sphinx extension on small books of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from books import Done, sphinx_build

from quizzes.bank import Bank, draw
from quizzes.directive import CONTRIBUTORS, CREDIT
from quizzes.reference import exam_facts
from quizzes.render import render_practice

SETTINGS = {
    "project": "Small",
    "extensions": ["myst_parser", "quizzes.directive"],
    "myst_enable_extensions": ["substitution"],
}


def build(folder: Path, text: str, *options: str, **settings: str) -> Done:
    """Build a book of one page with plain Sphinx."""
    (folder / "index.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    return sphinx_build(folder, {**SETTINGS, **settings}, *options)


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
    given = bank.get(["payroll-2", "payroll-1"])
    assert render_practice(given, bank, anchored={"payroll-1", "payroll-2"}) in html
    fresh = {item.id for item in items if item not in given}
    assert render_practice(items, bank, evidence=True, anchored=fresh) in html
    (folder,) = set(re.findall(r"_static/(quiz-[0-9a-f]{10})/host.mjs", html))
    assert html.count(f'src="./_static/{folder}/host.mjs"') == 1
    assert (tmp_path / "out" / "_static" / folder / "host.mjs").is_file()


@pytest.mark.parametrize(("author", "credited"), [(CONTRIBUTORS, False), ("A School", True)])
def test_a_book_of_another_author_credits_the_contributors(tmp_path: Path, author: str, credited: bool) -> None:
    """The footer has the notice either way, and beside it what the licence asks of who changes the course."""
    done = build(tmp_path, "Text.", "-W", html_theme="sphinx_book_theme", copyright="2026", author=author)
    assert done.returncode == 0, done.stderr
    html = " ".join(page(tmp_path).split())
    assert "All questions are original." in html
    assert CREDIT == ("Based on Project or Operation? by the Project or Operation? contributors, CC BY 4.0, changed.")
    assert (CREDIT in html) is credited


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
        ("```{quiz} payroll-1\n:draw: 2\n```", "quiz: give either item ids, `:draw:` with a number, or `:all:`"),
        ("```{quiz}\n:seed: 2\n```", "quiz: give either item ids, `:draw:` with a number, or `:all:`"),
        ("```{quiz} payroll-1 payroll-1\n```", "quiz: an id is given twice: remove one"),
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


def test_all_practice_items_of_a_difference_are_embedded(tmp_path: Path, bank: Bank) -> None:
    """`:all:` takes what is for practice and nothing that is for assessment."""
    build(tmp_path, "```{quiz}\n:all:\n:differentiator: learning\n```", "-W")
    items = bank.select(use="practice", differentiator="learning")
    assert render_practice(items, bank, anchored={item.id for item in items}) in page(tmp_path)


def test_terms_are_linked_from_the_text(tmp_path: Path) -> None:
    """`{term}` finds an entry of the glossary by its id, and the build fails for an unknown one."""
    build(tmp_path, "A {term}`project` and {term}`its rounds <operations>`.\n\n```{terms}\n```", "-W", "-n")
    assert 'href="#term-operations"' in page(tmp_path)
    done = build(tmp_path, "A {term}`weather`.\n\n```{terms}\n```", "-W", "-n")
    assert done.returncode != 0
    assert "weather" in done.stderr


SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{}</svg>"


def test_a_drawing_stands_in_the_page_with_its_caption(tmp_path: Path) -> None:
    """The SVG is inline, so that it follows the page's colours, and carries its own text alternative."""
    (tmp_path / "a.svg").write_text(SVG.format("<title>Shape</title><desc>A line.</desc><path d='M0 0'/>"))
    build(tmp_path, "```{drawing} a.svg\nThe *shape* of it.\n```", "-W", "-n")
    assert "<title>Shape</title>" in page(tmp_path)
    assert "The <em>shape</em> of it." in page(tmp_path)


@pytest.mark.parametrize(("svg", "line"), [(SVG.format(""), "give the SVG a <title> and a <desc>"), (None, "No such")])
def test_a_drawing_without_text_alternative_ends_the_build(tmp_path: Path, svg: str | None, line: str) -> None:
    """Neither an untitled nor a missing drawing gets onto a page."""
    if svg:
        (tmp_path / "a.svg").write_text(svg)
    done = build(tmp_path, "```{drawing} a.svg\n```", "-W")
    assert done.returncode != 0
    assert line in done.stderr


def test_an_exam_map_links_pages_and_items(tmp_path: Path, bank: Bank) -> None:
    """Each topic has its row; it names the pages that teach it and the items of the book that practise it."""
    item = next(item for item in bank.select(use="practice") if "itil/change" in item.exam)
    (tmp_path / "change.md").write_text(
        f"---\nexam_topics: itil/change\norphan: true\n---\n# Changes\n\n```{{quiz}} {item.id}\n```\n"
    )
    done = build(tmp_path, "```{exam-map} itil\n```", "-W", "-n")
    assert done.returncode == 0, done.stderr
    html = page(tmp_path)
    assert '<a href="change.html">Changes</a>' in html
    assert f'<a href="change.html#item-{item.id}">{item.id}</a>' in html
    assert f'id="item-{item.id}"' in (tmp_path / "out" / "change.html").read_text()
    assert "not part of this course" in html


def test_an_unknown_exam_ends_the_build(tmp_path: Path) -> None:
    """The author is told which exams there are."""
    done = build(tmp_path, "```{exam-map} cooking\n```", "-W")
    assert done.returncode != 0
    assert "exam-map: 'cooking' is unknown: use pmp, capm, itil" in done.stderr
