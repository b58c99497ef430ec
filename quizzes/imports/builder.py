"""What items need beside their questions: the bank they go to, and marks where something is to be written.

The bank asks more of an item than other programs do: a rationale for every option, the trap that each wrong one
catches, a difference and an exam topic. What is not there is marked as to be written, and `check` names the items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from quizzes.bank import Bank
from quizzes.exports.base import Loss
from quizzes.imports.base import TO_WRITE, Entry, Option

NO_RATIONALE = f"options without a rationale have '{TO_WRITE}' in its place"
NO_TRAP = "wrong options do not say which trap they catch: it is to be named"
NO_DIFFERENCE = "no difference is named: it is to be named"
Fields = dict[str, Any]


def slug(text: str, fallback: str) -> str:
    """Return a text as an id: words in lower case joined by '-'."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return "-".join(words)[:60].rstrip("-") or fallback


@dataclass
class Builder:
    """What items need beside their questions, and what was found to be missing.

    `exam` is the topic of items that name none, `family` their family; `trap` and `difference` are the ids that stand
    for what is to be named.
    """

    bank: Bank
    source: str
    family: str
    to_name: str
    exam: str = ""
    losses: list[Loss] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def note(self, entry: Entry, what: str) -> None:
        """Keep a line for something that could not be carried as it was."""
        self.losses.append(Loss(entry.name, what))

    def option(self, entry: Entry, option: Option, *, keyed: bool, text: bool = True) -> Fields:
        """Return an option or row with its rationale, and its trap where a wrong answer is one."""
        names = {each.name: each.id for each in self.bank.misconceptions.values()}
        before, _, after = option.feedback.rpartition("Trap: “")
        trap = names.get(after.partition("” ")[0], "") if before else ""
        rationale = (before if trap else option.feedback).strip()
        if not rationale:
            self.note(entry, NO_RATIONALE)
        made: Fields = {"text": option.text} if text else {}
        made["rationale"] = rationale or TO_WRITE
        if not keyed:
            if not trap:
                self.note(entry, NO_TRAP)
            made["misconception"] = trap or self.to_name
        return made

    def difference(self, entry: Entry, tag: str = "difference") -> str:
        """Return the difference that an item names, or the one that stands for what is to be named."""
        for name in entry.tagged(tag):
            if name in self.bank.differentiators:
                return name
        self.note(entry, NO_DIFFERENCE)
        return self.to_name
