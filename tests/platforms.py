"""A learning platform for SCORM packages, on a runtime by others, and a learner who works in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from clicking import item_id, place
from conftest import ROOT, serve
from playwright.sync_api import FrameLocator, Page, expect

from quizzes.marking import Rule

RUNTIMES = ROOT / "node_modules" / "scorm-again" / "dist"
# A platform that stores what it is given at each commit, and starts with what it has stored.
PLATFORM = """<!doctype html><title>Platform</title><script src="{runtime}"></script><script>
const api = new {name}({{ logLevel: 5 }});
if (localStorage.stored) api.loadFromJSON(JSON.parse(localStorage.stored).cmi);
api.on("{prefix}Commit", () => {{ localStorage.stored = JSON.stringify(api.renderCMIToJSONObject()); }});
window.{api} = api;
</script><iframe src="package/index.html" title="Questions" style="width: 100%; height: 90vh"></iframe>"""
NAMES = {
    "scorm12": {"runtime": "scorm12.js", "name": "Scorm12API", "prefix": "LMS", "api": "API"},
    "scorm2004": {"runtime": "scorm2004.js", "name": "Scorm2004API", "prefix": "", "api": "API_1484_11"},
}
# One that takes nothing but the answers until it is told to.
DEAF = """window.API = new Proxy({}, { get: (_, name) => (key) =>
  name === "LMSSetValue" ? String(!key.includes("score") || window.listens === true) :
  name.endsWith("String") ? "Not now" : name.startsWith("LMSGet") ? "" : "true" });"""


def unpacked(content: bytes, folder: Path) -> Path:
    """Unpack a package and return its page."""
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder / "index.html"


@contextmanager
def platform_with(content: bytes, name: str, folder: Path) -> Iterator[str]:
    """Serve a platform with a package; gives its address."""
    for runtime in RUNTIMES.glob("scorm*.js"):
        (folder / runtime.name).write_bytes(runtime.read_bytes())
    (folder / "lms.html").write_text(PLATFORM.format(**NAMES[name]), encoding="utf-8")
    unpacked(content, folder / "package")
    with serve(folder) as address:
        yield f"{address}/lms.html"


def put(page: Page, platform: str, kept: Mapping[str, Any]) -> None:
    """Change what the platform has stored, while nobody is in it."""
    page.goto(platform.replace("lms.html", "package/quiz.css"))
    page.evaluate("kept => { localStorage.stored = JSON.stringify(kept) }", kept)


def give(page: Page | FrameLocator, given: Mapping[str, Mapping[str, Any]]) -> None:
    """Answer as a learner does."""
    for name, response in given.items():
        item = page.locator(f'[data-item*=\'"id":"{name}"\']')
        for part, chosen in response.items():
            rows = chosen.items() if isinstance(chosen, dict) else ()
            for row, group in rows:
                place(item, f"{part}:{row}", group)
            for option in () if rows else [chosen] if isinstance(chosen, str) else chosen:
                place(item, part, option)


def hand_in(page: Page | FrameLocator) -> None:
    """Hand in and say yes."""
    page.locator(".scorm-end button").click()
    page.locator("dialog button[value=yes]").click()
    expect(page.locator("#scorm-score")).to_be_focused()


def stored(page: Page) -> dict[str, Any]:
    """Return what the platform stored last."""
    found: dict[str, Any] = json.loads(page.evaluate("localStorage.stored ?? '{}'"))["cmi"]
    core: dict[str, Any] = found.get("core", {})
    return found | core


def found_back(frame: FrameLocator, rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Return the answers that the page shows."""
    chosen: dict[str, Any] = {}
    for item in frame.locator(".quiz-item").all():
        fields = item.locator("input:checked, select").evaluate_all("all => all.map((each) => [each.name, each.value])")
        types = {part.name: part.type for part in rules[item_id(item)]}
        response: dict[str, Any] = {}
        for field, given in (each for each in fields if each[1]):
            part, _, row = field.partition(":")
            if row:
                response.setdefault(part, {})[row] = given
            elif types[part] == "some":
                response.setdefault(part, []).append(given)
            else:
                response[part] = given
        if response:
            chosen[item_id(item)] = response
    return chosen
