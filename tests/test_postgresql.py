"""The gradebook in PostgreSQL, for several graders at once: a real server, which these tests start on loopback."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import run
from courses import copied, plan, released
from ensure_tools import program
from gradebooks import content, differences
from servers import postgresql
from sqlalchemy import create_engine, text

from grader.batch import mark
from grader.course import Course
from grader.demo import Maker, keyed
from grader.feedback import feedback
from quizzes.bank import Bank

pytestmark = pytest.mark.skipif(not program("initdb"), reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start the server; its user must reach its folder, which a folder of pytest's may not allow."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with postgresql(Path(folder) / "server") as address:
            yield address


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release an assignment and hand in twenty submissions; the gradebook is nbgrader's own file."""
    items = [item.id for item in bank.select(kind="choice")[:4]]
    maker = released(tmp_path_factory.mktemp("postgresql") / "course", "ps3", plan(items=items))
    for number in range(20):
        maker.submit(f"s{number:02}", sidecar=maker.record(maker.responses(keyed, number % 5)))
    broken = maker.submit("broken")
    (broken / "ps3.ipynb").write_text("{")
    return maker


def moved(maker: Maker, folder: Path, server: str, name: str) -> Maker:
    """Return the course in another folder with its gradebook in a new database of the server."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    there = copied(maker, folder)
    (there.course.root / "gradebook.db").unlink()
    config = there.course.root / "nbgrader_config.py"
    config.write_text(f'{config.read_text()}\nc.CourseDirectory.db_url = "{server}/{name}"\n')
    course = Course(there.course.root)
    done = run(course, "generate_assignment", "ps3", "--force")
    assert done.returncode == 0, done.stderr
    return Maker(course, there.form, there.bank)


def test_the_same_marks_as_in_a_file(handed_in: Maker, server: str, tmp_path: Path) -> None:
    """The batch, nbgrader's own command and SQLite agree; nbgrader's feedback and ours read from there."""
    ours, theirs = (moved(handed_in, tmp_path / name, server, name) for name in ("ours", "theirs"))
    lines = list(mark(ours.course, "ps3"))
    assert [line.student for line in lines if line.fault] == ["broken"]
    run(theirs.course, "autograde", "ps3")
    file = copied(handed_in, tmp_path / "file")
    list(mark(file.course, "ps3"))
    assert differences(ours.course.db_url, theirs.course.db_url) == []
    assert differences(ours.course.db_url, file.course.db_url) == []
    assert ours.course.db_url.startswith("postgresql")
    written = [line.student for line in feedback(ours.course, "ps3") if not line.fault]
    assert len(written) == 20


def test_several_graders_at_once(handed_in: Maker, server: str, tmp_path: Path) -> None:
    """Three processes mark the same new submissions at the same time: nobody fails, and each row is there once."""
    there = moved(handed_in, tmp_path / "course", server, "several")
    command = [sys.executable, "-m", "grader", "mark", "ps3", "--force"]
    runs = [
        subprocess.Popen(command, cwd=there.course.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(*each.communicate(), each.returncode) for each in runs]
    assert [code for _, _, code in ended] == [1, 1, 1], ended  # of the broken one
    assert all("as before" in out for out, _, _ in ended), ended
    alone = copied(handed_in, tmp_path / "alone")
    list(mark(alone.course, "ps3"))
    assert differences(there.course.db_url, alone.course.db_url) == []
    assert len(content(there.course.db_url)["students"]) == 21
