"""Hostile submissions as data: what each tries, how it is handed in, and the effects by which an attack has succeeded.

Every payload stays within the course that it is handed in to. The same attacks meet this project's grader and stock
nbgrader, whose assignment asks the same items in typed cells.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from courses import CODE, TEXT, plan, write_cell

from grader.demo import Maker, keyed
from grader.intake import shown
from quizzes.answers import RECEIPT_TYPE
from quizzes.bank import Bank
from quizzes.items import KINDS

NAME = "mixed"
HONEST = ("a-honest", "z-honest")
KEY, ESSAY, PAYLOAD, ALIVE = "key-canary-5521", "essay-canary-7713", "4711", "hostile-alive"
SECRETS = {
    KEY.encode(): "shows what stands in source/",
    ESSAY.encode(): "shows another's answer",
    b"SQLite format 3": "hands out the gradebook",
}
FLOOD = 5_000_000  # bytes of one submission's marked files
MEMORY = 1_000_000_000  # bytes more than a run needs
LINE = 600  # characters of a line that a person reads
NO_RECORD = "no answer record"
SCRIPT = f"<script>alert({PAYLOAD})</script><img src=x onerror=alert({PAYLOAD})>"

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """One hostile submission. `line` is a part of our one line about it; without one, its honest record is marked.

    `right` says how many items that record answers rightly, `stock` why there is no such attack on stock nbgrader.
    """

    name: str
    tries: str
    prepare: Callable[[Maker, str], object]
    line: str = ""
    right: int = 0
    stock: str = ""
    student: str = ""

    @property
    def by(self) -> str:
        """Return the attacker's id."""
        return self.student or f"k-{self.name}"

    @property
    def shown(self) -> str:
        """Return the attacker's id as our lines have it."""
        return shown(self.by) if self.student else self.by


def content(bank: Bank) -> dict[str, Any]:
    """Return the plan of the assignment that is attacked: an item of each kind, a written answer, and code."""
    items = [next(item.id for item in bank.select(kind=kind)) for kind in KINDS]
    code = {**CODE, "tests": f"# {KEY}\n{CODE['tests']}"}
    return plan(items=items, cells=[TEXT, code])


def worth(maker: Maker, right: int) -> float:
    """Return the points of the first items."""
    return float(sum(sum(item.points.values()) for item in maker.form.items[:right]))


def submit_honest(maker: Maker) -> None:
    """Hand in what the attacks must not touch: before all attackers, and after them."""
    for student, count in zip(HONEST, (len(maker.form.items), 3), strict=True):
        folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, count)))
        write_cell(folder, NAME, "why", f"Because budgets end: {ESSAY}.")


# How attacks are handed in


def edit(folder: Path, change: Callable[[Notebook], object]) -> None:
    """Change a handed-in notebook as JSON."""
    path = folder / f"{NAME}.ipynb"
    notebook = json.loads(path.read_bytes())
    change(notebook)
    path.write_text(json.dumps(notebook))


def grade_ids(notebook: Notebook) -> dict[str, Any]:
    """Return the cells by nbgrader's id."""
    return {cell["metadata"].get("nbgrader", {}).get("grade_id", ""): cell for cell in notebook["cells"]}


def code(source: str) -> Callable[[Maker, str], object]:
    """Return what hands in code, in the cell of the answers and in the one that asks for code."""

    def prepare(maker: Maker, student: str) -> None:
        text = source.replace("STUDENT", student)
        folder = maker.submit(student)
        edit(folder, lambda notebook: _append(grade_ids(notebook)["answers"], text))
        write_cell(folder, NAME, "float", text)

    return prepare


def _append(cell: Notebook, text: str) -> None:
    cell["source"] = f"{''.join(cell['source'])}\n{text}"


def notebook(change: Callable[[Notebook], object], right: int = 0) -> Callable[[Maker, str], object]:
    """Return what hands in a changed notebook, with so many right answers."""

    def prepare(maker: Maker, student: str) -> None:
        receipt = maker.record(maker.responses(keyed, right)) if right else None
        edit(maker.submit(student, receipt=receipt), change)

    return prepare


def cell(grade_id: str, change: Callable[[Notebook], object], right: int = 0) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with one changed cell."""
    return notebook(lambda each: change(grade_ids(each)[grade_id]), right)


def metadata(of: str, right: int = 0, /, **changes: Any) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with forged metadata of nbgrader's in one cell."""
    return cell(of, lambda each: each["metadata"]["nbgrader"].update(changes), right)


def raw(text: bytes) -> Callable[[Maker, str], object]:
    """Return what hands in these bytes as the notebook."""
    return lambda maker, student: (maker.submit(student) / f"{NAME}.ipynb").write_bytes(text)


def truncated(maker: Maker, student: str) -> None:
    """Hand in the first half of a notebook."""
    path = maker.submit(student, receipt=maker.record(maker.responses(keyed))) / f"{NAME}.ipynb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def sparse(name: str, size: int) -> Callable[[Maker, str], object]:
    """Return what hands in a file of that size."""

    def prepare(maker: Maker, student: str) -> None:
        with (maker.submit(student) / name).open("wb") as file:
            file.truncate(size)

    return prepare


def record(right: int | None = None, **changes: Any) -> Callable[[Maker, str], object]:
    """Return what hands in a record with forged fields, as the receipt."""
    return lambda maker, student: maker.submit(
        student, receipt={**maker.record(maker.responses(keyed, right)), **changes}
    )


def responses(change: Callable[[Maker, dict[str, Any]], dict[str, Any]]) -> Callable[[Maker, str], object]:
    """Return what hands in a record with forged responses; it starts with all of them right."""
    return lambda maker, student: maker.submit(
        student, receipt={**maker.record({}), "responses": change(maker, maker.responses(keyed))}
    )


def sidecar(text: bytes) -> Callable[[Maker, str], object]:
    """Return what hands in these bytes as the answers file."""
    return lambda maker, student: (maker.submit(student) / f"{NAME}.answers.json").write_bytes(text)


def sidecar_of(form: Callable[[str], str]) -> Callable[[Maker, str], object]:
    """Return what hands in an answers file made from the text of an honest, right one."""
    return lambda maker, student: (maker.submit(student) / f"{NAME}.answers.json").write_text(
        form(json.dumps(maker.record(maker.responses(keyed))))
    )


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


def beside(name: str, text: str, right: int = 0) -> Callable[[Maker, str], object]:
    """Return what hands in one more file."""

    def prepare(maker: Maker, student: str) -> None:
        folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, right)) if right else None)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

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


def conflict(maker: Maker, student: str) -> None:
    """Hand in two records of one revision with different answers."""
    right = maker.record(maker.responses(keyed))
    maker.submit(student, receipt=right, sidecar={**right, "responses": {}})


def receipts(count: int) -> Callable[[Maker, str], object]:
    """Return what hands in so many malformed receipts, no two alike, beside two right answers."""

    def prepare(maker: Maker, student: str) -> None:
        folder = maker.submit(student, receipt=maker.record(maker.responses(keyed, 2)))
        many = [
            {"output_type": "display_data", "metadata": {}, "data": {RECEIPT_TYPE: {"version": 1, "n": n}}}
            for n in range(count)
        ]
        edit(folder, lambda each: grade_ids(each)["answers"]["outputs"].extend(many))

    return prepare


def bulky(maker: Maker, student: str) -> None:
    """Hand in a record within all limits of its parts that is as large as a notebook may be."""
    filler = {f"r{n}": {"class": [f"{m:0190}" for m in range(199)]} for n in range(450)}
    maker.submit(student, receipt={**maker.record(maker.responses(keyed, 2)), "responses": filler})


def everything(maker: Maker, _: dict[str, Any]) -> dict[str, Any]:
    """Choose all options of every part."""
    return {item.id: {part.name: list(part.options) for part in item.parts()} for item in _items(maker)}


def _items(maker: Maker) -> list[Any]:
    return list(maker.bank.get(item.id for item in maker.form.items))


def _nested(text: str) -> str:
    """Return a record's text with lists in lists in place of one answer."""
    data = json.loads(text)
    data["responses"][list(data["responses"])[-1]] = "HERE"
    return json.dumps(data).replace('"HERE"', "[" * 900 + "]" * 900)


def written(text: str) -> Callable[[Maker, str], object]:
    """Return what hands in a written answer."""
    return lambda maker, student: write_cell(maker.submit(student), NAME, "why", text)


def output(data: dict[str, str]) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with an output."""
    made = {"output_type": "display_data", "metadata": {}, "data": data}
    return cell("float", lambda each: each["outputs"].append(made))


def extra_cell(cell_type: str, source: str, **ours: Any) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with one more cell."""
    more: Notebook = {"cell_type": cell_type, "id": "extra", "source": source, "metadata": {**ours}}
    if cell_type == "code":
        more |= {"outputs": [], "execution_count": None}
    return notebook(lambda each: each["cells"].insert(0, more))


def _swap(each: Notebook) -> None:
    one, other = (grade_ids(each)[name]["metadata"]["nbgrader"] for name in ("item-001", "item-007"))
    one["grade_id"], other["grade_id"] = "item-007", "item-001"


def _without_tests(each: Notebook) -> None:
    each["cells"] = [cell for name, cell in grade_ids(each).items() if not name.startswith("item-")]


def _doubled(grade_id: str) -> Callable[[Notebook], None]:
    def change(each: Notebook) -> None:
        each["cells"].append({**grade_ids(each)[grade_id], "id": "copy"})

    return change


ROOT = "import os, sqlite3, sys, glob, pathlib\nroot = pathlib.Path.cwd().parents[2]\n"
SQL = f"{ROOT}db = sqlite3.connect(root / 'gradebook.db', timeout=5)\n"
OWN = (
    "where notebook_id in (select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id "
)
GIVES = (
    f"{SQL}db.execute(\"update grade set manual_score = {{}} {OWN}where s.student_id {{}} 'STUDENT')\")\ndb.commit()"  # noqa: S608
)
ALWAYS = """\
class Yes(dict):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = None
answers = type('All', (dict,), {'get': lambda self, *_: Yes(), '__getitem__': lambda self, _: Yes()})()"""
NO_ASSERTS = """\
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
answers = {}"""
STARTUP = f"""{ROOT}
folder = root / 'home' / '.ipython' / 'profile_default' / 'startup'
folder.mkdir(parents=True, exist_ok=True)
(folder / 'x.py').write_text('import ast\\nclass Off(ast.NodeTransformer):\\n    def visit_Assert(self, node): return '
    'ast.parse("1/0").body[0]\\nget_ipython().ast_transformers.append(Off())')"""
# It kills the process that marks this very course and no other, whoever its parent may be.
KILL = f"""{ROOT}import signal
parent = os.getppid()
if f'HOME={{root}}/home' in open(f'/proc/{{parent}}/environ').read().split(chr(0)): os.kill(parent, signal.SIGKILL)"""

RUNS_CODE = (
    Attack(
        "reads-tests",
        "code prints the notebook with the key from source/",
        code(f"{ROOT}print(open(root / 'source' / 'mixed' / 'mixed.ipynb').read())"),
    ),
    Attack(
        "reads-gradebook", "code prints gradebook.db", code(f"{ROOT}print(open(root / 'gradebook.db', 'rb').read())")
    ),
    Attack(
        "reads-others",
        "code prints another's answers",
        code(f"{ROOT}print(open(root / 'submitted' / 'a-honest' / 'mixed' / 'mixed.ipynb').read())"),
    ),
    Attack(
        "own-mark",
        "code gives itself marks by hand in the gradebook",
        code(GIVES.format(5, "=")),
    ),
    Attack(
        "others-marks",
        "code sets everybody else's marks to zero",
        code(GIVES.format(0, "<>")),
    ),
    Attack("no-gradebook", "code empties gradebook.db", code(f"{ROOT}open(root / 'gradebook.db', 'w').close()")),
    Attack(
        "others-files",
        "code empties the notebook of who comes next",
        code(f"{ROOT}(root / 'submitted' / 'z-honest' / 'mixed' / 'mixed.ipynb').write_text('')"),
    ),
    Attack(
        "config",
        "code adds to nbgrader_config.py, which the next command runs",
        code(f"{ROOT}open(root / 'nbgrader_config.py', 'a').write('\\n# more code')"),
    ),
    Attack("startup", "code puts a start-up file where the next kernels run it", code(STARTUP)),
    Attack("exit", "code ends its kernel: os._exit", code("import os\nos._exit(0)")),
    Attack(
        "kills-marker",
        "code kills the marking process",
        code(KILL),
    ),
    Attack(
        "endless",
        "a loop without end that no interrupt ends",
        code("while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass"),
    ),
    Attack("memory", "code takes 2 GB", code("big = b'x' * 2_000_000_000")),
    Attack("flood", "code prints a line of 20 MB", code("print('x' * 20_000_000)")),
    Attack(
        "alive",
        "code leaves a process behind",
        code(
            "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(50)', "
            f"'{ALIVE}-STUDENT'], start_new_session=True)"
        ),
    ),
    Attack("equals-all", "answers that equal everything", code(ALWAYS)),
    Attack("no-asserts", "a transformer that takes assertions out of the tests", code(NO_ASSERTS)),
)

FORGES = (
    Attack(
        "doubled-cell", "a cell with points twice, as by copy and paste", notebook(_doubled("item-001"), 2), right=2
    ),
    Attack("doubled-answer", "the cell of the written answer twice", notebook(_doubled("why"))),
    Attack("no-tests", "all cells with tests deleted", notebook(_without_tests)),
    Attack("no-answers-cell", "the cell of the answers deleted", notebook(lambda each: each["cells"].pop(1))),
    Attack("empty", "no cell at all", notebook(lambda each: each["cells"].clear())),
    Attack("own-tests", "a test replaced by 'pass'", cell("item-001", lambda each: each.update(source="pass"))),
    Attack("points", "points of a cell raised to 1000", metadata("item-001", 2, points=1000), right=2),
    Attack("swapped-ids", "the ids of a 3-point and another cell swapped", notebook(_swap, 1), right=1),
    Attack("renamed-id", "a cell with another id", metadata("item-001", 2, grade_id="bonus"), right=2),
    Attack("id-of-markup", "a cell id with markup", metadata("item-001", 2, grade_id=SCRIPT), right=2),
    Attack("id-is-a-list", "a cell id that is no text", metadata("why", 2, grade_id=["why"]), right=2),
    Attack("unlocked", "a test cell unlocked and made a solution", metadata("item-001", locked=False, solution=True)),
    Attack(
        "test-as-text",
        "a test cell made a Markdown cell",
        cell("item-001", lambda each: each.update(cell_type="markdown")),
    ),
    Attack("schema-new", "metadata of nbgrader's in version 99", metadata("item-001", 2, schema_version=99), right=2),
    Attack("schema-old", "metadata of nbgrader's in version 0", metadata("item-001", 2, schema_version=0), right=2),
    Attack(
        "bonus-cell",
        "one more cell with 100 points",
        extra_cell(
            "code",
            "100.0",
            nbgrader={
                "grade": True,
                "grade_id": "z",
                "locked": True,
                "points": 100,
                "schema_version": 3,
                "solution": False,
            },
        ),
    ),
    Attack(
        "forged-output",
        "a test cell whose output is 1000.0",
        cell(
            "item-001",
            lambda each: each["outputs"].append(
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "1000.0"},
                    "metadata": {},
                    "execution_count": 1,
                }
            ),
        ),
    ),
    Attack(
        "forged-marks",
        "the metadata of a notebook that is marked already",
        notebook(
            lambda each: each["metadata"].update(
                project_or_operation={
                    "scores": {"item-001": 99.0},
                    "comments": {},
                    "digest": "0" * 64,
                    "summary": SCRIPT,
                }
            ),
            2,
        ),
        right=2,
    ),
    Attack(
        "kernel",
        "a kernel of its own choice",
        notebook(lambda each: each["metadata"].update(kernelspec={"name": "../x"})),
    ),
    Attack(
        "second-notebook",
        "one more notebook of full marks",
        beside("mixed2.ipynb", '{"cells": [], "metadata": {}}', 2),
        right=2,
    ),
)

RECORDS = (
    Attack(
        "other-assignment",
        "a record for another assignment",
        record(assignment="ps9"),
        "this is the notebook of ps9",
        stock=NO_RECORD,
    ),
    Attack(
        "other-form", "a record for another form", record(form="0" * 64), "answers to another form", stock=NO_RECORD
    ),
    Attack(
        "other-student",
        "a record in another student's name",
        record(student="a-honest"),
        "an unknown field",
        stock=NO_RECORD,
    ),
    Attack("own-score", "a record with a score", record(score=99, points=99), "an unknown field", stock=NO_RECORD),
    Attack("revision-huge", "a revision beyond all others", record(revision=10**30), "revision", stock=NO_RECORD),
    Attack("revision-text", "a revision that is a text", record(revision="9"), "revision", stock=NO_RECORD),
    Attack("revision-true", "a revision that is true", record(revision=True), "revision", stock=NO_RECORD),
    Attack("version", "a record of another version", record(version=3), "version", stock=NO_RECORD),
    Attack(
        "time-9999",
        "a time at the calendar's end",
        record(saved_at="9999-12-31T23:59:59-14:00"),
        "saved_at",
        stock=NO_RECORD,
    ),
    Attack("conflict", "two records of one revision", conflict, "two different answer records", stock=NO_RECORD),
    Attack("receipts", "20,000 malformed receipts", receipts(20_000), right=2, stock=NO_RECORD),
    Attack("bulky", "a record of 17 MB", bulky, "a record has more than", stock=NO_RECORD),
    Attack("everything", "all options of every question chosen", responses(everything), stock=NO_RECORD),
    Attack("nested-response", "lists in lists as answers", sidecar_of(_nested), right=6, stock=NO_RECORD),
    Attack(
        "markup",
        "markup for ids of items, parts and options",
        responses(lambda _, right: {SCRIPT: {"class": "x"}, **{name: {SCRIPT: SCRIPT} for name in right}}),
        stock=NO_RECORD,
    ),
    Attack(
        "controls",
        "line feeds and escape codes for ids of items, parts and options",
        responses(lambda _, right: {"\x1b[2J\n": {"class": "x"}, **{name: {"\n\u2028": "\x1b[31m"} for name in right}}),
        stock=NO_RECORD,
    ),
    Attack(
        "dunder",
        "__class__ and __proto__ for names",
        responses(lambda _, right: {"__proto__": {}, **{name: {"__class__": "__init__"} for name in right}}),
        stock=NO_RECORD,
    ),
    Attack(
        "half-letters",
        "halves of Unicode pairs for names",
        sidecar_of(lambda text: '{"\\ud800": 1, ' + text[1:]),
        "malformed answer record",
        stock=NO_RECORD,
    ),
    Attack(
        "nan",
        "NaN in the answers file",
        sidecar_of(lambda text: text.replace('"revision": 7', '"revision": NaN')),
        "NaN is not a JSON number",
        stock=NO_RECORD,
    ),
    Attack(
        "infinite",
        "1e999 in the answers file",
        sidecar_of(lambda text: text.replace('"revision": 7', '"revision": 1e999')),
        "revision",
        stock=NO_RECORD,
    ),
    Attack(
        "digits",
        "a number of 50,000 digits",
        sidecar_of(lambda text: text.replace('"revision": 7', '"revision": ' + "9" * 50_000)),
        "not valid JSON",
        stock=NO_RECORD,
    ),
    Attack(
        "twice",
        "a name given twice in the answers file",
        sidecar_of(lambda text: '{"revision": 99, ' + text[1:]),
        "a name is given twice",
        stock=NO_RECORD,
    ),
    Attack(
        "nested-file",
        "100,000 brackets in the answers file",
        sidecar(b"[" * 100_000),
        "not valid JSON",
        stock=NO_RECORD,
    ),
    Attack(
        "large-file",
        "an answers file of 50 MB",
        sparse(f"{NAME}.answers.json", 50_000_000),
        "over the limit",
        stock=NO_RECORD,
    ),
)

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

BREAKOUTS = {
    "script": SCRIPT,
    "link": f"[click](javascript:alert({PAYLOAD})) <javascript:alert({PAYLOAD})>",
    "formula": f"$\\href{{javascript:alert({PAYLOAD})}}{{x}}$ $$\\href{{javascript:alert({PAYLOAD})}}{{y}}$$",
    "formula-first": f"$$\n\n\\href{{javascript:alert({PAYLOAD})}}{{y}}\n\n$$",
    "environment": f"\\begin{{align}}\\href{{javascript:alert({PAYLOAD})}}{{y}}\\end{{align}}",
    "tabs": f"\t\n\t\t\n\x0b\x0c{SCRIPT}\x0c\n\n{SCRIPT}",
    "separators": f"a\u2028{SCRIPT}\u2029{SCRIPT}\x85{SCRIPT}\x1c{SCRIPT}\x1e\r{SCRIPT}",
    "fences": f"```\n~~~\n\n{SCRIPT}\n- - -\n\n# {SCRIPT}\n</code></pre>{SCRIPT}",
    "long-line": f"{'x' * 99_000}{SCRIPT}",
    "long-line-breaks": f"{'a-' * 20_000} {'!--' * 10_000} {SCRIPT}",
    "many-lines": "\n" * 50_000 + SCRIPT,
    "references": f'[a]: javascript:alert({PAYLOAD})\n\n[a] ![x](x" onerror=alert({PAYLOAD}) ")',
    "attachment": f"![x](attachment:x.svg){SCRIPT}",
}
SCRIPTS = (
    *(
        Attack(f"answer-{name}", f"a written answer: {name.replace('-', ' ')}", written(text))
        for name, text in BREAKOUTS.items()
    ),
    Attack("output-html", "a script in a cell's HTML output", output({"text/html": SCRIPT})),
    Attack(
        "output-svg",
        "a script in a cell's SVG output",
        output({"image/svg+xml": f"<svg onload=alert({PAYLOAD})></svg>"}),
    ),
    Attack("output-markdown", "a script in a cell's Markdown output", output({"text/markdown": SCRIPT})),
    Attack("text-cell", "a script in one more Markdown cell", extra_cell("markdown", SCRIPT)),
    Attack(
        "code-display",
        "code that shows a script",
        code(f"from IPython.display import HTML, display\ndisplay(HTML('{SCRIPT}'))"),
    ),
)

ATTACKS = (*RUNS_CODE, *FORGES, *RECORDS, *FILES, *SCRIPTS)


# By what an attack has succeeded


class _Executable(HTMLParser):
    """Collects what of the payload a browser would run: scripts, handlers, addresses, and formulas with links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []

    # HTMLParser calls these three.
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if PAYLOAD in text and (name.startswith("on") or text.startswith(("javascript:", "data:"))):
                self.found.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if PAYLOAD not in data:
            return
        if self.open and self.open[-1] == "script":
            self.found.append("<script>")
        elif "\\href" in data and not {"pre", "code", "textarea"} & set(self.open):
            self.found.append("formula")


def executable(page: str) -> list[str]:
    """Return what of an attack's payload would run on a page."""
    parser = _Executable()
    parser.feed(page)
    parser.close()
    return parser.found


def marks(root: Path) -> dict[str, float | None]:
    """Return everybody's points, None where no cell has any; raises sqlite3.Error where the gradebook is broken."""
    query = """select s.student_id, sum(coalesce(g.manual_score, g.auto_score, 0)),
        max(g.manual_score is not null or g.auto_score is not null)
        from grade g join submitted_notebook n on n.id = g.notebook_id
        join submitted_assignment s on s.id = n.assignment_id group by s.student_id"""
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        return {student: float(points) if marked else None for student, points, marked in connection.execute(query)}


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the files that no submission may change, each with a digest."""
    places = [root / "source", root / "release", root / "assignments", root / "home/.ipython/profile_default/startup"]
    places += [root / "submitted" / student for student in HONEST]
    for path in [root / "nbgrader_config.py", *(path for place in places for path in place.rglob("*"))]:
        if path.is_file() and path.name != "README":  # which IPython puts there
            yield str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest()


def protected(root: Path) -> dict[str, str]:
    """Return the files that no submission may change."""
    return dict(_files(root))


def processes(word: str) -> list[int]:
    """Return the processes that have a word in their command."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has ended
            continue
    return found


@dataclass(frozen=True)
class Aftermath:
    """What a run left behind, and what it should have."""

    maker: Maker
    before: dict[str, str]
    expected: dict[str, float]
    ended: str = ""
    memory: int = 0
    pages: dict[str, list[str]] = field(default_factory=dict)
    alive: tuple[str, ...] = ()

    def succeeded(self, attack: Attack) -> str:
        """Return by what effect an attack has succeeded, in a few words; an empty text where it has failed."""
        return next(self._effects(attack), "")

    def _effects(self, attack: Attack) -> Iterator[str]:
        if self.ended:
            yield self.ended
        yield from self._marks(attack)
        changed = {name for name, _ in self.before.items() ^ protected(self.maker.course.root).items()}
        if changed:
            yield f"changes {min(changed)}"
        yield from self._kept(attack.by)
        if any(attack.by in word for word in self.alive):
            yield "a process stays alive"
        if self.memory > MEMORY:
            yield f"takes {self.memory / 1e9:.1f} GB"
        yield from self.pages.get(attack.by, [])

    def _marks(self, attack: Attack) -> Iterator[str]:
        try:
            found = marks(self.maker.course.root)
        except sqlite3.Error as error:
            yield f"the gradebook is broken ({error})"
            return
        for student, points in self.expected.items():
            if found.get(student) is None:
                yield "others have no mark"
            elif abs((found[student] or 0) - points) > 1e-6:
                yield "changes another's mark"
        own, due = found.get(attack.by) or 0.0, worth(self.maker, attack.right)
        if own > due + 1e-6:
            yield f"earns {own:g} points, not {due:g}"

    def _kept(self, student: str) -> Iterator[str]:
        total = 0
        for folder in ("autograded", "feedback"):
            for path in (self.maker.course.root / folder / student).rglob("*"):
                if path.is_file():
                    total += path.stat().st_size
                    yield from leaks(path)
        if total > FLOOD:
            yield f"leaves {total / 1e6:.0f} MB"


def leaks(path: Path) -> Iterator[str]:
    """Yield which secrets a marked file shows."""
    with path.open("rb") as file:
        text = file.read(60_000_000)
    yield from (how for secret, how in SECRETS.items() if secret in text)
