"""What a run was made on, and what else wanted its cores: without both, figures cannot be compared."""

from __future__ import annotations

import os
import platform
import re
import threading
from pathlib import Path
from statistics import median
from typing import Any, Self

EVERY = 5.0  # seconds


def cpu() -> str:
    """Return the processor's model as the system names it."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8")) if info.is_file() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> float | None:
    """Return the memory in GB, None where the system does not tell."""
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1)


def system() -> str:
    """Return the operating system by the name that it gives itself."""
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}, {platform.machine()}"


def load() -> float:
    """Return how many processes wanted a core in the last minute; a busy machine measures itself."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0


def describe(browser_version: str = "") -> dict[str, Any]:
    """Return processor, cores, memory, system, Python and browser; neither its name nor a path of it."""
    told = {
        "cpu": cpu(),
        "cores": cores(),
        "memory_gb": memory(),
        "system": system(),
        "python": platform.python_version(),
    }
    return {**told, "browser": f"Chromium {browser_version}"} if browser_version else told


class Watch:
    """Takes the load before a run and every few seconds of it."""

    def __init__(self) -> None:
        self._before, self._during = load(), list[float]()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._ended.wait(EVERY):
            self._during.append(load())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def told(self) -> dict[str, float]:
        """Return the load before, and the median and the most during."""
        during = self._during or [load()]
        return {"before": self._before, "median": round(median(during), 2), "most": max(during)}
