"""How late a submission is, and what nbgrader's plugin of the course takes off for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config


def seconds_late(time: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """Return by how many seconds a time is after the due date and its extension; 0 where either is unknown."""
    if time is None or due is None:
        return 0
    return max(0.0, (time - (due + (extension or timedelta()))).total_seconds())


def penalty_of(config: Config, student: str, score: float, late: float) -> float | None:
    """Ask the course's plugin for the penalty, as nbgrader's AssignLatePenalties does; None where none is due."""
    if late <= 0:
        return None
    assigner = AssignLatePenalties(config=config)
    assigner.init_plugin()
    penalty = assigner.plugin_inst.late_submission_penalty(student, score, late)
    return None if penalty is None else min(max(penalty, 0), score)
