"""The progress database keeps every record whole: of several notebooks, killed kernels and the first version."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from stores import ANSWER, ITEM, path, store

from quizzes.study.database import APPLICATION, VERSION
from quizzes.study.store import Store, default_path

__all__ = ["path", "store"]  # fixtures


def test_records_are_there_for_the_next_kernel(store: Store, path: Path) -> None:
    """By kind and id, with fields that nobody knows; None removes one."""
    store.write("item", "payroll-1", {**ITEM, "later": {"more": [1, None]}})
    store.write("setting", "streak", "off")
    store.write("card", "charter", {"box": 1, "due": 5})
    store.write("card", "charter", None)
    store.close()
    again = Store(path)
    assert again.read("item", "payroll-1") == {**ITEM, "later": {"more": [1, None]}}
    assert again.read("item", "payroll-2") is None
    assert again.all("setting") == {"streak": "off"}
    assert again.everything()["card"] == {}
    assert again.kept_not() == ""
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
    again.close()


def test_what_is_read_is_the_callers_own(store: Store) -> None:
    """A change of it is none of the store's."""
    store.write("item", "payroll-1", ITEM)
    store.read("item", "payroll-1")["log"].clear()
    assert store.read("item", "payroll-1") == ITEM


def test_two_notebooks_lose_none_of_each_others_attempts(store: Store, path: Path) -> None:
    """Forty attempts each at one item, written at the same time by two kernels."""
    code = (
        "import sys; from pathlib import Path; from quizzes.study.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for at in range(40): store.log_attempt('payroll-1', {'at': at, 'outcome': 'right', 'where': sys.argv[2]})\n"
        "print(store.kept_not())"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    assert [other.communicate(timeout=60)[0].strip() for other in others] == ["", ""]
    log = store.read("item", "payroll-1")["log"]
    assert sorted((each["where"], each["at"]) for each in log) == [
        (name, at) for name in ("one", "two") for at in range(40)
    ]


def test_a_kernel_that_is_killed_while_it_writes_leaves_whole_records(store: Store, path: Path) -> None:
    """What it had finished is there, nothing is damaged, and the next kernel goes on."""
    store.write("item", "payroll-1", ITEM)
    code = (
        "import sys; from pathlib import Path; from quizzes.study.store import Store\n"
        "store = Store(Path(sys.argv[1])); at = 0\n"
        "while True:\n"
        "    at += 1; store.log_attempt('payroll-1', {'at': at, 'outcome': 'right', 'where': 'x' * 4000})\n"
        "    print(at, flush=True)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    done = 0
    while done < 25:
        done = int(other.stdout.readline())
    other.send_signal(signal.SIGKILL)
    rest = other.communicate(timeout=30)[0].split()
    done = int(rest[-1]) if rest else done
    kept = len(store.read("item", "payroll-1")["log"]) - 1
    assert kept in (done, done + 1)
    assert store.damaged() == []
    store.log_attempt("payroll-1", ANSWER)
    assert store.kept_not() == ""


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    """All of it or none."""
    store.write("item", "payroll-1", ITEM)
    bad: list[tuple[str, str, Any]] = [("item", "payroll-1", None), ("item", "payroll-2", {"log": "none"})]
    with pytest.raises(ValueError, match="no item record"):
        store.change_all(lambda _: bad)
    assert store.all("item") == {"payroll-1": ITEM}
    store.write("setting", "streak", "off")
    assert store.all("item") == {"payroll-1": ITEM}


def test_a_record_that_cannot_be_read_is_set_aside_before_it_is_replaced(store: Store, path: Path) -> None:
    """Its text stays in the file, and the learner can be told."""
    with sqlite3.connect(path) as base:
        base.execute("INSERT INTO records VALUES ('item', 'payroll-1', '{\"log\": 1}')")
    base.close()
    store.log_attempt("payroll-1", ANSWER)
    assert store.read("item", "payroll-1")["log"] == [ANSWER]
    assert store.damaged() == [("damaged", "item:payroll-1")]
    with sqlite3.connect(path) as base:
        (text,) = base.execute("SELECT value FROM records WHERE kind = 'damaged'").fetchone()
    base.close()
    assert json.loads(text) == '{"log": 1}'


def test_text_that_is_no_unicode_is_kept_all_the_same(store: Store) -> None:
    """JavaScript writes half of a pair of surrogates as JSON."""
    value = json.loads('{"note": "\\ud800"}')
    assert store.write("item", "payroll-1", value)
    assert store.read("item", "payroll-1") == value


def test_a_record_that_cannot_be_read_is_passed_over_and_named(store: Store, path: Path) -> None:
    """The others are read."""
    store.write("item", "payroll-1", ITEM)
    with sqlite3.connect(path) as base:
        rows = [
            ("item", "payroll-2", "{"),
            ("exam", "tp0", '{"started": "now"}'),
            ("item", "payroll-3", '{"a":1,"a":2}'),
        ]
        base.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)
    base.close()
    assert store.all("item") == {"payroll-1": ITEM}
    assert store.damaged() == [("exam", "tp0"), ("item", "payroll-2"), ("item", "payroll-3")]


def test_reset_removes_all_records(store: Store, path: Path) -> None:
    """And old answers do not come back."""
    folder = path.parent / "answers"
    folder.mkdir()
    (folder / "payroll-1.json").write_text('{"response": {"class": "project"}, "checked": true}', encoding="utf-8")
    assert store.adopt(folder) == 1
    store.write("setting", "streak", "off")
    store.reset()
    assert not any(store.everything().values())
    assert store.adopt(folder) == 0
    assert not any(store.everything().values())


def test_answers_of_the_first_version_are_taken_over_once(store: Store, path: Path) -> None:
    """What is kept already stays, what cannot be read is passed over, and the files stay where they are."""
    folder = path.parent / "answers"
    folder.mkdir()
    files = {
        "payroll-1": '{"response": {"class": "project"}, "checked": true}',
        "payroll-2": '{"response": {"class": "operations"}, "checked": false}',
        "payroll-3": "{",
        "payroll-4": '{"response": "x"}',
    }
    for name, text in files.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    store.write("item", "payroll-2", ITEM)
    store.adopt(folder)
    assert store.all("item") == {"payroll-1": {"response": {"class": "project"}, "checked": True}, "payroll-2": ITEM}
    assert len(list(folder.iterdir())) == 4


def test_the_database_says_whose_it_is(store: Store, path: Path) -> None:
    """Tools that look at the file find this course's mark and version."""
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert base.execute("PRAGMA user_version").fetchone() == (VERSION,)
    base.close()
    assert "project-or-operation" in str(default_path())
    assert default_path().name == "progress.sqlite3"
    assert str(path) in repr(store)
