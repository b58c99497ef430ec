"""Classify: a scenario is a project or operations, one difference decides it, and phrases of the text show it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from quizzes.kinds.about import EVIDENCE, About, Fields, Given, Trait
from quizzes.kinds.base import BaseItem, Options, Question, Slug, Strict, Text, check_misconceptions
from quizzes.marking import Part, Rule

MANY_COUNTER_CUES = 3
CLASS_NAMES = {"project": "Project", "operations": "Operations", "both": "Both at once"}


class Phrase(Strict):
    """A phrase of the scenario that a learner may pick as evidence."""

    text: Text
    evidence: bool
    rationale: Text
    misconception: Slug | None = None


class Classify(BaseItem):
    """A scenario: project or operations, then the difference that decides, then the phrases that show it."""

    about: ClassVar[About] = About(
        title="Classify",
        folder="scenarios",
        traits=Trait.REASON | Trait.ONE,
        roles=("class", "differentiator", EVIDENCE),
        parts="class|differentiator|evidence",
        example="class, differentiator, evidence",
        needed=("class", "differentiator", EVIDENCE),
        fixed=("class",),
    )
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
            times = self.scenario.count(phrase.text)
            if times == 0:
                raise ValueError(
                    f"evidence {number}: '{phrase.text}' does not stand in the scenario: copy it to the letter"
                )
            if times > 1:
                raise ValueError(
                    f"evidence {number}: '{phrase.text}' stands in the scenario {times} times: take more words"
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

    def pieces(self) -> list[tuple[str, str]]:
        """Return the scenario in order as (phrase id or '', text), so that phrases can be marked in place."""
        pattern = "|".join(re.escape(phrase.text) for phrase in self.phrases.values())
        ids = {phrase.text: name for name, phrase in self.phrases.items()}
        return [(ids.get(piece, ""), piece) for piece in re.split(f"({pattern})", self.scenario) if piece]

    def written(self, part: str) -> Mapping[str, Any]:
        """Return a part's options, phrases in the order in which the author has them."""
        if part != EVIDENCE:
            return super().written(part)
        ids = {phrase.text: name for name, phrase in self.phrases.items()}
        return {ids[phrase.text]: phrase for phrase in self.evidence}

    def hardness(self) -> int:
        """Return a point each for many counter-cues, for a single cue, and for both classes at once."""
        cues = sum(phrase.evidence for phrase in self.evidence)
        return (len(self.evidence) - cues >= MANY_COUNTER_CUES) + (cues == 1) + (self.classes.key == "both")

    @classmethod
    def named(cls, types: Sequence[str]) -> tuple[str, ...]:
        """Return class and difference: the words are told after the questions."""
        return super().named((*types, "some"))[: len(types)]

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return class, difference and phrases."""
        return {
            "kind": "classify",
            "class": parts["class"].one({text: name for name, text in CLASS_NAMES.items()}),
            "differentiator": parts["differentiator"].one(parts["differentiator"].differences),
            "evidence": parts[EVIDENCE].words(),
        }
