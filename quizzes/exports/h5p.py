"""The bank as an H5P package: one Question Set, without the content types' own programs.

Moodle, WordPress, Drupal, Lumi and h5p.com have these and keep them up to date. A package that brought its own would
need an administrator to be imported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from quizzes.archive import archived
from quizzes.bank import Bank
from quizzes.exports.base import Carry, Exported, Format, Support, lost
from quizzes.exports.h5p_questions import CHOICE, WORDS, Question, questions
from quizzes.exports.units import mostly_right
from quizzes.items import AnyItem, Trait
from quizzes.loading import load_bank

TITLE = "Project or Operation?"
AUTHOR = "Project or Operation? contributors"
SET = "H5P.QuestionSet 1.21"
_NAMES = {SET: "Question Set", CHOICE: "Multiple Choice", WORDS: "Drag the Words"}
_SPACE = uuid5(NAMESPACE_OID, "project-or-operation")


def _terms(items: Sequence[AnyItem]) -> dict[str, Any]:
    """Return the licence and author of the course for its own items; whoever wrote others says theirs in H5P."""
    own = load_bank().items
    if any(own.get(item.id) != item for item in items):
        return {"license": "U", "authors": [], "changes": []}
    return {
        "license": "CC BY",
        "licenseVersion": "4.0",
        "authors": [{"name": AUTHOR, "role": "Author"}],
        "changes": [],
    }


def _sub_content(question: Question, terms: Mapping[str, Any]) -> dict[str, Any]:
    name, library, parameters = question
    return {
        "library": library,
        "params": parameters,
        "subContentId": str(uuid5(_SPACE, name)),
        "metadata": {"contentType": _NAMES[library], "title": name, **terms},
    }


def _set(made: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the Question Set: its progress in words, since a dot for each question would fill the page."""
    return {
        "introPage": {"showIntroPage": False},
        "progressType": "textual",
        "passPercentage": 50,
        "questions": made,
        "disableBackwardsNavigation": False,
        "randomQuestions": False,
        "endGame": {
            "showResultPage": True,
            "showSolutionButton": True,
            "showRetryButton": True,
            "overallFeedback": [{"from": 0, "to": 100}],
            "showAnimations": False,
            "skippable": False,
        },
        "override": {"checkButton": True},
    }


def _needed(library: str) -> dict[str, Any]:
    name, _, version = library.partition(" ")
    major, minor = map(int, version.split("."))
    return {"machineName": name, "majorVersion": major, "minorVersion": minor}


def _about(libraries: Sequence[str], terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return h5p.json. It names the content types that are used; what these need in turn, the platform knows."""
    return {
        "title": TITLE,
        "language": "en",
        "defaultLanguage": "en",
        "mainLibrary": SET.partition(" ")[0],
        "embedTypes": ["iframe"],
        **terms,
        "preloadedDependencies": [_needed(library) for library in libraries],
    }


def _placed(item: AnyItem) -> bool:
    return any(part.groups for part in item.parts())


def _several(item: AnyItem) -> bool:
    return Trait.SOME in item.traits


LOST: dict[str, Callable[[AnyItem], bool]] = {
    "tags, status and source are left out: the question's title holds the item's id": lambda _: True,
    "class and difference become two questions, and the difference earns its point for a wrong class too": (
        lambda item: Trait.REASON in item.traits
    ),
    "the words that show it are not asked: the feedback of the right difference tells them": (
        lambda item: item.shows_words
    ),
    "its questions stand apart, each with the scenario": lambda item: Trait.SEVERAL in item.traits,
    "the words of all gaps stand in one pool, where this course has a list at each gap": (
        lambda item: Trait.GAPS in item.traits
    ),
    "steps are given their numbers: points are for steps at their number, not for pairs in order": (
        lambda item: Trait.ORDER in item.traits
    ),
    "a row in a wrong place takes nothing off: points are for rows in their place": (
        lambda item: Trait.MATCH in item.traits
    ),
    "a dash stands for a colon in rows, gaps and their reasons, since a colon has a meaning of its own there": (
        lambda item: Trait.GAPS in item.traits or _placed(item)
    ),
    "a question has as many points as it has right options or rows, where this course gives it one": (
        lambda item: _several(item) or _placed(item)
    ),
    "a wrong choice takes off as much as a right one earns, where this course takes off more": mostly_right,
}


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the package: h5p.json, which says what it needs, and the content."""
    made = [_sub_content(question, _terms([item])) for item in items for question in questions(item, bank)]
    used = {each["library"] for each in made}
    files = {
        "h5p.json": _json(_about([SET, *(each for each in (CHOICE, WORDS) if each in used)], _terms(items))),
        "content/content.json": _json(_set(made)),
    }
    return Exported(archived(files), len(items), lost(items, LOST))


FORMAT = Format(
    name="h5p",
    title="H5P",
    suffix=".h5p",
    becomes={
        Trait.REASON: Support(Carry.DEGRADED, "two questions, class and difference"),
        Trait.GAPS: Support(Carry.DEGRADED, "words dragged into the text, from one pool for all gaps"),
        Trait.SEVERAL: Support(Carry.DEGRADED, "separate questions, each with the scenario"),
        Trait.ONE: Support(Carry.WHOLE),
        Trait.SOME: Support(Carry.DEGRADED, "a wrong choice takes off less where most options are right"),
        Trait.MATCH: Support(Carry.DEGRADED, "places dragged to rows; a wrong place takes nothing off"),
        Trait.ORDER: Support(Carry.DEGRADED, "numbers dragged to steps"),
    },
    aspects={
        "rationales": Support(Carry.WHOLE, "of rows and gaps, once they are filled"),
        "misconceptions": Support(Carry.WHOLE, "within the feedback"),
        "partial": Support(Carry.DEGRADED, "a point for each right option, row or gap"),
        "chain": Support(Carry.LOST, "each question is marked alone"),
        "evidence": Support(Carry.DEGRADED, "told in the feedback, not asked"),
        "tags": Support(Carry.LOST, "export a selection instead"),
        "status": Support(Carry.LOST, "the title holds the item's id"),
    },
    export=export,
)
