"""Classify: a scenario is a project or operations, one difference decides it, and phrases of the text show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from quizzes.kinds.base import BaseItem, Options, Question, Slug, Strict, Text, check_misconceptions
from quizzes.marking import Part, Rule

CLASS_NAMES = {"project": "Project", "operations": "Operations", "both": "Both at once"}


class Phrase(Strict):
    """A phrase of the scenario that a learner may pick as evidence."""

    text: Text
    evidence: bool
    rationale: Text
    misconception: Slug | None = None


class Classify(BaseItem):
    """A scenario: project or operations, then the difference that decides, then the phrases that show it."""

    kind: Literal["classify"]
    scenario: Text
    classes: Options = Field(alias="class")
    deciding: Options = Field(alias="differentiator")
    evidence: tuple[Phrase, ...] = Field(min_length=3)

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _classes_are_known(self) -> Classify:
        if not {"project", "operations"} <= set(self.classes.options) <= set(CLASS_NAMES):
            raise ValueError("class: options are 'project' and 'operations', and 'both' where it is offered")
        if (self.classes.key == "both") != (self.status == "C"):
            raise ValueError("status: items keyed 'both' have status C, all others F")
        return self

    @model_validator(mode="after")
    def _phrases_stand_in_the_scenario(self) -> Classify:
        for number, phrase in enumerate(self.evidence, 1):
            if self.scenario.count(phrase.text) != 1:
                raise ValueError(
                    f"evidence {number}: '{phrase.text}' does not stand in the scenario exactly once: "
                    "copy it to the letter"
                )
        if not any(phrase.evidence for phrase in self.evidence) or all(phrase.evidence for phrase in self.evidence):
            raise ValueError("evidence: give at least one phrase that is evidence and one that is not")
        check_misconceptions({p.text: (p, p.evidence) for p in self.evidence})
        return self

    @model_validator(mode="after")
    def _phrases_do_not_overlap(self) -> Classify:
        spans = sorted((self.scenario.index(p.text), p.text) for p in self.evidence)
        for (start, text), (following, _) in pairwise(spans):
            if start + len(text) > following:
                raise ValueError(f"evidence: '{text}' overlaps with the next phrase: shorten one")
        return self

    @property
    def differentiator(self) -> str:
        """Return the id of the differentiator that decides."""
        return self.deciding.key

    @property
    def text(self) -> str:
        """Return what the learner reads before answering."""
        return self.scenario

    @property
    def phrases(self) -> dict[str, Phrase]:
        """Return the evidence phrases by option id, in the order of the scenario."""
        ordered = sorted(self.evidence, key=lambda phrase: self.scenario.index(phrase.text))
        return {f"e{number}": phrase for number, phrase in enumerate(ordered, 1)}

    def parts(self) -> Rule:
        """Return the parts with one point each: class (decides), differentiator, evidence."""
        keyed = tuple(name for name, phrase in self.phrases.items() if phrase.evidence)
        return (
            Part("class", "one", tuple(self.classes.options), (self.classes.key,), decides=True),
            Part("differentiator", "one", tuple(self.deciding.options), (self.deciding.key,)),
            Part("evidence", "some", tuple(self.phrases), keyed),
        )

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the parts as asked; `names` gives each differentiator's name."""
        classes = {name: CLASS_NAMES[name] for name in self.classes.options}
        deciding = {name: names[name] for name in self.deciding.options}
        phrases = {name: f"“{phrase.text}”" for name, phrase in self.phrases.items()}
        which = "Which words show it? Choose all that do."
        return (
            Question(name="class", type="one", legend="What is it?", options=classes),
            Question(
                name="differentiator", type="one", legend="Which difference decides it?", options=deciding, reason=True
            ),
            Question(name="evidence", type="some", legend=which, options=phrases, reason=True),
        )

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return each part's options with their rationales."""
        return {
            "class": dict(self.classes.options),
            "differentiator": dict(self.deciding.options),
            "evidence": dict(self.phrases),
        }

    def differentiators(self) -> frozenset[str]:
        """Return the differentiators that are offered."""
        return frozenset(self.deciding.options)


def segments(item: Classify) -> Iterator[tuple[str, str]]:
    """Yield the scenario in order as (phrase id or '', text), so that phrases can be marked in place."""
    pattern = "|".join(re.escape(phrase.text) for phrase in item.phrases.values())
    ids = {phrase.text: name for name, phrase in item.phrases.items()}
    for piece in re.split(f"({pattern})", item.scenario):
        if piece:
            yield ids.get(piece, ""), piece
