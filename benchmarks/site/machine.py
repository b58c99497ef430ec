"""What a run was made on: without it figures cannot be compared."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import Any


def cpu() -> str:
    """Return the processor's model as the system names it."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8")) if info.is_file() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def load() -> float:
    """Return how many processes wanted a core in the last minute; a busy machine measures itself."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0


def describe(browser_version: str) -> dict[str, Any]:
    """Return processor, cores, system and browser."""
    return {
        "cpu": cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "browser": f"Chromium {browser_version}",
    }
