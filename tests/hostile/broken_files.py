"""Attacks by the files of a hand-in: broken notebooks, links, pipes, deep folders, and names."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable

from grader.demo import Maker, keyed
from hostile.attack import NAME, NO_RECORD, Attack
from hostile.handing_in import beside, cell, notebook, record, sparse


def raw(text: bytes) -> Callable[[Maker, str], object]:
    """Return what hands in these bytes as the notebook."""
    return lambda maker, student: (maker.submit(student) / f"{NAME}.ipynb").write_bytes(text)


def truncated(maker: Maker, student: str) -> None:
    """Hand in the first half of a notebook."""
    path = maker.submit(student, receipt=maker.record(maker.responses(keyed))) / f"{NAME}.ipynb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def link(name: str, target: str) -> Callable[[Maker, str], object]:
    """Return what hands in a link to a file of the course, or of the system."""

    def prepare(maker: Maker, student: str) -> None:
        path = maker.submit(student) / name
        path.unlink(missing_ok=True)
        path.symlink_to(maker.course.root / target)

    return prepare


def whole_link(maker: Maker, student: str) -> None:
    """Hand in a link to the whole folder of somebody else."""
    folder = maker.course.submission(student, NAME)
    folder.parent.mkdir()
    folder.symlink_to(maker.course.submission("a-honest", NAME))


def fifo(name: str) -> Callable[[Maker, str], object]:
    """Return what hands in a pipe that nobody writes to."""

    def prepare(maker: Maker, student: str) -> None:
        path = maker.submit(student) / name
        path.unlink(missing_ok=True)
        os.mkfifo(path)

    return prepare


def deep(maker: Maker, student: str) -> None:
    """Hand in folders in folders, deeper than Python's stack."""
    path = maker.submit(student)
    for _ in range(1_400):
        path = path / "d"
        path.mkdir()


def long_path(maker: Maker, student: str) -> None:
    """Hand in folders whose path is longer than the system's calls take."""
    handle = os.open(maker.submit(student), os.O_RDONLY)
    for _ in range(30):
        os.mkdir("l" * 200, dir_fd=handle)
        below = os.open("l" * 200, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)


def directory(maker: Maker, student: str) -> None:
    """Hand in a folder of the answers file's name."""
    (maker.submit(student) / f"{NAME}.answers.json").mkdir()


def forged_form(maker: Maker, student: str) -> None:
    """Hand in a form of one's own, with more points, and answers to it."""
    folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, 2)))
    form = maker.form.model_dump(mode="json")
    for item in form["items"]:
        item["points"] = dict.fromkeys(item["points"], 1000)
    (folder / f"{NAME}.form.json").write_text(json.dumps(form))


FILES = (
    Attack("nested", "100,000 brackets in the notebook", raw(b'{"cells": ' + b"[" * 100_000), "not valid JSON"),
    Attack("truncated", "half a notebook", truncated, "not valid JSON"),
    Attack("latin-1", "a notebook that is not UTF-8", raw('{"cells": ["é"]}'.encode("latin-1")), "not valid JSON"),
    Attack("binary", "random bytes as the notebook", raw(hashlib.sha256(b"x").digest() * 99), "not valid JSON"),
    Attack("list", "a notebook that is a list", raw(b"[1, 2, 3]")),
    Attack("cells-object", "cells that are no list", raw(b'{"cells": {"a": 1}, "metadata": [], "nbformat": "4"}')),
    Attack("nbformat", "a notebook of a format that does not exist", notebook(lambda each: each.update(nbformat=99))),
    Attack(
        "notebook-nan", "NaN in the notebook", notebook(lambda each: each.update(nbformat=float("nan"))), "NaN is not"
    ),
    Attack("source-numbers", "a source of numbers", cell("why", lambda each: each.update(source=[1, None, {}]))),
    Attack("large", "a notebook of 50 MB", sparse(f"{NAME}.ipynb", 50_000_000), "over the limit"),
    Attack("extra-large", "one more file of 50 MB", sparse("film.mp4", 50_000_000)),
    Attack(
        "link-source",
        "a link to source/ as the notebook",
        link(f"{NAME}.ipynb", f"source/{NAME}/{NAME}.ipynb"),
        "is a link",
    ),
    Attack(
        "link-other",
        "a link to another's notebook",
        link(f"{NAME}.ipynb", f"submitted/a-honest/{NAME}/{NAME}.ipynb"),
        "is a link",
    ),
    Attack(
        "link-gradebook", "a link to gradebook.db beside the notebook", link("data.db", "gradebook.db"), "is a link"
    ),
    Attack(
        "link-sidecar",
        "a link to gradebook.db as the answers file",
        link(f"{NAME}.answers.json", "gradebook.db"),
        "is a link",
    ),
    Attack("link-folder", "a link to the folder of the course", link("all", "source"), "is a link"),
    Attack("link-whole", "a link to another's whole hand-in", whole_link, "is a link"),
    Attack("link-time", "a link as timestamp.txt", link("timestamp.txt", "gradebook.db"), "is a link"),
    Attack("link-endless", "a link to /dev/zero", link("zero.bin", "/dev/zero"), "is a link"),
    Attack("pipe", "a pipe as the notebook", fifo(f"{NAME}.ipynb"), "no regular file"),
    Attack("pipe-beside", "a pipe beside the notebook", fifo("pipe"), "no regular file"),
    Attack("pipe-time", "a pipe as timestamp.txt", fifo("timestamp.txt"), "no regular file"),
    Attack("directory", "a folder as the answers file", directory, "no regular file", stock=NO_RECORD),
    Attack("deep", "1,400 folders in folders", deep, "folders"),
    Attack("long-path", "folders with a path of 6,000 characters", long_path, "folders"),
    Attack(
        "file-name",
        "a file name of markup and escape codes",
        beside("\x1b[31m\n<img src=x onerror=alert(4711)>.ipynb", "{}"),
    ),
    Attack("form", "a form of its own with 1000 points an item", forged_form, right=2, stock="no form"),
    Attack("plan", "a plan, a bank and a configuration of its own", beside("nbgrader_config.py", "1/0", 2), right=2),
    Attack(
        "module", "a module of a standard name beside the notebook", beside("random.py", "raise SystemExit", 2), right=2
    ),
    Attack(
        "time", "timestamp.txt that holds no time", beside("timestamp.txt", "yesterday"), "timestamp.txt holds no time"
    ),
    Attack(
        "time-huge",
        "timestamp.txt of a year of 30 digits",
        beside("timestamp.txt", f"{'9' * 30}-01-01"),
        "timestamp.txt holds no time",
    ),
    Attack(
        "name-markup",
        "a student's name of markup",
        record(0),
        "name is no id",
        student="<img src=x onerror=alert(4711)>",
    ),
    Attack(
        "name-controls",
        "a student's name of escape codes and a line feed",
        record(0),
        "name is no id",
        student="k-\x1b[31m\nz-honest",
    ),
    Attack(
        "name-bytes",
        "a student's name that is not UTF-8",
        record(0),
        "name is no id",
        student=os.fsdecode(b"k-\xff\xfe"),
    ),
)
