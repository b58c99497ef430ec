"""A learner's answers as a table for the curious."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from quizzes.study.record_forms import is_number
from quizzes.study.tally import Items

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("seconds", "sure")
COLUMNS = ("at", "item", "family", "difference", "kind", "where", "outcome", "seconds", "sure", "chose")


def rows(items: Items, index: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every attempt as a row, oldest first; an item that the course no longer has keeps its id alone."""
    found = []
    for name, record in items.items():
        entry = index["items"].get(name, {})
        known = {"item": name, **{column: entry.get(column) for column in ("family", "difference", "kind")}}
        for attempt in record.get("log", []):
            said = {column: attempt.get(column) for column in ("where", "outcome", "chose")}
            numbers = {column: attempt.get(column) for column in NUMBERS if is_number(attempt.get(column))}
            found.append({"at": datetime.fromtimestamp(attempt["at"], UTC), **known, **said, **numbers})
    return sorted(found, key=lambda row: row["at"])


def frame(items: Items, index: Mapping[str, Any]) -> pd.DataFrame:
    """Return the attempts as a pandas DataFrame.

    Columns: `at` (time with zone), `item`, `family`, `difference`, `kind`, `where`, `outcome`, `seconds`, `sure`
    (percent) and `chose`. Raises ModuleNotFoundError with what to do where pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415  a large library, and only this needs it
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "history() makes a pandas DataFrame: install pandas first (pip install pandas)"
        ) from None
    made = pd.DataFrame(rows(items, index), columns=list(COLUMNS))
    numbers = dict.fromkeys(NUMBERS, "Float64")
    zone = datetime.now(UTC).astimezone().tzinfo
    return made.assign(at=pd.to_datetime(made["at"], utc=True).dt.tz_convert(zone)).astype(numbers)
