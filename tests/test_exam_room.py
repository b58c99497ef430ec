"""The mock exams in a notebook: the site's room driven with the kernel behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import serve
from exam_kernel import Kernel, Records, kernel, store
from playwright.sync_api import Browser, Page, expect
from records import own_page, violations
from sitting import ITEM, give, shown_id, sit, start, submit

from quizzes.bank import Bank
from quizzes.study.exam_room import LAB, ExamRoom, sources

__all__ = ["kernel", "store"]  # fixtures
ADDRESS = "notebook.html#a-cell"


def test_the_room_runs_the_site_s_modules_but_three(bank: Bank) -> None:
    """All that the site's exam is made of, and the line to the kernel."""
    replaced = {"address.mjs", "site.mjs", "store.mjs"}
    assert {name for name in sources() if (LAB / name).is_file()} == {*replaced, "kernel.mjs"}
    assert {"exam.mjs", "draw.mjs", "sitting.mjs", "clock.mjs", "report.mjs", "quiz.mjs"} <= set(sources())


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
