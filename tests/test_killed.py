"""A marking that is killed at any moment and run again leaves the gradebook of one that nobody disturbed."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from courses import TEXT, copied, plan, released, write_cell
from gradebooks import differences

from grader.batch import mark, marked_file
from grader.demo import Maker, keyed, missed
from quizzes.bank import Bank
from quizzes.items import KINDS

NAME, STUDENTS = "mixed", 40
# Loads the grader once, then forks a child for each line that it reads: "seconds jobs". A child marks, and is killed
# after so many seconds, with the processes that it has started; its own database connections are its own.
DRIVER = """
import os, signal, sys, time
from pathlib import Path
import grader.batch
from grader.batch import Options, mark
from grader.course import Course
from grader.gradebook import Recorder
from grader.database import engine_for
course = Course(Path.cwd())
scheme = grader.batch.load_scheme(course, "mixed")
grader.batch.load_scheme = lambda *_: scheme  # so that a child starts with what can be disturbed
grader.batch.GROUP = 3  # small, so that there are many places to be killed at
Recorder(course.db_url, "mixed", course.config)
engine_for(course.db_url).dispose()
print("ready", flush=True)
for line in sys.stdin:
    seconds, jobs = line.split()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.write(tell, b"x")
        for _ in mark(course, "mixed", Options(force=jobs != "1", jobs=int(jobs))):
            pass
        os._exit(0)
    os.read(ready, 1)
    os.close(ready), os.close(tell)
    time.sleep(float(seconds))
    os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print("killed" if os.WIFSIGNALED(status) else "done", flush=True)
"""


class Killer:
    """Marks a course in children, and kills each after a while."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", DRIVER], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill_after(self, seconds: float, jobs: int = 1) -> bool:
        """Return whether the marking was still under way."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds} {jobs}\n")
        self._process.stdin.flush()
        return self._line() == "killed"

    def close(self) -> None:
        """End the driver."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait() == 0
        self._process.stdout.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release an assignment and hand in what a class hands in: right, wrong, half, blank, written, late, unreadable."""
    items = [next(item.id for item in bank.select(kind=kind)) for kind in KINDS]
    content = plan(items=items, cells=[TEXT], due="2026-03-01T12:00:00Z")
    maker = released(tmp_path_factory.mktemp("killed") / "course", NAME, content)
    right = maker.record(maker.responses(keyed))
    wrong = maker.record({item.id: missed(item) for item in maker.bank.get(items[:3]) if not item.parts()[0].groups})
    sorts = [{"receipt": right}, {"sidecar": right}, {"receipt": wrong}, {}, {"receipt": {**right, "revision": "x"}}]
    for number in range(STUDENTS):
        folder = maker.submit(f"s{number:02}", **sorts[number % len(sorts)])
        write_cell(folder, NAME, "why", f"Because of {number}.")
        (folder / "timestamp.txt").write_text(f"2026-03-01 {number % 24:02}:00:00 UTC")
    return maker


@pytest.fixture(scope="module")
def undisturbed(course: Maker, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Mark a copy of the course in peace."""
    own = copied(course, tmp_path_factory.mktemp("peace") / "course")
    list(mark(own.course, NAME))
    return own


@pytest.fixture
def killer(course: Maker, tmp_path: Path) -> Iterator[tuple[Maker, Killer]]:
    """Make a course of one's own, and what marks it and is killed."""
    own = copied(course, tmp_path / "course")
    killer = Killer(own.course.root)
    yield own, killer
    killer.close()


def marked(maker: Maker) -> dict[str, bytes]:
    """Return the marked files by their place."""
    root = maker.course.root / "autograded"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".part"
    }


def check(maker: Maker) -> None:
    """Hold what a kill leaves to what a second run relies on: a whole gradebook, whole files, and no file before it."""
    path = maker.course.root / "gradebook.db"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        graded = {
            student
            for (student,) in connection.execute(
                "select s.student_id from submitted_assignment s join submitted_notebook n on n.assignment_id = s.id "
                "join grade g on g.notebook_id = n.id group by s.student_id having count(*) = ?",
                [len(KINDS) + 1],
            )
        }
        students = {student for (student,) in connection.execute("select student_id from submitted_assignment")}
    assert graded == students  # each has all its rows, or none
    for number in range(STUDENTS):
        file = marked_file(maker.course, NAME, f"s{number:02}")
        if file.exists():
            assert json.loads(file.read_bytes())
            assert f"s{number:02}" in students  # the gradebook comes first


def finish(maker: Maker, undisturbed: Maker) -> None:
    """Run to the end, and compare with the course that nobody disturbed."""
    lines = list(mark(maker.course, NAME))
    assert [line.student for line in lines] == [f"s{number:02}" for number in range(STUDENTS)]
    assert differences(maker.course.db_url, undisturbed.course.db_url) == []
    assert marked(maker) == marked(undisturbed)
    assert all(line.change is None for line in mark(maker.course, NAME) if not line.fault)


def start_again(maker: Maker, course: Maker) -> None:
    """Take back all of the marking, so that there is something left to kill."""
    shutil.rmtree(maker.course.root / "autograded")
    shutil.copy(course.course.root / "gradebook.db", maker.course.root / "gradebook.db")


def test_a_hundred_kills_change_nothing(killer: tuple[Maker, Killer], course: Maker, undisturbed: Maker) -> None:
    """SIGKILL within a gradebook's transaction, between it and the file, within the file, wherever: then run again."""
    maker, process = killer
    dice = random.Random(7)  # noqa: S311  moments, not secrets
    kills, reached, longest = 0, set(), 0.15
    for _ in range(400):
        before = len(marked(maker))
        done = not process.kill_after(dice.uniform(0, longest))
        check(maker)
        reached.add(len(marked(maker)))
        kills += not done
        longest *= 0.8 if done else 1.2 if len(marked(maker)) == before else 1  # whatever the machine's pace
        if kills == 94:
            break
        if done:
            start_again(maker, course)
    assert kills == 94
    assert len(reached) > 6  # the kills came at different places
    finish(maker, undisturbed)


def test_kills_of_several_processes_change_nothing(killer: tuple[Maker, Killer], undisturbed: Maker) -> None:
    """With --jobs 2 and --force the workers die with the run, and again nothing is lost."""
    maker, process = killer
    dice = random.Random(11)  # noqa: S311  moments, not secrets
    killed = [process.kill_after(dice.uniform(0.05, 0.6), jobs=2) for _ in range(6)]
    assert any(killed)
    check(maker)
    finish(maker, undisturbed)


def test_the_command_ends_when_it_is_killed(course: Maker, undisturbed: Maker, tmp_path: Path) -> None:
    """The same for `python -m grader mark` as a person starts it, killed once it has begun to write."""
    maker = copied(course, tmp_path / "course")
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "mark", NAME], cwd=maker.course.root, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert "no mark" in process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    check(maker)
    finish(maker, undisturbed)
