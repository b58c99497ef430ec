"""Which items are exported: conditions from the command line, as in `use=practice` or `exam=pmp/closure`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.items import AnyItem

FIELDS: dict[str, Callable[[AnyItem, str], bool]] = {
    "id": lambda item, value: item.id == value,
    "use": lambda item, value: item.use == value,
    "kind": lambda item, value: item.kind == value,
    "difference": lambda item, value: value in item.differentiators(),
    "exam": lambda item, value: any(value in (tag, tag.split("/")[0]) for tag in item.exam),
    "family": lambda item, value: item.family == value,
    "sector": lambda item, value: item.sector == value,
}


def selected(bank: Bank, conditions: Iterable[str]) -> list[AnyItem]:
    """Return the items that meet the conditions, in bank order; of conditions on one field, one must hold.

    Raises SelectionError for a condition that is none, and where no item is left.
    """
    pairs = sorted(_pair(condition) for condition in conditions)
    wanted = {name: [value for _, value in group] for name, group in groupby(pairs, key=lambda pair: pair[0])}
    items = [
        item
        for item in bank.items.values()
        if all(any(FIELDS[name](item, value) for value in values) for name, values in wanted.items())
    ]
    if not items:
        raise SelectionError(f"no item meets {' and '.join(conditions)}: `python -m quizzes list` shows the items")
    return items


def _pair(condition: str) -> tuple[str, str]:
    name, _, value = condition.partition("=")
    if name not in FIELDS or not value:
        raise SelectionError(f"'{condition}' is no condition: write FIELD=VALUE with one of {', '.join(FIELDS)}")
    return name, value
