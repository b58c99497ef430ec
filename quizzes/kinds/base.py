"""What all kinds share: options with rationales, the question as a learner meets it, and an item's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from quizzes.marking import Rule

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
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


class BaseItem(Asked):
    """The fields of every item of the bank."""

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
