"""The report of a sitting: its figures are those of what was handed in, and it names nobody unless it is asked to."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from reported import glance, released

from grader.course import CourseError
from grader.demo import Maker, keyed, missed
from grader.report import report
from quizzes.bank import Bank
from quizzes.forms import Form, form_file
from quizzes.records import write_json

HOSTILE = "<script>alert(1)</script>"


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.fixture
def maker(tmp_path: Path, bank: Bank) -> Maker:
    """Release three items, to which nobody has answered yet."""
    chosen = [bank.select(kind=kind)[0].id for kind in ("classify", "choice", "sort")]
    return released(tmp_path / "course", chosen)


def hand_in(maker: Maker, student: str, answer: Any) -> None:
    """Hand in the answers that a function gives to each item."""
    maker.submit(student, sidecar=maker.record(maker.responses(answer)))


def test_the_figures_are_those_of_the_answers(maker: Maker) -> None:
    """Thirty have everything right, ten have all wrong but the sort: each figure can be worked out by hand."""
    choice = maker.form.items[1].id
    for number in range(40):
        hand_in(maker, f"s{number}", keyed if number < 30 else lambda item: {} if item.kind == "sort" else missed(item))
    html, items, scores = report(maker.course, "ps1")
    assert [path.name for path in (html, items, scores)] == ["ps1.html", "ps1.csv", "ps1-scores.csv"]
    rows = {row["item"]: row for row in table(items)}
    found = rows[choice]
    assert (found["responses"], found["stability"], found["difficulty"]) == ("40", "unstable", "0.75")
    assert (found["discrimination"], found["quality"]) == ("1", "good")
    assert float(found["upper_lower_27"]) == pytest.approx(1 - 1 / 11, abs=1e-6)  # one of the weakest 11 has it right
    assert [found[name] for name in ("right", "partly", "wrong", "blank", "malformed")] == ["30", "0", "10", "0", "0"]
    sort = rows[maker.form.items[2].id]
    assert (sort["blank"], sort["right_sort"], sort["right_choice"]) == ("10", "1", "")
    told = {row["student"]: row for row in table(scores)}
    assert sorted(told) == [f"S{n:03}" for n in range(1, 41)]
    assert sorted(row["score"] for row in told.values()) == ["0"] * 10 + ["8"] * 30
    assert {(row["score"], row["answered"], row[choice]) for row in told.values()} == {("8", "3", "1"), ("0", "2", "0")}


def test_times_are_told_by_item_where_records_have_them(maker: Maker) -> None:
    """Quartiles from thirty records on; a time of an item that was not asked is left out."""
    ids = [item.id for item in maker.form.items]
    for number in range(31):
        times = {ids[0]: 60 + number, "not-asked": 5, **({ids[1]: 10} if number < 29 else {})}
        maker.submit(f"s{number}", sidecar={**maker.record(maker.responses(keyed)), "seconds": times})
    html, items, scores = report(maker.course, "ps1")
    rows = {row["item"]: row for row in table(items)}
    columns = ("timed", "seconds_lower_quartile", "seconds_median", "seconds_upper_quartile")
    assert [rows[ids[0]][name] for name in columns] == ["31", "67.5", "75", "82.5"]
    assert [rows[ids[1]][name] for name in columns] == ["29", "", "", ""]
    assert sorted(int(row["seconds"]) for row in table(scores))[:1] == [70]
    assert "median 1:15" in html.read_text(encoding="utf-8")


def test_a_record_of_version_1_is_reported_without_times(maker: Maker) -> None:
    """The page says that there are none, and the columns are empty."""
    old = {k: v for k, v in maker.record(maker.responses(keyed)).items() if k != "seconds"} | {"version": 1}
    maker.submit("s1", sidecar=old)
    html, items, scores = report(maker.course, "ps1")
    assert "None of these records holds times" in html.read_text(encoding="utf-8")
    assert {row["timed"] for row in table(items)} == {"0"}
    assert [row["seconds"] for row in table(scores)] == [""]


def test_nothing_handed_in_is_one_line(maker: Maker) -> None:
    """And so is a bank that no longer fits the form; no report is written."""
    with pytest.raises(CourseError, match=r"^submitted/\*/ps1: nothing was handed in: collect the submissions first$"):
        report(maker.course, "ps1")
    hand_in(maker, "anna", keyed)
    path = maker.course.root / "release" / "ps1" / form_file("ps1")
    path.write_text(path.read_text(encoding="utf-8").replace(maker.form.items[1].id, "gone-1"), encoding="utf-8")
    with pytest.raises(CourseError, match="^'gone-1' is not an item of the bank"):
        report(maker.course, "ps1")
    assert not (maker.course.root / "reports").exists()


def test_statistics_of_few_are_held_back(maker: Maker) -> None:
    """Counts are shown; no difficulty, no discrimination, no reliability, no share, and the page says so."""
    for number in range(29):
        hand_in(maker, f"s{number}", keyed if number % 3 else missed)
    html, items, _ = report(maker.course, "ps1")
    for row in table(items):
        assert row["stability"] == "held back"
        assert not any(row[name] for name in ("difficulty", "discrimination", "upper_lower_27", "right_class"))
        assert int(row["right"]) == 19
    text = html.read_text(encoding="utf-8")
    assert "Under 30 learners answered: statistics of items and reliability are held back" in text
    assert "Reliability is not given (held back: 29 learners, under 30)." in text
    assert re.search(r"\d[\s\xa0]%", re.sub(r"(?s)<style>.*</style>|27&nbsp;%|5&nbsp;%", "", text)) is None


def test_counts_stand_in_the_place_of_figures_that_are_held_back(maker: Maker) -> None:
    """A small class reads how many were right, partly right, wrong and blank, and no column of dashes."""
    for number in range(12):
        hand_in(maker, f"s{number}", keyed if number < 8 else lambda item: {} if item.kind == "sort" else missed(item))
    html = report(maker.course, "ps1")[0].read_text(encoding="utf-8")
    assert glance(html) == [
        ["No.", "Item", "Responses", "Right", "Partly", "Wrong", "Blank"],
        *(["12", "8", "0", *(["0", "4"] if each.kind == "sort" else ["4", "0"])] for each in maker.form.items),
    ]
    assert not any(each in html for each in ("Cronbach", "Standard error of measurement", "27&nbsp;%"))
    hand_in(maker, "odd", lambda item: dict.fromkeys((part.name for part in item.parts()), 7))
    html = report(maker.course, "ps1")[0].read_text(encoding="utf-8")
    assert [row[-1] for row in glance(html)] == ["Malformed", "1", "1", "1"]


def test_who_did_not_answer_is_counted_and_left_out(maker: Maker) -> None:
    """A blank submission, and one that cannot be read, change no figure of an item."""
    hand_in(maker, "anna", keyed)
    maker.submit("blank")
    maker.submit("odd", sidecar={"revision": "many"})
    html, items, scores = report(maker.course, "ps1", names=True)
    assert {row["responses"] for row in table(items)} == {"1"}
    rows = {row["student"]: row for row in table(scores)}
    assert {name: (row["score"], row["note"]) for name, row in rows.items()} == {
        "anna": ("8", ""),
        "blank": ("0", "no answers"),
        "odd": ("", "no mark"),
    }
    assert rows["odd"]["points"] == "8"
    counts = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="n">(\d+)</td></tr>', html.read_text("utf-8"))[:4]
    assert [number for _, number in counts] == ["3", "1", "1", "1"]


def test_a_report_of_nobody_is_a_page_all_the_same(maker: Maker) -> None:
    """Where no submission can be marked the page says how many there are, and no figure is made up."""
    maker.submit("odd", sidecar={"revision": "many"})
    html, items, _ = report(maker.course, "ps1")
    assert "Nobody has answered." in html.read_text(encoding="utf-8")
    assert {row["responses"] for row in table(items)} == {"0"}


def test_students_have_codes_that_tell_nothing(maker: Maker) -> None:
    """No id is in any file; the codes are the same each time and not in the order of the names."""
    students = [f"learner-{number:02}" for number in range(20)]
    for number, student in enumerate(students):
        hand_in(maker, student, lambda item, n=number: keyed(item) if n < 10 else {})
    files = report(maker.course, "ps1")
    before = [path.read_bytes() for path in files]
    assert not any(b"learner-" in content for content in before)
    assert "last_change" not in table(files[2])[0]  # beside another list, a time would tell who is who
    scores = [row["score"] for row in table(files[2])]
    assert scores != sorted(scores)
    assert scores != sorted(scores, reverse=True)
    assert [path.read_bytes() for path in report(maker.course, "ps1")] == before


def test_names_are_shown_where_they_are_asked_for(maker: Maker) -> None:
    """As text in the page, and as no formula in a table."""
    hand_in(maker, "o'neil", keyed)
    hand_in(maker, "<i>o", keyed)
    hand_in(maker, "=1+1", missed)
    html, _, scores = report(maker.course, "ps1", names=True)
    text = html.read_text(encoding="utf-8")
    assert "o&#39;neil" in text
    assert "?i?o" in text  # no id: it has no mark
    assert "<i>o" not in text
    rows = table(scores)
    assert [row["student"] for row in rows] == ["'=1+1", "?i?o", "o'neil"]
    assert {row["last_change"] for row in rows if row["student"] != "?i?o"} == {"2026-01-01T12:00:00+00:00"}


def test_nothing_that_a_learner_wrote_is_in_a_report(maker: Maker) -> None:
    """Whatever an answer holds, only labels of the bank are shown; the rest is counted as malformed."""
    for number, hostile in enumerate((HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}, {"sort": {HOSTILE: HOSTILE}})):
        answers = {item.id: dict.fromkeys(item.points, hostile) for item in maker.form.items}
        maker.submit(f"s{number}", sidecar=maker.record(answers))
    html, items, scores = report(maker.course, "ps1")
    for path in (html, items, scores):
        assert "alert" not in path.read_text(encoding="utf-8")
    assert "<script" not in html.read_text(encoding="utf-8")
    assert {row["malformed"] for row in table(items)} == {"4"}
    assert "One of &lt;each&gt; kind" in html.read_text(encoding="utf-8")


def test_learners_with_different_forms_are_not_taken_for_wrong(maker: Maker) -> None:
    """Each item has the learners who were asked it; scores are in percent where points differ."""
    course, form = maker.course, maker.form
    own = Form(**{**form.model_dump(), "form": "own", "items": form.items[1:]})
    shorter = Maker(course, own, maker.bank)
    path = course.root / "assignments" / "ps1.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nsiblings: true\n", encoding="utf-8")
    for number in range(70):
        student = f"s{number}"
        folder = course.handout("ps1", student)
        folder.mkdir(parents=True)
        write_json(folder / form_file("ps1"), (form if number < 40 else own).model_dump(mode="json"))
        hand_in(maker if number < 40 else shorter, student, keyed if number % 2 else missed)
    html, items, scores = report(course, "ps1")
    assert [row["responses"] for row in table(items)] == ["40", "70", "70"]
    assert [row["difficulty"] for row in table(items)][:2] == ["0.5", "0.5"]
    assert {(row["points"], row[form.items[0].id] == "") for row in table(scores)} == {("8", False), ("4", True)}
    text = html.read_text(encoding="utf-8")
    assert "in percent of the points that each learner could earn" in text
    assert "over 40 learners and 3 items" in text
    assert "it is over the largest group with the same ones" in text
