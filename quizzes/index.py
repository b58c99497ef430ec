"""The bank's index for the site's rooms: what they need to know of items, and nothing that a page already says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizzes.bank import Bank
from quizzes.blueprints import resolved
from quizzes.items import KINDS, AnyItem
from quizzes.level import level
from quizzes.scores import questions_of
from quizzes.vocabulary import Exam, Topic


def _entry(item: AnyItem, bank: Bank, page: str) -> dict[str, Any]:
    return {
        "page": page,
        "kind": item.kind,
        "family": item.family,
        "sector": item.sector,
        "difference": item.differentiator,
        "exam": list(item.exam),
        "level": level(item),
        "questions": len(questions_of(item.parts())),
    }


def _topic(topic: Topic) -> dict[str, str]:
    return {"name": topic.title, **({"domain": topic.domain} if topic.domain else {})}


def _exam(exam: Exam) -> dict[str, Any]:
    return {"short": exam.short, "name": exam.name, "topics": {topic.id: _topic(topic) for topic in exam.topics}}


def bank_index(
    bank: Bank, pages: Mapping[str, str], difference_pages: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the index as plain data, in bank order; docs/site.md says what each field is.

    `pages` gives the page of each practice item by id, and only these items are in it; `difference_pages` gives the
    page that teaches each difference, where there is one.
    """
    taught = difference_pages or {}
    shown = [item for item in bank.select(use="practice") if item.id in pages]
    return {
        "items": {item.id: _entry(item, bank, pages[item.id]) for item in shown},
        "differences": {
            each.id: {"name": each.name, "question": each.question, "page": taught.get(each.id, "")}
            for each in bank.differentiators.values()
        },
        "kinds": {name: kind.about.title for name, kind in KINDS.items() if any(item.kind == name for item in shown)},
        "exams": {exam.id: _exam(exam) for exam in bank.exams.exams},
        "blueprints": [resolved(blueprint, bank.exams) for blueprint in bank.blueprints.values()],
        "checked": bank.exams.checked,
    }
