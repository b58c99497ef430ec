"""What learners chose: counts of options, places, misconceptions and classes. Pure; only labels of the bank leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.analysis import FEW, RARE
from quizzes.bank import Bank
from quizzes.items import CLASS_NAMES, AnyItem, Question
from quizzes.marking import Mark, Outcome, Part, Rule

_EMPTY = (Outcome.BLANK, Outcome.MALFORMED)


@dataclass(frozen=True)
class Answer:
    """One learner's answer to an item, with the mark and the learner's share of all points, 0 to 1."""

    response: Any
    mark: Mark
    share: float

    def value(self, part: str) -> Any:
        """Return what was answered to a part; None where nothing was, or nothing that fits."""
        outcome = next(each.outcome for each in self.mark.parts if each.name == part)
        return None if outcome in _EMPTY else self.response[part]


@dataclass(frozen=True)
class OptionTally:
    """An option, or a row in its right place: how many of those who answered chose it, and how they did over all.

    `mean` is the mean share of all points of those who chose it. For a row, `instead` is the most frequent wrong
    place and `instead_share` says how frequent.
    """

    label: str
    keyed: bool
    rationale: str
    trap: str
    chosen: int
    answered: int
    mean: float | None
    place: str = ""
    instead: str = ""
    instead_share: float = 0

    @property
    def share(self) -> float | None:
        """Return the share of those who answered, None where there are too few of them."""
        return self.chosen / self.answered if self.answered >= FEW else None

    @property
    def idle(self) -> bool:
        """Return whether this is a distractor that hardly anybody chooses."""
        return not self.keyed and not self.place and self.share is not None and self.share < RARE


@dataclass(frozen=True)
class PartTally:
    """A part of an item: its outcomes, and its options or rows."""

    name: str
    type: str
    legend: str
    outcomes: Mapping[Outcome, int]
    options: tuple[OptionTally, ...]

    @property
    def answered(self) -> int:
        """Return how many gave an answer that fits."""
        return sum(count for outcome, count in self.outcomes.items() if outcome not in _EMPTY)

    @property
    def right(self) -> float | None:
        """Return the share right of those who answered, None where there are too few of them."""
        return self.outcomes.get(Outcome.RIGHT, 0) / self.answered if self.answered >= FEW else None


def _chosen(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@dataclass(frozen=True)
class _Counting:
    """A part with its texts; `given` has the value and the share of all points of each learner who answered it."""

    part: Part
    question: Question
    options: Mapping[str, Any]
    traps: Mapping[str, str]
    given: Sequence[tuple[Any, float]]

    def _tally(self, name: str, shares: Sequence[float], **more: Any) -> OptionTally:
        return OptionTally(
            label=self.question.options[name],
            keyed=not self.part.groups and name in self.part.key,
            rationale=self.options[name].rationale,
            trap=self.traps.get(self.options[name].misconception or "", ""),
            chosen=len(shares),
            answered=len(self.given),
            mean=sum(shares) / len(shares) if shares else None,
            **more,
        )

    def option(self, name: str) -> OptionTally:
        """Tally an option that is chosen or left."""
        return self._tally(name, [share for value, share in self.given if name in _chosen(value)])

    def row(self, name: str) -> OptionTally:
        """Tally a row that is put into a place; chosen are those who put it where it belongs."""
        right, places = self.part.places[name], self.question.groups
        shares = [share for value, share in self.given if value.get(name) == right]
        wrong = Counter(value[name] for value, _ in self.given if value.get(name, right) != right)
        place, count = wrong.most_common(1)[0] if wrong else ("", 0)
        instead = {"instead": places[place], "instead_share": count / len(self.given)} if wrong else {}
        return self._tally(name, shares, place=places[right], **instead)


def tally(item: AnyItem, rule: Rule, bank: Bank, answers: Sequence[Answer]) -> list[PartTally]:
    """Return the counts of each part that is asked, rows in the order of the key."""
    questions = {question.name: question for question in item.questions(bank.differentiator_names)}
    traps = {each.id: each.name for each in bank.misconceptions.values()}
    parts = []
    for part in rule:
        question = questions[part.name]
        given = [(v, each.share) for each in answers if (v := each.value(part.name)) is not None]
        counting = _Counting(part, question, item.rationales()[part.name], traps, given)
        rows = map(counting.row, part.places) if part.places else map(counting.option, question.options)
        outcomes = Counter(p.outcome for each in answers for p in each.mark.parts if p.name == part.name)
        parts.append(PartTally(part.name, part.type, question.legend, outcomes, tuple(rows)))
    return parts


@dataclass
class Caught:
    """A misconception: the items that can catch it, how many learners met one of them, and how many were caught."""

    items: set[str] = field(default_factory=set)
    met: int = 0
    learners: int = 0

    @property
    def share(self) -> float | None:
        """Return the share of those who met it, None where there are too few of them."""
        return self.learners / self.met if self.met >= FEW else None


def _traps(item: AnyItem, rule: Rule) -> set[str]:
    options = item.rationales()
    return {o.misconception for part in rule for o in options[part.name].values() if o.misconception}


def _caught(item: AnyItem, rule: Rule, answer: Answer) -> Iterator[str]:
    """Yield the misconceptions of the wrong options and of the misplaced rows that a learner chose."""
    for part in rule:
        value, options = answer.value(part.name), item.rationales()[part.name]
        if value is None:
            continue
        right = part.places
        wrong = [n for n in _chosen(value) if (value[n] != right[n] if right else n not in part.key)]
        yield from (options[name].misconception for name in wrong if options[name].misconception)


def misconceptions(learners: Iterable[Sequence[tuple[AnyItem, Rule, Answer]]]) -> dict[str, Caught]:
    """Return what was met by misconception id, most frequent first; `learners` has the items that each was asked."""
    found: dict[str, Caught] = {}
    for answers in learners:
        met: set[str] = set()
        caught: set[str] = set()
        for item, rule, answer in answers:
            traps = _traps(item, rule)
            for trap in traps:
                found.setdefault(trap, Caught()).items.add(item.id)
            met |= traps
            caught |= set(_caught(item, rule, answer))
        for trap in met:
            found[trap].met += 1
            found[trap].learners += trap in caught
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].learners / max(1, pair[1].met), pair[0])))


@dataclass(frozen=True)
class Confusion:
    """Answers to the class part of classify items: counts by keyed and chosen class, of a number of learners."""

    classes: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    learners: int

    def total(self, keyed: str) -> int:
        """Return the answers to items of a keyed class."""
        return sum(self.counts.get((keyed, chosen), 0) for chosen in self.classes)

    def share(self, keyed: str, chosen: str) -> float | None:
        """Return how often a keyed class was taken for another, None where too few learners answered."""
        total = self.total(keyed)
        return self.counts.get((keyed, chosen), 0) / total if total and self.learners >= FEW else None


def _classes(answers: Sequence[tuple[AnyItem, Rule, Answer]]) -> Iterator[tuple[Part, str | None]]:
    """Yield each part that asks for the class with the class that was chosen, None where none was."""
    for _, rule, answer in answers:
        part = next((part for part in rule if part.name == "class"), None)
        if part is not None:
            yield part, answer.value("class")


def confusion(learners: Iterable[Sequence[tuple[AnyItem, Rule, Answer]]]) -> Confusion | None:
    """Return how classes were taken for each other; None where no class was asked."""
    counts: Counter[tuple[str, str]] = Counter()
    offered: set[str] = set()
    answering = 0
    for answers in learners:
        asked = list(_classes(answers))
        offered |= {name for part, _ in asked for name in part.options}
        chosen = [(part.key[0], value) for part, value in asked if value is not None]
        counts.update(chosen)
        answering += bool(chosen)
    classes = tuple(name for name in CLASS_NAMES if name in offered)
    return Confusion(classes, counts, answering) if classes else None
