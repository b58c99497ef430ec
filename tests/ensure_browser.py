"""Find a Chromium for the tests, and install one where there is none: Playwright's own, else Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"  # the same engine without windows, which asks less of the processor
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def installed() -> str | None:
    """Return the path of an installed browser, Playwright's own included, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None) or next(filter(os.path.exists, PLACES), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def for_tests() -> str | None:
    """Return the path of Chromium's headless shell, of the whole browser where there is none, or None."""
    return shutil.which(SHELL) or installed()


def _try(*command: str) -> bool:
    print("+", " ".join(command), flush=True)
    return subprocess.run(command, check=False).returncode == 0


def _install_packages(*packages: str) -> None:
    """Install what there is of Debian's packages when this runs as root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        _try("apt-get", "update", "-qq")
        for package in packages:
            _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


def install() -> None:
    """Install a browser: Playwright's own, else Debian's."""
    if not _try(sys.executable, "-m", "playwright", "install", "chromium"):
        _install_packages("chromium", SHELL)  # the shell is in newer Debians alone


def main() -> int:
    """Return 0 where a browser is there in the end."""
    if not installed():
        install()
    elif os.environ.get("CI") and for_tests() == shutil.which("chromium"):  # Debian's, on a machine for tests alone
        _install_packages(SHELL)
    browser = for_tests()
    print(f"browser for the tests: {browser}" if browser else "no browser: install Chromium or Chrome, then run again")
    return 0 if browser else 1


if __name__ == "__main__":
    sys.exit(main())
