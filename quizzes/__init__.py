"""Quizzes that teach the difference between a project and operations.

`Quiz`, `Study` and `AnswerSheet` are imported on first use: bank, marking and the author's commands need no widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizzes.answer_sheet import AnswerSheet
    from quizzes.study.session import Study
    from quizzes.widget import Quiz

__all__ = ["AnswerSheet", "Quiz", "Study"]


def __getattr__(name: str) -> Any:
    if name == "Quiz":
        from quizzes.widget import Quiz  # noqa: PLC0415

        return Quiz
    if name == "AnswerSheet":
        from quizzes.answer_sheet import AnswerSheet  # noqa: PLC0415

        return AnswerSheet
    if name == "Study":
        from quizzes.study.session import Study  # noqa: PLC0415

        return Study
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
