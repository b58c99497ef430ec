"""H5P's content types as the tests know them: their fields, and how they mark.

The content types are on no registry that the tests can reach. What is used of their fields is written down here from
the published semantics.json, and their marking and Drag the Words' notation are followed from their scripts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

SET, CHOICE, WORDS = "H5P.QuestionSet 1.21", "H5P.MultiChoice 1.16", "H5P.DragText 1.10"
TEXT, HTML, YES, NUMBER = "text", "html", "boolean", "number"
RANGES = [{"from": NUMBER, "to": NUMBER}]
BUTTONS = {"enableRetry": YES, "enableSolutionsButton": YES, "enableCheckButton": YES}
MEDIA = {"disableImageZooming": YES}
FIELDS: dict[str, Any] = {
    SET: {
        "introPage": {"showIntroPage": YES},
        "progressType": {"textual", "dots"},
        "passPercentage": NUMBER,
        "questions": [{"library": {CHOICE, WORDS}, "params": None, "subContentId": TEXT, "metadata": None}],
        "disableBackwardsNavigation": YES,
        "randomQuestions": YES,
        "endGame": {
            **dict.fromkeys(("showResultPage", "showSolutionButton", "showRetryButton", "showAnimations"), YES),
            "skippable": YES,
            "overallFeedback": RANGES,
        },
        "override": {"checkButton": YES},
    },
    CHOICE: {
        "media": MEDIA,
        "question": HTML,
        "answers": [
            {
                "text": HTML,
                "correct": YES,
                "tipsAndFeedback": dict.fromkeys(("tip", "chosenFeedback", "notChosenFeedback"), HTML),
            }
        ],
        "overallFeedback": RANGES,
        "behaviour": {
            **BUTTONS,
            **dict.fromkeys(("singlePoint", "randomAnswers", "showSolutionsRequiresInput", "autoCheck"), YES),
            **dict.fromkeys(("confirmCheckDialog", "confirmRetryDialog", "showScorePoints"), YES),
            "type": {"auto", "multi", "single"},
            "passPercentage": NUMBER,
        },
    },
    WORDS: {
        "media": MEDIA,
        "taskDescription": HTML,
        "textField": TEXT,
        "distractors": TEXT,
        "overallFeedback": RANGES,
        "behaviour": {**BUTTONS, "instantFeedback": YES},
    },
}
TAGS = {"p", "br", "div", "strong"}  # that H5P leaves in every field of HTML here


class Tags(HTMLParser):
    """The tags of a text, and what is open at its end."""

    def __init__(self, html: str) -> None:
        """Read the text."""
        super().__init__()
        self.found: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note a tag; H5P strips attributes."""
        assert not attrs
        self.found.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


def faults(value: Any, field: Any, place: str = "$") -> Iterator[str]:
    """Yield where content is not as its fields are: H5P removes a field that it does not know."""
    if isinstance(field, dict):
        if not isinstance(value, dict) or set(value) != set(field):
            yield place
            return
        for name, each in field.items():
            yield from faults(value[name], each, f"{place}.{name}")
    elif isinstance(field, list):
        if not isinstance(value, list) or not value:
            yield place
            return
        for number, each in enumerate(value):
            yield from faults(each, field[0], f"{place}[{number}]")
    elif not _holds(value, field):
        yield place


def _holds(value: Any, field: Any) -> bool:
    if isinstance(field, set):
        return value in field
    if field in (TEXT, HTML) and isinstance(value, str):
        tags = Tags(value)
        return not tags.open and tags.found <= (TAGS if field == HTML else set())
    kind = {YES: bool, NUMBER: int}.get(field)
    return field is None or (kind is not None and type(value) is kind)


@dataclass(frozen=True)
class Gap:
    """A gap as Drag the Words reads it."""

    text: str
    right: str
    wrong: str


def lex(solution: str) -> Gap:
    """Read a gap: src/scripts/parse-text.js of Drag the Words."""
    assert not re.search(r":([^\\*]+)", solution), "a tip"
    (right,), (wrong,) = (re.findall(rf"\\\{sign}([^\\*:]+)", solution) or [""] for sign in "+-")
    text = solution.strip("*").replace(f"\\+{right}", "").replace(f"\\-{wrong}", "")
    return Gap(text.rstrip(), right.rstrip(), wrong.rstrip())


def gaps(text: str) -> list[Gap]:
    """Return the gaps of a text."""
    return [lex(part) for part in re.split(r"(\*.*?\*)", text) if part.startswith("*")]


def words_share(params: dict[str, Any], dropped: Sequence[str]) -> float:
    """Return what Drag the Words gives: right words of all gaps; the words must be there to be dropped."""
    every, spare = gaps(params["textField"]), gaps(params["distractors"])
    assert Counter(dropped) <= Counter(gap.text for gap in (*every, *spare))
    return sum(gap.text == word for gap, word in zip(every, dropped, strict=True)) / len(every)


def choice_share(params: dict[str, Any], chosen: Sequence[int]) -> float:
    """Return what Multiple Choice gives: right less wrong, never below 0, of the right ones."""
    right = [answer["correct"] for answer in params["answers"]]
    if params["behaviour"]["type"] == "single":
        (one,) = chosen
        return float(right[one])
    assert not params["behaviour"]["singlePoint"]
    return float(max(0, sum(1 if right[each] else -1 for each in chosen)) / sum(right))
