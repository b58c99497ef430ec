"""What tells whose a hand-in is, and which attempt: the LMS's part of its name, the list of students, its content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from downloads import STUDENTS, notebook, record
from released_course import maker, released

from grader.collector import Reader, pair
from grader.course import CourseError
from grader.demo import Maker
from grader.layouts import Place, Sender, place
from grader.notebooks import is_notebook_of
from grader.senders import read_senders
from quizzes.answers import RECEIPT_TYPE
from quizzes.records import parse_json

__all__ = ["maker", "released"]  # fixtures


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("doejane_12345_67890_ps1.ipynb", ("canvas-12345", "ps1.ipynb", 67890, False)),
        ("doejane_LATE_12345_67890_ps1-1.ipynb", ("canvas-12345", "ps1-1.ipynb", 67890, True)),
        ("doe_jane_1_2_3_4_ps1.ipynb", ("canvas-1", "3_4_ps1.ipynb", 2, False)),
        ("LATE_anon_aB3_7_ps1.ipynb", ("canvas-anon-aB3", "ps1.ipynb", 7, True)),
        ("folder_1_2_x/doe_3_4_ps1.ipynb", ("canvas-3", "ps1.ipynb", 4, False)),
        (
            "Jo Doe_5_assignsubmission_file_/a/Jo Roe_6_assignsubmission_file_/x_7_8_ps1.ipynb",
            ("moodle-5", None, 0, False),
        ),
        ("Jo Doe_5_assignsubmission_file_x_7_8_ps1.ipynb", ("moodle-5", "x_7_8_ps1.ipynb", 0, False)),
        ("PM 101-4711/Jo Doe_5_assignsubmission_file/ps1.ipynb", ("moodle-5", "ps1.ipynb", 0, False)),
        ("Jo Doe_5_assignsubmission_file/Jo Roe_6_assignsubmission_file/x_7_8_ps1.ipynb", ("moodle-5", None, 0, False)),
        ("Group 12-Jo Doe_5_assignsubmission_file/ps1.ipynb", ("moodle-5", "ps1.ipynb", 0, False)),
        ("Jo Doe_5_assignsubmission_files/ps1.ipynb", None),
        ("Jo Doe_5_assignsubmission_file", None),
        ("Jo Doe_5_assignsubmission_onlinetext/onlinetext.html", None),
        ("Jo Doe_5_assignsubmission_onlinetext_/onlinetext.html", None),
        ("Default group_assignsubmission_file/ps1.ipynb", None),
        ("Default group_assignsubmission_file_/ps1.ipynb", None),
        ("ps1.ipynb", None),
        ("x_١_٢_ps1.ipynb", None),  # noqa: RUF001  digits, but not those of an LMS
    ],
)
def test_the_lms_alone_tells_the_student(parts: str, expected: tuple[str, str | None, int, bool] | None) -> None:
    """The first name that fits decides; what the learner named, inside it or after it, tells nothing."""
    found = place(parts.split("/"))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        file = expected[1] or parts.rpartition("/")[2]
        assert (found.sender.id, found.file, found.upload, found.late) == (expected[0], file, *expected[2:])


def test_a_name_that_two_have_is_nobodys(tmp_path: Path) -> None:
    """By number it is told; by name only where one student and one sender have it."""
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8-sig")
    senders = read_senders(tmp_path)
    named = [Sender("moodle", number, name) for number, name in (("1", "Li Bo"), ("2", "BO LI"), ("3", "Dee Dupe"))]
    assert set(senders.students(named).values()) == {None}
    assert senders.students(named[:1]) == {named[0]: "bo"}
    moved = [*named[:1], Sender("moodle", "7102", "Bo Old")]
    assert list(senders.students(moved).values()) == [None, "bo"]
    assert senders.students([Sender("canvas", "101"), Sender("canvas-anon", "101")]) == {
        Sender("canvas", "101"): "anna",
        Sender("canvas-anon", "101"): None,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name\nanna\n", "students.csv: line 1: no column 'id'"),
        ("id\nanna\n../bo\n", "students.csv: line 3: id: empty, too long, or begins with . or -"),
        ("id\na/b\n", "students.csv: line 2: id: use letters, digits and @._+- only"),
        ("id\nanna\nanna\n", "students.csv: line 3: the id or an LMS's number stands in an earlier line too"),
        ("id,lms_user_id\nanna,1\nbo,1\n", "students.csv: line 3: the id or an LMS's number stands in an earlier"),
        ("id\n\xff\n".encode("latin-1"), "students.csv: not a CSV file in UTF-8: save it as one"),
    ],
)
def test_a_faulty_students_file_is_one_line(tmp_path: Path, text: str | bytes, line: str) -> None:
    """File, line and mend, rather than a hand-in under the wrong name."""
    (tmp_path / "students.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as caught:
        read_senders(tmp_path)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_a_notebook_is_known_by_what_it_holds(maker: Maker) -> None:
    """By receipts, else by the sheet that it opens, else by nbgrader's cells; whatever else JSON may hold."""
    blank = parse_json(notebook(maker))
    assert is_notebook_of(blank, "ps1", set())
    assert not is_notebook_of(blank, "ps2", {"item-001"})
    for cell in blank["cells"]:
        cell["source"] = "1 + 1"
    assert is_notebook_of(blank, "ps1", {"item-001"})
    assert not is_notebook_of(blank, "ps1", {"another"})
    odd: list[Any] = [None, [], {}, {"cells": 7}, {"cells": [7, {"metadata": 3}, {"cell_type": "code", "source": [1]}]}]
    odd.append({"cells": [{"outputs": [{"data": {RECEIPT_TYPE: []}}]}]})
    odd.append({"cells": [{"metadata": {"nbgrader": {"grade_id": []}}}]})
    unnamed = {"cells": [{"outputs": [{"data": {RECEIPT_TYPE: {"revision": 1}}}], "metadata": {}}, blank["cells"][-1]]}
    assert is_notebook_of(unnamed, "ps1", {"item-010"})
    assert not any(is_notebook_of(each, "ps1", {"item-001"}) for each in odd)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("ps1.ipynb", True),
        ("PS1 (2).ipynb", True),
        ("ps1-3.ipynb.txt", True),
        ("ps12.ipynb", False),
        ("notes.ipynb", False),
        ("ps1 solution.ipynb", False),
    ],
)
def test_a_notebook_that_cannot_be_read_is_known_by_its_name(maker: Maker, name: str, taken: bool) -> None:
    """It is collected, so that its mark says why there is none; another name's is told in the log alone."""
    path = maker.course.root / name
    path.write_bytes(b'{"cells": [')
    path = path.rename(path.with_name(f"{path.name}.ipynb"))
    found = Reader("ps1", {"item-001"}).read(path, name, Place(Sender("canvas", "101"), name, 1))
    assert (found is not None) is taken
    assert found is None or not found.readable


def test_an_answers_file_goes_with_the_notebook_of_its_attempt(maker: Maker) -> None:
    """However Canvas or a browser numbers the two; one that may be another attempt's is left alone."""
    content, reader = notebook(maker), Reader("ps1", set())

    def hand_in(*names: str) -> list[tuple[str, str]]:
        files = []
        for upload, name in enumerate(names, 1):
            path = maker.course.root / name
            path.write_bytes(json.dumps(record(maker, upload)).encode() if name.endswith("json") else content)
            files.append(reader.read(path, name, Place(Sender("canvas", "101"), name, upload)))
        pairs = pair([file for file in files if file])
        return [
            (each.notebook.shown if each.notebook else "", each.sidecar.shown if each.sidecar else "") for each in pairs
        ]

    assert hand_in("my work.ipynb", "ps1.answers.json") == [("my work.ipynb", "ps1.answers.json")]
    assert hand_in("ps1.ipynb", "ps1-1.ipynb", "ps1.answers-1.json", "ps1.answers.json") == [
        ("ps1.ipynb", "ps1.answers.json"),
        ("ps1-1.ipynb", "ps1.answers-1.json"),
    ]
    assert hand_in("ps1 (2).ipynb", "ps1 (3).ipynb", "ps1 (3).answers.json") == [
        ("ps1 (2).ipynb", ""),
        ("ps1 (3).ipynb", "ps1 (3).answers.json"),
    ]
    assert hand_in("a.ipynb", "b.ipynb", "ps1.answers.json") == [
        ("a.ipynb", ""),
        ("b.ipynb", ""),
        ("", "ps1.answers.json"),
    ]
    assert hand_in("ps1.ipynb", "ps1.answers.json", "ps1.answers.json.json") == [
        ("ps1.ipynb", ""),
        ("", "ps1.answers.json"),
        ("", "ps1.answers.json.json"),
    ]
    assert hand_in("ps1.answers.json") == [("", "ps1.answers.json")]
