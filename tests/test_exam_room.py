"""The mock exams in a notebook: what the kernel keeps, and the site's room driven with the kernel behind it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import serve
from playwright.sync_api import Browser, Page, expect
from records import own_page, violations
from test_exam import ITEM, give, shown_id, sit, start, submit

from quizzes.bank import Bank
from quizzes.practice import FromBank
from quizzes.study.exam_room import LAB, ExamRoom, sources

NOW = 1_795_545_000
EXAM = "tp0re0"  # NOW in base 36
ADDRESS = "notebook.html#a-cell"


class Records:
    """Records in memory, with the store's functions."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.kept: dict[tuple[str, str], Any] = {}
        self.trouble = ""

    def read(self, kind: str, id: str) -> Any:  # noqa: A002
        """Return a record, or None."""
        return copy.deepcopy(self.kept.get((kind, id)))

    def write(self, kind: str, id: str, value: Any) -> None:  # noqa: A002
        """Keep a record; None removes it."""
        if value is None:
            self.kept.pop((kind, id), None)
        else:
            self.kept[kind, id] = copy.deepcopy(value)

    def update(self, kind: str, id: str, change: Callable[[Any], Any]) -> None:  # noqa: A002
        """Keep what becomes of a record."""
        self.write(kind, id, change(self.read(kind, id) or {}))

    def all(self, kind: str) -> dict[str, Any]:
        """Return the records of a kind."""
        return {name: self.read(kind, name) for each, name in self.kept if each == kind}

    def log_attempt(self, id: str, attempt: dict[str, Any]) -> None:  # noqa: A002
        """Add an attempt."""
        self.update("item", id, lambda item: {**item, "log": [*item.get("log", []), attempt]})

    def kept_not(self) -> str:
        """Return why nothing is kept."""
        return self.trouble


class Kernel:
    """An exam room whose answers are caught on their way to the front end."""

    def __init__(self, store: Records, bank: Bank) -> None:
        """Make the room."""
        self.store, self.practised, self.runs = store, [], True
        source = FromBank()
        self.room = ExamRoom(
            store, source.index, lambda ids: {name: source.html([name]) for name in ids}, self._practise
        )
        self._said: list[Any] = []
        self.room.send = self._said.append

    def _practise(self, missed: list[str]) -> None:
        self.practised = missed

    def hear(self, content: Any) -> list[Any]:
        """Handle a message as from the front end; returns what was answered, after its way through JSON."""
        if not self.runs:
            return []
        self._said.clear()
        self.room._receive(self.room, json.loads(json.dumps(content)), [])
        return list(json.loads(json.dumps(self._said)))

    def keep(self, *operations: dict[str, Any]) -> Any:
        """Hand in changes; returns the answer."""
        (answer,) = self.hear({"what": "keep", "to": "a:1", "operations": list(operations)})
        return answer

    def keep_exam(self, value: Any, stamp: str = "") -> Any:
        """Hand in an exam; returns what is kept of it now."""
        answer = self.keep({"what": "exam", "id": EXAM, "value": value, "stamp": stamp})
        (kept,) = answer["kept"]
        return kept


@pytest.fixture
def store() -> Records:
    """Return an empty store."""
    return Records()


@pytest.fixture
def kernel(store: Records, bank: Bank) -> Kernel:
    """Return a room on the store."""
    return Kernel(store, bank)


def exam(owner: str = "one", **more: Any) -> dict[str, Any]:
    """Return an open exam."""
    return {
        "started": NOW,
        "blueprint": "sprint",
        "seed": 7,
        "title": "Sprint",
        "sections": [["payroll-1", "payroll-2"]],
        "section": 0,
        "place": 0,
        "responses": {"payroll-1": {"class": "operations"}},
        "flags": [],
        "seconds": {"payroll-1": 3.5},
        "limit": 600,
        "used": 3.5,
        "owner": owner,
        "paused": False,
        "breakLeft": 0,
        "left": 0,
        **more,
    }


def submitted(owner: str = "one") -> dict[str, Any]:
    """Return the exam handed in."""
    items = {"payroll-1": {"right": 1, "questions": 1, "outcome": "right", "chose": "operations", "key": "operations"}}
    return exam(owner, submitted=NOW + 60, result={"right": 1, "questions": 2, "items": items})


def attempt(**more: Any) -> dict[str, Any]:
    """Return the change that adds an attempt."""
    logged = {"at": NOW + 60, "outcome": "right", "where": "exam", "seconds": 4, "chose": "operations", **more}
    return {"what": "log", "id": "payroll-1", "attempt": logged}


# ---- the kernel's side ----


def test_a_view_goes_on_with_its_own_exam(kernel: Kernel) -> None:
    """Each write stands in the place of the one before, up to the one that is handed in."""
    for value in (exam(), exam(used=9), submitted()):
        assert kernel.keep_exam(value)["value"] == value
    assert kernel.store.read("exam", EXAM) == submitted()


def test_a_submitted_exam_is_never_open_again(kernel: Kernel) -> None:
    """Neither a late write nor a removal changes it; the answer says what is kept."""
    kept = kernel.keep_exam(submitted())
    for late in (exam(), exam("two"), submitted("two"), None):
        assert kernel.keep_exam(late, kept["stamp"])["value"] == submitted()


def test_an_exam_is_taken_over_only_as_it_was_kept_last(kernel: Kernel) -> None:
    """A view that has not seen the last answers of another one gets these, and can then go on with them."""
    seen = kernel.keep_exam(exam())
    kernel.keep_exam(exam(used=30, responses={}))
    refused = kernel.keep_exam(exam("two"), seen["stamp"])
    assert refused["value"] == exam(used=30, responses={})
    assert kernel.keep_exam(None, seen["stamp"])["value"] == refused["value"]
    taken = kernel.keep_exam(exam("two", used=30), refused["stamp"])
    assert taken["value"]["owner"] == "two"
    assert kernel.keep_exam(exam("one", used=40))["value"]["owner"] == "two"


def test_an_exam_is_discarded_only_as_it_was_kept_last(kernel: Kernel) -> None:
    """Then nothing is left of it."""
    kept = kernel.keep_exam(exam())
    assert kernel.keep_exam(None, kept["stamp"])["value"] is None
    assert kernel.store.all("exam") == {}


def test_an_attempt_is_added_and_the_rest_of_the_record_stays(kernel: Kernel) -> None:
    """Also where another notebook has kept an answer since, and only once if the message comes twice."""
    kernel.store.write("item", "payroll-1", {"response": {"class": "project"}, "log": [{"at": 1, "where": "page"}]})
    for _ in range(2):
        answer = kernel.keep(attempt(), {"what": "flag", "id": "payroll-1", "flagged": True})
    record = kernel.store.read("item", "payroll-1")
    assert record["response"] == {"class": "project"}
    assert record["flag"] is True
    assert [each["at"] for each in record["log"]] == [1, NOW + 60]
    assert [each["value"] for each in answer["kept"]] == [record]
    kernel.keep({"what": "flag", "id": "payroll-1", "flagged": False})
    assert "flag" not in kernel.store.read("item", "payroll-1")


def test_answers_of_an_exam_that_was_not_taken_do_not_count(kernel: Kernel) -> None:
    """The exam was handed in elsewhere, and its answers are in the history from there."""
    kernel.keep_exam(exam("two"))
    kernel.keep_exam(submitted("one"), "stale")
    kernel.keep(attempt())
    assert kernel.store.read("item", "payroll-1") is None


@pytest.mark.parametrize(
    "change",
    [
        {"what": "exam", "id": "../x", "value": None, "stamp": ""},
        {"what": "exam", "id": "abc", "value": exam(), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(title="x" * 500), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(note="x" * 500_000), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(sections=[["<b>"]]), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(owner="<script>"), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(used="3"), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(submitted=NOW), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(rest={"__proto__": 1}), "stamp": ""},
        {"what": "exam", "id": EXAM, "value": exam(rest=json.loads("[" * 20 + "]" * 20)), "stamp": ""},
        {"what": "log", "id": "no-such-item", "attempt": attempt()["attempt"]},
        attempt(outcome="perfect"),
        attempt(where="page"),
        attempt(more=1),
        {"what": "flag", "id": "payroll-1", "flagged": "yes"},
        {"what": "setting", "id": "streak", "value": "off"},
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(kernel: Kernel, change: dict[str, Any]) -> None:
    """Nothing is kept, and the room is told."""
    answer = kernel.keep(change)
    assert re.fullmatch(r"Not kept: .+\.", answer["fault"])
    assert kernel.store.kept == {}


@pytest.mark.parametrize(
    "content",
    [None, [], {}, {"what": "open"}, {"what": "drop", "to": "a"}, {"what": "items", "to": "a", "ids": ["../x"]}],
)
def test_a_message_that_is_none_is_answered(kernel: Kernel, content: Any) -> None:
    """One line, and no error in the kernel."""
    (answer,) = kernel.hear(content)
    assert answer["fault"].startswith("Not kept: ")


def test_the_room_runs_the_site_s_modules_but_three(bank: Bank) -> None:
    """All that the site's exam is made of, and the line to the kernel."""
    replaced = {"address.mjs", "site.mjs", "store.mjs"}
    assert {name for name in sources() if (LAB / name).is_file()} == {*replaced, "kernel.mjs"}
    assert {"exam.mjs", "draw.mjs", "sitting.mjs", "clock.mjs", "report.mjs", "quiz.mjs"} <= set(sources())


# ---- the room itself ----

MODEL = """
window.model = (() => {
  const handlers = {};
  const tell = (event, said) => [...(handlers[event] ?? [])].forEach((act) => act(said));
  return {
    tell,
    get: () => undefined, set: () => {}, save_changes: () => {},
    on: (event, act) => (handlers[event] ??= new Set()).add(act),
    off: (event, act) => handlers[event]?.delete(act),
    send: (content) => window.toKernel(content).then((said) => said.forEach((each) => tell("msg:custom", each))),
  };
})();
window.show = async (source) => {
  const { default: room } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const el = document.createElement("div");
  document.body.append(el);
  const close = room.render({ model: window.model, el });
  window.close_ = () => { close(); el.remove(); };
};
"""


def show(page: Page) -> None:
    """Put another view on the page."""
    page.evaluate("source => window.show(source)", (LAB / "room.mjs").read_text(encoding="utf-8"))


def hide(page: Page) -> None:
    """Take the newest view away, as a cell that is run again does."""
    page.evaluate("window.close_()")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a page that has nothing but the room's styles."""
    html = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Notebook</title>'
    html += f"<style>{ExamRoom._css}</style><body></body></html>"
    (tmp_path / "notebook.html").write_text(html, encoding="utf-8")
    return tmp_path


@pytest.fixture
def room(page: Page, folder: Path, kernel: Kernel) -> Iterator[Page]:
    """Show the room on a page, with the kernel behind it."""
    with serve(folder) as address:
        notebook(page, address, kernel)
        yield page


def notebook(page: Page, address: str, kernel: Kernel) -> None:
    """Open a page that has the kernel's room."""
    page.expose_function("toKernel", kernel.hear)
    page.goto(f"{address}/{ADDRESS}")
    page.evaluate(f"(() => {{ {MODEL} }})()")
    show(page)
    expect(page.locator("form[data-blueprint=sprint] button")).to_be_visible()


def newest(store: Records) -> Any:
    """Return the exam that was started last."""
    exams = store.all("exam")
    return exams[max(exams, key=lambda name: exams[name]["started"])]


def test_a_sprint_goes_from_the_choice_to_the_report_and_is_kept(room: Page, store: Records, bank: Bank) -> None:
    """The kernel has the exam, an attempt for each item and the flag; the page's address is as before."""
    addresses, length = room.url, room.evaluate("history.length")
    start(room, "sprint", code="sprint-4711")
    room.locator(".exam-flag").click()
    ids = sit(room, bank, lambda number: number > 1)
    expect(room.locator(".exam-tally")).to_have_text("10 of 10 answered, 1 flagged")
    submit(room)
    expect(room.locator(".exam-score")).to_contain_text("8 of 10 right (80 %)")
    expect(room.locator(".exam-report")).to_contain_text("Form sprint-4711.")
    room.get_by_role("button", name="Read the misses").click()
    review = room.locator(".exam-review")
    expect(review.get_by_role("heading")).to_have_text("Question 1: 1 of 2 that you missed")
    expect(review.locator("input:enabled, select:enabled")).to_have_count(0)
    expect(review.get_by_role("button", name="Share")).to_have_count(0)
    review.get_by_role("button", name="Flag").click()
    expect(review.get_by_role("button", name="Flag")).to_have_attribute("aria-pressed", "false")
    review.get_by_role("button", name="Next").click()
    expect(review.get_by_role("heading")).to_have_text("Question 2: 2 of 2 that you missed")
    review.get_by_role("button", name="Flag").click()
    review.get_by_role("button", name="Back to the report").click()
    expect(room.locator(".exam-score")).to_be_visible()
    room.get_by_role("link", name="Back to the mock exams").click()
    room.get_by_role("link", name="Sprint: ten minutes, 8 of 10").click()
    expect(room.locator(".exam-score")).to_be_visible()
    assert newest(store)["result"]["right"] == 8
    logs = {name: store.read("item", name)["log"] for name in ids}
    assert all([each["where"] for each in log] == ["exam"] for log in logs.values())
    assert [name for name, log in logs.items() if log[0]["outcome"] == "right"] == ids[2:]
    assert [name for name in ids if store.read("item", name).get("flag")] == [ids[1]]
    assert (room.url, room.evaluate("history.length")) == (addresses, length)
    assert room.evaluate("[...Object.keys(document.documentElement.dataset)]") == []
    assert room.evaluate("localStorage.length") == 0


def test_an_exam_is_left_and_gone_on_with_in_another_view(room: Page, store: Records, bank: Bank) -> None:
    """A cell that is run again has the answers, the flags, the place and the clock."""
    start(room, "sprint")
    name = give(room, bank)
    room.locator(".exam-flag").click()
    room.locator(".exam-next").click()
    hide(room)
    show(room)
    room.get_by_role("button", name=re.compile(r"^Go on: Sprint: ten minutes, 9:\d\d left")).click()
    expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")
    room.locator(".exam-previous").click()
    assert shown_id(room) == name
    expect(room.locator(".exam-flag")).to_have_attribute("aria-pressed", "true")
    room.locator(".exam-leave").click()
    room.get_by_role("button", name="Discard it").click()
    room.get_by_role("button", name="Discard it for good?").click()
    expect(room.get_by_role("button", name=re.compile("^Go on: "))).to_have_count(0)
    assert store.all("exam") == {}


def test_an_exam_that_another_notebook_went_on_with_is_taken_over_with_its_answers(
    room: Page, browser: Browser, folder: Path, store: Records, bank: Bank
) -> None:
    """Two kernels on one store: each takes over what the other has kept, and the first one says where the exam is."""
    start(room, "sprint")
    first = give(room, bank)
    context, other = own_page(browser)
    with serve(folder) as address:
        notebook(other, address, Kernel(store, bank))
        room.locator(".exam-next").click()
        second = give(room, bank)
        other.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
        expect(other.locator(ITEM)).to_have_attribute("aria-label", "Question 2 of 10")
        room.locator(".exam-next").click()
        expect(room.get_by_role("alert").filter(visible=True)).to_contain_text("open in another tab or window")
        other.locator(".exam-next").click()
        third = give(other, bank)
        room.get_by_role("button", name="Go on here").click()
        room.get_by_role("button", name=re.compile("^Go on: Sprint")).click()
        expect(room.locator(ITEM)).to_have_attribute("aria-label", "Question 3 of 10")
        assert set(newest(store)["responses"]) == {first, second, third}
    context.close()


def test_a_kernel_that_is_gone_is_told_and_the_exam_ends_with_a_report(room: Page, kernel: Kernel, bank: Bank) -> None:
    """Nothing is lost while the page is open: a kernel that comes back gets it with the next view."""
    start(room, "sprint")
    kernel.runs = False
    room.evaluate("model.tell('comm_live_update')")
    give(room, bank)
    expect(room.locator(".exam-notice")).to_contain_text("The kernel does not answer")
    for _ in range(9):
        room.locator(".exam-next").click()
        give(room, bank)
    submit(room)
    expect(room.locator(".exam-score")).to_contain_text("10 of 10")
    assert "submitted" not in newest(kernel.store)
    hide(room)
    kernel.runs = True
    show(room)
    room.get_by_role("link", name="Sprint: ten minutes, 10 of 10").click()
    expect(room.locator(".exam-score")).to_contain_text("10 of 10")
    assert newest(kernel.store)["result"]["right"] == 10
    assert len(kernel.store.all("item")) == len(newest(kernel.store)["result"]["items"])


def test_a_store_that_keeps_nothing_is_told_in_the_room(room: Page, kernel: Kernel, bank: Bank) -> None:
    """The kernel's own line is shown."""
    kernel.store.trouble = "The disk is full."
    start(room, "sprint")
    give(room, bank)
    room.locator(".exam-next").click()
    room.locator(".exam-previous").click()
    expect(room.locator(".exam-notice")).to_have_text("The disk is full.")


def test_practise_what_you_missed_is_a_word_to_python(room: Page, kernel: Kernel) -> None:
    """And the report prints alone, on a page that holds nothing else."""
    start(room, "sprint")
    submit(room)
    room.get_by_role("button", name="Practise what you missed").click()
    expect(room.locator(".exam-score")).to_be_visible()
    room.add_init_script("window.print = () => { top.printed = document.body.innerText; }")
    room.get_by_role("button", name="Print", exact=True).click()
    printed = room.wait_for_function("() => window.printed").json_value()
    assert printed.startswith("Report: Sprint")
    assert len(kernel.practised) == 10


def test_the_room_is_free_of_axe_violations_and_fits_a_narrow_output(room: Page, bank: Bank) -> None:
    """In the lobby, in a question with the dialog, in the report, twice on a page, at 375 px."""
    room.set_viewport_size({"width": 375, "height": 800})
    show(room)
    expect(room.locator("form[data-blueprint=sprint] button")).to_have_count(2)
    ids = room.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids)) > 0
    hide(room)

    def check() -> None:
        assert room.evaluate("document.documentElement.scrollWidth") <= 375
        own = [each for each in violations(room) if each[0] not in PAGE_RULES]
        assert own == []

    check()
    start(room, "sprint", code="sprint-1")
    check()
    submit(room)
    expect(room.locator(".exam-score")).to_be_visible()
    check()


PAGE_RULES = {"landmark-one-main", "page-has-heading-one", "region", "heading-order"}  # of the page round the room
