"""Points and counts are written as people read them: two decimals at most, and one point is no plural."""

from __future__ import annotations

import json

import pytest
from courses import TEXT, plan, released

from grader.__main__ import main
from grader.demo import Maker, keyed
from quizzes.amounts import amount, brief
from quizzes.bank import Bank


@pytest.mark.parametrize(
    ("value", "number", "points"),
    [
        (1, "1", "1 point"),
        (0, "0", "0 points"),
        (1 / 3, "0.33", "0.33 points"),
        (11 / 6, "1.83", "1.83 points"),
        (3.0, "3", "3 points"),
        (0.5, "0.5", "0.5 points"),
        (1234567.0, "1234567", "1234567 points"),
        (-0.001, "0", "0 points"),
    ],
)
def test_a_number_has_two_decimals_at_most(value: float, number: str, points: str) -> None:
    """No rounding error, no power of ten, no minus before nothing."""
    assert (brief(value), amount(value, "point")) == (number, points)


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Maker:
    """Hand in a part of an item that is worth one point, with a question beside it: thirds or ninths are earned."""
    item = next(each for each in bank.select(kind="sort") if len(each.parts()[0].places) % 3 == 0)
    one = plan(items=[item.id], points={"sort": 1}, cells=[{**TEXT, "points": 1}])
    maker = released(tmp_path_factory.mktemp("third") / "course", "one", one)
    rows = keyed(item)["sort"]
    part = item.parts()[0]
    wrong = {row: next(each for each in part.groups if each != place) for row, place in rows.items()}
    given = {**wrong, **dict(list(rows.items())[: len(rows) // 3])}
    maker.submit("anna", sidecar=maker.record({item.id: {"sort": given}}))
    return maker


def test_all_that_people_read_has_it(
    third: Maker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build's line, the notebook, marks, feedback and report; the tables keep every decimal."""
    root = third.course.root
    monkeypatch.chdir(root)
    main(["build", "one"])
    main(["mark", "one"])
    main(["marks", "one"])
    main(["feedback", "one"])
    main(["report", "one"])
    out = capsys.readouterr().out
    exact = (root / "reports" / "one-scores.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[1]
    assert len(exact) == len("0.333333")
    part = brief(float(exact))
    assert len(part) == len("0.33")
    assert "source/one/one.ipynb: 1 item, 1 point. Next: " in out
    assert f"{part} / 2" in out
    notebook = json.loads((root / "source" / "one" / "one.ipynb").read_text(encoding="utf-8"))
    cells = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
    for text in (
        "1 item, 2 points in all.",
        "After the items: 1 more question,",
        "*1 point*",
        "# Item 1 of 1: 1 point. ",
    ):
        assert text in cells
    feedback = (root / "feedback" / "anna" / "one" / "one.html").read_text(encoding="utf-8")
    for text in (
        f"{part} of 2 points",
        f"Item 1: Partly correct, {part} of 1 point<",
        f"</strong>, {part} of 1 point.",
    ):
        assert text in feedback
    report = (root / "reports" / "one.html").read_text(encoding="utf-8")
    for text in ("Scores out of 1 point<", "The item (1 point)", f'<td class="n">{part}</td><td class="n">1</td>'):
        assert text in report
    assert exact not in out + feedback + report
