"""Grade files: what instructors take from the gradebook into a spreadsheet, Canvas or Moodle."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import run
from nbgrader.api import Gradebook

from grader.exporters import (
    CANVAS_COLUMNS,
    MOODLE_COLUMNS,
    PLAIN_COLUMNS,
    Canvas,
    Entry,
    Moodle,
    Plain,
    number,
    safe,
)
from grader.init import init
from grader.nbgrader_config import add_scripts_to_path

STUDENTS = {
    "anna": {"first_name": "Ánna", "last_name": "Ødegård, jr", "email": "anna@example.org", "lms_user_id": "101"},
    "bo": {"first_name": "=HYPERLINK(1)", "last_name": '"Bo"', "email": "bo@example.org"},
    "chen": {"first_name": "晨", "last_name": "陈"},
    "dee": {},
}


@pytest.fixture
def gradebook(filled: Path, tmp_path: Path) -> Iterator[Gradebook]:
    """Open a copy of the gradebook."""
    shutil.copy(filled, tmp_path / "gradebook.db")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a gradebook: one marked, one late, one without a mark, one who handed in nothing."""
    add_scripts_to_path()
    path = tmp_path_factory.mktemp("filled") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}") as made:
        for name, facts in STUDENTS.items():
            made.add_student(name, **facts)
        for name in ("ps1", "@ps,2"):
            made.add_assignment(name)
            made.add_notebook("n", name)
            for cell, points in (("one", 2.0), ("two", 3.5)):
                made.add_grade_cell(cell, "n", name, max_score=points, cell_type="code")
                made.add_source_cell(cell, "n", name, cell_type="code")
        for name, marks, late in (("anna", (2.0, 0.1), 0.0), ("bo", (1.0, 1.0), 5.0), ("chen", (None, 3.5), 0.0)):
            with made.db.no_autoflush:
                submission = made.add_submission("ps1", name)
            (notebook,) = submission.notebooks
            notebook.late_submission_penalty = late
            for grade, mark in zip(sorted(notebook.grades, key=lambda each: each.name), marks, strict=True):
                grade.auto_score = mark
        made.db.commit()
    return path


def read(path: Path, encoding: str = "utf-8") -> list[list[str]]:
    """Return the rows of a file as a program reads them that knows CSV."""
    return list(csv.reader(io.StringIO(path.read_text(encoding))))


def test_the_plain_file_tells_no_mark_from_no_points(gradebook: Gradebook, tmp_path: Path) -> None:
    """Points are without rounding errors and never under 0; what is missing is empty, and the note says why."""
    out = tmp_path / "grades.csv"
    Plain(to=str(out), assignment=["ps1"]).export(gradebook)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")  # by this, spreadsheets know the encoding
    head, *rows = read(out, "utf-8-sig")
    found = {row[3]: dict(zip(head, row, strict=True)) for row in rows}
    assert {name: (row["raw_score"], row["score"], row["max_score"], row["note"]) for name, row in found.items()} == {
        "anna": ("2.1", "2.1", "5.5", ""),
        "bo": ("2", "0", "5.5", ""),
        "chen": ("", "", "5.5", "no mark yet"),
        "dee": ("", "", "5.5", "not handed in"),
    }
    assert found["anna"]["last_name"] == "Ødegård, jr"
    assert (found["chen"]["first_name"], found["chen"]["last_name"]) == ("晨", "陈")
    assert found["bo"]["first_name"] == "'=HYPERLINK(1)"


def test_the_canvas_file_has_its_columns_and_the_points_possible(gradebook: Gradebook, tmp_path: Path) -> None:
    """Students are found by login or Canvas id; an empty cell leaves what Canvas has."""
    out = tmp_path / "canvas.csv"
    Canvas(to=str(out)).export(gradebook)
    assert read(out) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "'@ps,2", "ps1"],
        ["    Points Possible", "", "", "", "", "5.5", "5.5"],
        ["dee", "", "", "dee", "", "", ""],
        ['"Bo", =HYPERLINK(1)', "", "", "bo", "", "", "0"],
        ["Ødegård, jr, Ánna", "101", "", "anna", "", "", "2.1"],
        ["陈, 晨", "", "", "chen", "", "", ""],
    ]


def test_who_is_known_by_canvas_number_alone_is_found_by_it(gradebook: Gradebook, tmp_path: Path) -> None:
    """The number is the Canvas id, and no login; where another student has it by now, and in the anonymous, nothing."""
    for name in ("canvas-104", "canvas-101", "canvas-anon-AbC12"):
        gradebook.add_student(name)
    out = tmp_path / "canvas.csv"
    Canvas(to=str(out), assignment=["ps1"]).export(gradebook)
    rows = {row[0]: row[1:4] for row in read(out)}
    assert rows["canvas-104"] == ["104", "", ""]
    assert rows["canvas-101"] == rows["canvas-anon-AbC12"] == ["", "", ""]
    assert rows["Ødegård, jr, Ánna"] == ["101", "", "anna"]


def test_the_moodle_file_has_those_with_a_mark(gradebook: Gradebook, tmp_path: Path) -> None:
    """Nobody's grade is emptied by an import."""
    out = tmp_path / "moodle.csv"
    Moodle(to=str(out), assignment=["ps1"]).export(gradebook)
    assert read(out) == [
        ["username", "idnumber", "email", "ps1"],
        ["bo", "", "bo@example.org", "0"],
        ["anna", "101", "anna@example.org", "2.1"],
    ]


def test_an_unknown_name_and_a_bad_place_are_one_line(gradebook: Gradebook, tmp_path: Path) -> None:
    """Nothing is written, and an earlier file stays as it was."""
    out = tmp_path / "grades.csv"
    out.write_text("kept")
    with pytest.raises(SystemExit, match="^export: no student zoe in the gradebook: nothing was written$"):
        Plain(to=str(out), student=["anna", "zoe"]).export(gradebook)
    with pytest.raises(SystemExit, match="^export: no assignment ps9 in the gradebook"):
        Canvas(to=str(out), assignment=["ps9"]).export(gradebook)
    assert out.read_text() == "kept"
    with pytest.raises(SystemExit, match="cannot be written: No such file or directory"):
        Moodle(to=str(tmp_path / "missing" / "grades.csv")).export(gradebook)


def test_nbgrader_exports_with_it(tmp_path: Path) -> None:
    """In a course, its own command writes the safe file, and finds the other formats by name."""
    course = init(tmp_path / "course")
    for given in ([], ["--exporter=grader.exporters.Canvas"], ["--exporter=grader.exporters.Moodle"]):
        done = run(course, "export", *given)
        assert done.returncode == 0, done.stderr
    assert read(tmp_path / "course" / "grades.csv", "utf-8-sig") == [list(PLAIN_COLUMNS)]
    assert read(tmp_path / "course" / "grades-canvas.csv")[0] == list(CANVAS_COLUMNS)
    assert read(tmp_path / "course" / "grades-moodle.csv") == [list(MOODLE_COLUMNS)]


def test_an_export_has_names_and_addresses_as_the_list_of_students_has_them(tmp_path: Path) -> None:
    """Corrected after marking, or never imported; a fault in the list is one line and no file."""
    course = init(tmp_path / "course")
    students, out = tmp_path / "course" / "students.csv", tmp_path / "course" / "grades-canvas.csv"
    students.write_text("id,first_name,last_name,lms_user_id\nanna,Ánna,Ødegård,101\n", encoding="utf-8")
    done = run(course, "export", "--exporter=grader.exporters.Canvas")
    assert done.returncode == 0, done.stderr
    assert read(out)[2:] == [["Ødegård, Ánna", "101", "", "anna", ""]]
    out.unlink()
    students.write_text("id\n../anna\n", encoding="utf-8")
    done = run(course, "export", "--exporter=grader.exporters.Canvas")
    assert done.returncode == 1
    assert "export: students.csv: line 2: id: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "  =1", "＝1"])  # noqa: RUF001  in full width
def test_no_text_is_a_formula(text: str) -> None:
    """A quote before it makes it a text in every spreadsheet."""
    assert safe(text) == f"'{text}"
    assert (safe(None), safe("O'Neil"), safe(7)) == ("", "O'Neil", "7")


def test_points_are_written_as_people_write_them() -> None:
    """Sums of fractions have no tail of nines, and a late penalty takes no more than there is."""
    assert [number(each) for each in (None, 0.0, 0.1 + 0.2, 7.0, 2.25)] == ["", "0", "0.3", "7", "2.25"]
    assert (Entry(2.0, 5.0, None).score, Entry(None, 0.0, None).score) == (0.0, None)
