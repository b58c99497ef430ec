"""`Study`: a session of self-study in a notebook, built with ipywidgets round the quiz."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets
from markupsafe import Markup

from quizzes.study import history
from quizzes.study.learner import MINUTES, Learner
from quizzes.study.overview import progress_page
from quizzes.study.own_data import data_page
from quizzes.study.pieces import button, close, line, row
from quizzes.study.round import Round
from quizzes.study.schedule import SEEDS, Goal
from quizzes.widget import STATIC_FLAG, Quiz

if TYPE_CHECKING:
    import pandas as pd

LAB = Path(__file__).parent.with_name("frontend") / "lab"
DOUBLE = 0.4  # seconds: a press that comes sooner is the second half of a double click
SECTIONS = {"study": "Study", "progress": "Progress", "exam": "Mock exam", "data": "Your data"}
_NOTICE = Markup('<p class="study-notice" role="alert">{}</p>')
_MISS = Markup("<li>{}: {}</li>")


class Desk(anywidget.AnyWidget):
    """What a session needs of the page round it: keys, focus, and files to save."""

    _esm = LAB / "desk.mjs"
    _css = LAB / "study.css"
    current = traitlets.Int().tag(sync=True)


@dataclass(frozen=True)
class StaticStudy:
    """What a session is while a book is built."""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        text = "A study session opens here once this notebook runs in JupyterLab."
        return {"text/html": f"<p>{text}</p>", "text/plain": text}

    def history(self) -> pd.DataFrame:
        """Return a table without answers."""
        return history.frame({}, {"items": {}})


class Study(ipywidgets.VBox):
    """A session: choose a goal, answer what is due, see progress, sit a mock exam; `Study()` opens it.

    Progress is kept on this computer, see `quizzes.study.store`. `history()` returns all answers as a table, `text()`
    asks the same items where widgets cannot be shown.
    """

    def __new__(cls, *_: Any, **__: Any) -> Any:
        """Make a static note in a book build, where no kernel would answer."""
        return StaticStudy() if os.environ.get(STATIC_FLAG) else super().__new__(cls)

    def __init__(self, learner: Learner | None = None, seed: int | None = None) -> None:
        """Open the session; `seed` fixes the draws."""
        self._learner = learner or Learner()
        self._random = random.Random(seed)  # noqa: S311  a draw, no secret
        self._round: Round | None = None
        self._desk, self._head, self._body = Desk(), ipywidgets.HTML(), ipywidgets.VBox()
        self._shown, self._since = 0, 0.0  # which page is shown, and since when
        self._exam: ipywidgets.DOMWidget | None = None
        self._menu = {name: button(label, partial(self.show, name)) for name, label in SECTIONS.items()}
        menu = row(*self._menu.values())
        menu.add_class("study-menu")
        super().__init__([self._desk, menu, self._head, self._body])
        self.add_class("quiz-study")
        self.show("study", focus=False)

    def __repr__(self) -> str:
        """Return what a front end shows that has no widgets."""
        plan = self._learner.schedule().plan(Goal(), 0)
        return f"Study: {plan.due} due, {plan.new} new. If you see this line and no buttons, run: Study().text()"

    # ---- for the curious ----

    def history(self) -> pd.DataFrame:
        """Return every answer as a pandas DataFrame; `quizzes.study.history.frame` names its columns."""
        return history.frame(self._learner.items(), self._learner.index)

    def text(self) -> None:
        """Ask in plain text: for terminals, and for front ends that show no widgets."""
        from quizzes.study.text import ask  # noqa: PLC0415  needs the bank itself

        ask(self._learner)

    # ---- what is shown ----

    def show(self, section: str, *, focus: bool = True) -> None:
        """Show a section: `study`, `progress`, `exam` or `data`."""
        self._point_to(section)
        {"study": self._home, "progress": self._progress, "exam": self._mock_exam, "data": self._data}[section](focus)

    def _point_to(self, section: str) -> None:
        self._desk.current = list(self._menu).index(section)
        for name, each in self._menu.items():
            each.button_style = "primary" if name == section else ""

    def _here(self, act: Callable[[], None]) -> Callable[[], None]:
        """Return an act of the page that is being made: it does nothing on another page, or as a double click's end."""
        page = self._shown + 1

        def acted() -> None:
            if self._shown == page and monotonic() - self._since >= DOUBLE:
                act()

        return acted

    def _put(self, title: str, *widgets: ipywidgets.Widget, html: str = "", focus: bool = True) -> None:
        """Show a page: its heading, some HTML, then widgets; the focus goes to the heading."""
        self._shown += 1
        self._notice()
        heading = Markup('<h2 data-study="{}">{}</h2>').format(self._shown, title)
        before = self._body.children
        self._body.children = [ipywidgets.HTML(heading + Markup(html)), *widgets]  # noqa: S704  made here
        self._since = monotonic()
        for each in before:
            close(each, but=self._exam)
        if focus:
            self._desk.send({"focus": f'[data-study="{self._shown}"]'})

    def _notice(self) -> None:
        """Say above the page why progress is not kept, if it is not."""
        told = self._learner.store.kept_not()
        self._head.value = _NOTICE.format(told) if told else ""

    # ---- study ----

    def _home(self, focus: bool = True) -> None:
        learner, goal = self._learner, self._learner.goal()
        fields = {
            "exam": ipywidgets.Dropdown(options=learner.exams(), value=goal.exam, description="Exam"),
            "difference": ipywidgets.Dropdown(
                options=learner.differences(), value=goal.difference, description="Difference"
            ),
            "minutes": ipywidgets.Dropdown(
                options=[(f"{each} minutes", each) for each in MINUTES], value=goal.minutes, description="Time"
            ),
        }
        told, start = ipywidgets.HTML(), button("Start", self._here(lambda: self._begin(read())), primary=True)

        def read() -> Goal:
            return Goal(**{name: each.value for name, each in fields.items()})

        def changed(_: Any = None) -> None:
            told.value, start.disabled = self._forecast(read())

        for each in fields.values():
            each.observe(changed, names="value")
        changed()
        self._put("What to study", *fields.values(), told, row(start, *self._offers()), focus=focus)

    def _forecast(self, goal: Goal) -> tuple[str, bool]:
        """Return what a session for a goal would be, and whether there is nothing in it."""
        plan = self._learner.schedule().plan(goal, 0)
        if not plan.queue:
            return line("No question fits: choose another exam or difference."), True
        number = len(plan.queue)
        fit = "1 question fits" if number == 1 else f"{number} questions fit"
        text = f"Due for review: {plan.due}. New to you: {plan.new}. {fit} into {goal.minutes} minutes."
        return line(text), False

    def _offers(self) -> list[ipywidgets.Button]:
        """Return what else can be done: go on with an open round, review what was missed."""
        offers = []
        if kept := self._learner.going_on():
            text = f"Go on with your session: question {kept.at + 1} of {len(kept.queue)}"
            offers.append(button(text, self._here(lambda: self._go(kept))))
        if missed := self._learner.missed():
            offers.append(button(f"Review what you missed ({len(missed)})", self._here(lambda: self._review(missed))))
        return offers

    def _begin(self, goal: Goal) -> None:
        self._learner.keep_goal(goal)
        self._go(self._learner.begin(goal, self._random.randrange(SEEDS)))

    def _review(self, missed: list[str]) -> None:
        """Begin a round of what was missed; nothing where nothing is."""
        if missed:
            self._go(self._learner.review(missed))

    def _go(self, round_: Round) -> None:
        self._round = round_
        self._point_to("study")
        self._ask()

    def _ask(self) -> None:
        """Show the current item, as it was left where it was answered before."""
        round_ = self._round
        if round_ is None or round_.current is None:
            self._sum_up()
            return
        name = round_.current
        done = {name: True} if name in round_.done else {}
        responses = {name: round_.responses[name]} if done else {}
        quiz = Quiz(name, keep=False, asks_sure=True, responses=responses, checked=done)
        number = f"Question {round_.at + 1} of {len(round_.queue)}"
        quiz.html = quiz.html.replace("Question 1 of 1", number)
        title = f"{number}, in place of one that you missed" if name in round_.brought else number
        score = ipywidgets.HTML()
        go = button("Skip", self._here(self._next))
        shown = monotonic()

        def checked(change: Mapping[str, Any]) -> None:
            if change["new"].get(name) and not change["old"].get(name):
                self._learner.answer(round_, name, quiz.responses.get(name), monotonic() - shown, quiz.sure.get(name))
                show()
                self._desk.send({"say": f"{round_.score} so far."})

        def show() -> None:
            score.value = line(f"{round_.score} so far." if round_.score else "")
            if name in round_.done:
                last = round_.at + 1 == len(round_.queue)
                go.description, go.button_style = ("See how it went" if last else "Next question"), "primary"
            self._notice()

        quiz.observe(checked, names="checked")
        self._put(title, quiz, score, row(go, button("End the session", self._here(self._sum_up))))
        show()

    def _next(self) -> None:
        if self._round is not None:
            self._round.at += 1
            self._learner.keep(self._round)
        self._ask()

    def _sum_up(self) -> None:
        round_ = self._round
        if round_ is None or not round_.done:
            self.show("study")
            return
        round_.at = len(round_.queue)
        self._learner.keep(round_)
        self._round = None
        missed, index = round_.missed, self._learner.index
        lines = [
            _MISS.format(index["differences"][index["items"][name]["difference"]]["name"], round_.done[name])
            for name in missed
        ]
        html = Markup("<p>What was not right:</p><ul>{}</ul>").format(Markup("").join(lines)) if missed else ""
        ahead = self._learner.schedule().forecast(2)[1]
        html += Markup("<p>{}</p>").format(f"Due for review tomorrow: {ahead}.")
        buttons = [button("Study more", self._here(lambda: self.show("study")), primary=not missed)]
        if missed:
            again = button("Practise what I missed", self._here(lambda: self._review(missed)), primary=True)
            buttons.insert(0, again)
        self._put(round_.score, row(*buttons, button("See your progress", lambda: self.show("progress"))), html=html)

    # ---- the other sections ----

    def _progress(self, focus: bool = True) -> None:
        self._put("Your progress", html=progress_page(self._learner, f"study-{id(self)}"), focus=focus)

    def _mock_exam(self, focus: bool = True) -> None:
        if self._exam is None:
            from quizzes.study.exam_room import ExamRoom  # noqa: PLC0415  needs the bank itself

            learner = self._learner
            self._exam = ExamRoom(learner.store, learner.index, _each_html(learner.source), self._review)
        self._put("Mock exams", self._exam, focus=focus)

    def _data(self, focus: bool = True) -> None:
        def removed() -> None:
            self._round = self._exam = None

        page = data_page(self._learner, self._desk.send, removed)
        self._put("Your data", *page.widgets, html=page.html, focus=focus)


def _each_html(source: Any) -> Callable[[list[str]], dict[str, str]]:
    return lambda names: {name: source.html([name]) for name in names}
