"""The mock exam of 180 questions at quarter speed: how long a click on an option takes until it is painted.

`EXAM` is all that knows the page: how the form is started, what can be clicked, and how one comes to the next question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Error, Locator, Page

from benchmarks.site.measure import PATIENCE, cold_page
from benchmarks.site.rounds import QUARTER


@dataclass(frozen=True)
class ExamPage:
    """The exam as Playwright selectors; `start` is clicked in turn, `item` is there once a question is shown."""

    page: str
    start: tuple[str, ...]
    item: str
    option: str
    following: str


EXAM = ExamPage(
    page="book/exam.html",
    start=('.exam-card:has-text("180 questions") button[type=submit]',),
    item=".exam-item .quiz-item",
    option=".exam-item label:has(input)",
    following=".exam-next",
)
CLICKS = 60
EACH = 2  # options clicked in a question: an answer, and another one instead
# From the press, as the browser's input queue dates it, until the frame after it has been handed over.
RECORD = """() => {
  globalThis.paints = [];
  let pressed = false;
  document.addEventListener("click", (event) => {
    if (pressed || !event.isTrusted) return;
    pressed = true;
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => { pressed = false; paints.push(performance.now() - event.timeStamp); };
      painted.port2.postMessage(0);
    });
  }, true);
}"""


def _press(page: Page, target: Locator) -> float:
    """Click with the pointer and return the milliseconds until the next paint."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    if box is None:
        raise Error("an option is not shown")
    before = page.evaluate("() => paints.length")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("before => paints.length > before", arg=before)
    return round(float(page.evaluate("() => paints.at(-1)")), 1)


def _answer(page: Page, exam: ExamPage, wanted: int) -> list[float]:
    options = page.locator(exam.option)
    return [_press(page, options.nth(number)) for number in range(min(EACH, wanted, options.count()))]


def sit(page: Page, exam: ExamPage, clicks: int) -> dict[str, list[float]]:
    """Answer one question after another; returns the times of clicks on options, and of moving on."""
    for selector in exam.start:
        page.locator(selector).first.click()
    page.locator(exam.item).first.wait_for()
    page.evaluate(RECORD)
    options: list[float] = []
    moves: list[float] = []
    while True:
        options += _answer(page, exam, clicks - len(options))
        following = page.locator(exam.following)
        if len(options) >= clicks or not following.is_enabled():
            return {"options": options, "moves": moves}
        moves.append(_press(page, following))
        page.locator(exam.item).first.wait_for()


def measure(browser: Browser, address: Callable[[str], str], exam: ExamPage = EXAM) -> dict[str, list[float]]:
    """Sit the exam at quarter speed; `address` gives the address of a page of the site."""
    with cold_page(browser, rate=QUARTER) as page:
        page.set_default_timeout(PATIENCE)
        page.goto(address(exam.page), wait_until="networkidle", timeout=PATIENCE)
        return sit(page, exam, CLICKS)
