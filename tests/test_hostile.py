"""Hostile submissions get nowhere: neither in the batch nor in nbgrader's own command with our configuration."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from conftest import ROOT
from courses import copied, released
from gradebooks import content as rows
from gradebooks import differences
from hostile.attack import HONEST, KEY, NAME, SCRIPT, Attack, content, worth
from hostile.catalogue import ATTACKS
from hostile.effects import LINE, executable, leaks, marks
from hostile.scripts_on_pages import BREAKOUTS
from hostile_runs import Outcome, hand_in, in_batch, in_nbgrader

from grader.__main__ import main
from grader.batch import mark
from grader.demo import Maker
from grader.rebuild import as_text_block
from quizzes.bank import Bank

WAYS = {"batch": in_batch, "nbgrader": in_nbgrader}
Outcomes = dict[str, Outcome]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Release the assignment that is attacked, once."""
    return released(tmp_path_factory.mktemp("hostile") / "course", NAME, content(bank))


@pytest.fixture(scope="module")
def outcomes(base: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """Mark all attacks at once, beside honest students, in both ways."""
    found = {}
    for way, run in WAYS.items():
        maker = copied(base, tmp_path_factory.mktemp(way) / "course")
        found[way] = run(maker, hand_in(maker))
    yield found
    for outcome in found.values():  # Python's own rmtree does not get to the end of folders in folders
        subprocess.run(["rm", "-rf", outcome.aftermath.maker.course.root / "submitted"], check=True)


each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
each_way = pytest.mark.parametrize("way", WAYS)


@each_way
@each_attack
def test_no_attack_succeeds(outcomes: Outcomes, way: str, attack: Attack) -> None:
    """Judged by its effects: marks, files, secrets, processes, memory, disk, and what runs on a page."""
    assert outcomes[way].aftermath.succeeded(attack) == ""


@each_way
@each_attack
def test_each_leaves_one_clear_line_or_its_honest_mark(outcomes: Outcomes, way: str, attack: Attack) -> None:
    """What cannot be marked is one line that a terminal and a page can show; the rest is worth its honest answers."""
    outcome = outcomes[way]
    fault, notes = outcome.faults.get(attack.shown, ""), outcome.notes.get(attack.shown, [])
    assert attack.line in fault
    assert bool(attack.line) == bool(fault)
    for line in (fault, *notes, attack.shown):
        assert line == "" or line.isprintable()
        assert len(line) < LINE
        assert "<" not in line
    points = marks(outcome.aftermath.maker.course.root).get(attack.by)
    assert points == (None if fault else worth(outcome.aftermath.maker, attack.right))


def test_honest_rows_are_as_without_the_attackers(outcomes: Outcomes, base: Maker, tmp_path: Path) -> None:
    """Scores, comments and what waits for a person, not only the sums."""
    alone = copied(base, tmp_path / "course")
    hand_in(alone, ())
    assert not any(line.fault for line in mark(alone.course, NAME))
    expected = rows(alone.course.db_url)
    for outcome in outcomes.values():
        found = rows(outcome.aftermath.maker.course.db_url)
        for table in ("grades", "comments"):
            assert [row for row in found[table] if row[1] in HONEST] == expected[table]


def test_both_ways_write_the_same_gradebook(outcomes: Outcomes) -> None:
    """Also of what is hostile."""
    one, other = (outcome.aftermath.maker.course.db_url for outcome in outcomes.values())
    assert differences(one, other) == []


def test_the_feedback_holds_nothing_that_a_browser_would_run(outcomes: Outcomes) -> None:
    """No element but the template's own, no handler, and no address with a script, as a browser parses it."""
    pages = sorted((outcomes["batch"].aftermath.maker.course.root / "feedback").rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        tree = html5lib.parse(page.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        for element in tree.iter():
            if isinstance(element.tag, str):  # else a comment
                assert element.tag not in {
                    "script",
                    "iframe",
                    "object",
                    "embed",
                    "svg",
                    "math",
                    "base",
                    "form",
                    "img",
                    "a",
                }
                assert not [name for name in element.attrib if str(name).startswith("on")]
                assert not [value for value in element.attrib.values() if "javascript" in value]


def test_the_command_prints_lines_that_a_terminal_can_show(
    outcomes: Outcomes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No name of a student or file breaks a line, moves the cursor or ends the command."""
    monkeypatch.chdir(outcomes["batch"].aftermath.maker.course.root)
    assert main(["mark", NAME]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith(" without a mark")
    assert main(["marks", NAME]) == 0
    lines += capsys.readouterr().out.splitlines()
    assert all(line.isprintable() and len(line) < LINE + 60 for line in lines)


def test_what_is_left_out_of_many_lines_is_counted(outcomes: Outcomes) -> None:
    """Twenty thousand malformed receipts are not twenty thousand lines, neither here nor in the gradebook."""
    for outcome in outcomes.values():
        assert outcome.notes["k-receipts"] == ["mixed.ipynb: malformed answer record: assignment: field required"]


@pytest.mark.parametrize("name", BREAKOUTS)
def test_a_written_answer_is_one_block_of_plain_text(name: str) -> None:
    """Nbgrader's pages show it through Markdown: each of its lines stays within the block."""
    block = as_text_block(BREAKOUTS[name])
    assert all(line.startswith("    ") for line in block.splitlines())
    assert max(map(len, block.splitlines())) <= 104


def test_the_effects_are_seen_where_there_are_any(outcomes: Outcomes, tmp_path: Path) -> None:
    """The judge is judged: raw payloads, secrets and formulas are found, and escaped ones are not."""
    assert executable(SCRIPT) == ["<script>", "<img onerror>"]
    assert executable("<a href=' javascript:alert(4711)'>x</a>") == ["<a href>"]
    assert executable("<p>$\\href{javascript:alert(4711)}{x}$</p>") == ["formula"]
    assert executable("<pre>$\\href{javascript:alert(4711)}{x}$</pre>") == []
    assert executable(SCRIPT.replace("<", "&lt;")) == []
    (tmp_path / "x.txt").write_text(f"x {KEY} x")
    assert list(leaks(tmp_path / "x.txt")) == ["shows what stands in source/"]


def test_the_printed_table_has_each_attack() -> None:
    """`python -m benchmarks.marking.attacks` makes it anew."""
    table = (ROOT / "benchmarks" / "marking" / "attacks.md").read_text(encoding="utf-8")
    missing = [attack.tries for attack in ATTACKS if f"| {attack.tries} |" not in table]
    assert missing == []
