"""How hard an item is likely to be, estimated from its text: nobody's answers were counted, so it is not measured.

Points, added up:

| Feature | Points |
|---|---|
| how many answers are possible, as a power of two; the evidence is left out | 1 from 3, 2 from 4.5 |
| traps: different misconceptions of wrong options that the text invites | 1 from two, 2 from three, 3 from four |
| counter-cues: phrases of a scenario that are no evidence | 1 from three |
| cues: only one phrase of a scenario is evidence | 1 |
| both at once is the answer | 1 |
| the stem asks for what does not hold (NOT, LEAST, EXCEPT) | 1 |
| the text reads hard: a readability index (LIX, Björnsson 1968) of 45 and more | 1 |

Level 1 has up to EASY points, level 3 at least HARD. Both were set on the practice bank, so that no level has less than
a fifth of it; they are fixed, so that a new item changes the level of no other.
"""

from __future__ import annotations

import re
from math import comb, factorial, log2

from quizzes.items import EVIDENCE, AnyItem
from quizzes.kinds.base import NEGATION
from quizzes.marking import Part

EASY = 1
HARD = 4
UNINVITED = {"cue-not-in-text", "cue-fits-both", "terms-mixed"}  # nothing in the text leads into these
_WORD = re.compile(r"[A-Za-z'\u2019-]+")
_STOP = re.compile(r"[.!?:](\s|$)")


def lix(text: str) -> float:
    """Return the readability index: words a sentence, and the percentage of words of more than six letters."""
    words = _WORD.findall(text)
    long = sum(len(word) > 6 for word in words)
    return len(words) / max(1, len(_STOP.findall(text))) + 100 * long / max(1, len(words))


def _bits(part: Part) -> float:
    options = len(part.options)
    if part.type == "match":
        return options * log2(len(part.groups))
    possible = {"one": options, "some": comb(options, len(part.key)), "order": factorial(options)}
    return log2(possible[part.type])


def _steps(value: float, *thresholds: float) -> int:
    return sum(value >= threshold for threshold in thresholds)


def points(item: AnyItem) -> int:
    """Return the item's points for difficulty."""
    options = [option for part in item.rationales().values() for option in part.values()]
    traps = {option.misconception for option in options} - UNINVITED - {None}
    stems = [getattr(item.holder(part.name), "stem", "") for part in item.parts()]
    return (
        _steps(sum(_bits(part) for part in item.parts() if part.name != EVIDENCE), 3, 4.5)
        + _steps(len(traps), 2, 3, 4)
        + item.hardness()
        + any(NEGATION.search(stem) for stem in stems)
        + _steps(lix(item.text), 45)
    )


def level(item: AnyItem) -> int:
    """Return 1, 2 or 3, from easier to harder."""
    return 1 + _steps(points(item), EASY + 1, HARD)
