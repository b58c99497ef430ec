"""What graders do, and when they no longer can: collect, mark, look, type commands, lose their rights."""

from __future__ import annotations

import json
import time

from playwright.sync_api import Page, expect

from trial.place import ADA, BEN, COURSE, COURSE_USER, GRADERS, HUB, MAL, TEA, Place, check, must, sh


def press(page: Page, button: str) -> str:
    """Press a button of the formgrader's list and return the log that it shows."""
    page.locator(f"td.{button} a").first.click()
    dialog = page.locator(".modal.in, .modal.show")
    expect(dialog).to_contain_text("Log Output", timeout=120_000)
    page.wait_for_timeout(500)
    text = str(dialog.inner_text())
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_have_count(0)
    return text


def teacher_collects(page: Page, place: Place) -> None:
    """Collect in the formgrader."""
    expect(page.get_by_role("link", name="ps1").first).to_be_visible(timeout=90_000)
    page.screenshot(path=place.folder / "4-formgrader.png")
    said = press(page, "collect")
    collected = sorted(path.name for path in (place.course / "submitted").iterdir())
    check(collected == [ADA, BEN, MAL], "all three are collected, and nothing that was forged", f"{collected} {said}")
    check(said.count("Not collected") == 3, "the formgrader shows what was refused", said)
    own = json.loads((place.course / "submitted" / ADA / "ps1/ps1.answers.json").read_text(encoding="utf-8"))
    check(len(own["responses"]) == 6, "Ada's collected answers are her own")


def teacher_marks(page: Page, place: Place) -> None:
    """Mark one in the formgrader and all by command, also who handed in by e-mail; generate and release feedback."""
    page.goto(f"{HUB}/services/{COURSE}/formgrader/manage_submissions/ps1")
    expect(page.locator("td.autograde a")).to_have_count(3, timeout=60_000)
    said = press(page, "autograde")
    check("Successfully autograded" in said, "the formgrader marks a submission", said)
    nbgrader, python = place.software / "grader/bin/nbgrader", place.software / "grader/bin/python"
    by_mail = place.course / "submitted/dora/ps1"
    must("mkdir", "-p", by_mail, user=COURSE_USER)
    must("cp", place.course / "release/ps1/ps1.ipynb", by_mail, user=COURSE_USER)
    must(nbgrader, "autograde", "ps1", user=COURSE_USER, cwd=place.course)
    print(must(python, "-m", "grader", "marks", "ps1", user=COURSE_USER, cwd=place.course))
    page.goto(f"{HUB}/services/{COURSE}/formgrader/")
    expect(page.locator("td.generate-feedback a")).to_be_visible(timeout=60_000)
    said = press(page, "generate-feedback")
    check("Successfully generated feedback" in said, "the formgrader writes feedback", said)
    said = press(page, "release-feedback")
    check("No feedback released for dora" in said, "feedback is released for all but who handed in by mail", said)
    must(nbgrader, "release_feedback", "ps1", user=COURSE_USER, cwd=place.course)
    feedback = place.inbound.parent / "feedback"
    check(len(list(feedback.glob("*.html"))) == 3, "three feedback pages are in the exchange")
    check(sh("ls", feedback, user=MAL).returncode != 0, "a learner cannot list the feedback pages")


def teacher_looks(page: Page, place: Place) -> None:
    """See the marks in the formgrader."""
    page.goto(f"{HUB}/services/{COURSE}/formgrader/gradebook/ps1/ps1")
    expect(page.locator("table")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1000)
    page.screenshot(path=place.folder / "6-marks.png")
    check("24" in page.locator("table").inner_text(), "the formgrader shows Ada's 24 of 40 points")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    page.wait_for_timeout(1500)
    page.screenshot(path=place.folder / "7-submission.png")


def teacher_types(page: Page, place: Place) -> None:
    """Run a command of the course in a terminal of the graders' JupyterLab."""
    page.goto(f"{HUB}/services/{COURSE}/lab")
    page.locator(".jp-LauncherCard", has_text="Terminal").click(timeout=90_000)
    terminal = page.locator(".jp-Terminal .xterm-helper-textarea")
    terminal.wait_for(state="attached", timeout=30_000)
    page.wait_for_timeout(3000)
    terminal.focus()
    page.keyboard.type("python -m grader marks ps1 > shown.txt; id -un >> shown.txt\n")
    shown, text, started = place.course / "shown.txt", "", time.monotonic()
    while COURSE_USER not in text and time.monotonic() - started < 60:
        page.wait_for_timeout(500)
        text = shown.read_text(encoding="utf-8") if shown.exists() else ""
    page.screenshot(path=place.folder / "9-terminal.png")
    check("24 / 40" in text and COURSE_USER in text, "graders run the course's commands in a terminal", text)


def teacher_leaves(page: Page) -> None:
    """Take the Unix group away: within minutes an open page is of no use any more."""
    must("gpasswd", "-d", TEA, GRADERS)
    started = time.monotonic()
    while time.monotonic() - started < 480:
        answer_ = page.request.get(f"{HUB}/services/{COURSE}/formgrader/api/assignments", max_redirects=0)
        if answer_.status != 200:
            break
        time.sleep(10)
    waited = time.monotonic() - started
    check(answer_.status != 200, f"a grader whose group is taken away is out after {waited:.0f} s", str(answer_.status))
