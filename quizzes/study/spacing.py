"""When a flashcard comes back: boxes after Leitner. Pure, and the same as frontend/spacing.mjs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

Record = dict[str, Any]

DAYS = (0, 1, 3, 7, 21, 60)  # until a card of the box is due again: docs/progress-file.md says why
LATEST = 253_370_764_800  # the start of the year 9999: calendars reach beyond it by more than the longest gap
EARLIEST = 259_200  # three days: Windows reads no local time nearer to 1970
DAY = timedelta(days=1)


def day_start(at: float, days: int = 0, zone: tzinfo | None = None) -> int:
    """Return when a day begins, some days after the one of a time, in a zone or else in this computer's."""
    moment = datetime.fromtimestamp(min(max(at, EARLIEST), LATEST), UTC).astimezone(zone)
    day = moment.date() + days * DAY
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def is_due(card: Mapping[str, Any], now: float) -> bool:
    """Tell whether a card is due; so is one with a review after now, which was kept under a clock that was wrong."""
    log = card.get("log") or [{"at": 0}]
    return bool(card["due"] <= now or log[-1]["at"] > now)


def reviewed(card: Mapping[str, Any] | None, review: Mapping[str, Any], zone: tzinfo | None = None) -> Record:
    """Return a card after a review; knowing it before it is due proves little and leaves it where it is."""
    before = card or {"box": 0, "due": 0}
    log = [*before.get("log", []), review]
    if not review["knew"]:
        return {"box": 0, "due": review["at"], "log": log}
    if card and not is_due(card, review["at"]):
        return {"box": before["box"], "due": before["due"], "log": log}
    box = min(max(before["box"], 0) + 1, len(DAYS) - 1)
    return {"box": box, "due": day_start(review["at"], DAYS[box], zone), "log": log}


def replayed(log: Iterable[Mapping[str, Any]], zone: tzinfo | None = None) -> Record:
    """Return the card that a history makes."""
    card: Record | None = None
    for review in log:
        card = reviewed(card, review, zone)
    return card or {"box": 0, "due": 0}
