"""The author's preview: items as on the site, with all reasons, on a page that follows the files of the bank."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from authoring import run
from conftest import ROOT
from playwright.sync_api import Page, expect
from records import violations

from quizzes.bank import Bank
from quizzes.loading import BUILT_IN
from quizzes.preview import Server


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a private bank of one family for assessment; return its file."""
    path = tmp_path / "mine" / "scenarios" / "shop.yaml"
    path.parent.mkdir(parents=True)
    text = (BUILT_IN / "scenarios" / "payroll.yaml").read_text(encoding="utf-8")
    text = (
        text.replace("payroll-", "shop-").replace("family: payroll", "family: shop").replace("practice", "assessment")
    )
    path.write_text(text, encoding="utf-8")
    return path


def save(path: Path, old: str, new: str) -> None:
    """Change the first occurrence in a file, as an author saves a word."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def preview(shop: Path, *names: str) -> Iterator[Server]:
    """Serve the preview of these names over the private bank."""
    with Server((BUILT_IN, shop.parents[1]), names, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def test_a_family_is_shown_and_marked_as_on_the_site(page: Page, shop: Path, bank: Bank) -> None:
    """Both twins can be answered, evidence included; below each stand its id, kind, use, key and every reason."""
    with preview(shop, "shop", "concepts-1") as server:
        page.goto(server.address)
        items = page.locator(".quiz-item")
        expect(items).to_have_count(3)
        for value in ("operations", "duration", "e4"):
            items.first.locator(f'input[value="{value}"]').check()
        items.first.get_by_role("button", name="Check answer").click()
        expect(items.first.locator(".quiz-status")).to_contain_text("Correct. The answer is: Operations.")
        items.nth(1).locator('input[value="operations"]').check()
        items.nth(1).get_by_role("button", name="Check answer").click()
        expect(items.nth(1).locator(".quiz-status")).to_contain_text("Not correct. The answer is: Project.")
        told = page.get_by_role("region", name="shop-1")
        for text in ("classify", "assessment", "operations", "duration", "e4"):
            expect(told.locator("dd", has_text=text).first).to_be_visible()
        twin = bank.items["payroll-1"]
        for options in twin.rationales().values():
            for option in options.values():
                expect(told.get_by_text(option.rationale).last).to_be_visible()
        assert violations(page) == []


def test_the_page_follows_a_saved_word_and_keeps_answers(page: Page, shop: Path) -> None:
    """Nobody reloads it; what was answered stays answered."""
    with preview(shop, "shop-1") as server:
        page.goto(server.address)
        page.locator('input[value="operations"]').check()
        save(shop, "of nine\n      million euros by noon", "of nine\n      million euros by teatime")
        expect(page.locator(".quiz-scenario")).to_contain_text("by teatime")
        expect(page.locator('input[value="operations"]')).to_be_checked()
        page.locator('input[value="duration"]').check()
        page.get_by_role("button", name="Check answer").click()
        expect(page.locator(".quiz-status")).to_contain_text("Partly correct.")


def test_a_fault_takes_the_place_of_the_items_until_it_is_mended(page: Page, shop: Path) -> None:
    """The lines of `check` are on the page, all of them, and the items come back by themselves."""
    with preview(shop, "shop") as server:
        page.goto(server.address)
        expect(page.locator(".quiz-item")).to_have_count(2)
        good = shop.read_text(encoding="utf-8")
        text = good.replace("key: operations", "key: operatons", 1).replace("deadline-means-project", "deadlines", 1)
        shop.write_text(text, encoding="utf-8")
        expect(page.locator(".fault")).to_have_count(2)
        expect(page.locator(".quiz-item")).to_have_count(0)
        lines = run("--bank", shop.parents[1], "check").stderr.splitlines()[:-1]
        assert page.locator(".fault").all_inner_texts() == lines
        assert violations(page) == []
        shop.write_text(good, encoding="utf-8")
        expect(page.locator(".quiz-item")).to_have_count(2)
        save(shop, "id: shop-2", "id: shop-3")
        save(shop, "family: shop", "family: store")
        expect(page.locator(".fault")).to_have_text(
            "'shop' is no item and no family of the bank: did you mean 'shop-1' or 'shop-3'?"
        )


def test_only_this_computer_is_answered_and_nothing_is_kept(shop: Path) -> None:
    """It listens on loopback, refuses pages of other names that lead there, and forbids caches."""
    with preview(shop, "shop-1") as server:
        host, port = server.server_address[:2]
        assert host == "127.0.0.1"
        answers = {}
        for name, path in (("127.0.0.1", "/"), ("localhost", "/state"), ("evil.example", "/"), ("localhost", "/../x")):
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("GET", path, headers={"Host": f"{name}:{port}"})
            response = connection.getresponse()
            answers[name, path] = response.status, response.headers["Cache-Control"]
            response.read()
            connection.close()
        assert answers == {
            ("127.0.0.1", "/"): (200, "no-store"),
            ("localhost", "/state"): (200, "no-store"),
            ("evil.example", "/"): (403, None),
            ("localhost", "/../x"): (404, None),
        }


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("shop-11", "'shop-11' is no item and no family of the bank: did you mean 'shop' or 'shop-1' or 'shop-2'?"),
        (
            "payrol",
            "'payrol' is no item and no family of the bank: did you mean 'payroll' or 'payroll-1' or 'payroll-2'?",
        ),
        ("zzz", "'zzz' is no item and no family of the bank: `python -m quizzes list` shows the ids"),
    ],
)
def test_an_unknown_name_is_one_line_with_the_nearest(shop: Path, name: str, line: str) -> None:
    """No server is started."""
    done = run("preview", name, "--bank", shop.parents[1])
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", [line])


def test_a_port_that_is_taken_or_none_is_one_line(shop: Path) -> None:
    """The author is told to give another one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("preview", "payroll-1", "--port", port)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"port {port} cannot be used: ")
    assert line.endswith(": give another one with --port")
    assert "use a number from 0 to 65535" in run("preview", "payroll-1", "--port", "99999").stderr


def test_the_command_prints_its_address_and_ends_with_ctrl_c(page: Page, shop: Path) -> None:
    """It starts also on a faulty bank, which the page tells, and leaves no traceback."""
    save(shop, "key: operations", "key: operatons")
    command = [sys.executable, "-m", "quizzes", "preview", "shop", "--port", "0", "--bank", str(shop.parents[1])]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A shell has its jobs in the background ignore Ctrl+C, and they hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.endswith(" shows shop; Ctrl+C ends it\n")
        page.goto(line.split()[0])
        expect(page.locator(".fault")).to_contain_text("key 'operatons' is not one of the options")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    expect(page.get_by_role("status").first).to_contain_text("The preview has ended.")
