"""The front end's modules as they are written, run in a browser of some time zone without a page of the site."""

from __future__ import annotations

import json
from typing import Any

from conftest import ROOT, serve
from playwright.sync_api import Browser
from records import own_page


def run(browser: Browser, script: str, given: Any, zone: str = "UTC") -> Any:
    """Return what a script makes of plain data; it imports modules from "/NAME.mjs"."""
    context, page = own_page(browser, timezone_id=zone)
    with serve(ROOT / "quizzes" / "frontend") as address:
        page.goto(f"{address}/quiz.css")
        made = page.evaluate(f"async (given) => JSON.stringify(await ({script})(given))", given)
    context.close()
    return json.loads(made)
