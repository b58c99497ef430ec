"""Learners' code is run only where the instructor asks for it, and then behind a fence."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from commands import run
from courses import CODE, copied, plan, released, write_cell
from gradebooks import differences

from grader.batch import mark
from grader.course import CourseError
from grader.demo import Maker
from grader.execution import execute, sandboxed
from quizzes.bank import Bank

needs_bubblewrap = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
FORKS = """
import os, time
n = 0
try:
    while n < 500:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        n += 1
except OSError:
    pass
"""
RIGHT = "def slack(late, early):\n    return late - early"


def outputs(source: str, tests: str = "1.5") -> list[dict[str, Any]]:
    """Run an answer and its tests in the sandbox; returns the outputs of the test cell."""
    cells = [
        {"cell_type": "code", "source": source, "outputs": [], "metadata": {"nbgrader": {"grade_id": "a"}}},
        {"cell_type": "code", "source": "", "outputs": [], "metadata": {"nbgrader": {"grade_id": "a-tests"}}},
    ]
    execute({"cells": cells}, {"a-tests": tests}, sandbox=True)
    return list(cells[1]["outputs"])  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release an assignment with an item and code that is run in the sandbox."""
    item = bank.select(kind="choice")[0].id
    content = plan(items=[item], cells=[CODE], execute="sandbox")
    maker = released(tmp_path_factory.mktemp("coded") / "course", "coded", content)
    write_cell(maker.submit("a-right"), "coded", "float", RIGHT)
    write_cell(maker.submit("b-wrong"), "coded", "float", "def slack(late, early):\n    return 3")
    maker.submit("c-blank")
    write_cell(maker.submit("d-ends"), "coded", "float", "import os\nos._exit(0)")
    return maker


@needs_bubblewrap
def test_both_ways_of_marking_run_the_tests(coded: Maker, tmp_path: Path) -> None:
    """Code that passes earns its points, other code nothing, and the gradebooks are the same."""
    theirs, own = copied(coded, tmp_path / "theirs"), copied(coded, tmp_path / "ours")
    run(theirs.course, "autograde", "coded")
    lines = {line.student: line for line in mark(own.course, "coded")}
    assert not any(line.fault for line in lines.values())
    assert differences(theirs.course.db_url, own.course.db_url) == []
    points = {name: line.change.after for name, line in lines.items() if line.change}
    assert points == {"a-right": 3, "b-wrong": 0, "c-blank": 0, "d-ends": 0}
    text = (own.course.root / "autograded" / "b-wrong" / "coded" / "coded.ipynb").read_text(encoding="utf-8")
    assert "AssertionError" in text
    assert "slack(7, 4)" not in text  # the tests stay with the instructor


@needs_bubblewrap
@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9', timeout=3)", "no network"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 22), 3)", "no loopback of the machine"),
        (f"open({str(Path(__file__).resolve())!r}).read()", "no files of the course"),
        (f"open('{Path.home()}/.bashrc').read()", "no files of the instructor"),
        ("open('/etc/passwd').read()", "no accounts"),
        ("open('/usr/x', 'w')", "nothing to write on"),
        ("import os\nos.kill(1, 0) if os.getpid() != 1 else 1/0\nos.setuid(0)", "nobody else's processes, no root"),
        ("x = bytearray(3_000_000_000)", "memory"),
        ("open('big', 'wb').write(b'x' * 60_000_000)", "file size"),
    ],
)
def test_the_fence_holds(source: str, why: str) -> None:
    """What the code reaches for is not there: the attempt raises inside the kernel."""
    lines = ["caught = None", "try:", *(f"    {line}" for line in source.splitlines())]
    lines += ["except BaseException as error:", "    caught = error"]
    (output,) = outputs("\n".join(lines), "assert caught, 'reached'\n1.5")
    assert output.get("data", {}).get("text/plain") == "1.5", (why, output)


@needs_bubblewrap
def test_processes_are_counted() -> None:
    """A code that starts processes without end is stopped by the system, not by the machine's end."""
    (output,) = outputs(FORKS, "assert n < 200, n\n1.5")
    assert output.get("data", {}).get("text/plain") == "1.5", output


@needs_bubblewrap
def test_output_without_end_is_cut_off() -> None:
    """A flood costs neither memory nor disk, and its tests earn nothing."""
    found = outputs("pass", "for _ in range(3000): print('x' * 10_000)")
    assert sum(len(str(output)) for output in found) < 200_000
    assert found[-1]["ename"] == "OutputLimit"


@needs_bubblewrap
def test_output_is_plain_text() -> None:
    """No markup of a learner's output reaches a page."""
    found = outputs("from IPython.display import HTML, display", "display(HTML('<script>1</script>'))\n1.0")
    assert all(set(output["data"]) == {"text/plain"} for output in found)


@needs_bubblewrap
def test_no_process_outlives_the_marking() -> None:
    """What the code leaves behind dies with the fence."""
    mark_of = f"outlive-{os.getpid()}"
    command = f"[sys.executable, '-c', 'import time; time.sleep(60)', '{mark_of}']"
    outputs(f"import subprocess, sys\nsubprocess.Popen({command})")
    running = [path for path in Path("/proc").glob("[0-9]*/cmdline") if mark_of.encode() in _read(path)]
    assert running == []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_without_bubblewrap_the_plan_is_refused(coded: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The instructor decides, in one line, before anything is marked."""
    own = copied(coded, tmp_path / "course")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError, match="assignments/coded.yaml: execute: sandbox needs bubblewrap"):
        list(mark(own.course, "coded"))


def test_the_sandbox_names_no_folder_of_the_course(tmp_path: Path) -> None:
    """Only the system, Python and one scratch folder are bound."""
    command = sandboxed(["python"], tmp_path)
    bound = [command[i + 1] for i, word in enumerate(command) if word in ("--bind", "--ro-bind-try")]
    assert str(tmp_path) in bound
    assert "/" not in bound
    assert str(Path.home()) not in bound
