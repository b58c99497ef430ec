"""`Quiz` without a browser: responses, marks and what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizzes import Quiz
from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.render import STATIC_FLAG
from quizzes.study.store import own_store


@pytest.fixture(autouse=True)
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep progress in a folder of the test's own."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / name)
    return tmp_path / "project-or-operation" / "answers"


def right(bank: Bank, item_id: str) -> dict[str, str]:
    """Return the right class and differentiator of a scenario."""
    item = bank.items[item_id]
    return {part.name: part.key[0] for part in item.parts() if part.type == "one"}


def test_python_sees_responses_and_marks(bank: Bank) -> None:
    """A response set by the front end is marked at once."""
    quiz = Quiz("payroll-1", "payroll-2")
    assert [mark.outcome for mark in quiz.marks.values()] == ["blank", "blank"]
    quiz.responses = {"payroll-1": right(bank, "payroll-1")}
    assert quiz.marks["payroll-1"].outcome == "right"
    assert repr(quiz) == "Quiz: 1 of 2 answered, 1 right"


def test_answers_come_back_in_a_new_session(bank: Bank) -> None:
    """A second quiz with the same item finds the answer, checked or not as it was left."""
    first = Quiz("payroll-1", "payroll-2")
    first.responses = {"payroll-1": right(bank, "payroll-1"), "payroll-2": {"class": "project"}}
    first.checked = {"payroll-1": True}
    again = Quiz("payroll-2", "payroll-1")
    assert again.responses == first.responses
    assert again.checked == {"payroll-1": True}


def test_an_answer_with_evidence_is_marked_in_a_quiz_that_asks_none(bank: Bank) -> None:
    """Two quizzes may ask different parts of one item; each marks its own."""
    first = Quiz("payroll-1", evidence=True)
    first.responses = {"payroll-1": {**right(bank, "payroll-1"), "evidence": ["e1"]}}
    assert first.marks["payroll-1"].outcome == "partly"
    assert Quiz("payroll-1").marks["payroll-1"].outcome == "right"


def test_two_quizzes_write_only_what_changed_in_them() -> None:
    """An older quiz does not put its stale answers back."""
    stale, fresh = Quiz("payroll-1", "payroll-2"), Quiz("payroll-1")
    fresh.responses = {"payroll-1": {"class": "operations"}}
    stale.responses = {"payroll-2": {"class": "project"}}
    assert Quiz("payroll-1").responses == {"payroll-1": {"class": "operations"}}


def test_try_again_forgets_the_answer() -> None:
    """A response that is removed does not come back."""
    quiz = Quiz("payroll-1")
    quiz.responses = {"payroll-1": {"class": "project"}}
    quiz.responses = {}
    assert Quiz("payroll-1").responses == {}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"response": 3}', '{"response": {}, "response": {}}'])
def test_a_corrupt_record_is_passed_over(progress: Path, content: str) -> None:
    """Kept answers that cannot be read never stop a quiz."""
    progress.mkdir(parents=True)
    (progress / "payroll-1.json").write_text(content)
    assert Quiz("payroll-1").responses == {}


def test_a_folder_that_cannot_be_written_is_told_once(progress: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The session goes on without keeping."""
    progress.parent.write_text("a file where the folder should be")
    quiz = Quiz("payroll-1")
    quiz.responses = {"payroll-1": {"class": "project"}}
    quiz.responses = {"payroll-1": {"class": "operations"}}
    assert capsys.readouterr().out.count("lasts only as long as this notebook runs") == 1
    assert quiz.responses["payroll-1"] == {"class": "operations"}


def test_answers_of_the_first_version_are_there(progress: Path) -> None:
    """They were kept in a folder, one file an item."""
    progress.mkdir(parents=True)
    (progress / "payroll-1.json").write_text('{"response": {"class": "project"}, "checked": true}')
    quiz = Quiz("payroll-1")
    assert (quiz.responses, quiz.checked) == ({"payroll-1": {"class": "project"}}, {"payroll-1": True})


def test_what_is_checked_is_an_attempt_of_the_history(bank: Bank) -> None:
    """One for each check, with the class that was chosen; the rest of the record stays."""
    own_store().write("item", "payroll-1", {"flag": True})
    quiz = Quiz("payroll-1")
    for chosen in ({"class": "project"}, right(bank, "payroll-1")):
        quiz.responses = {"payroll-1": chosen}
        quiz.checked = {"payroll-1": True}
        quiz.checked = {}
    quiz.responses = {}
    quiz.checked = {"payroll-1": True}
    record = own_store().read("item", "payroll-1")
    assert record is not None
    log = [(each["outcome"], each["chose"], each["where"]) for each in record["log"]]
    assert log == [("wrong", "project", "page"), ("right", "operations", "page")]
    assert record["flag"] is True


def test_a_book_build_shows_static_html(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page gets the directive's HTML and no widget state."""
    monkeypatch.setenv(STATIC_FLAG, "1")
    bundle = Quiz("payroll-1")._repr_mimebundle_()
    assert bundle["text/html"].startswith('<div class="quiz-host">')
    assert set(bundle) == {"text/html", "text/plain"}


def test_a_wrong_selection_says_what_to_do() -> None:
    """Unknown ids and mixed selections are told in a sentence."""
    with pytest.raises(SelectionError, match="'nothing' is not an item of the bank"):
        Quiz("nothing")
    with pytest.raises(SelectionError, match="give either item ids or draw=NUMBER"):
        Quiz("payroll-1", draw=3)
