"""`python -m benchmarks.marking.attacks`: the hostile submissions of the tests against stock nbgrader and this project.

Stock nbgrader has the same items in a typed twin: a cell with a dictionary of answers, and hidden tests with the key.
There each attack runs alone, in a copy of the course, under limits of time, memory and file size; none uses a network.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.course import Course, add_scripts_to_path
from grader.demo import Maker, keyed, run
from quizzes.answers import sidecar_file
from quizzes.bank import Bank
from quizzes.loading import load_bank

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # the attacks stand beside the tests that this project passes

from courses import CODE, TEXT, copied, released  # noqa: E402
from hostile import ATTACKS, KEY, NAME, Aftermath, Attack, content, submit_honest  # noqa: E402
from hostile_runs import alive, expected, hand_in, in_batch, in_nbgrader, pages, protected  # noqa: E402

TARGET = Path(__file__).with_name("attacks.md")
SECONDS, MEMORY, FILE_SIZE = 60, 4_000_000_000, 200_000_000
BASELINE = 300_000_000  # bytes that a run of nbgrader takes by itself
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


def _environment(root: Path) -> dict[str, str]:
    """Return an environment whose home is in the course's folder, so that nothing is kept elsewhere."""
    own = {"HOME": f"{root}/home", "JUPYTER_RUNTIME_DIR": f"{root}/home/runtime", "TMPDIR": f"{root}/home/tmp"}
    (root / "home" / "tmp").mkdir(parents=True, exist_ok=True)
    return {**{name: value for name, value in os.environ.items() if name != "IPYTHONDIR"}, **own}


def _stop_all(root: Path) -> None:
    """End the processes that run in the course's own home, and no others."""
    word = f"HOME={root}/home".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word in path.read_bytes().split(b"\0"):
                os.kill(int(path.parent.name), signal.SIGKILL)
        except OSError:  # it has ended
            continue


def limited_run(root: Path, *command: str) -> tuple[str, int]:
    """Run one of nbgrader's commands under limits; returns what ended it, if anything did, and its memory in bytes."""
    limits = f"ulimit -v {MEMORY // 1000}; ulimit -f {FILE_SIZE // 512}; ulimit -c 0"
    start = [f'{limits}; exec "$0" -m nbgrader "$@"', sys.executable, *command]
    with (root / "log.txt").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own arguments
            ["/bin/sh", "-c", *start], cwd=root, stdout=log, stderr=log, env=_environment(root), start_new_session=True
        )
    until = time.monotonic() + SECONDS
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            killed = process.returncode < 0
            return "the marking process is killed" if killed else "", used.ru_maxrss * 1_000 - BASELINE
        if time.monotonic() > until:
            _stop_all(root)
            process.wait()
            return f"no end after {SECONDS} s", 0
        time.sleep(0.1)


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
            _stop_all(root)
        aftermath = Aftermath(maker, before, expected(maker), ended, memory, pages(root, [attack.by]), left)
        found = aftermath.succeeded(attack)
        subprocess.run(["/bin/rm", "-rf", str(root)], check=True)  # noqa: S603  Python's rmtree ends in deep folders
        return _verdict(found)


def _verdict(found: str) -> str:
    return f"**succeeds**: {found.replace('<', '&lt;').replace('|', '/')}" if found else "fails"


# Downloads of an LMS


def _inner(good: bytes) -> dict[str, bytes]:
    path = Path(tempfile.mkdtemp()) / "inner.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"ahonest_7_1_{NAME}.ipynb", good)
    packed = path.read_bytes()
    shutil.rmtree(path.parent)
    return {f"kzip_8_2_{NAME}.zip": packed}


ZIPS: dict[str, Callable[[bytes], dict[str, bytes]]] = {
    "a zip bomb: a notebook of 60 MB, packed to 60 kB": lambda _: {f"kzip_8_2_{NAME}.ipynb": bytes(60_000_000)},
    "a learner's zip in which a file's name chooses another student": _inner,
    "a member that leads out of the folder": lambda good: {f"kzip_8_2_/../../../../../pwned_{NAME}.ipynb": good},
}
OUR_PLUGINS = """
c.ZipCollectApp.extractor_plugin = "grader.extractor.Extractor"
c.ZipCollectApp.collector_plugin = "grader.collector.Collector"
"""
STOCK_PLUGINS = (
    "c.FileNameCollectorPlugin.named_regexp = "
    rf"r'.*[/\\][a-z]+_(?P<student_id>\d+)_\d+_(?P<file_id>{NAME})\.ipynb'" + "\n"
)


def on_zip(base: Maker, plugins: str, members: Callable[[bytes], dict[str, bytes]]) -> str:
    """Return by what effect a download's member succeeds in `nbgrader zip_collect`."""
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        outer = Path(folder).resolve()
        root = outer / "course"
        shutil.copytree(base.course.root, root)
        with (root / "nbgrader_config.py").open("a") as file:
            file.write(plugins)
        good = (root / "release" / NAME / f"{NAME}.ipynb").read_bytes()
        archive = root / "downloaded" / NAME / "archive" / "download.zip"
        archive.parent.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, text in members(good).items():
                packed.writestr(name, text)
        ended, _ = limited_run(root, "zip_collect", NAME)
        return _verdict(ended or next(_zip_effects(outer, root, archive), ""))


def _zip_effects(outer: Path, root: Path, archive: Path) -> Iterator[str]:
    inside = {root / "downloaded", root / "submitted", root / "home", root / "log.txt"}
    for path in outer.rglob("pwned*"):
        if not inside & set(path.parents):
            yield f"writes {path.relative_to(outer)}"
    if any("7" in path.name for path in (root / "submitted").glob("*")):
        yield "hands in for another student"
    size = sum(path.stat().st_size for path in (root / "downloaded").rglob("*") if path.is_file() and path != archive)
    if size > 25_000_000:
        yield f"unpacks to {size / 1e6:.0f} MB"


# The table


def _count(verdicts: list[str]) -> str:
    return f"{sum('succeeds' in each for each in verdicts)} of {sum('not apply' not in each for each in verdicts)}"


def table(rows: list[tuple[str, str, str, str]]) -> str:
    """Return the Markdown table with its counts."""
    head = ("attack", "stock nbgrader", "ours in nbgrader", "ours in batch")
    counts = [
        f"{sum('succeeds' in row[n] for row in rows)} of {sum('not apply' not in row[n] for row in rows)}"
        for n in (1, 2, 3)
    ]
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
        found.append({attack.name: _verdict(outcome.aftermath.succeeded(attack)) for attack in attacks})
    subprocess.run(["/bin/rm", "-rf", str(folder)], check=True)  # noqa: S603
    return found


def main(names: list[str] | None = None) -> int:
    """Run all attacks, or those named; prints the table, and writes it where all of them ran."""
    attacks = tuple(attack for attack in ATTACKS if not names or attack.name in names)
    bank = load_bank()
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        base = released(Path(folder) / "ours", NAME, content(bank))
        stock = twin(base, base.bank, Path(folder) / "stock")
        inside, batch = _ours(base, Path(folder) / "runs", attacks)
        with ThreadPoolExecutor(2) as pool:
            theirs = dict(zip(attacks, pool.map(lambda each: _told(stock, each), attacks), strict=True))
        rows = [(each.tries, theirs[each], inside[each.name], batch[each.name]) for each in attacks]
        for tries, members in () if names else ZIPS.items():
            found = [
                on_zip(maker, plugins, members) for maker, plugins in ((stock, STOCK_PLUGINS), (base, OUR_PLUGINS))
            ]
            rows.append((f"download: {tries}", found[0], found[1], "does not apply: collecting is nbgrader's"))
    text = table([tuple(each.replace("|", "/") for each in row) for row in rows])
    print(text)
    if not names:
        TARGET.write_text(text, encoding="utf-8")
    return 0


def _told(stock: Twin, attack: Attack) -> str:
    verdict = on_stock(stock, attack)
    print(f"{attack.name}: {verdict}", file=sys.stderr, flush=True)
    return verdict


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
