"""What learners do, and what they must not be able to do: hand in, attack, read feedback, come through HTTPS."""

from __future__ import annotations

import re

from clicking import answer, item_id
from playwright.sync_api import Browser, Locator, Page, expect

from quizzes.loading import load_bank
from trial.hub import log_in, open_lab
from trial.place import ADA, BEN, COURSE_USER, HUB, MAL, Place, check, must, sh


def assignments(page: Page) -> Locator:
    """Open nbgrader's list of assignments from the menu and return it."""
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    page.locator(".lm-Menu-item", has_text="Assignment List").click()
    panel = page.locator("#nbgrader-assignment-list")
    expect(panel).to_be_visible()
    return panel


def answer_by_click(page: Page, number: int) -> None:
    """Open ps1, run it, and answer the first items rightly."""
    page.goto(f"{HUB}/user/{ADA}/lab/tree/ps1/ps1.ipynb")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=90_000)
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Run All Cells$")).click()
    items, bank = page.locator(".jp-Notebook .quiz-item"), load_bank()
    expect(items).to_have_count(10, timeout=60_000)
    for item in [items.nth(place) for place in range(number)]:
        for part in bank.items[item_id(item)].parts():
            answer(item, part)
    expect(page.locator(".quiz-saved")).to_have_text(re.compile(rf"^{number} of 10 answered, saved at"))
    page.locator(".lm-MenuBar-item", has_text="File").click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Save Notebook")).first.click()
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def learner_works(page: Page, place: Place) -> None:
    """Fetch, answer and hand in ps1, with nothing but the mouse."""
    open_lab(page)
    panel = assignments(page)
    page.screenshot(path=place.folder / "1-assignment-list.png")
    panel.get_by_role("button", name="Fetch", exact=True).click()
    expect(panel.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    answer_by_click(page, 6)
    page.screenshot(path=place.folder / "2-sheet.png")
    panel = assignments(page)
    panel.get_by_role("button", name="Submit", exact=True).click()
    expect(panel.get_by_role("button", name="Fetch Feedback", exact=True).first).to_be_visible()
    page.screenshot(path=place.folder / "3-submitted.png")
    (handed_in,) = place.inbound.glob(f"{ADA}+ps1+*")
    files = sorted(path.name for path in handed_in.iterdir())
    check({"ps1.ipynb", "ps1.answers.json", "submission_secret.txt"} <= set(files), "Ada handed in", str(files))
    status = page.request.get(f"{HUB}/user/{ADA}/formgrader").status
    check(status == 404, "a learner's server has no formgrader", str(status))
    menu = page.locator(".lm-MenuBar-item", has_text="Nbgrader")
    menu.click()
    shown = page.locator(".lm-Menu-item").all_inner_texts()
    check(not any("Formgrader" in text for text in shown), "a learner's menu has no formgrader", str(shown))


def others_hand_in(place: Place) -> None:
    """Ben hands in from a terminal; Mal tries what must not work."""
    nbgrader = place.software / "learner/bin/nbgrader"
    for user in (BEN, MAL):
        home = place.folder / "homes" / user
        must(nbgrader, "fetch_assignment", "ps1", user=user, cwd=home)
        must(nbgrader, "submit", "ps1", user=user, cwd=home)
    (handed_in,) = place.inbound.glob(f"{ADA}+ps1+*")
    python = place.software / "learner/bin/python"
    tries = {
        "see who handed in": ("ls", place.inbound),
        "read the course": ("ls", place.course),
        "read the gradebook file": ("cat", place.course / "gradebook.db"),
        "read another's home": ("ls", place.folder / "homes" / ADA),
        "read another's hand-in, its name known": ("cat", handed_in / "ps1.ipynb"),
        "delete another's hand-in, its name known": ("rm", "-rf", handed_in),
        "rename another's hand-in, its name known": ("mv", handed_in, place.inbound / "gone"),
        "write into the course's part of the exchange": ("touch", place.inbound.parent / "outbound/x"),
        "import the grader": (python, "-c", "import grader"),
        "read the hub's secrets": ("ls", place.state / "hub"),
    }
    if (place.folder / "pg").exists():
        tries["connect to the gradebook's server"] = ("psql", "-h", place.folder / "pg", COURSE_USER, "-c", "select 1")
    for claim, command in tries.items():
        done = sh(*command, user=MAL)
        check(done.returncode != 0, f"a learner cannot {claim}", done.stdout + done.stderr)
    check((handed_in / "ps1.ipynb").exists(), "Ada's hand-in is still whole")
    mine = place.folder / "homes" / MAL / "ps1"
    later = "2099-01-01 00:00:00.000000 UTC"
    must("cp", "-r", mine, place.inbound / f"{ADA}+ps1+{later}+AAAAAAAAAAAA", user=MAL)
    must("cp", "-r", mine, place.inbound / f"{MAL}+ps1+soon+AAAAAAAAAAAA", user=MAL)
    must("ln", "-s", "/etc", place.inbound / f"{MAL}+ps1+{later}+AAAAAAAAAAAA", user=MAL)


def learner_reads(page: Page, place: Place) -> None:
    """Fetch the feedback from the list of assignments."""
    page.goto(f"{HUB}/user/{ADA}/lab")
    open_lab(page)
    panel = assignments(page)
    panel.get_by_role("button", name="Fetch Feedback", exact=True).first.click()
    page.wait_for_timeout(4000)
    panel.get_by_text("(view feedback)").click()
    page.wait_for_timeout(4000)
    page.locator(".jp-DirListing-item", has_text="ps1.html").dblclick()
    page.wait_for_timeout(4000)
    page.screenshot(path=place.folder / "8-feedback.png")
    pages = list((place.folder / "homes" / ADA / "ps1/feedback").glob("*/ps1.html"))
    check(len(pages) == 1 and "24" in pages[0].read_text(encoding="utf-8"), "Ada has her feedback", str(pages))


def learner_uses_https(browser: Browser, address: str) -> None:
    """Log in through HTTPS and run a kernel, which needs a WebSocket."""
    page = log_in(browser, BEN, address=address, path="/hub/user-redirect/lab/tree/ps1/ps1.ipynb")
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=120_000)
    check(page.url.startswith(address), "through HTTPS a learner logs in and a kernel runs", page.url)
    cookies = [each for each in page.context.cookies() if each["name"].startswith("jupyterhub")]
    check(cookies and all(each["secure"] for each in cookies), "the hub's cookies are sent by HTTPS only", str(cookies))
