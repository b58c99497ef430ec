"""What this course's exports tell after a question: why each row belongs in its place, and the words that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from quizzes.exports.moodle_html import NOT_SHOWN, SHOWN
from quizzes.imports.blocks import Block

MOST = 50  # rows that are told after a question; an item has up to ten
_WORDS = re.compile(r"“(.+?)”: (.*)", re.DOTALL)


def why(found: Sequence[Block], row: str, place: str) -> str:
    """Return why a row belongs in its place, or an empty text."""
    start = f"{row} → {place}: "
    texts = (block.text for block in found[:MOST] if block.row)
    return next((text.removeprefix(start) for text in texts if text.startswith(start)), "")


def words_of(found: Iterable[Block]) -> tuple[tuple[str, bool, str], ...]:
    """Return the phrases that show a scenario's class and those that do not: text, whether it shows it, and why."""
    shows, words = None, []
    for block in found:
        if not block.row:
            shows = {SHOWN: True, NOT_SHOWN: False}.get(block.text)
        elif shows is not None and (phrase := _WORDS.fullmatch(block.text)):
            words.append((phrase[1], shows, phrase[2]))
    return tuple(words)
