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
    """A topic of an exam that items are tagged with, as exam/topic; a topic without `domain` is one of its own."""

    id: Slug
    name: Text
    domain: str = ""

    @property
    def title(self) -> str:
        """Return the topic's name with its domain before it."""
        return f"{self.domain}: {self.name}" if self.domain else self.name


class Exam(_Entry):
    """An exam: its facts and the topics that this course touches."""

    id: Slug
    name: Text
    short: Text
    facts: tuple[Fact, ...]
    topics: tuple[Topic, ...]

    @property
    def domains(self) -> tuple[str, ...]:
        """Return the names of the domains in the order of their topics."""
        return tuple(dict.fromkeys(topic.domain or topic.name for topic in self.topics))


class Exams(_Entry):
    """All exams with the date at which their facts were last checked."""

    checked: Text
    exams: tuple[Exam, ...]

    @property
    def facts(self) -> dict[str, str | int]:
        """Return each fact's value by exam and name, as in `pmp_questions`."""
        return {f"{exam.id}_{fact.id}": fact.value for exam in self.exams for fact in exam.facts}
