"""The learner's answer sheet: what is kept, restored and refused."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from learner_folder import form, put_receipt, record

from grader.demo import keyed
from quizzes import AnswerSheet
from quizzes.answer_sheet import SheetError
from quizzes.answers import RECEIPT_TYPE, parse_record
from quizzes.bank import Bank
from quizzes.forms import Form, fault_of_response, form_item, is_answered

__all__ = ["form"]  # a fixture


def test_each_answer_is_written_at_once(form: Form) -> None:
    """The sidecar holds the record after every change, with a rising revision."""
    sheet = AnswerSheet("ps1")
    first, second = form.items[0].id, form.items[1].id
    sheet.responses = {first: {"class": "project"}}
    sheet.responses = {first: {"class": "project"}, second: {"class": "operations"}}
    kept = parse_record(json.loads(Path("ps1.answers.json").read_text(encoding="utf-8")))
    assert kept == sheet.record
    assert (kept.revision, set(kept.responses)) == (2, {first, second})
    assert sheet.status.startswith("2 of 10 answered, saved at ")


def test_each_item_has_the_time_before_its_changes(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gap of more than ten minutes is a break; a changed answer adds to the time of its item."""
    clock = iter([100.0, 130.4, 150.0, 1000.0, 1012.0])
    monkeypatch.setattr("quizzes.answer_sheet.time.monotonic", lambda: next(clock))
    sheet = AnswerSheet("ps1")
    first, second = form.items[0].id, form.items[1].id
    for answers in ({first: "project"}, {first: "project", second: "project"}):
        sheet.responses = {name: {"class": value} for name, value in answers.items()}
    assert sheet.record.seconds == {first: 30, second: 20}
    sheet.responses = {**sheet.responses, first: {"class": "operations"}}
    assert sheet.record.seconds == {first: 30, second: 20}
    sheet.responses = {**sheet.responses, second: {"class": "operations"}}
    assert sheet.record.seconds == {first: 30, second: 32}
    assert (
        parse_record(json.loads(Path("ps1.answers.json").read_text(encoding="utf-8"))).seconds == sheet.record.seconds
    )


def test_a_record_of_version_1_comes_back_and_goes_on_as_version_2(form: Form) -> None:
    """Notebooks that were begun before times were kept lose nothing, whichever carrier is left."""
    first, second = form.items[0].id, form.items[1].id
    old = record(form, 4, {first: {"class": "project"}}).model_dump(mode="json", exclude={"seconds"}) | {"version": 1}
    notebook = nbformat.read("ps1.ipynb", as_version=4)
    data = {"application/vnd.project-or-operation.answers.v1+json": old, "text/plain": "answers"}
    notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", data=data)]
    nbformat.write(notebook, "ps1.ipynb")
    sheet = AnswerSheet("ps1")
    assert (sheet.record.version, sheet.responses) == (1, {first: {"class": "project"}})
    sheet.responses = {**sheet.responses, second: {"class": "project"}}
    assert (sheet.record.version, sheet.record.revision) == (2, 5)


def test_the_sheet_holds_no_key(form: Form) -> None:
    """What the browser gets has texts and options only."""
    html = AnswerSheet("ps1").html
    data = [json.loads(unescape(each)) for each in re.findall(r"data-item='([^']*)'", html)]
    assert data == [{"id": item.id, "rule": []} for item in form.items]
    assert "quiz-answer" not in html


def test_answers_return_from_the_sidecar(form: Form) -> None:
    """After a restart of the kernel."""
    AnswerSheet("ps1").answer(form.items[0].id, "project")
    assert AnswerSheet("ps1").responses == {form.items[0].id: {"class": "project"}}


def test_answers_return_from_the_notebook_alone(form: Form) -> None:
    """After the notebook was mailed to another machine without its sidecar."""
    put_receipt(record(form, 3, {form.items[0].id: {"class": "project"}}))
    sheet = AnswerSheet("ps1")
    assert sheet.responses == {form.items[0].id: {"class": "project"}}
    sheet.answer(form.items[1].id, "operations")
    assert sheet.record.revision == 4


def test_a_renamed_notebook_finds_its_answers(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the sidecar, which has the assignment's name, and without it from the receipt in the renamed file."""
    kept = record(form, 3, {form.items[0].id: {"class": "project"}})
    put_receipt(kept)
    Path("ps1.ipynb").rename("ps1 (1).ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(Path("ps1 (1).ipynb").resolve()))
    assert AnswerSheet("ps1").record == kept
    AnswerSheet("ps1").answer(form.items[1].id, "operations")
    assert AnswerSheet("ps1").record.revision == 4


def test_the_higher_revision_wins(form: Form) -> None:
    """A notebook that was not saved last is older than its sidecar."""
    put_receipt(record(form, 1, {}))
    kept = record(form, 2, {form.items[0].id: {"class": "project"}})
    Path("ps1.answers.json").write_text(kept.model_dump_json(), encoding="utf-8")
    assert AnswerSheet("ps1").record == kept


def test_a_conflict_is_told_and_nothing_is_overwritten(form: Form) -> None:
    """Two different records of one revision: the learner decides."""
    put_receipt(record(form, 2, {form.items[0].id: {"class": "project"}}))
    Path("ps1.answers.json").write_text(record(form, 2, {}).model_dump_json(), encoding="utf-8")
    before = Path("ps1.answers.json").read_text(encoding="utf-8")
    sheet = AnswerSheet("ps1")
    sheet.responses = {form.items[0].id: {"class": "operations"}}
    assert sheet.status.startswith("Nothing is saved: two different answer records have revision 2.")
    assert Path("ps1.answers.json").read_text(encoding="utf-8") == before


def test_under_nbgrader_nothing_is_read_or_written(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marking must not change a submission."""
    before = record(form, 1, {form.items[0].id: {"class": "project"}}).model_dump_json()
    Path("ps1.answers.json").write_text(before, encoding="utf-8")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    sheet = AnswerSheet("ps1")
    assert sheet.responses == {}
    sheet.answer(form.items[1].id, "project")
    assert Path("ps1.answers.json").read_text(encoding="utf-8") == before


def test_a_damaged_sidecar_is_told_and_the_notebook_used(form: Form) -> None:
    """One good carrier is enough; the other one is named."""
    put_receipt(record(form, 1, {form.items[0].id: {"class": "project"}}))
    Path("ps1.answers.json").write_text("{", encoding="utf-8")
    sheet = AnswerSheet("ps1")
    assert len(sheet.responses) == 1
    assert sheet.status == "Attention: ps1.answers.json: not valid JSON (line 1)."


def test_a_missing_form_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The learner is told which file to put where, without a traceback."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SheetError, match="ps1.form.json is missing: put it into the folder of this notebook") as caught:
        AnswerSheet("ps1")
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_typed_answers_are_checked(form: Form) -> None:
    """Those who type get a sentence for each slip, and nothing is kept of it."""
    sheet = AnswerSheet("ps1")
    first = form.items[0].id
    with pytest.raises(ValueError, match="'stock' is not in this form: use "):
        sheet.answer("stock", "project")
    with pytest.raises(ValueError, match=f"{first}: class: 'programme' does not fit: use project, operations"):
        sheet.answer(first, "programme")
    with pytest.raises(ValueError, match=f"{first}: evidence: "):
        sheet.answer(first, "project", next(iter(form.items[0].questions[1].options)), ["e1", "e1"])
    with pytest.raises(ValueError, match=f"{first}: class: "):
        sheet.answer(first, {"class": "project"})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at most 3 values"):
        sheet.answer(first, "project", "duration", ["e1"], "more")
    assert sheet.record.revision == 0


def test_reasons_without_the_answer_itself_do_not_count_as_answered(form: Form) -> None:
    """The line says what marking will say: such an item is blank."""
    sheet = AnswerSheet("ps1")
    sheet.responses = {form.items[0].id: {"evidence": ["e1"]}, form.items[1].id: {"class": "project"}}
    assert sheet.status.startswith("1 of 10 answered")


def test_an_item_counts_as_answered_when_every_row_and_question_is(bank: Bank) -> None:
    """A half-placed sort or a case with an open question is not, so that nobody hands it in unaware."""
    for item in (bank.select(kind=kind)[0] for kind in ("multiple", "sort", "order", "fill", "case")):
        asked, right = form_item(item, None, bank.differentiator_names), keyed(item)
        assert is_answered(asked, right)
        assert fault_of_response(asked, right) == ""
        assert not is_answered(asked, {})
        name, value = next(iter(right.items()))
        if isinstance(value, dict):
            assert not is_answered(asked, {**right, name: dict(list(value.items())[1:])})
            assert "does not fit" in fault_of_response(asked, {name: {next(iter(value)): "nowhere"}})
        elif len(right) > 1:
            assert not is_answered(asked, {key: each for key, each in right.items() if key != name})


def test_a_second_sheet_with_older_answers_overwrites_nothing(form: Form) -> None:
    """Two kernels on one folder: the one that is behind stops and says so."""
    behind, ahead = AnswerSheet("ps1"), AnswerSheet("ps1")
    for item in form.items[:3]:
        ahead.answer(item.id, "project")
    behind.answer(form.items[5].id, "project")
    kept = parse_record(json.loads(Path("ps1.answers.json").read_text(encoding="utf-8")))
    assert kept == ahead.record
    assert behind.status.startswith("Not saved: this sheet is open a second time")


def test_answers_to_another_form_are_set_aside(form: Form) -> None:
    """A new version of the assignment does not destroy the answers to the old one."""
    old = record(form, 9, {}).model_copy(update={"form": "0123456789ab"})
    Path("ps1.answers.json").write_text(old.model_dump_json(), encoding="utf-8")
    AnswerSheet("ps1").answer(form.items[0].id, "project")
    assert parse_record(json.loads(Path("ps1.answers.0123456789ab.json").read_text(encoding="utf-8"))) == old


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what a sheet puts into its cell's output."""
    outputs: list[dict[str, Any]] = []
    monkeypatch.setattr("quizzes.answer_sheet.display", lambda data, **_: outputs.append(data))
    return outputs


def test_a_conflict_keeps_the_notebooks_receipt_in_the_output(form: Form, shown: list[dict[str, Any]]) -> None:
    """Running the cell replaces its output: the receipt is put back, or the next save would lose it."""
    kept = record(form, 2, {form.items[0].id: {"class": "project"}})
    put_receipt(kept)
    Path("ps1.answers.json").write_text(record(form, 2, {}).model_dump_json(), encoding="utf-8")
    AnswerSheet("ps1")._ipython_display_()
    assert [data[RECEIPT_TYPE] for data in shown if RECEIPT_TYPE in data] == [kept.model_dump(mode="json")]


def test_a_missing_form_keeps_the_notebooks_receipt_in_the_output(form: Form, shown: list[dict[str, Any]]) -> None:
    """The error message does not cost the learner the answers either."""
    kept = record(form, 2, {form.items[0].id: {"class": "project"}})
    put_receipt(kept)
    Path("ps1.form.json").unlink()
    with pytest.raises(SheetError):
        AnswerSheet("ps1")
    assert [data[RECEIPT_TYPE] for data in shown] == [kept.model_dump(mode="json")]
