"""What a measure is, and what several measures need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scipy.stats import binom
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline

from quizzes.bank import Bank
from quizzes.items import AnyItem, Case, Choice, Classify, Multiple
from quizzes.kinds.choice import ChoiceQuestion, MultipleQuestion

FOLDS = 10


@dataclass(frozen=True)
class Measure:
    """One measure: what was found, the goal, whether it is met, the items behind a failure, and remarks."""

    name: str
    found: str
    goal: str
    met: bool
    items: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OptionsQuestion:
    """A question with options of its own text, from an item or from within a case, with its item's family."""

    item: str
    family: str
    question: ChoiceQuestion | MultipleQuestion

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the ids of the keyed options."""
        return self.question.parts()[0].key

    @property
    def texts(self) -> dict[str, str]:
        """Return the options' texts by id."""
        return {name: option.text for name, option in self.question.options.items()}


def _questions(item: AnyItem) -> Iterator[ChoiceQuestion | MultipleQuestion]:
    if isinstance(item, (Choice, Multiple)):
        yield item
    if isinstance(item, Case):
        yield from (each for each in item.asked if isinstance(each, (ChoiceQuestion, MultipleQuestion)))


def asked(bank: Bank) -> list[OptionsQuestion]:
    """Return all questions with options of their own, those within cases too."""
    return [OptionsQuestion(item.id, item.family, each) for item in bank.items.values() for each in _questions(item)]


def single(bank: Bank) -> list[OptionsQuestion]:
    """Return the questions with one best answer."""
    return [each for each in asked(bank) if len(each.keys) == 1]


def scenarios(bank: Bank) -> list[Classify]:
    """Return the classify items."""
    return [item for item in bank.items.values() if isinstance(item, Classify)]


def one_sided(bank: Bank) -> list[Classify]:
    """Return the classify items that are keyed project or operations."""
    return [item for item in scenarios(bank) if item.classes.key != "both"]


def band(number: int, chance: float) -> tuple[float, float]:
    """Return the central 95 % binomial band of the share of hits in `number` guesses."""
    low, high = binom.interval(0.95, number, chance)
    return float(low) / number, float(high) / number


def words_model(longest: int) -> Pipeline:
    """Return naive Bayes over the words of a text, and over runs of words up to `longest`."""
    return make_pipeline(CountVectorizer(binary=True, ngram_range=(1, longest)), MultinomialNB())


def held_out(model: Any, texts: list[str], labels: Any, families: list[str]) -> Any:
    """Return the log-odds of the label for each text, by models that have not seen the text's family."""
    folds = GroupKFold(n_splits=min(FOLDS, len(set(families))))
    odds = cross_val_predict(model, texts, labels, groups=families, cv=folds, method="predict_log_proba")
    return odds[:, 1] - odds[:, 0]


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return names once each, in their first order."""
    return tuple(dict.fromkeys(names))
