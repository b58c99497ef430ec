"""The whole benchmark: one table from one run, written whole or not at all, and shown alike wherever it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as bench
from benchmarks import machine, record, table
from benchmarks.command import CommandError
from benchmarks.measured import PARTS, Measured, Setting, assemble
from benchmarks.plan import REAL, Plan
from benchmarks.rows import Goal, Part, PartError, Row, alone, beside

ROOT = Path(__file__).resolve().parent.parent
README = f"# A course\n\n{table.OPEN}\nold\n{table.CLOSE}\n\nThe end.\n"
MACHINE = {
    "cpu": "a processor",
    "cores": 2,
    "memory_gb": 8.0,
    "system": "a system",
    "python": "3.11.2",
    "browser": "B 1",
}
ROWS = (
    beside(alone("sooner_full", "Answered after", "ms", 200.0, Goal(1.7, at_most=False, of="ratio")), "a quiz", 500.0),
    beside(alone("page_kb", "A page", "kB", 41.44, Goal(130)), "a quiz", 867.5),
    beside(alone("batch_stock", "Marking", "ms", 2.5), "stock", None),
    alone("exam_ms", "Clicks", "ms", 67.0, Goal(50)),
)


def part(name: str, **changed: Any) -> Part:
    """Return what a part found: the one row of its turn."""
    given = {"rows": (ROWS[PARTS.index(name)],), "versions": {name: "1.0"}, **changed}
    return Part(**given)


def made(plan: Plan = REAL, names: tuple[str, ...] = PARTS, **changed: Part) -> Measured:
    """Return a record of these parts."""
    setting = Setting(
        datetime(2026, 11, 25, 17, 5, tzinfo=UTC),
        MACHINE,
        {"before": 0.1, "median": 1.8, "most": 3.0},
        dict.fromkeys(names, 7.04),
    )
    return assemble({name: changed.get(name) or part(name) for name in names}, plan, setting)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a README that has the place for the figures."""
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    return tmp_path


def _files(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in root.rglob("*") if path.is_file()}


def _finds(**answers: Part | Exception) -> Callable[[str], Callable[[Plan], Part]]:
    """Return what gives each part's measurement: made data, or an error."""

    def find(name: str) -> Callable[[Plan], Part]:
        answer = answers.get(name, part(name))

        def measured(_: Plan) -> Part:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return measured

    return find


def test_the_record_holds_date_machine_versions_plan_and_each_row() -> None:
    """It can be read back as it was written."""
    measured = made()
    data = json.loads(json.dumps(measured.as_json()))
    assert (data["date"], data["machine"], data["quick"]) == ("2026-11-25T17:05+00:00", MACHINE, False)
    assert data["versions"] == dict.fromkeys(sorted(PARTS), "1.0")
    assert data["minutes"] == dict.fromkeys(PARTS, 7.0)
    assert data["plan"]["classes"] == list(REAL.classes)
    assert [row["verdict"] for row in data["rows"]] == ["met", "met", "", "missed"]
    assert tuple(Row.from_json(row) for row in data["rows"]) == measured.rows


def test_a_whole_run_writes_record_page_and_readme(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And tells which files; what else stands in the README stays."""
    assert bench.main([], _finds(), root) == 0
    measured = record.read(root)
    assert measured is not None
    files = _files(root)
    assert set(files) == {"README.md", "benchmarks/measured.json", "book/_measured/table.txt"}
    assert files["book/_measured/table.txt"] == table.as_page(measured)
    assert files["README.md"] == README.replace(f"{table.OPEN}\nold\n{table.CLOSE}", table.headline(measured))
    assert "Written: benchmarks/measured.json, book/_measured/table.txt, README.md." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "answers", "left"),
    [
        (["--only", "site,marking"], {}, "lite, attacks"),
        ([], {"lite": PartError("no lab in _build/html: run `make site` first")}, "lite"),
        ([], {"attacks": CommandError("a program ended with 1:\nwhy")}, "attacks"),
        ([], {"marking": ImportError("no module")}, "marking"),
    ],
)
def test_a_run_of_some_parts_prints_its_figures_and_writes_nothing(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    answers: dict[str, Exception],
    left: str,
) -> None:
    """Whether the others were not asked for or could not be run; the reason is one line."""
    assert bench.main(options, _finds(**answers), root) == len(answers)
    assert _files(root) == {"README.md": README}
    told = capsys.readouterr()
    assert ROWS[0].what in told.out
    assert told.out.endswith(f"Nothing was written: not all parts ran: {left} left out.\n")
    for name, error in answers.items():
        assert f"{name}: {' '.join(str(error).split())}" in told.err.splitlines()


def test_a_missing_peer_is_told_where_the_figures_are_shown(root: Path) -> None:
    """The run goes on, its row says that nothing was measured, and the page names the peer in one line."""
    assert bench.main([], _finds(marking=part("marking", missing=("otter-grader",))), root) == 0
    text = (root / record.TABLE).read_text(encoding="utf-8")
    assert "\n\nCould not be measured in this run: otter-grader.\n" in text
    assert f"| Marking | 2.50 ms | stock | {table.NONE} | {table.NONE} |  |" in text.splitlines()
    assert "stock" not in (root / "README.md").read_text(encoding="utf-8")


def test_a_quick_run_never_takes_the_place_of_a_real_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It may stand until there is one, and the page and the README say what it is."""
    assert bench.main(["--quick"], _finds(), root) == 0
    quick = _files(root)
    assert json.loads(quick["benchmarks/measured.json"])["quick"] is True
    assert all(table.QUICK in quick[name] for name in ("README.md", "book/_measured/table.txt"))
    assert bench.main([], _finds(), root) == 0
    real = _files(root)
    assert not any(table.QUICK in text for text in real.values())
    capsys.readouterr()
    assert bench.main(["--quick"], _finds(), root) == 0
    assert "Nothing was written: a quick run does not replace the figures of a real one" in capsys.readouterr().out
    assert _files(root) == real


def test_all_files_are_written_or_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full halfway changes nothing and leaves nothing behind."""
    record.write(made(), root)
    before, write = _files(root), Path.write_text

    def full(path: Path, text: str, **options: Any) -> int:
        if path.name == ".README.md.new":
            raise OSError("No space left on device")
        return write(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        record.write(replace(made(), date="2027-01-01T00:00+00:00"), root)
    assert _files(root) == before


def test_a_readme_without_the_place_for_the_figures_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written then; the line says which comments are missing."""
    (root / "README.md").write_text("# A course\n", encoding="utf-8")
    bench.main([], _finds(), root)
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith(f"Nothing was written: README.md: the lines {table.OPEN!r} and {table.CLOSE!r} are missing")
    assert list(_files(root)) == ["README.md"]


def test_a_record_that_cannot_be_read_is_told_in_one_line(root: Path) -> None:
    """The line names the file and the command."""
    (root / "benchmarks").mkdir()
    (root / record.FILE).write_text('{"rows": []}', encoding="utf-8")
    with pytest.raises(
        record.RecordError, match=r"benchmarks/measured\.json: no record of a run .*`python -m benchmarks`"
    ):
        record.read(root)


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are."""
    with pytest.raises(SystemExit):
        bench.arguments(["--only", "site,moon"])
    assert "no part 'moon': choose from site, lite, marking, attacks" in capsys.readouterr().err


def test_strict_ends_with_1_where_a_goal_is_missed(root: Path) -> None:
    """Without it figures are told and the run is right."""
    assert bench.main(["--strict"], _finds(), root) == 1
    assert bench.main(["--strict", "--only", "site"], _finds(), root) == 0


def test_the_machine_is_told_without_its_name() -> None:
    """Processor, cores, memory, system, Python and browser, and nothing else."""
    told = machine.describe("156.0")
    assert set(told) == {"cpu", "cores", "memory_gb", "system", "python", "browser"}
    assert table.where(replace(made(), machine=told)).endswith("Chromium 156.0")


def test_the_published_figures_are_those_of_the_last_whole_run() -> None:
    """README, page and record say the same: `python -m benchmarks` writes them, and nobody types one.

    Where no whole run is on record, no page shows figures and the README has none.
    """
    measured, readme = record.read(), (ROOT / "README.md").read_text(encoding="utf-8")
    published = "book/measured" in (ROOT / "_toc.yml").read_text(encoding="utf-8")
    if measured is None:
        assert not published
        assert re.search(r"<!-- measured: [^>]*-->\n<!-- measured: end -->", readme)
        return
    assert published
    assert (ROOT / record.TABLE).read_text(encoding="utf-8") == table.as_page(measured)
    assert table.headline(measured) in readme
    assert set(measured.minutes) == set(PARTS)
    assert "{include} _measured/table.txt" in (ROOT / "book" / "measured.md").read_text(encoding="utf-8")
