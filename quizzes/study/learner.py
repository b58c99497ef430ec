"""A learner on this computer: the records of a store, the course's items, and what a session does with both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from time import time
from typing import Any

from quizzes.marking import Mark, mark
from quizzes.practice import Practice, load
from quizzes.study import figures
from quizzes.study.attempts import attempt_of
from quizzes.study.progress_file import ProgressFileError, add, document, parse, told
from quizzes.study.round import Round, from_record
from quizzes.study.schedule import Goal, Schedule, in_place_of
from quizzes.study.store import SESSION, Store, own_store

GOAL = "study-goal"  # a setting
OPEN = "study"  # the session's record
MINUTES = (5, 10, 15, 25, 45)


@dataclass
class Learner:
    """Who studies: `store` keeps the records, `source` gives the items, `clock` the seconds since 1970."""

    store: Store = field(default_factory=own_store)
    source: Practice = field(default_factory=load)
    clock: Callable[[], float] = time

    @property
    def index(self) -> Mapping[str, Any]:
        """The bank's index."""
        return self.source.index

    def items(self) -> dict[str, Any]:
        """Return the item records by id."""
        return self.store.all("item")

    def schedule(self) -> Schedule:
        """Return the schedule as it is now."""
        return Schedule(self.index, self.items(), self.clock())

    # ---- the goal ----

    def goal(self) -> Goal:
        """Return what the learner chose last, as far as it is still there to be chosen."""
        kept = self.store.read("setting", GOAL)
        kept = kept if isinstance(kept, dict) else {}
        exam, difference, minutes = (kept.get(name) for name in ("exam", "difference", "minutes"))
        return Goal(
            next((value for _, value in self.exams() if value == exam), ""),
            next((value for _, value in self.differences() if value == difference), ""),
            next((each for each in MINUTES if each == minutes), Goal.minutes),
        )

    def keep_goal(self, goal: Goal) -> None:
        """Keep what is chosen."""
        self.store.write("setting", GOAL, asdict(goal))

    def exams(self) -> list[tuple[str, str]]:
        """Return names and values of the exams, each followed by its topics that have questions."""
        tags = {tag for entry in self.index["items"].values() for tag in entry["exam"]}
        choices = [("Any exam", "")]
        for name, exam in self.index["exams"].items():
            topics = [
                (f"{exam['short']}: {topic['name']}", f"{name}/{each}")
                for each, topic in exam["topics"].items()
                if f"{name}/{each}" in tags
            ]
            choices += [(exam["short"], name), *topics] if topics else []
        return choices

    def differences(self) -> list[tuple[str, str]]:
        """Return names and values of the differences."""
        return [("All differences", ""), *((each["name"], name) for name, each in self.index["differences"].items())]

    # ---- a round ----

    def begin(self, goal: Goal, seed: int) -> Round:
        """Begin a round for a goal."""
        return self._opened(Round(list(self.schedule().plan(goal, seed).queue)))

    def review(self, missed: list[str] | None = None) -> Round:
        """Begin a round of what was missed, or of all that is; siblings stand in, so that no stem is remembered."""
        items, wanted = self.items(), self.missed() if missed is None else missed
        queue: list[str] = []
        for name in wanted:
            queue.append(in_place_of(name, self.index, items, [*wanted, *queue]) or name)
        return self._opened(Round(queue, brought=[name for name in queue if name not in wanted]))

    def missed(self) -> list[str]:
        """Return what was missed and not made good since."""
        return figures.misses(self.items(), self.index)

    def going_on(self) -> Round | None:
        """Return the round that is open."""
        return from_record(self.store.read(SESSION, OPEN), self.index["items"])

    def keep(self, round_: Round) -> None:
        """Keep an open round; one that is over is kept no more."""
        self.store.write(SESSION, OPEN, round_.as_record() if round_.current else None)

    def _opened(self, round_: Round) -> Round:
        self.keep(round_)
        return round_

    def answer(self, round_: Round, name: str, response: Any, seconds: float, sure: Any = None) -> Mark:
        """Mark the answer to an item of a round, and keep it; a blank one is marked and not kept.

        How sure one was counts with the first answer: another one follows the explanation.
        """
        made = mark(self.source.rule(name), response)
        said = {"sure": sure} if name not in round_.done and isinstance(sure, int) and 0 <= sure <= 100 else {}
        attempt = attempt_of(made, response, "study", seconds=max(0, round(seconds)), **said)
        if attempt:
            self.store.log_attempt(name, {**attempt, "at": int(self.clock())})
            if name not in round_.done:
                round_.answered(name, attempt["outcome"], response, self.index, self.items())
            self.keep(round_)
        return made

    # ---- the progress file ----

    def export(self) -> tuple[str, str, str]:
        """Return the progress file, its name and its text, and a line where not all is in it."""
        now = self.clock()
        name = f"project-or-operation-{datetime.fromtimestamp(now, UTC).astimezone():%Y-%m-%d}.json"
        text = json.dumps(document(self.store.everything(), now), indent=1) + "\n"
        lacks = "It holds only what you did since this notebook started. " if self.store.unread() else ""
        return name, text, lacks + self.store.kept_not()

    def take_in(self, text: str | bytes) -> str:
        """Add a progress file to what is kept; returns what it brought, or why it was not added, in one line."""
        try:
            content = parse(text)
        except ProgressFileError as error:
            return str(error)
        said: list[str] = []

        def changes(here: Any) -> Any:
            made, added = add(content, here)
            said.append(told(added, content.left))
            return made

        if self.store.change_all(changes):
            return said[0]
        return f"{said[0]} But it is not kept: {self.store.kept_not()}"
