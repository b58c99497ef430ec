"""The item kinds: what an author may write in the bank, and what each kind asks of a learner.

Items are data. A kind's model checks a bank entry and says of itself which parts it asks and with which key; marking,
rendering and exports work from that and hold no knowledge of their own about a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizzes.marking import Part, Rule

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1)]
CLASS_NAMES = {"project": "Project", "operations": "Operations", "both": "Both at once"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(_Strict):
    """One option: its text where the kind does not fix it, why it is right or wrong, and what a wrong one catches."""

    text: str = ""
    rationale: Text
    misconception: Slug | None = None


class Options(_Strict):
    """Options by id with the id of the one that is keyed."""

    key: str
    options: dict[str, Option] = Field(min_length=2)

    @model_validator(mode="after")
    def _key_is_an_option(self) -> Options:
        if self.key not in self.options:
            raise ValueError(f"key '{self.key}' is not one of the options: use one of {', '.join(self.options)}")
        _check_misconceptions({name: (o, name == self.key) for name, o in self.options.items()})
        return self


class Phrase(_Strict):
    """A phrase of the scenario that a learner may pick as evidence."""

    text: Text
    evidence: bool
    rationale: Text
    misconception: Slug | None = None


def _check_misconceptions(options: Mapping[str, tuple[Option | Phrase, bool]]) -> None:
    for name, (option, keyed) in options.items():
        if keyed and option.misconception:
            raise ValueError(f"'{name}' is keyed and names a misconception: remove the misconception")
        if not keyed and not option.misconception:
            raise ValueError(f"'{name}' is not keyed and names no misconception: add one of misconceptions.yaml")


class Question(_Strict):
    """One part as the learner meets it: its legend, its type, and its options by id, each with its text."""

    name: str
    type: Literal["one", "some"]
    legend: str
    options: dict[str, str]


class _Item(_Strict):
    id: Slug
    family: Slug
    sector: Slug
    status: Literal["F", "C"]
    use: Literal["practice", "assessment"]
    exam: tuple[Annotated[str, Field(pattern=r"^[a-z]+/[a-z]+$")], ...] = Field(min_length=1)
    source: Text
    replaces: Slug | None = None
    why_replaced: str = ""

    @model_validator(mode="after")
    def _a_replacement_says_why(self) -> _Item:
        if bool(self.replaces) != bool(self.why_replaced):
            raise ValueError("'replaces' and 'why_replaced' go together: give both or neither")
        return self


class Classify(_Item):
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
        _check_misconceptions({p.text: (p, p.evidence) for p in self.evidence})
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
        return (
            Question(
                name="class",
                type="one",
                legend="What is it?",
                options={name: CLASS_NAMES[name] for name in self.classes.options},
            ),
            Question(
                name="differentiator",
                type="one",
                legend="Which difference decides it?",
                options={d: names[d] for d in self.deciding.options},
            ),
            Question(
                name="evidence",
                type="some",
                legend="Which words show it? Choose all that do.",
                options={name: f"“{phrase.text}”" for name, phrase in self.phrases.items()},
            ),
        )

    def rationales(self) -> dict[str, dict[str, Option | Phrase]]:
        """Return each part's options with their rationales."""
        return {
            "class": dict(self.classes.options),
            "differentiator": dict(self.deciding.options),
            "evidence": dict(self.phrases),
        }


class Choice(_Item):
    """A question with one best answer among three or four."""

    kind: Literal["choice"]
    style: Literal["standard", "negative", "list", "missing-word"] = "standard"
    scenario: str = ""
    stem: Text
    differentiator: Slug | None = None
    key: str
    options: dict[str, Option] = Field(min_length=3, max_length=4)

    @model_validator(mode="after")
    def _options_have_texts(self) -> Choice:
        Options(key=self.key, options=self.options)
        for name, option in self.options.items():
            if not option.text:
                raise ValueError(f"options.{name}: the text is missing: write what the learner reads")
        return self

    @property
    def text(self) -> str:
        """Return what the learner reads before answering."""
        return f"{self.scenario} {self.stem}".strip()

    def parts(self) -> Rule:
        """Return the one part with its key."""
        return (Part("choice", "one", tuple(self.options), (self.key,), decides=True),)

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the one part as asked; `names` is not used."""
        options = {name: option.text for name, option in self.options.items()}
        return (Question(name="choice", type="one", legend=self.stem, options=options),)

    def rationales(self) -> dict[str, dict[str, Option | Phrase]]:
        """Return the options with their rationales."""
        return {"choice": dict(self.options)}


Item = Annotated[Classify | Choice, Field(discriminator="kind")]
KINDS = ("classify", "choice")


class Family(_Strict):
    """One bank file: items that share a setting and a vocabulary; twins differ in what decides."""

    family: Slug
    sector: Slug
    items: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _items_inherit(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("items"), list):
            return data
        shared = {name: data[name] for name in ("family", "sector") if name in data}
        return {**data, "items": [{**shared, **item} if isinstance(item, dict) else item for item in data["items"]]}


def rule(item: Classify | Choice, points: Mapping[str, float] | None = None) -> Rule:
    """Return the item's rule; a part with 0 points, or left out of `points`, is not asked.

    Raises ValueError where `points` is negative or asks no part of this item.
    """
    parts = item.parts()
    if points is None:
        return parts
    if any(value < 0 for value in points.values()):
        raise ValueError(f"{item.id}: points are 0 or more")
    asked = tuple(
        Part(p.name, p.type, p.options, p.key, points[p.name], p.decides) for p in parts if points.get(p.name, 0) > 0
    )
    if not asked:
        raise ValueError(f"{item.id}: the points ask none of {', '.join(part.name for part in parts)}")
    return asked


def segments(item: Classify) -> Iterator[tuple[str, str]]:
    """Yield the scenario in order as (phrase id or '', text), so that phrases can be marked in place."""
    pattern = "|".join(re.escape(phrase.text) for phrase in item.phrases.values())
    ids = {phrase.text: name for name, phrase in item.phrases.items()}
    for piece in re.split(f"({pattern})", item.scenario):
        if piece:
            yield ids.get(piece, ""), piece
