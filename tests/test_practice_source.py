"""Practice items from the bank and from a snapshot of it are the same items."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import practice
from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.practice import FromBank, FromSnapshot
from quizzes.render import render_practice

BANK = FromBank()
TAKEN = json.loads(json.dumps(practice.snapshot(BANK)))
SNAPSHOT = FromSnapshot(TAKEN)
IDS = tuple(BANK.index["items"])


@pytest.mark.parametrize("evidence", [False, True])
def test_a_snapshot_has_the_html_and_rules_of_the_bank(bank: Bank, evidence: bool) -> None:
    """Every practice item looks the same and is marked by the same rule, in a set of any size."""
    assert SNAPSHOT.html(IDS, evidence=evidence) == render_practice(bank.get(IDS), bank, evidence=evidence)
    assert SNAPSHOT.html(IDS[:1], evidence=evidence) == BANK.html(IDS[:1], evidence=evidence)
    assert all(SNAPSHOT.rule(each, evidence=evidence) == BANK.rule(each, evidence=evidence) for each in IDS)
    assert SNAPSHOT.index == BANK.index


@given(
    seed=st.integers(0, 10**9),
    kind=st.sampled_from([None, *BANK.index["kinds"]]),
    differentiator=st.sampled_from([None, *BANK.index["differences"]]),
    data=st.data(),
)
def test_a_snapshot_draws_what_the_bank_draws(
    seed: int, kind: str | None, differentiator: str | None, data: st.DataObject
) -> None:
    """The same seed gives the same items in the same order."""
    items = BANK.index["items"].values()
    match = sum(kind in (None, item["kind"]) and differentiator in (None, item["difference"]) for item in items)
    if match:
        draw = data.draw(st.integers(1, match))
        given_ = {"draw": draw, "seed": seed, "kind": kind, "differentiator": differentiator}
        assert SNAPSHOT.choose(**given_) == BANK.choose(**given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ids", "options", "told"),
    [
        ((), {}, "give either item ids or draw=NUMBER"),
        (("payroll-1",), {"draw": 1}, "give either item ids or draw=NUMBER"),
        (("nothing",), {}, "'nothing' is not"),
        ((), {"draw": 10_000}, "10000 items asked"),
        ((), {"draw": 1, "kind": "nothing"}, "1 items asked and 0 match"),
        ((), {"draw": -1}, "-1 items asked"),
    ],
)
def test_a_wrong_choice_is_one_line_from_both(ids: tuple[str, ...], options: dict[str, int], told: str) -> None:
    """Neither source gives items that there are not."""
    with pytest.raises(SelectionError, match=told):
        SNAPSHOT.choose(ids, **options)  # type: ignore[arg-type]
    with pytest.raises(SelectionError, match=told):
        BANK.choose(ids, **options)  # type: ignore[arg-type]


def test_the_order_of_ids_is_kept() -> None:
    """A learner who asks for two items gets them as asked."""
    assert (
        SNAPSHOT.choose(("payroll-2", "payroll-1"))
        == ("payroll-2", "payroll-1")
        == BANK.choose(("payroll-2", "payroll-1"))
    )


def test_the_widget_runs_without_what_a_browser_lacks(tmp_path: Path) -> None:
    """With a snapshot, `Quiz` shows and marks items where pydantic, PyYAML and Jinja cannot be imported."""
    path = tmp_path / "practice.json"
    path.write_text(json.dumps(TAKEN), encoding="utf-8")
    program = f"""
import sys
from pathlib import Path
for name in ("pydantic", "pydantic_core", "yaml", "jinja2", "markupsafe"):
    sys.modules[name] = None
from quizzes import Quiz, practice
practice.SNAPSHOT = Path({str(path)!r})
quiz = Quiz("payroll-1", keep=False)
rule = practice.load().rule("payroll-1")
quiz.responses = {{"payroll-1": {{part.name: part.key[0] for part in rule if part.points}}}}
print(quiz)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "Quiz: 1 of 1 answered, 1 right\n", done.stderr


def test_a_template_of_another_form_is_told() -> None:
    """A snapshot is never taken of HTML that it would number wrongly."""

    class Other(FromBank):
        def html(self, item_ids: object, *, evidence: bool = False) -> str:  # type: ignore[override]
            return "<div>Question 1 of 1</div>"

    with pytest.raises(ValueError, match="the template of practice items has changed"):
        practice.snapshot(Other())
