"""Spot: one scenario, and for each of its numbered sentences whether it describes project work or operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from quizzes.kinds.about import About, Fields, Given, Trait
from quizzes.kinds.base import BaseItem, Options, Question, Slug, Text, check_apart
from quizzes.marking import Part, Rule

SIDES = {"project": "Project work", "operations": "Operations"}


class Sentence(Options):
    """A numbered sentence with the side that it describes."""

    text: Text

    @model_validator(mode="after")
    def _both_sides_are_offered(self) -> Sentence:
        if set(self.options) != set(SIDES):
            raise ValueError(f"options: give {' and '.join(SIDES)}, each once")
        return self


class Spot(BaseItem):
    """A scenario whose numbered sentences are read one by one; a part is named `sentence.1` and so on."""

    about: ClassVar[About] = About(
        title="Sentence by sentence",
        folder="spots",
        traits=Trait.SEVERAL | Trait.ONE,
        roles=("sentence",),
        parts=r"sentence\.[1-5]",
        example="sentence.1",
        fixed=("sentence",),
    )
    kind: Literal["spot"]
    scenario: Text
    differentiator: Slug
    sentences: tuple[Sentence, ...] = Field(min_length=3, max_length=5)

    @model_validator(mode="after")
    def _sentences_differ(self) -> Spot:
        check_apart({name: each.text for name, each in self._named().items()})
        if len({each.key for each in self.sentences}) == 1:
            raise ValueError("sentences: all are on one side: change one, so that both are asked")
        return self

    def _named(self) -> dict[str, Sentence]:
        return {f"sentence.{number}": each for number, each in enumerate(self.sentences, 1)}

    @property
    def text(self) -> str:
        """Return what the learner reads before answering."""
        return " ".join((self.scenario, *(each.text for each in self.sentences)))

    def parts(self) -> Rule:
        """Return one part a sentence."""
        return tuple(Part(name, "one", tuple(each.options), (each.key,)) for name, each in self._named().items())

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the sentences as asked, numbered; `names` is not used."""
        return tuple(
            Question(
                name=name,
                type="one",
                legend=f"{number}. {each.text}",
                options={side: SIDES[side] for side in each.options},
            )
            for number, (name, each) in enumerate(self._named().items(), 1)
        )

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return each sentence's sides with their rationales."""
        return {name: dict(each.options) for name, each in self._named().items()}

    def differentiators(self) -> frozenset[str]:
        """Return the one differentiator."""
        return frozenset({self.differentiator})

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the sentences in the order of their numbers."""
        ids = {text: name for name, text in SIDES.items()}
        sentences = [{"text": parts[name].asked, **parts[name].one(ids)} for name in sorted(parts)]
        first = next(iter(parts.values()))
        return {"kind": "spot", "differentiator": first.difference, "sentences": sentences}
