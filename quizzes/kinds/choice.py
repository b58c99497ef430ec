"""Choice: one best answer among three or four. Multiple: a stated number of right answers among four to six."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from quizzes.kinds.about import About, Fields, Given, Trait
from quizzes.kinds.base import (
    NEGATION,
    NUMBERS,
    BaseItem,
    Option,
    Options,
    Question,
    Slug,
    Stem,
    check_misconceptions,
    check_texts,
)
from quizzes.marking import Part, Rule

Style = Literal["standard", "negative", "list", "missing-word", "next", "definition"]


def _check_style(style: str, stem: str) -> None:
    if (style == "negative") != bool(NEGATION.search(stem)):
        raise ValueError("stem: a negative word stands in capitals (NOT, LEAST, EXCEPT), and style is then 'negative'")
    if style == "missing-word" and "[?]" not in stem:
        raise ValueError("stem: style 'missing-word' needs [?] where the word is missing")


def _stem(kind: str, part: Given) -> Fields:
    style = {"style": part.style} if part.style else {}
    return {"kind": kind, **style, "stem": part.asked, "differentiator": part.difference}


class ChoiceQuestion(Stem):
    """One best answer among three or four."""

    kind: Literal["choice"]
    style: Style = "standard"
    key: str
    options: dict[Slug, Option] = Field(min_length=3, max_length=4)

    @model_validator(mode="after")
    def _options_are_complete(self) -> ChoiceQuestion:
        Options(key=self.key, options=self.options)
        check_texts(self.options)
        _check_style(self.style, self.stem)
        return self

    def parts(self) -> Rule:
        """Return the one part with its key."""
        return (Part("choice", "one", tuple(self.options), (self.key,), decides=True),)

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the one part as asked; `names` is not used."""
        options = {name: option.text for name, option in self.options.items()}
        return (Question(name="choice", type="one", legend=self.stem, options=options),)

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return the options with their rationales."""
        return {"choice": dict(self.options)}

    @classmethod
    def from_part(cls, part: Given) -> Fields:
        """Return the question's fields."""
        return {**_stem("choice", part), **part.one()}


class MultipleQuestion(Stem):
    """A stated number of right answers among four to six; the number is added to the stem."""

    kind: Literal["multiple"]
    style: Style = "standard"
    key: tuple[str, ...] = Field(min_length=2)
    options: dict[Slug, Option] = Field(min_length=4, max_length=6)

    @model_validator(mode="after")
    def _options_are_complete(self) -> MultipleQuestion:
        if len(set(self.key)) != len(self.key) or not set(self.key) < set(self.options):
            raise ValueError(f"key: give some, not all, of {', '.join(self.options)}, each once")
        check_misconceptions({name: (option, name in self.key) for name, option in self.options.items()})
        check_texts(self.options)
        _check_style(self.style, self.stem)
        return self

    def parts(self) -> Rule:
        """Return the one part with its keys."""
        return (Part("choices", "some", tuple(self.options), self.key, decides=True),)

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the one part as asked, with the number of right answers; `names` is not used."""
        options = {name: option.text for name, option in self.options.items()}
        legend = f"{self.stem} Choose {NUMBERS[len(self.key)]}."
        return (Question(name="choices", type="some", legend=legend, options=options),)

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return the options with their rationales."""
        return {"choices": dict(self.options)}

    @classmethod
    def from_part(cls, part: Given) -> Fields:
        """Return the question's fields."""
        return {**_stem("multiple", part), **part.some()}


class Choice(ChoiceQuestion, BaseItem):
    """An item of the bank with one best answer."""

    about: ClassVar[About] = About(
        title="One best answer",
        folder="questions",
        traits=Trait.ONE,
        roles=("choice",),
        parts="choice",
        example="choice",
    )
    scenario: str = ""

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the question."""
        return cls.from_part(parts["choice"])


class Multiple(MultipleQuestion, BaseItem):
    """An item of the bank with a stated number of right answers."""

    about: ClassVar[About] = About(
        title="Several right answers",
        folder="questions",
        traits=Trait.SOME,
        roles=("choices",),
        parts="choices",
        example="choices",
    )
    scenario: str = ""

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the question."""
        return cls.from_part(parts["choices"])
