"""A real JupyterLab, and what a learner does in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from servers import free_port


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, the folder that it shows, and where its learners' progress is kept."""

    address: str
    folder: Path
    data: Path


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, "JupyterLab ended early"
        try:
            urllib.request.urlopen(f"{address}/api", timeout=2).close()  # noqa: S310  our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("JupyterLab did not answer within three minutes")


@contextmanager
def running_lab(folder: Path, home: Path) -> Iterator[Lab]:
    """Run JupyterLab with stock settings on a folder, with a home of its own."""
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    options = [
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        f"--ServerApp.root_dir={folder}",
        "--expose-app-in-browser",
    ]
    own = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "JUPYTER_CONFIG_DIR": str(home / "c")}
    environment = {**os.environ, **own}
    environment.pop("PROJECT_OR_OPERATION_STATIC", None)
    with (home / "lab.log").open("wb") as log:
        process = subprocess.Popen([*command, *options], env=environment, cwd=folder, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process)
            yield Lab(address, folder, home / "data" / "project-or-operation")
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:  # it waits for kernels, on a machine that is busy
                process.kill()
                process.wait()


def menu(page: Page, name: str, entry: str) -> None:
    """Choose an entry of JupyterLab's menu; `entry` is a pattern."""
    page.locator(".lm-MenuBar-item", has_text=name).click()
    page.locator(".lm-Menu-item", has_text=re.compile(entry)).first.click()


def run_all(page: Page) -> None:
    """Choose Run > Run All Cells."""
    menu(page, "Run", "^Run All Cells$")


def open_notebook(page: Page, lab: Lab, path: str) -> None:
    """Open a notebook in a fresh workspace and run it."""
    page.goto(f"{lab.address}/lab/workspaces/w{time.monotonic_ns()}/tree/{path}")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    run_all(page)


def quizzes_in(page: Page) -> Locator:
    """Return the notebook's quizzes once the first one is there."""
    items = page.locator(".jp-Notebook .quiz-item")
    expect(items.first).to_be_visible(timeout=60_000)
    return items


def save(page: Page) -> None:
    """Choose File > Save Notebook and wait until the file is clean."""
    menu(page, "File", "^Save Notebook")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def restart_kernel(page: Page) -> None:
    """Choose Kernel > Restart Kernel, and wait for the new one."""
    menu(page, "Kernel", r"^Restart Kernel(…|\.\.\.)")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
