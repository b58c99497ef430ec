"""One hand-in after another through nbgrader's own commands: what it earns, whatever learners do to their notebooks."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from commands import run
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash
from released_course import maker, released

from grader.batch import mark
from grader.course import Course
from grader.demo import Maker, keyed
from grader.feedback import feedback
from grader.marks import marks

__all__ = ["maker", "released"]  # fixtures


def score(course: Course, student: str) -> float:
    """Return a student's score from the gradebook."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        return float(gradebook.find_submission("ps1", student).score)


def test_stock_nbgrader_gives_nothing_rather_than_full_marks(maker: Maker) -> None:
    """Without this course's configuration the hidden tests fail: a perfect submission gets 0."""
    right = maker.record(maker.responses(keyed))
    maker.submit("stock", receipt=right, sidecar=right)
    (maker.course.root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'stock'\n")
    done = run(maker.course, "autograde", "ps1", "--student", "stock")
    assert done.returncode == 0, done.stderr
    assert score(maker.course, "stock") == 0


def test_a_copied_cell_and_learners_code_change_nothing(maker: Maker, tmp_path: Path) -> None:
    """Only the record counts: duplicated cells do not stop marking, and no handed-in code runs."""
    right = maker.record(maker.responses(keyed))
    folder = maker.submit("odd", receipt=right)
    notebook = nbformat.read(folder / "ps1.ipynb", as_version=4)
    marker = tmp_path / "ran"
    code = f"open({str(marker)!r}, 'w')"
    notebook.cells += [notebook.cells[-1], nbformat.v4.new_code_cell(code)]
    notebook.cells[2].source = code
    (folder / "ps1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    done = run(maker.course, "autograde", "ps1", "--student", "odd")
    assert done.returncode == 0, done.stderr
    assert score(maker.course, "odd") == 40
    assert not marker.exists()


def test_a_broken_notebook_is_marked_from_its_answers_file(maker: Maker) -> None:
    """One good carrier is enough."""
    folder = maker.submit("half-broken", sidecar=maker.record(maker.responses(keyed)))
    (folder / "ps1.ipynb").write_text("oops")
    done = run(maker.course, "autograde", "ps1", "--student", "half-broken")
    assert done.returncode == 0, done.stderr
    assert score(maker.course, "half-broken") == 40


def test_handing_in_again_replaces_the_mark(maker: Maker) -> None:
    """A second, worse record lowers the score."""
    maker.submit("twice", sidecar=maker.record(maker.responses(keyed)))
    run(maker.course, "autograde", "ps1", "--student", "twice")
    assert score(maker.course, "twice") == 40
    shutil.rmtree(maker.course.root / "submitted" / "twice")
    maker.submit("twice", sidecar=maker.record(maker.responses(keyed, 1)))
    run(maker.course, "autograde", "ps1", "--student", "twice", "--force")
    assert score(maker.course, "twice") == 4


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange does not run on Windows")
def test_the_exchange_carries_answers_from_learner_to_gradebook(maker: Maker, tmp_path: Path) -> None:
    """Release, fetch, answer, submit, collect and autograde with nbgrader's own commands; so many attempts count."""
    exchange, learner = tmp_path / "exchange", Course(tmp_path / "learner")
    exchange.mkdir()
    exchange.chmod(0o777)
    learner.root.mkdir()
    config = maker.course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'c.Exchange.root = "{exchange}"\n', encoding="utf-8")
    shutil.copy(config, learner.root)
    item = maker.bank.items[maker.form.items[0].id]

    def step(course: Course, *command: str) -> None:
        done = run(course, *command)
        assert done.returncode == 0, done.stderr

    step(maker.course, "release_assignment", "ps1")
    step(learner, "fetch_assignment", "ps1", "--course", "project-or-operation")
    answer = f"from quizzes import AnswerSheet; AnswerSheet('ps1').answer('{item.id}', '{item.parts()[0].key[0]}')"
    subprocess.run([sys.executable, "-c", answer], cwd=learner.root / "ps1", check=True)
    step(learner, "submit", "ps1", "--course", "project-or-operation")
    step(maker.course, "collect", "ps1")
    step(maker.course, "autograde", "ps1")
    (student,) = [path.name for path in (maker.course.root / "submitted").iterdir()]
    assert score(maker.course, student) == 2

    plan, kept = maker.course.root / "assignments" / "ps1.yaml", maker.course.submission(student, "ps1")
    first = (kept / "timestamp.txt").read_text(encoding="utf-8")
    step(learner, "submit", "ps1", "--course", "project-or-operation")
    plan.write_text(plan.read_text(encoding="utf-8") + "attempts: 1\n", encoding="utf-8")
    done = run(maker.course, "collect", "ps1", "--update")
    assert "passed over: only the first 1 count" in done.stderr
    assert (kept / "timestamp.txt").read_text(encoding="utf-8") == first
    plan.write_text(plan.read_text(encoding="utf-8").replace("attempts: 1", "attempts: 2"), encoding="utf-8")
    step(maker.course, "collect", "ps1", "--update")
    assert (kept / "timestamp.txt").read_text(encoding="utf-8") > first


def test_no_markup_of_a_learner_reaches_the_feedback(maker: Maker) -> None:
    """Names of parts and fields are the learner's own: they stand escaped among the answers and nowhere else."""
    attack = "<img src=x onerror=alert(1)>"
    right = maker.record(maker.responses(keyed))
    responses = {**right["responses"], maker.form.items[0].id: {attack: "x"}, attack: {"class": "project"}}
    maker.submit("attack", receipt={**right, "responses": responses}, sidecar={**right, attack: 1})
    for command in ("autograde", "generate_feedback"):
        done = run(maker.course, command, "ps1", "--student", "attack")
        assert done.returncode == 0, done.stderr
    html = (maker.course.root / "feedback" / "attack" / "ps1" / "ps1.html").read_text(encoding="utf-8")
    assert "<img src=x" not in html
    assert html.count("onerror") == 2  # as an item id and as a part name
    assert "an unknown field" in html
    assert score(maker.course, "attack") == 36


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs on Windows")
def test_special_and_oversized_notebooks_stop_nobody(maker: Maker) -> None:
    """A FIFO, a huge file and a link are refused unopened; the next submission is marked."""
    fifo, huge, link = (maker.submit(name) for name in ("a-fifo", "b-huge", "c-link"))
    (fifo / "ps1.ipynb").unlink()
    os.mkfifo(fifo / "ps1.ipynb")
    (huge / "ps1.ipynb").write_bytes(b" " * 20_000_001)
    (link / "notes.txt").symlink_to(maker.course.root / "gradebook.db")
    maker.submit("d-good", sidecar=maker.record(maker.responses(keyed)))
    run(maker.course, "autograde", "ps1")
    rows = {row.student: row for row in marks(maker.course, "ps1")}
    assert {name: row.score for name, row in rows.items()} == {
        "a-fifo": None,
        "b-huge": None,
        "c-link": None,
        "d-good": 40,
    }
    assert "link or no regular file" in rows["a-fifo"].note
    assert "over the limit" in rows["b-huge"].note
    assert "notes.txt is a link" in rows["c-link"].note
    assert not list((maker.course.root / "autograded").rglob("notes.txt"))


def test_a_mark_is_withdrawn_where_the_new_hand_in_cannot_be_told(maker: Maker) -> None:
    """The gradebook does not go on showing the old score as if it were this one's."""
    folder = maker.submit("amy", sidecar=maker.record(maker.responses(keyed)))
    run(maker.course, "autograde", "ps1", "--student", "amy")
    assert score(maker.course, "amy") == 40
    (folder / "ps1.answers.json").write_text("{")
    run(maker.course, "autograde", "ps1", "--student", "amy", "--force")
    assert score(maker.course, "amy") == 0
    with Gradebook(f"sqlite:///{maker.course.root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("ps1", "amy").needs_manual_grade


@pytest.mark.skipif(os.name == "nt", reason="nbgrader's exchange does not run on Windows")
@pytest.mark.parametrize("way", ["batch", "nbgrader"])
def test_feedback_comes_back_through_the_exchange_to_who_handed_in(maker: Maker, tmp_path: Path, way: str) -> None:
    """Marking and feedback carry the hand-in's time and secret along: nbgrader finds the learner by them."""
    folder = maker.submit("ada", receipt=maker.record(maker.responses(keyed)))
    (folder / "timestamp.txt").write_text("2026-01-01 00:00:00.000000 UTC", encoding="utf-8")
    secret = secrets.token_hex(64)  # as nbgrader makes it
    (folder / "submission_secret.txt").write_text(secret, encoding="utf-8")
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    if way == "batch":
        assert [line.fault for line in (*mark(maker.course, "ps1"), *feedback(maker.course, "ps1"))] == ["", ""]
    else:
        assert run(maker.course, "autograde", "ps1").returncode == 0
        assert run(maker.course, "generate_feedback", "ps1").returncode == 0
    done = run(maker.course, "release_feedback", "ps1", f"--Exchange.root={exchange}")
    assert done.returncode == 0, done.stderr
    (page,) = exchange.rglob("*.html")
    assert page.stem == notebook_hash(secret=secret, notebook_id="ps1")
