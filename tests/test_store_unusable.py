"""A progress database that cannot be used is told in one line and left as it is: damaged, locked, or on a full disk."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from stores import ANSWER, ITEM, path, store

from quizzes.study.database import VERSION
from quizzes.study.store import LASTS, Store

__all__ = ["path", "store"]  # fixtures


def python(code: str, *arguments: Any, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run code in a kernel of its own."""
    command = [*before, sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def spoil(path: Path) -> None:
    """Write over the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\x5a" * (len(content) - len(content) // 2)
    path.write_bytes(content)


@pytest.mark.parametrize("reason", ["newer", "not one", "cut off", "spoilt", "foreign", "empty folder"])
def test_a_file_that_cannot_be_used_is_told_in_one_line_and_left_as_it_is(
    store: Store, path: Path, reason: str
) -> None:
    """The session goes on in memory."""
    for number in range(200):
        store.write("item", f"payroll-{number}", {**ITEM, "note": "x" * 400})
    store.close()
    if reason == "newer":
        with sqlite3.connect(path) as base:
            base.execute(f"PRAGMA user_version = {VERSION + 1}")
        base.close()
    elif reason == "not one":
        path.write_text("Shopping list: eggs, milk, a new database, and so on and so forth", encoding="utf-8")
    elif reason == "cut off":
        path.write_bytes(path.read_bytes()[:10_000])
    elif reason == "spoilt":
        spoil(path)
    elif reason == "foreign":
        path.unlink()
        with sqlite3.connect(path) as base:
            base.execute("CREATE TABLE songs (name TEXT)")
        base.close()
    else:
        path.unlink()
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    opened = Store(path)
    told = opened.kept_not()
    assert told.startswith(f"{path}: ")
    assert told.endswith(LASTS)
    assert "\n" not in told
    assert not opened.write("item", "payroll-1", ITEM)
    opened.log_attempt("payroll-1", ANSWER)
    assert opened.read("item", "payroll-1")["log"] == [*ITEM["log"], ANSWER]
    assert opened.kept_not() == told
    opened.close()
    assert (path.read_bytes() if path.is_file() else None) == before
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name]


WRITE_TWO = """
import json, sys
from pathlib import Path
from quizzes.study.store import Store
store = Store(Path(sys.argv[1]))
first = store.read("item", "payroll-1")
store.log_attempt("payroll-1", {"at": 7, "outcome": "right", "where": "study"})
taken = store.write("item", "payroll-2", {"log": [], "note": "x" * int(sys.argv[2])})
print(json.dumps([first, len(store.read("item", "payroll-1")["log"]), taken, store.kept_not()]))
"""


def inside(*options: str) -> tuple[str, ...]:
    """Return a command that gives what follows a file system of its own."""
    found = shutil.which("bwrap")
    assert found, "bubblewrap is installed by tests/ensure_tools.py"
    return (found, "--dev-bind", "/", "/", *options, "--")


def test_a_folder_that_may_only_be_read_shows_what_is_there_and_keeps_nothing(store: Store, path: Path) -> None:
    """One line says so, and the attempt counts while the kernel runs."""
    store.write("item", "payroll-1", ITEM)
    store.close()
    before = path.read_bytes()
    folder = str(path.parent)
    done = python(WRITE_TWO, path, 10, before=inside("--ro-bind", folder, folder))
    first, attempts, taken, told = json.loads(done.stdout)
    assert (first, attempts, taken) == (ITEM, 2, False)
    assert told == f"{path}: it may only be read, not changed. {LASTS}"
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("x", encoding="utf-8")
    store = Store(tmp_path / "data" / "progress.sqlite3")
    assert "cannot be opened or made" in store.kept_not()
    store.write("setting", "streak", "off")
    assert store.read("setting", "streak") == "off"


def test_a_full_disk_is_told_and_what_was_kept_stays(store: Store, path: Path, tmp_path: Path) -> None:
    """On a disk of 128 kB: the small record is kept, the large one lasts while the kernel runs."""
    store.write("item", "payroll-1", ITEM)
    store.close()
    kept, disk = tmp_path / "kept.sqlite3", tmp_path / "disk"
    disk.mkdir()
    code = f"""
import shutil, sys
shutil.copy({str(path)!r}, sys.argv[1])
{WRITE_TWO}
store.close()
shutil.copy(sys.argv[1], {str(kept)!r})
"""
    done = python(code, disk / path.name, 400_000, before=inside("--size", "131072", "--tmpfs", str(disk)))
    first, attempts, taken, told = json.loads(done.stdout)
    assert (first, attempts, taken) == (ITEM, 2, False)
    assert told == f"{disk / path.name}: the disk is full. {LASTS}"
    again = Store(kept)
    assert len(again.read("item", "payroll-1")["log"]) == 2
    assert again.read("item", "payroll-2") is None
    assert again.kept_not() == ""
    again.close()


@contextmanager
def locked(path: Path, how: str = "EXCLUSIVE") -> Iterator[None]:
    """Hold the file as another program does: EXCLUSIVE against readers, IMMEDIATE against writers."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute(f"BEGIN {how}")
    yield
    holder.execute("ROLLBACK")
    holder.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a locked file no longer than a moment."""
    for name in ("quizzes.study.store", "quizzes.study.database"):
        monkeypatch.setattr(f"{name}.PATIENCE", 0.01)
        monkeypatch.setattr(f"{name}.IMPATIENCE", 0.01)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
def test_what_a_locked_file_did_not_take_is_added_later_to_what_it_holds_then(path: Path, how: str) -> None:
    """Neither the history from before nor another notebook's attempt is written over."""
    store, other = Store(path), Store(path)
    for at in range(50):
        store.log_attempt("payroll-1", {"at": at, "outcome": "right", "where": "study"})
    with locked(path, how):
        store.log_attempt("payroll-1", {**ANSWER, "at": 60})
        assert "another program has locked it" in store.kept_not()
        assert store.read("item", "payroll-1")["log"][-1]["at"] == 60
    other.log_attempt("payroll-1", {**ANSWER, "at": 61})
    assert store.write("setting", "streak", "off")
    assert store.kept_not() == ""
    assert [each["at"] for each in other.read("item", "payroll-1")["log"]] == [*range(50), 61, 60]
    assert other.read("setting", "streak") == "off"
    store.close()
    other.close()


@pytest.mark.usefixtures("impatient")
def test_a_locked_file_removes_nothing_later(path: Path) -> None:
    """A removal that did not happen does not happen behind the learner's back."""
    store = Store(path)
    store.write("item", "payroll-1", ITEM)
    with locked(path):
        assert not store.reset()
        assert store.unread()
    store.write("setting", "streak", "off")
    assert store.all("item") == {"payroll-1": ITEM}
    assert not store.unread()
    store.close()


@pytest.mark.usefixtures("impatient")
def test_a_file_that_was_locked_at_the_start_is_used_once_it_is_free(store: Store, path: Path) -> None:
    """And what was done meanwhile is in it."""
    store.write("item", "payroll-1", ITEM)
    with locked(path):
        late = Store(path)
        assert "another program has locked it" in late.kept_not()
        late.log_attempt("payroll-1", ANSWER)
    late.write("setting", "streak", "off")
    assert late.kept_not() == ""
    assert store.read("item", "payroll-1")["log"] == [*ITEM["log"], ANSWER]
    late.close()


def test_a_damaged_file_that_is_moved_away_is_followed_by_a_new_one(path: Path) -> None:
    """As the line asks, with no need of a new kernel; what was done meanwhile is kept."""
    path.parent.mkdir()
    path.write_text("Shopping list: eggs, milk, a new database, and so on and so forth", encoding="utf-8")
    store = Store(path)
    store.log_attempt("payroll-1", ANSWER)
    assert store.kept_not()
    path.rename(path.with_name("old"))
    store.write("setting", "streak", "off")
    assert store.kept_not() == ""
    again = Store(path)
    assert again.read("item", "payroll-1")["log"] == [ANSWER]
    again.close()
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="an open file stays where it is on Windows")
def test_a_file_that_is_moved_away_is_followed_by_a_new_one(store: Store, path: Path) -> None:
    """What is done afterwards is kept in the place where it is looked for."""
    store.write("item", "payroll-1", ITEM)
    path.rename(path.with_name("elsewhere.sqlite3"))
    store.write("item", "payroll-2", ITEM)
    again = Store(path)
    assert list(again.all("item")) == ["payroll-2"]
    again.close()
