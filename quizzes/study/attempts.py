"""An answer as the records keep it."""

from __future__ import annotations

from collections.abc import Mapping
from time import time
from typing import Any

from quizzes.marking import Mark
from quizzes.study.figures import CLASSES
from quizzes.study.tally import CREDIT


def attempt_of(made: Mark, response: Any, where: str, **more: Any) -> dict[str, Any] | None:
    """Return an answer as an attempt of an item's history; None where nothing was answered."""
    if made.outcome not in CREDIT:
        return None
    chose = response.get("class") if isinstance(response, Mapping) else None
    said = {"chose": chose} if chose in CLASSES else {}
    return {"at": int(time()), "outcome": str(made.outcome), "where": where, **more, **said}
