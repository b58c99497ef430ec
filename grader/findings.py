"""What a sitting says about its items and its learners: the figures behind the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from grader import analysis
from grader.analysis import Array, Distribution, ItemStatistics, Reliability
from grader.sitting import Asked, Learner, Sitting
from grader.tallies import Answer, Caught, Confusion, PartTally, confusion, misconceptions, tally
from quizzes.marking import Outcome

SHORT = 90  # characters of an item's text in a table


@dataclass(frozen=True)
class ItemReport:
    """Everything that the report says about one item."""

    number: int
    asked: Asked
    statistics: ItemStatistics
    outcomes: Mapping[Outcome, int]
    parts: tuple[PartTally, ...]
    seconds: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return the beginning of what learners read."""
        text = " ".join(self.asked.item.text.split())
        return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} …"

    @property
    def time(self) -> tuple[float, float, float] | None:
        """Return the quartiles of the learners' seconds at the item, None where there are too few of them."""
        return analysis.quartiles(self.seconds) if len(self.seconds) >= analysis.FEW else None

    @property
    def _idle(self) -> list[str]:
        return [option.label.rstrip(".") for part in self.parts for option in part.options if option.idle]

    @property
    def brief(self) -> list[str]:
        """Return in words what the item asks for, with the number of options that hardly anybody chose."""
        idle = len(self._idle)
        told = [f"{idle} option{'s' if idle > 1 else ''} hardly chosen"] if idle else []
        return [*analysis.remarks(self.statistics), *told]

    @property
    def remarks(self) -> list[str]:
        """Return in words what the item asks for, with the options that hardly anybody chose."""
        told = [f"hardly chosen: {'; '.join(self._idle)}"] if self._idle else []
        return [*analysis.remarks(self.statistics), *told]


@dataclass(frozen=True)
class StudentRow:
    """One submission in the tables: under a code, or under the student's own id."""

    name: str
    learner: Learner | None
    points: float

    @property
    def score(self) -> float | None:
        """Return the points earned, None where there is no mark."""
        return sum(mark.score for mark in self.learner.marks.values()) if self.learner else None

    @property
    def answered(self) -> int | None:
        """Return how many items have an answer, None where that cannot be told."""
        marks = self.learner.marks.values() if self.learner else ()
        return sum(mark.outcome is not Outcome.BLANK for mark in marks) if self.learner else None

    @property
    def changes(self) -> int | None:
        """Return the number of changes, None where there is no record."""
        return self.learner.record.revision if self.learner and self.learner.record else None

    @property
    def seconds(self) -> int | None:
        """Return the seconds at all items together, None where the record has no times."""
        return sum(self.learner.seconds.values()) if self.learner and self.learner.seconds else None

    @property
    def saved(self) -> datetime | None:
        """Return the time of the last change, None where there is no record."""
        return self.learner.record.saved_at if self.learner and self.learner.record else None

    @property
    def note(self) -> str:
        """Return why there is no mark, or that there are no answers."""
        return "no mark" if self.learner is None else "" if self.learner.answered else "no answers"


@dataclass(frozen=True)
class Analysis:
    """A sitting with its statistics: over the learners who answered something."""

    sitting: Sitting

    @cached_property
    def scores(self) -> Array:
        """Return learners x items in points, NaN where an item was not asked."""
        return self.sitting.scores(self.sitting.present)

    @cached_property
    def distribution(self) -> Distribution | None:
        """Return the distribution of the totals; None where nobody has answered."""
        return analysis.distribution(*analysis.totals(self.scores, self.sitting.points))

    @cached_property
    def reliability(self) -> Reliability:
        """Return alpha and the error of measurement."""
        return analysis.reliability(self.scores, self.sitting.points)

    @cached_property
    def one_form(self) -> bool:
        """Return whether all learners were asked the same items."""
        return all(set(learner.marks) == set(self.sitting.asked) for learner in self.sitting.learners)

    @property
    def unit(self) -> str:
        """Return what totals are counted in."""
        worth = {sum(mark.points for mark in each.marks.values()) for each in self.sitting.present}
        return "points" if len(worth) <= 1 else "percent"

    @property
    def band(self) -> tuple[float, float] | None:
        """Return the median with one standard error of measurement to each side, in points."""
        error = self.reliability.sem
        if error is None or self.distribution is None or not self.one_form:
            return None
        return self.distribution.median - error, self.distribution.median + error

    @cached_property
    def answers(self) -> list[dict[str, Answer]]:
        """Return each learner's answers by item id."""
        shares = analysis.shares(self.scores, self.sitting.points)
        return [
            {item_id: Answer(learner.response(item_id), mark, float(share)) for item_id, mark in learner.marks.items()}
            for learner, share in zip(self.sitting.present, shares, strict=True)
        ]

    @cached_property
    def items(self) -> list[ItemReport]:
        """Return each item's report, in the order of the form."""
        statistics = analysis.item_statistics(self.scores, self.sitting.points)
        numbered = enumerate(zip(self.sitting.asked.items(), statistics, strict=True), 1)
        return [self._item(number, asked, found) for number, ((_, asked), found) in numbered]

    @property
    def held_back(self) -> bool:
        """Return whether no item has enough responses for figures, so that counts are shown in their place."""
        return all(each.statistics.difficulty is None for each in self.items)

    def _item(self, number: int, asked: Asked, statistics: ItemStatistics) -> ItemReport:
        given = [answers[asked.item.id] for answers in self.answers if asked.item.id in answers]
        parts = tally(asked.item, asked.rule, self.sitting.bank, given)
        outcomes = Counter(each.mark.outcome for each in given)
        times = [each.seconds[asked.item.id] for each in self.sitting.present if asked.item.id in each.seconds]
        return ItemReport(number, asked, statistics, outcomes, tuple(parts), tuple(times))

    def _with_items(self, answers: Mapping[str, Answer]) -> list[tuple[Any, Any, Answer]]:
        asked = self.sitting.asked
        return [(asked[item_id].item, asked[item_id].rule, answer) for item_id, answer in answers.items()]

    @cached_property
    def misconceptions(self) -> dict[str, Caught]:
        """Return the misconceptions of the class by id, most frequent first."""
        return misconceptions(self._with_items(answers) for answers in self.answers)

    @cached_property
    def confusion(self) -> Confusion | None:
        """Return how classes were taken for each other."""
        return confusion(self._with_items(answers) for answers in self.answers)

    @property
    def needed(self) -> int | None:
        """Return how many items of the same quality would be reliable; None where there are enough, or no alpha."""
        found = self.reliability.alpha
        if found is None or not 0 < found < analysis.RELIABLE:
            return None
        return analysis.items_for(analysis.RELIABLE, found, self.reliability.items)

    def students(self, *, names: bool) -> list[StudentRow]:
        """Return a row for each submission, by code or by the student's own id."""
        codes = self.sitting.codes()
        learners = {each.student: each for each in self.sitting.learners}
        points = {each.student: sum(mark.points for mark in each.marks.values()) for each in self.sitting.learners}
        full = max([*points.values(), 0.0])
        ordered = sorted(codes) if names else sorted(codes, key=lambda student: (len(codes[student]), codes[student]))
        return [StudentRow(s if names else codes[s], learners.get(s), points.get(s, full)) for s in ordered]
