"""Names that an item uses and no vocabulary of the bank has, with the name that may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quizzes.bank import Bank
from quizzes.items import AnyItem
from quizzes.nearest import meant

_FORM = re.compile(r"[a-z0-9/-]+")  # of another form, a name is told by the models


def _unknown(name: str, known: Mapping[str, str], use: str) -> str:
    """Return the mend for a name; `known` has each id with its name, by which an author may have called it."""
    called = [key for key, words in known.items() if words.casefold() == name.replace("-", " ").casefold()]
    guess = f"; did you mean '{called[0]}'?" if called else meant(name, known)
    return f"'{name}' is unknown: use {use}" + (guess or ": the author's guide lists them")


Vocabularies = Mapping[str, tuple[Mapping[str, str], str]]


def vocabularies(bank: Bank) -> Vocabularies:
    """Return what each field may name, each id with its name, and how an author is told."""
    topics = {f"{exam.id}/{topic.id}": topic.name for exam in bank.exams.exams for topic in exam.topics}
    misconceptions = {each.id: each.name for each in bank.misconceptions.values()}
    return {
        "differentiator": (bank.differentiator_names, "an id of differentiators.yaml"),
        "exam": (topics, "exam/topic of exams.yaml"),
        "misconception": (misconceptions, "an id of misconceptions.yaml"),
    }


def of_item(item: AnyItem, known: Vocabularies) -> Iterator[tuple[str, str]]:
    """Yield (field, mend) for each name that an item uses and the bank does not have."""
    for field, used in (("differentiator", item.differentiators()), ("exam", set(item.exam))):
        yield from ((field, _unknown(name, *known[field])) for name in sorted(used - known[field][0].keys()))
    for part, options in item.rationales().items():
        for name, option in options.items():
            if option.misconception and option.misconception not in known["misconception"][0]:
                yield f"{part}.{name}.misconception", _unknown(option.misconception, *known["misconception"])


def of_faulty(family: Any, known: Vocabularies) -> Iterator[tuple[str, str, str]]:
    """Yield (item, field, mend) for the same in a file that no model has accepted, so that no fault hides others."""
    items = family.get("items") if isinstance(family, Mapping) else None
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            for field, place, name in _names(item, ""):
                if name not in known[field][0] and _FORM.fullmatch(name):
                    yield str(item.get("id", "")), place, _unknown(name, *known[field])


def _names(data: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield (field, place, name) wherever a file names a difference, a topic of an exam or a misconception."""
    for step, value in _entries(data):
        here = f"{place}.{step}" if place else step
        if step == "differentiator" and isinstance(value, Mapping):
            options = value.get("options")
            yield from ((step, here, str(name)) for name in (options if isinstance(options, Mapping) else ()))
        elif step == "exam" and isinstance(value, list):
            yield from ((step, here, name) for name in value if isinstance(name, str))
        elif step in ("differentiator", "misconception") and isinstance(value, str):
            yield step, here, value
        yield from _names(value, here)


def _entries(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            if name == "evidence" and isinstance(value, list):
                yield from ((f"evidence.{phrase_number(data, at)}", phrase) for at, phrase in enumerate(value))
            else:
                yield str(name), value
    elif isinstance(data, list):
        yield from ((str(number), each) for number, each in enumerate(data, 1))


def phrase_number(item: Mapping[Any, Any], at: int) -> int:
    """Return a phrase's number as `list` has it, by the scenario's order; by the file's where it is not found there."""
    texts = [phrase.get("text") if isinstance(phrase, Mapping) else None for phrase in item["evidence"]]
    scenario = item.get("scenario")
    if not isinstance(scenario, str) or any(not isinstance(t, str) or scenario.count(t) != 1 for t in texts):
        return at + 1
    places = [scenario.index(str(text)) for text in texts]
    return 1 + sum(place < places[at] for place in places)
