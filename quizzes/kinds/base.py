"""What all kinds share: options with rationales, the question as a learner meets it, and an item's fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from quizzes.kinds.about import EVIDENCE, TYPES, About, Fields, Given, Trait
from quizzes.marking import Rule

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
NEGATION = re.compile(r"\b(NOT|LEAST|EXCEPT)\b")
INLINE = re.compile(r"\[(gap\.\d)\]")
_NUMBERED = re.compile(r"^(?:q\d+\.)?([a-z]+)(?:\.\d+)?$")
_OWN_NUMBER = re.compile(r"^\d+\. ")
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


class Strict(BaseModel):
    """A model that refuses unknown fields and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Strict):
    """One option: its text where the kind does not fix it, why it is right or wrong, and what a wrong one catches."""

    text: str = ""
    rationale: Text
    misconception: Slug | None = None


class Row(Strict):
    """One row that a learner puts into its place: the rationale of that place, and what a wrong one catches."""

    text: Text
    rationale: Text
    misconception: Slug


class Question(Strict):
    """One part as the learner meets it.

    `one` and `some` choose among `options`. `match` and `order` put every option into one of the `groups`. A question
    that is `inline` stands in the scenario at its name in brackets, as in `[gap.1]`. A `reason` may be left out.
    """

    name: str
    type: Literal["one", "some", "match", "order"]
    legend: str
    options: dict[str, str]
    groups: dict[str, str] = {}
    inline: bool = False
    reason: bool = False


def check_texts(options: Mapping[str, Option]) -> None:
    """Raise ValueError where an option has no text, or the same as another one."""
    for name, option in options.items():
        if not option.text.strip():
            raise ValueError(f"options.{name}: the text is missing: write what the learner reads")
    check_apart({name: option.text for name, option in options.items()})


def check_apart(texts: Mapping[str, str]) -> None:
    """Raise ValueError where two texts read the same."""
    seen: dict[str, str] = {}
    for name, text in texts.items():
        other = seen.setdefault(text.strip().casefold(), name)
        if other != name:
            raise ValueError(f"'{other}' and '{name}' read the same: change one")


def check_misconceptions(options: Mapping[str, tuple[Any, bool]]) -> None:
    """Raise ValueError where a keyed option names a misconception, or one that is not keyed names none."""
    for name, (option, keyed) in options.items():
        if keyed and option.misconception:
            raise ValueError(f"'{name}' is keyed and names a misconception: remove the misconception")
        if not keyed and not option.misconception:
            raise ValueError(f"'{name}' is not keyed and names no misconception: add one of misconceptions.yaml")


class Options(Strict):
    """Options by id with the id of the one that is keyed."""

    key: str
    options: dict[Slug, Option] = Field(min_length=2)

    @model_validator(mode="after")
    def _key_is_an_option(self) -> Options:
        if self.key not in self.options:
            raise ValueError(f"key '{self.key}' is not one of the options: use one of {', '.join(self.options)}")
        check_misconceptions({name: (o, name == self.key) for name, o in self.options.items()})
        return self


class Asked(Strict):
    """What every question of the bank can say of itself, alone or within a case."""

    @property
    def text(self) -> str:
        """Return what the learner reads before answering."""
        raise NotImplementedError

    def parts(self) -> Rule:
        """Return the parts with one point each."""
        raise NotImplementedError

    def questions(self, names: Mapping[str, str]) -> tuple[Question, ...]:
        """Return the parts as asked; `names` gives each differentiator's name."""
        raise NotImplementedError

    def rationales(self) -> dict[str, dict[str, Any]]:
        """Return each part's options or rows with their rationales."""
        raise NotImplementedError

    def differentiators(self) -> frozenset[str]:
        """Return the ids of all differentiators that are named."""
        raise NotImplementedError


def role(part: str) -> str:
    """Return what points are given for: a part's name without its number, `choice` for `q2.choice`."""
    found = _NUMBERED.match(part)
    return found[1] if found else part


def without_number(legend: str) -> str:
    """Return what one of several questions asks, without the number that a case or its like puts before it."""
    return _OWN_NUMBER.sub("", legend)


def pieces(scenario: str) -> list[tuple[str, str]]:
    """Return the text in order as (gap name or '', text), so that gaps can be shown in place."""
    found = INLINE.split(scenario)
    return [(piece, "") if odd % 2 else ("", piece) for odd, piece in enumerate(found) if piece]


class BaseItem(Asked):
    """The fields of every item of the bank, and what a kind may say of itself beside its parts.

    A kind has `about`, a field `kind` with its name, and a `scenario`, empty where there is none.
    """

    about: ClassVar[About]
    if TYPE_CHECKING:  # fields of the kinds, some of which work theirs out

        @property
        def kind(self) -> str:
            """Return the kind's name."""

        @property
        def scenario(self) -> str:
            """Return the scenario, empty where there is none."""

        @property
        def differentiator(self) -> str:
            """Return the id of the difference that the item is about."""

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
    def _a_replacement_says_why(self) -> BaseItem:
        if bool(self.replaces) != bool(self.why_replaced):
            raise ValueError("'replaces' and 'why_replaced' go together: give both or neither")
        return self

    @classmethod
    def from_parts(cls, parts: Mapping[str, Given]) -> Fields:
        """Return the kind's own fields from its parts as a file gives them, by name."""
        raise NotImplementedError

    @classmethod
    def named(cls, types: Sequence[str]) -> tuple[str, ...]:
        """Return the names of an item's parts by their types, for a file that has no names.

        Raises ValueError where no item of this kind has such parts.
        """
        if cls.about.traits & (Trait.GAPS | Trait.SEVERAL):
            return tuple(f"{cls.about.roles[0]}.{number}" for number in range(1, len(types) + 1))
        if len(types) != len(cls.about.roles):
            raise ValueError(f"{len(types)} questions, where an item of its kind has {len(cls.about.roles)}")
        return cls.about.roles

    @property
    def traits(self) -> Trait:
        """Return what this item asks for, which may be less than its kind can."""
        found = Trait(0)
        for part in self.parts():
            found |= Trait(0) if role(part.name) == EVIDENCE else TYPES[part.type]
        return found | (self.about.traits & (Trait.GAPS | Trait.SEVERAL | Trait.REASON))

    @property
    def shows_words(self) -> bool:
        """Tell whether words in the scenario show the answer; practice asks for them only where a page says so."""
        return any(role(part.name) == EVIDENCE for part in self.parts())

    def pieces(self) -> list[tuple[str, str]]:
        """Return the scenario in order as (name of the words or gap or '', text)."""
        return [("", self.scenario)] if self.scenario else []

    def holder(self, part: str) -> Asked:
        """Return what holds a part's stem and difference."""
        return self

    def written(self, part: str) -> Mapping[str, Any]:
        """Return a part's options in the order in which the author has them."""
        return self.rationales()[part]

    def hardness(self) -> int:
        """Return the points for what makes an item of this kind hard, beside what `quizzes.level` finds in any."""
        return 0


class Stem(Asked):
    """A question with a stem of its own, which stands in the bank or within a case."""

    stem: Text
    differentiator: Slug

    @property
    def text(self) -> str:
        """Return the scenario, where there is one, and the stem."""
        return f"{getattr(self, 'scenario', '')} {self.stem}".strip()

    def differentiators(self) -> frozenset[str]:
        """Return the one differentiator."""
        return frozenset({self.differentiator})
