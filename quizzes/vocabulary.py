"""The closed vocabularies of a bank: differentiators, misconceptions, terms, and dated exam facts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quizzes.items import Slug, Text


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Differentiator(_Entry):
    """A difference between project and operations, with the cue on each side."""

    id: Slug
    name: Text
    question: Text
    project: Text
    operations: Text
    source: Text


class Misconception(_Entry):
    """A named error of thought that a distractor catches, and what mends it."""

    id: Slug
    name: Text
    mend: Text


class Term(_Entry):
    """A glossary term; `see` names related terms."""

    id: Slug
    term: Text
    definition: Text
    source: Text
    see: tuple[Slug, ...] = ()


class Fact(_Entry):
    """One dated fact about an exam with its source."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    value: str | int
    source: Text


class Topic(_Entry):
    """A topic of an exam that items are tagged with, as exam/topic."""

    id: Slug
    name: Text


class Exam(_Entry):
    """An exam: its facts and the topics that this course touches."""

    id: Slug
    name: Text
    short: Text
    facts: tuple[Fact, ...]
    topics: tuple[Topic, ...]


class Exams(_Entry):
    """All exams with the date at which their facts were last checked."""

    checked: Text
    exams: tuple[Exam, ...]
