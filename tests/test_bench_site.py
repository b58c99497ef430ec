"""The site's benchmark: that it measures what it says, on pages small enough to know the answer."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from benchmarks import table
from benchmarks.site import exam, report, whole_site
from benchmarks.site.contestants import OURS, same_items
from benchmarks.site.goals import rows
from benchmarks.site.measure import UnanswerableError, answerable, cold_page, weigh
from benchmarks.site.pages import jupyterquiz_questions
from benchmarks.site.server import serve
from quizzes.bank import Bank
from quizzes.items import Classify

QUIZ = """<!DOCTYPE html><title>A quiz</title><div class="quiz-item"><label><input type="radio" name="a">Project</label>
<button class="quiz-check" hidden>Check</button><p class="quiz-status"></p></div>
<script type="module" src="_static/quiz-1/quiz.mjs"></script><script src="http://elsewhere.invalid/x.js"></script>"""
SCRIPT = """const [item] = document.getElementsByClassName("quiz-item");
const [input, check, status] = ["input", "button", "p"].map((name) => item.querySelector(name));
check.onclick = () => { if (input.checked) { item.dataset.outcome = "right"; status.textContent = "Correct."; } };
check.hidden = false;"""
SHIFTING = """<!DOCTYPE html><title>It moves</title><p id="first">Text</p><p style="height: 300px">More</p>
<script>new PerformanceObserver(() => { first.style.height = "300px"; fetch("late.txt"); })
  .observe({ type: "paint", buffered: true });</script>"""
EXAM = """<!DOCTYPE html><title>Exam</title>
<div class="exam-card">180 questions <button type="submit">Start</button></div>
<div class="exam-item"></div><button class="exam-next">Next</button>
<script>let at = 0; const item = document.querySelector(".exam-item"), next = document.querySelector(".exam-next");
const show = () => { at += 1; next.disabled = at === 180;
  item.innerHTML = `<div class="quiz-item">${at}${"<label><input type=radio name=a>One</label>".repeat(3)}</div>`; };
next.onclick = document.querySelector(".exam-card button").onclick = show;</script>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the small site that is measured."""
    pages = {
        "quiz.html": QUIZ,
        "moves.html": SHIFTING,
        "none.html": "<p>No quiz",
        "exam.html": EXAM,
        "late.txt": "late",
    }
    unready = QUIZ.replace("_static/quiz-1/quiz.mjs", "late.txt")
    for name, text in {**pages, "unready.html": unready, "_static/quiz-1/quiz.mjs": SCRIPT}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "icon.png").write_bytes(bytes(5000))
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """Serve it."""
    with serve(folder) as found:
        yield found


def _answer(address: str, accepted: str = "gzip, br") -> Any:
    request = urllib.request.Request(address, headers={"Accept-Encoding": accepted})  # noqa: S310  our own server
    return urllib.request.urlopen(request)  # noqa: S310  our own server


def test_text_is_compressed_for_who_takes_it_and_pictures_are_not(address: str) -> None:
    """As a static host does, so that bytes are those over the wire."""
    with _answer(f"{address}/quiz.html") as squeezed, _answer(f"{address}/quiz.html", "identity") as plain:
        assert squeezed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(squeezed.read()) == plain.read() == QUIZ.encode()
        assert plain.headers["Content-Encoding"] is None
    with _answer(f"{address}/icon.png") as picture:
        assert picture.headers["Content-Encoding"] is None
        assert picture.read() == bytes(5000)


def test_a_question_is_answered_as_soon_as_its_check_can_be_used(browser: Browser, address: str) -> None:
    """The option is chosen and the check pressed in the page itself, and the verdict ends the time."""
    assert answerable(browser, f"{address}/quiz.html", OURS, patience=20_000) > 0


@pytest.mark.parametrize(("page", "missing"), [("none", "an option, .quiz-item input"), ("unready", "a check, ")])
def test_a_page_that_cannot_be_answered_is_told_in_one_line(
    browser: Browser, address: str, page: str, missing: str
) -> None:
    """The line names the address and what was waited for; a check that is hidden is not pressed."""
    with pytest.raises(UnanswerableError) as caught:
        answerable(browser, f"{address}/{page}.html", OURS, patience=300)
    assert str(caught.value).startswith(f"{address}/{page}.html: waited for {missing}")
    assert str(caught.value).endswith(" for 0.3 s")
    assert "\n" not in str(caught.value)


def test_bytes_code_and_other_hosts_are_counted_apart(browser: Browser, address: str, folder: Path) -> None:
    """What comes from the page's own host is weighed; what is asked of another one is counted and named."""
    weight = weigh(browser, f"{address}/quiz.html", "/_static/quiz-")
    contents = [(folder / name).read_bytes() for name in ("quiz.html", "_static/quiz-1/quiz.mjs")]
    least = sum(len(gzip.compress(content, 6)) for content in contents)
    assert least < weight.bytes < least + 1200  # two sets of headers
    assert 0 < weight.code_bytes < weight.bytes
    assert weight.code_files == {"quiz.mjs": weight.code_bytes}
    assert (weight.requests, weight.foreign, weight.hosts, weight.shift) == (2, 1, ("elsewhere.invalid",), 0)


def test_a_page_that_moves_under_the_reader_is_found_out(browser: Browser, address: str) -> None:
    """A block that grows after the first paint pushes what follows."""
    assert weigh(browser, f"{address}/moves.html").shift > 0


def test_an_exam_is_sat_by_real_clicks(browser: Browser, address: str) -> None:
    """Two options a question are pressed and timed, each once, and then it is moved on."""
    with cold_page(browser) as page:
        page.goto(f"{address}/exam.html")
        times = exam.sit(page, exam.EXAM, 7)
        assert page.locator(".quiz-item").inner_text().startswith("4")
    assert {name: len(each) for name, each in times.items()} == {"options": 7, "moves": 3}


def test_the_precache_is_what_the_service_worker_lists(folder: Path) -> None:
    """Bytes as stored and over the wire; a listed file that is missing is told."""
    (folder / "sw.js").write_text('const FILES={"icon.png":"1","quiz.html":"2"},V="3";', encoding="utf-8")
    found = whole_site.precache(folder)
    assert found["files"] == 2
    assert found["bytes"] == 5000 + len(QUIZ.encode())
    assert found["wire_bytes"] == 5000 + len(gzip.compress(QUIZ.encode(), 6))
    (folder / "icon.png").unlink()
    with pytest.raises(ValueError, match=r"sw\.js: lists icon\.png, which is not there"):
        whole_site.precache(folder)


def test_jupyterquiz_asks_and_explains_the_same(bank: Bank) -> None:
    """Each part is a question with one right answer, and each option's rationale is its feedback."""
    for item in same_items(bank, 15):
        questions = jupyterquiz_questions(item, bank)
        asked = list(item.rationales().values())[: len(questions)]
        assert len(questions) == (2 if isinstance(item, Classify) else 1)
        for question, options in zip(questions, asked, strict=True):
            assert sum(answer["correct"] for answer in question["answers"]) == 1
            feedback = [answer["feedback"] for answer in question["answers"]]
            assert all(text.startswith(o.rationale) for text, o in zip(feedback, options.values(), strict=True))


def _weight(**changed: Any) -> dict[str, Any]:
    return {"bytes": 100_000, "code_bytes": 9_000, "requests": 9, "foreign": 0, "shift": 0, "code_files": {}, **changed}


@pytest.fixture
def results() -> dict[str, Any]:
    """Return a run in which ours is twice as soon at full speed and no sooner at a quarter."""
    ours = {"weights": [_weight()], "full": [100.0, 200.0], "quarter": [400.0, 800.0]}
    rival = {"weights": [_weight(bytes=800_000)], "full": [200.0, 400.0], "quarter": [400.0, 800.0]}
    return {
        "date": "2026-11-24",
        "rounds": 2,
        "versions": {"jupyterquiz": "1"},
        "machine": {"cpu": "a processor", "cores": 2, "browser": "Chromium 1"},
        "load": {"before": 0.1},
        "pages": {"15": {"ours": rival, "jupyterquiz": rival}, "3": {"ours": ours, "jupyterquiz": rival}},
        "plain": {"ours": 90_000},
        "seconds": {"ours": 12.0, "jupyterquiz": 18.0},
        "lighthouse": {"goal": {"ours: book/quiz-3.html": {"performance": 99, "seo": 96}}},
        "faults": {"the site": "there is none"},
    }


def test_each_goal_is_met_missed_or_not_measured(results: dict[str, Any]) -> None:
    """Held against the smallest page; a figure that was not measured is never met."""
    found = {row.figure: row for row in rows(results)}
    assert {name: row.verdict for name, row in found.items() if row.verdict} == {
        "sooner_full": "met",
        "sooner_quarter": "missed",
        "page_kb": "met",
        "code_kb": "met",
        "practice_kb": "not measured",
        "practice_code_kb": "not measured",
        "shift": "met",
        "lighthouse": "missed",
        "exam_ms": "not measured",
        "precache_mb": "not measured",
    }
    soon, heavy, built = found["sooner_full"], found["page_kb"], found["build"]
    assert (soon.ours, soon.theirs, soon.ratio) == (150, 300, 2)
    assert (heavy.ours, heavy.theirs, heavy.ratio) == (100, 800, 8)
    assert (built.ours, built.theirs, built.ratio) == (12, 18, 1.5)


def test_a_peer_that_was_not_measured_leaves_its_place_empty(results: dict[str, Any]) -> None:
    """Its rows stay, so that a table does not look whole without them."""
    found = {row.figure: row for row in rows(results)}
    assert (found["page_kb_widget"].ours, found["page_kb_widget"].theirs) == (100, None)
    del results["pages"]["3"]["jupyterquiz"]
    missing = next(row for row in rows(results) if row.figure == "sooner_full")
    assert (missing.theirs, missing.ratio, missing.verdict) == (None, None, "not measured")


@pytest.mark.parametrize("write", [report.as_text, report.as_markdown])
def test_the_tables_say_of_each_goal_whether_it_is_met(
    results: dict[str, Any], write: Callable[[dict[str, Any]], str]
) -> None:
    """Both forms name figure, limit and verdict of every goal, and what could not be measured."""
    lines = write(results).splitlines()
    for row in rows(results):
        assert any(row.what in line and row.peer in line and table.goal(row) in line for line in lines)
    assert "Not measured: the site: there is none" in lines
