"""What Moodle's two formats share: the HTML of questions and feedback, tags, and shares as the percentages it knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from quizzes.bank import Bank
from quizzes.exports.base import Loss
from quizzes.exports.units import Choice, Unit, units
from quizzes.items import EVIDENCE, AnyItem, Trait, role
from quizzes.render import emphasis

TITLE = "Project or Operation"
SHOWN = "Words that show it:"
NOT_SHOWN = "Words that do not show it:"
# The shares that Moodle accepts for an option (question/engine/bank.php), each also below 0; a file with another one
# is refused.
SHARES: tuple[float, ...] = (
    *(1 - 1 / parts for parts in (10, 6, 5, 4, 3, 2)),
    *(tenths / 10 for tenths in (1, 2, 3, 4, 6, 7)),
    *(1 / parts for parts in (3, 4, 6, 7, 8, 9, 20)),
    0,
    1,
)
_CONTROL = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

OF_ROWS = "why each row belongs in its place is told after the question, all rows at once"
OF_EVIDENCE = "the words in the scenario are not asked: the feedback after the question names them"
OF_CHAIN = "the reason earns its mark even where the class is wrong: each question is marked on its own"
OF_MATCH = "a row in a wrong place costs nothing: the mark is the share of rows in their right place"
OF_SOURCE = "the source that an item is written from is left out"


def percent(share: float) -> str:
    """Return a share as Moodle writes it, as in `33.33333`; raises ValueError where Moodle does not know the share."""
    if not any(abs(abs(share) - known) < 1e-9 for known in SHARES):
        raise ValueError(f"a share of {share} is none that Moodle knows")
    return f"{share * 100:.5f}".rstrip("0").rstrip(".")


def legal(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return _CONTROL.sub("", text)


def escaped(text: str) -> str:
    """Return a text as HTML within an element."""
    return escape(text, quote=False).replace("\n", "<br>")


def paragraph(text: str, *, stem: bool = False) -> str:
    """Return a text as an HTML paragraph, a stem with its capital words set off; empty for no text."""
    shown = text.strip()
    inner = str(emphasis(shown)).replace("\n", "<br>") if stem else escaped(shown)
    return f"<p>{inner}</p>" if shown else ""


def question_html(unit: Unit) -> str:
    """Return what a learner reads before answering: the scenario, then the stem."""
    return paragraph(unit.scenario) + paragraph(unit.legend, stem=True)


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in lines)}</ul>"


def rows_html(unit: Unit) -> str:
    """Return each row with its right place and why, for after the question; empty where no rows are placed."""
    if not unit.groups:
        return ""
    return _list(f"{row.text} → {row.place}: {row.feedback}" for row in unit.choices.values())


def asked_and_told(item: AnyItem, bank: Bank) -> tuple[list[Unit], list[Unit]]:
    """Return the parts that are asked, and those that are only told after the question: the words that show it."""
    parts = units(item, bank, evidence=True)
    told = [unit for unit in parts if role(unit.part.name) == EVIDENCE]
    return [unit for unit in parts if unit not in told], told


def evidence_html(told: Iterable[Unit]) -> str:
    """Return the words that show a scenario's class and those that do not, for after the question."""
    return "".join(
        paragraph(title) + _list(f"{choice.text}: {choice.feedback}" for choice in _chosen(unit, keyed=keyed))
        for unit in told
        for title, keyed in ((SHOWN, True), (NOT_SHOWN, False))
    )


def _chosen(unit: Unit, *, keyed: bool) -> list[Choice]:
    return [choice for name, choice in unit.choices.items() if (name in unit.part.key) == keyed]


def wrong_feedback(choice: Choice, *, right: bool) -> str:
    """Return what a learner reads who put a row into a place: the trap only where the place is wrong."""
    return choice.rationale if right else choice.feedback


def all_tags(unit: Unit) -> tuple[str, ...]:
    """Return the unit's tags and what they leave out of its item: status, use, style, and each question's of a case."""
    item = unit.item
    return (*unit.tags, f"status:{item.status}", f"use:{item.use}", *_own_tags(item))


def _own_tags(item: AnyItem) -> tuple[str, ...]:
    holders = {part.name: item.holder(part.name) for part in item.parts()}
    asked = {"" if each is item else name.partition(".")[0] + ".": each for name, each in holders.items()}
    return tuple(
        f"{prefix}{name}:{value}"
        for prefix, each in asked.items()
        for name, value in (
            ("difference", getattr(each, "differentiator", "") if prefix else ""),
            ("style", getattr(each, "style", "")),
        )
        if value not in ("", "standard")
    )


def shared_losses(item: AnyItem) -> list[Loss]:
    """Return what both formats lose of an item."""
    lost = [OF_SOURCE]
    if item.replaces:
        lost.append(f"that it replaces {item.replaces}, and why, is left out")
    if Trait.REASON in item.traits:
        lost.append(OF_CHAIN)
    if item.shows_words:
        lost.append(OF_EVIDENCE)
    return [Loss(item.id, what) for what in lost]
