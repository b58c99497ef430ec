"""The table of the docs: what carries, what degrades and what is lost, format by format and kind by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quizzes.exports.base import ASPECTS, Format, Support
from quizzes.items import KINDS


def table(formats: Sequence[Format]) -> str:
    """Return the tables as Markdown: kinds of item, then aspects; raises ValueError where a format is silent on one."""
    kinds = {name: kind.about.title for name, kind in KINDS.items()}
    return (
        "\n".join(
            [*_rows("Kind of item", kinds, formats, "kinds"), "", *_rows("What else", ASPECTS, formats, "aspects")]
        )
        + "\n"
    )


def _rows(title: str, names: Mapping[str, str], formats: Sequence[Format], field: str) -> list[str]:
    head = f"| {title} | " + " | ".join(each.title for each in formats) + " |"
    line = "|---" * (len(formats) + 1) + "|"
    return [
        head,
        line,
        *(_row(label, [_support(each, field, name) for each in formats]) for name, label in names.items()),
    ]


def _row(label: str, cells: Sequence[Support]) -> str:
    return f"| {label} | " + " | ".join(f"{each.carry}{f': {each.how}' if each.how else ''}" for each in cells) + " |"


def _support(format_: Format, field: str, name: str) -> Support:
    found: Mapping[str, Support] = getattr(format_, field)
    if name not in found:
        raise ValueError(f"{format_.name}: say in `{field}` what becomes of '{name}'")
    return found[name]
