"""Who is measured: the same items in four makes of a page, and what a learner does to answer the first one.

jupyterquiz asks one thing a question. A choice item is one `multiple_choice` question; a scenario becomes two, "What
is it?" under the scenario and "Which difference decides it?", so that both ask and explain the same. Each option's
feedback is our rationale with the trap and its mend. One call of `display_quiz` shows a page's questions: a call each
would embed jupyterquiz's code as often, which is the author's choice and not counted against it.

anywidget shows `quizzes.Quiz` itself, the object that learners use in JupyterLab, without kept answers. myst-nb embeds
its state into the page; RequireJS, html-manager and anywidget's module come from the page's own server.
"""

from __future__ import annotations

from dataclasses import dataclass

from quizzes.bank import Bank, draw
from quizzes.items import AnyItem


@dataclass(frozen=True)
class Steps:
    """How the first question of a page is answered, as CSS selectors; `check` is empty where a choice is the check."""

    option: str
    check: str
    verdict: str


@dataclass(frozen=True)
class Contestant:
    """A make of the page; `code` is what the addresses of its own quiz code hold, empty where it is in the page."""

    name: str
    title: str
    steps: Steps
    code: str = ""


OURS = Steps(
    option=".quiz-item input",
    check=".quiz-item:has(input) .quiz-check",
    verdict=".quiz-item[data-outcome] .quiz-status",
)
JUPYTERQUIZ = Steps(option="label.MCButton", check="", verdict=".Feedback")
CONTESTANTS = (
    Contestant("ours", "ours: lean site", OURS, code="/_static/quiz-"),
    Contestant("jupyterquiz", "jupyterquiz, theme as it comes", JUPYTERQUIZ),
    Contestant("widget", "anywidget and html-manager, self-hosted", OURS, code="/_static/widgets/"),
    Contestant("theme", "our quiz, theme as it comes", OURS, code="/_static/quiz-"),
)
RIVAL = "jupyterquiz"


def same_items(bank: Bank, number: int) -> tuple[AnyItem, ...]:
    """Return the items that every contestant shows: two scenarios to one choice, drawn by seed from practice items."""
    choices = number // 3
    scenarios = draw(bank.select(use="practice", kind="classify"), number - choices, 1)
    return (*scenarios, *(draw(bank.select(use="practice", kind="choice"), choices, 1) if choices else ()))
