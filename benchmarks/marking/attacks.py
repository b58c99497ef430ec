"""`python -m benchmarks.marking.attacks`: the hostile submissions of the tests against stock nbgrader and this project.

Stock nbgrader has the same items in a typed twin: a cell with a dictionary of answers, and hidden tests with the key.
There each attack runs alone, in a copy of the course, under limits of time, memory and file size; none uses a network.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from courses import CODE, TEXT, copied, released
from hostile.attack import KEY, NAME, Attack, content, submit_honest
from hostile.catalogue import ATTACKS
from hostile.effects import Aftermath, protected
from hostile_runs import alive, expected, hand_in, in_batch, in_nbgrader, pages

from benchmarks.marking.downloads import OUR_PLUGINS, STOCK_PLUGINS, ZIPS, on_zip
from benchmarks.marking.limits import FILE_SIZE, limited_run, stop_all, verdict
from grader.course import Course, add_scripts_to_path
from grader.demo import Maker, keyed, run
from quizzes.answers import sidecar_file
from quizzes.bank import Bank
from quizzes.loading import load_bank

TARGET = Path(__file__).with_name("attacks.md")
WAYS = ("stock nbgrader", "ours in nbgrader", "ours in batch")
Verdicts = tuple[str, str, str, str]  # what is tried, then one for each way
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"


@dataclass(frozen=True)
class Twin(Maker):
    """Makes submissions to the typed twin: an answer record becomes a dictionary in a cell."""

    def submit(self, student: str, *, receipt: Any = None, sidecar: Any = None) -> Path:
        """Hand in a copy of the released notebook with typed answers; returns the submission's folder."""
        folder = self.course.submission(student, NAME)
        shutil.copytree(self.course.root / "release" / NAME, folder)
        notebook = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
        notebook.cells[1].source = f"answers = {(receipt or sidecar or {}).get('responses', {})!r}"
        nbformat.write(notebook, folder / f"{NAME}.ipynb")
        if sidecar is not None:
            (folder / sidecar_file(NAME)).write_text(json.dumps(sidecar), encoding="utf-8")
        return folder


def _cell(kind: str, name: str, source: str, points: float | None = None, **changes: bool) -> Any:
    flags = {"grade": points is not None, "solution": False, "locked": True, "task": False, **changes}
    data = {"grade_id": name, "schema_version": 3, **flags} | ({} if points is None else {"points": points})
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": data})


def _hidden(tests: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{tests}\n### END HIDDEN TESTS"


def twin(ours: Maker, bank: Bank, folder: Path) -> Twin:
    """Make and release the same assignment as a normal nbgrader course has it."""
    course = Course(folder)
    add_scripts_to_path()
    (folder / "source" / NAME).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(STOCK)
    solution = f"### BEGIN SOLUTION\n# {KEY}\n### END SOLUTION"
    cells = [
        _cell("markdown", "intro", "Answer."),
        _cell("code", "answers", f"answers = {{}}\n{solution}", solution=True, locked=False),
        _cell("markdown", "why", TEXT["prompt"], TEXT["points"], solution=True, locked=False),
        _cell("code", "float", f"{CODE['starter']}\n{solution}", solution=True, locked=False),
        _cell("code", "float-tests", _hidden(CODE["tests"]), CODE["points"]),
    ]
    for number, item in enumerate(ours.form.items, 1):
        key = keyed(bank.items[item.id])
        tests = _hidden(f"assert answers.get({item.id!r}) == {key!r}")
        cells.append(_cell("code", f"item-{number:03}", tests, sum(item.points.values())))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "source" / NAME / f"{NAME}.ipynb")
    done = run(course, "generate_assignment", NAME)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Twin(course, ours.form, ours.bank)


def on_stock(base: Twin, attack: Attack) -> str:
    """Return by what effect an attack on stock nbgrader succeeds, an empty text where it fails."""
    if attack.stock:
        return f"does not apply: {attack.stock}"
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve() / "course"
        shutil.copytree(base.course.root, root)
        maker = Twin(Course(root), base.form, base.bank)
        submit_honest(maker)
        attack.prepare(maker, attack.by)
        before = protected(root)
        try:
            ended, memory = limited_run(root, "autograde", NAME)
            left = alive()
            if b"File too large" in (root / "log.txt").read_bytes():
                ended = f"writes until a limit of {FILE_SIZE // 1_000_000} MB stops it"
        finally:
            stop_all(root)
        aftermath = Aftermath(maker, before, expected(maker), ended, memory, pages(root, [attack.by]), left)
        found = aftermath.succeeded(attack)
        subprocess.run(["/bin/rm", "-rf", str(root)], check=True)  # noqa: S603  Python's rmtree ends in deep folders
        return verdict(found)


def succeeded(rows: Sequence[Verdicts], way: str) -> tuple[int, int]:
    """Return how many of the attacks that apply to a way of marking succeed there, and how many apply."""
    found = [row[1 + WAYS.index(way)] for row in rows]
    return sum("succeeds" in each for each in found), sum("not apply" not in each for each in found)


def table(rows: Sequence[Verdicts]) -> str:
    """Return the Markdown table with its counts."""
    head = ("attack", *WAYS)
    counts = ["{} of {}".format(*succeeded(rows, way)) for way in WAYS]
    lines = [
        "# Hostile submissions",
        "",
        "Made by `python -m benchmarks.marking.attacks`. An attack succeeds by its effects: a mark that is not due,",
        "a mark of somebody else changed or missing, a file changed, a secret shown, a process, memory or disk taken,",
        "or a script that a page would run. `tests/test_hostile.py` holds this project to the last two columns.",
        "",
        f"Successful: stock nbgrader {counts[0]}, ours in nbgrader {counts[1]}, ours in batch {counts[2]}.",
        "",
        *(f"| {' | '.join(row)} |" for row in (head, ("---",) * 4, *rows)),
        "",
        "Not counted: stock nbgrader's feedback prints the hidden tests that failed, to everybody, without any attack.",
        "",
        "Outside the table: a learner who copies another's answers, and one who hands in a `timestamp.txt` of an",
        "earlier time where hand-ins are put into `submitted/` by hand. No marking can tell these from honest ones.",
    ]
    return "\n".join(lines) + "\n"


def _ours(base: Maker, folder: Path, attacks: tuple[Attack, ...]) -> list[dict[str, str]]:
    found = []
    for way in (in_nbgrader, in_batch):
        maker = copied(base, folder / way.__name__ / "course")
        outcome = way(maker, hand_in(maker, attacks))
        found.append({attack.name: verdict(outcome.aftermath.succeeded(attack)) for attack in attacks})
    subprocess.run(["/bin/rm", "-rf", str(folder)], check=True)  # noqa: S603
    return found


def tried(attacks: Sequence[Attack], downloads: Sequence[str]) -> list[Verdicts]:
    """Return what became of attacks, and of downloads by name, in each way."""
    bank = load_bank()
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        base = released(Path(folder) / "ours", NAME, content(bank))
        stock = twin(base, base.bank, Path(folder) / "stock")
        inside, batch = _ours(base, Path(folder) / "runs", tuple(attacks))
        with ThreadPoolExecutor(2) as pool:
            theirs = dict(zip(attacks, pool.map(lambda each: _told(stock, each), attacks), strict=True))
        rows = [(each.tries, theirs[each], inside[each.name], batch[each.name]) for each in attacks]
        for name in downloads:
            one, two = on_zip(stock, STOCK_PLUGINS, ZIPS[name]), on_zip(base, OUR_PLUGINS, ZIPS[name])
            rows.append((f"download: {name}", one, two, "does not apply: collecting is nbgrader's"))
    return [(name.replace("|", "/"), one, two, three) for name, one, two, three in rows]


def main(names: Sequence[str]) -> int:
    """Run all attacks, or those named; prints the table, and writes it where all of them ran."""
    attacks = tuple(attack for attack in ATTACKS if not names or attack.name in names)
    text = table(tried(attacks, () if names else tuple(ZIPS)))
    print(text)
    if not names:
        TARGET.write_text(text, encoding="utf-8")
    return 0


def _told(stock: Twin, attack: Attack) -> str:
    found = on_stock(stock, attack)
    print(f"{attack.name}: {found}", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
