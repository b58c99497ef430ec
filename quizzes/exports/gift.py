"""The bank as GIFT, Moodle's plain text format: one question for each part of an item.

What Moodle accepts was read in its importer, question/format/gift. Ids and tags stand in a comment, where a newer
Moodle finds them; other programs pass over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from quizzes.bank import Bank
from quizzes.exports.base import Carry, Exported, Format, Loss, Support
from quizzes.exports.moodle_html import (
    OF_MATCH,
    OF_ROWS,
    TITLE,
    all_tags,
    asked_and_told,
    escaped,
    evidence_html,
    percent,
    question_html,
    rows_html,
    shared_losses,
)
from quizzes.exports.units import Unit, shares
from quizzes.items import AnyItem, Trait

OF_ORDER = "steps are matched with their numbers: the mark is the share of steps at their number"
OF_SHUFFLE = "the order in which the steps are shown is left out: they stand in the right one, and Moodle shuffles them"
OF_PARTS = "each question stands by itself, with the whole scenario"
_RESERVED = str.maketrans({char: f"\\{char}" for char in "\\#=~{}:"} | {"\n": "\\n", "\r": ""})


def reserved(text: str) -> str:
    """Return a text with a backslash before each character that GIFT reserves."""
    return text.translate(_RESERVED)


def _choices(unit: Unit) -> list[str]:
    share = shares(unit.part)

    def sign(name: str) -> str:
        return "=" if share[name] == 1 else f"~%{percent(share[name])}%" if share[name] else "~"

    return [
        f"\t{sign(name)}{reserved(escaped(choice.text))}#{reserved(escaped(choice.feedback))}"
        for name, choice in unit.choices.items()
    ]


def _rows(unit: Unit) -> list[str]:
    """Return the rows as pairs; a place is plain text in Moodle, so that its `>` stays as it is."""
    return [f"\t={reserved(escaped(row.text))} -> {reserved(row.place)}" for row in unit.choices.values()]


def _question(unit: Unit, told: Sequence[Unit]) -> str:
    tags = "".join(f" [tag:{tag}]" for tag in all_tags(unit))
    after = rows_html(unit) + evidence_html(told)
    return "\n".join(
        [
            f"// [id:{unit.id}]{tags}",
            f"::{reserved(unit.id)}::[html]{reserved(question_html(unit))}{{",
            *(_rows(unit) if unit.groups else _choices(unit)),
            *([f"\t####{reserved(after)}"] if after else []),
            "}\n",
        ]
    )


def _losses(item: AnyItem, asked: Sequence[Unit]) -> list[Loss]:
    found = {unit.part.type for unit in asked}
    rows = {"match": [OF_ROWS, OF_MATCH], "order": [OF_ROWS, OF_ORDER, OF_SHUFFLE]}
    lost = [what for kind, told in rows.items() if kind in found for what in told]
    return [Loss(item.id, what) for what in (*([OF_PARTS] if len(asked) > 1 else []), *lost)]


def export(items: Sequence[AnyItem], bank: Bank) -> Exported:
    """Return the text in UTF-8: for each family its category, then its questions, a blank line after each."""
    blocks, losses = [], []
    for family, members in groupby(items, key=lambda item: item.family):
        blocks.append(f"$CATEGORY: $course$/top/{TITLE}/{family}\n")
        for item in members:
            asked, told = asked_and_told(item, bank)
            blocks += [_question(unit, told if unit is asked[-1] else ()) for unit in asked]
            losses += [*_losses(item, asked), *shared_losses(item)]
    return Exported("\n".join(blocks).encode(), len(items), tuple(losses))


FORMAT = Format(
    name="gift",
    title="GIFT",
    suffix=".gift.txt",
    becomes={
        Trait.REASON: Support(Carry.DEGRADED, "two questions: the class, and the difference that decides"),
        Trait.GAPS: Support(Carry.DEGRADED, "one multiple-choice question for each gap"),
        Trait.SEVERAL: Support(Carry.DEGRADED, "one question for each, with the scenario in each"),
        Trait.ONE: Support(Carry.WHOLE),
        Trait.SOME: Support(Carry.WHOLE),
        Trait.MATCH: Support(Carry.DEGRADED, "matching; a wrong row costs nothing"),
        Trait.ORDER: Support(Carry.DEGRADED, "steps matched with their numbers"),
    },
    aspects={
        "rationales": Support(Carry.WHOLE, "feedback of each option; of rows, after the question"),
        "misconceptions": Support(Carry.WHOLE, "named in the feedback of each option"),
        "partial": Support(Carry.DEGRADED, "exact where options are chosen, less strict where rows are placed"),
        "chain": Support(Carry.LOST, "each question earns its own mark"),
        "evidence": Support(Carry.DEGRADED, "not asked but told after the question"),
        "tags": Support(Carry.DEGRADED, "in a comment, which Moodle reads and other programs pass over"),
        "status": Support(Carry.DEGRADED, "status and use in that comment, without source and what is replaced"),
    },
    export=export,
)
