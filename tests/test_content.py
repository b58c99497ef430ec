"""What the course must cover stands where the table tests/content-coverage.yaml says."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from conftest import ROOT

from quizzes.bank import Bank
from quizzes.items import Choice, Classify

TABLE = yaml.safe_load((ROOT / "tests" / "content-coverage.yaml").read_text(encoding="utf-8"))
EDGE_CASES = (ROOT / "book" / "edge-cases.md").read_text(encoding="utf-8")
TOOLS = (
    "glossary",
    "exam",
    "flashcards",
    "progress",
    "downloads",
    "in-the-browser",
    "measured",
    *("student", "instructor", "marking", "author", "developer"),
)  # nothing to check: they are used, not learned
UNITS = "(questions|minutes|tasks|practices|breaks|right answers)"


def source(page: str) -> str:
    """Return a page's source."""
    return (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")


def plain(text: str) -> str:
    """Return text with glossary links as their words."""
    return re.sub(r"\{term\}`([^<`]+?)(?: <[^>]*>)?`", r"\1", text)


def entries() -> dict[str, str]:
    """Return the definition list of the page of edge cases: entry to answer and reason."""
    return dict(re.findall(r"^(.+)\n: (.+)$", plain(EDGE_CASES), re.MULTILINE))


@pytest.mark.parametrize("point", TABLE["points"])
def test_a_point_of_the_outline_stands_on_its_pages(point: str) -> None:
    """The page marks the paragraph, and the outline names the page."""
    outline = (ROOT / "docs" / "outline.md").read_text(encoding="utf-8")
    (row,) = [line for line in outline.splitlines() if line.startswith(f"| {point} ")]
    for page in TABLE["points"][point]:
        assert re.search(rf"^%.*\b{point}\b", source(page), re.MULTILINE), page
        assert f"(../book/{page}.md)" in row


def test_all_fourteen_points_are_in_the_table() -> None:
    """None is left out."""
    assert list(TABLE["points"]) == [f"S{number}" for number in range(1, 15)]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["case"])
def test_an_edge_case_is_in_the_book_and_asked_in_the_bank(bank: Bank, case: dict[str, Any]) -> None:
    """The page gives the answer, and each named item is keyed to it."""
    answers = [text for entry, text in entries().items() if case["entry"] in entry]
    assert len(answers) == 1, answers
    assert answers[0].startswith(f"**{case['answer']}"), answers[0]
    for name, key in case["items"].items():
        item = bank.items[name]
        if isinstance(item, Classify):
            assert item.classes.key == key, name
            assert item.status == ("C" if key == "both" else "F")
        else:
            assert isinstance(item, Choice)
            assert key in item.options[item.key].text.lower(), name


def test_the_page_of_edge_cases_has_no_entry_that_the_table_lacks() -> None:
    """A new entry needs its row, and so its items."""
    known = [case["entry"] for case in TABLE["cases"]]
    assert [entry for entry in entries() if not any(name in entry for name in known)] == []


def test_contested_cases_are_argued_and_not_decided() -> None:
    """Each stands on its page with both sides."""
    page = source("both-sides").lower()
    assert [word for word in TABLE["contested"] if word not in page] == []
    assert page.count("the case for") >= 2 * 5


HOME = ROOT / "book" / "index.md"


def test_the_home_page_says_what_it_is_and_asks_before_it_explains() -> None:
    """What and for whom in the first paragraph, then one beginning, and the questions it leads to come next."""
    first, begin, *_ = HOME.read_text(encoding="utf-8").split("\n\n")[1:]
    assert [word for word in ("free course", "PMP®", "CAPM®", "ITIL®") if word not in first] == []
    assert re.findall(r"\]\((.+?)\)", begin) == ["#try-two-questions"]
    text = HOME.read_text(encoding="utf-8")
    assert text.index("```{quiz}") < text.index("\n## ", text.index("## Try two questions") + 1)
    assert text.index("## Try two questions") == text.index("## ")


@pytest.mark.parametrize("path", sorted({*(ROOT / "book").rglob("*.md")} - {HOME}), ids=lambda path: path.stem)
def test_a_page_opens_with_outcomes_closes_with_a_check_and_reads_in_ten_minutes(path: Any) -> None:
    """Under 2,000 words, at 200 words a minute."""
    text = path.read_text(encoding="utf-8")
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    paragraphs = [each for each in body.split("\n\n") if each.strip()]
    assert paragraphs[1].lstrip().startswith("After this page you can")
    assert len(re.findall(r"\w+", re.sub(r"^```.*?^```", "", body, flags=re.MULTILINE | re.DOTALL))) < 2000
    if path.stem not in TOOLS:
        assert "```{quiz}" in paragraphs[-1] or "```{quiz}" in paragraphs[-2]


@pytest.mark.parametrize("path", sorted((ROOT / "book" / "practice").glob("*.md")), ids=lambda path: path.stem)
def test_a_page_of_one_difference_says_what_it_gives_away(path: Any, bank: Bank) -> None:
    """Each scenario on it has the same key for the difference: the page says so before the first one."""
    text = path.read_text(encoding="utf-8")
    keys = {item.differentiator for item in bank.select(use="practice", kind="classify", differentiator=path.stem)}
    assert keys == {path.stem}
    name = bank.differentiators[path.stem].name.lower()
    told = " ".join(text.partition("```{quiz}")[0].split())
    assert (
        f"Every scenario that you classify here turns on {name}, so “Which difference decides it?” is answered" in told
    )


def test_the_overview_leads_to_each_difference_at_once(bank: Bank) -> None:
    """All have their link before the first heading, by the names that the quizzes use."""
    top = source("differences").partition("\n## ")[0]
    links = dict(re.findall(r"\[([^]]+)\]\(differences/(\w+)\.md\)", top))
    assert links == {each.name: name for name, each in bank.differentiators.items()}


def test_exam_facts_are_never_typed(bank: Bank) -> None:
    """A number, weight or date of an exam comes into a page from the one dated file."""
    values = [fact.value for exam in bank.exams.exams for fact in exam.facts]
    typed = [rf"\b{v} {UNITS}" if isinstance(v, int) else re.escape(v) for v in values]
    pages = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "book").rglob("*.md")}
    found = {name: re.search("|".join(typed), text) for name, text in pages.items()}
    assert {name: hit[0] for name, hit in found.items() if hit} == {}
