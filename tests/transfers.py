"""The progress file out of a browser and into it: records, and a learner's hand on the progress page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Locator, Page, expect
from records import attempt

FORMAT = "project-or-operation/progress"
AT = 1_790_000_000
SCHEMA = json.loads((ROOT / "docs" / "progress-file.schema.json").read_text(encoding="utf-8"))
PAYROLL = {"class": "project"}
SUBMITTED = {
    "started": AT,
    "blueprint": "sprint",
    "seed": 7,
    "title": "Sprint",
    "sections": [["payroll-1"]],
    "responses": {"payroll-1": PAYROLL},
    "flags": [],
    "seconds": {"payroll-1": 20.5},
    "limit": 600,
    "used": 21.5,
    "submitted": AT + 60,
    "result": {"right": 1, "questions": 1, "items": {"payroll-1": {"right": 1, "questions": 1, "outcome": "right"}}},
}
FULL = {
    "item:payroll-1": {
        "response": PAYROLL,
        "checked": True,
        "flag": True,
        "log": [attempt(AT, "right", seconds=30, chose="project")],
    },
    "item:sort-1": {
        "response": {"sort": {"a": "x", "b": "y"}},
        "log": [attempt(AT + 5, "partly"), attempt(AT + 9, "wrong")],
    },
    "item:retired-9": {"flag": True},
    "exam:tm1yww": SUBMITTED,
    "exam:open": {"started": AT + 90, "title": "Sprint", "sections": [["sort-1"]], "responses": {}},
    "card:charter": {"box": 1, "due": AT + 86_400, "log": [{"at": AT, "knew": True}]},
    "setting:streak": "off",
    "setting:cards-new": 20,
}


@pytest.fixture
def room(page: Page, site: str) -> Page:
    """Open the progress page with empty storage."""
    page.goto(f"{site}/book/progress.html")
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    return page


def exported(page: Page) -> tuple[str, dict[str, Any]]:
    """Export; return the file's name and its document."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as a file").click()
    path = download.value.path()
    return download.value.suggested_filename, json.loads(Path(path).read_text(encoding="utf-8"))


def said(page: Page) -> Locator:
    """Return the line that tells what was done."""
    return page.locator(".progress-said")


def give(page: Page, content: Any, told: str) -> None:
    """Import a document, or a text as it is, and wait for what is told."""
    text = content if isinstance(content, str) else json.dumps(content)
    file = {"name": "progress.json", "mimeType": "application/json", "buffer": text.encode()}
    page.evaluate("document.querySelector('.progress-said').textContent = ''")
    page.get_by_label("Import a file").set_input_files(files=[file])  # type: ignore[list-item]
    expect(said(page)).to_have_text(told)


def document(**fields: Any) -> dict[str, Any]:
    """Return a file of version 2 with some fields."""
    empty: dict[str, Any] = {"items": {}, "exams": {}, "cards": {}, "settings": {}}
    return {"format": FORMAT, "version": 2, "exported_at": "2025-11-24T10:00:00Z", **empty, **fields}
