"""The hub, HTTPS in front of it, and a browser that logs in."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ensure_browser import installed
from playwright.sync_api import Browser, Page, Playwright, expect

from trial.place import COURSE, COURSE_USER, DEPLOY, HUB, PASSWORD, PORTS, Place, TrialError

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@contextmanager
def hub(place: Place) -> Iterator[None]:
    """Start the hub on loopback and end it, with all servers that it started."""
    environment = {
        "PATH": f"{place.software}/hub/bin:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    command: list[str | Path] = [place.software / "hub/bin/jupyterhub", "-f", place.software / "jupyterhub_config.py"]
    formgrader: list[str | Path] = ["/usr/sbin/runuser", "-u", COURSE_USER, "--", place.software / "formgrader.sh"]
    with background(command, place.folder / "hub.log", cwd=place.state / "hub", env=environment) as itself:
        _wait_for(f"{HUB}/hub/health", itself)
        with background(formgrader, place.folder / "formgrader.log", cwd="/", env=environment) as service:
            _wait_for(f"{HUB}/services/{COURSE}/api", service)
            yield


@contextmanager
def background(command: list[str | Path], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with a log until the end, and end it with all that it started."""
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603  our own
            command, stdout=stream, stderr=stream, start_new_session=True, **options
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=60)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise TrialError(f"{address}: the program ended early, see the logs")
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TrialError(f"{address}: no answer")


@contextmanager
def https(place: Place) -> Iterator[str]:
    """Put Caddy in front, with a certificate of its own making; yields the address, or '' where there is no Caddy."""
    program = shutil.which("caddy")
    if not program:
        print("--    no Caddy on this machine: HTTPS is not tried")
        yield ""
        return
    address = f"https://localhost:{PORTS['POP_PORT'] + 443}"
    site = (DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace("hub.example.org", address)
    site = site.replace(":8000", f":{PORTS['POP_PORT']}").replace("{\n", "{\n\tbind 127.0.0.1\n", 1)
    file = place.folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n" + site)
    environment = {**os.environ, "HOME": str(place.folder), "XDG_DATA_HOME": str(place.folder / "caddy")}
    command: list[str | Path] = [program, "run", "--config", file, "--adapter", "caddyfile"]
    with background(command, place.folder / "caddy.log", cwd="/", env=environment):
        yield address


def start_browser(playwright: Playwright) -> Browser:
    """Start the browser that is installed, and let it wait for a busy machine."""
    expect.set_options(timeout=30_000)
    return playwright.chromium.launch(executable_path=installed(), args=FLAGS)


def log_in(browser: Browser, name: str, address: str = HUB, path: str = "/hub/spawn") -> Page:
    """Log in with the account's password and go to a page."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}, ignore_https_errors=True).new_page()
    page.goto(f"{address}{path}", timeout=60_000)
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill(PASSWORD)
    page.locator("#login_submit").click()
    return page


def open_lab(page: Page) -> None:
    """Wait for a user's own JupyterLab."""
    page.wait_for_url(re.compile(r"/user/[^/]+/lab"), timeout=120_000)
    expect(page.locator("#jp-main-dock-panel")).to_be_visible(timeout=120_000)
