"""Assignments for the tests of the report, and what stands in its short table of items."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from grader.build import build
from grader.demo import Maker
from grader.init import init

PLAN = """
title: One of <each> kind
items: [{items}]
points: {{class: 2, differentiator: 1, evidence: 1, choice: 1, choices: 2, sort: 3, order: 2, gap: 1}}
"""


def released(folder: Path, items: list[str]) -> Maker:
    """Return what makes submissions to a released assignment of these items."""
    course = init(folder)
    (folder / "assignments" / "ps1.yaml").write_text(PLAN.format(items=", ".join(items)), encoding="utf-8")
    _, form = build(course, "ps1")
    shutil.copytree(course.root / "source" / "ps1", course.root / "release" / "ps1")
    return Maker(course, form, course.bank(course.assignment("ps1")))


def glance(html: str) -> list[list[str]]:
    """Return the short table of items: the names of its columns, and each row's numbers after its item."""
    found = re.search(r"(?s)<caption><span>Items at a glance</span>.*?</table>", html)
    assert found
    head = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', found[0])
    rows = re.findall(r"(?s)<tr><td.*?</tr>", found[0])
    return [head, *(re.findall(r'<td class="n">(\d+)</td>', row)[1:] for row in rows)]
