"""Questions as they were read become the fields of a kind of item, with marks where something is to be written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import ascii_lowercase

from quizzes.exports.units import shares
from quizzes.imports.base import Asked, Entry, ImportRefusedError, Option
from quizzes.imports.builder import Builder, Fields, slug
from quizzes.items import CLASS_NAMES
from quizzes.kinds.base import NUMBERS
from quizzes.kinds.choice import NEGATION
from quizzes.marking import Part

NO_ORDER = "the order in which steps are shown was not in the file: they are shown by the alphabet"
OWN_MARKS = "its own partial credit is left out: this course's rule counts"
IN_A_GAP = "not three or four options: it is a text with a gap that is filled from a list"


def _key(builder: Builder, entry: Entry, asked: Asked) -> list[int]:
    """Return the places of the right options; raises ImportRefusedError where the marks name none."""
    if asked.type == "one":
        key = [place for place, option in enumerate(asked.options) if option.share > 0.999]
        if len(key) != 1:
            raise ImportRefusedError("not carried: where one option is chosen, exactly one must earn the whole mark")
    else:
        key = [place for place, option in enumerate(asked.options) if option.share > 0]
        if not key or len(key) == len(asked.options):
            raise ImportRefusedError("not carried: where several options are chosen, some but not all must be right")
    names = tuple(map(str, range(len(asked.options))))
    own = shares(Part("", asked.type, names, tuple(names[place] for place in key)))
    if any(abs(own[name] - option.share) > 0.0001 for name, option in zip(names, asked.options, strict=True)):
        builder.note(entry, OWN_MARKS)
    return key


def _options(builder: Builder, entry: Entry, asked: Asked) -> Fields:
    """Return `key` and `options` of a question that asks for one or some of them."""
    key = _key(builder, entry, asked)
    options = {
        ascii_lowercase[place]: builder.option(entry, option, keyed=place in key)
        for place, option in enumerate(asked.options[: len(ascii_lowercase)])
    }
    names = [ascii_lowercase[place] for place in key if place < len(ascii_lowercase)]
    return {"key": names[0] if asked.type == "one" else names, "options": options}


def _style(entry: Entry, stem: str, tag: str) -> Fields:
    given = (entry.tagged(tag) or [""])[0]
    style = "negative" if NEGATION.search(stem) else given if given != "negative" else ""
    return {"style": style} if style else {}


def _chosen(builder: Builder, entry: Entry, asked: Asked, prefix: str) -> Fields:
    kind = "multiple" if asked.type == "some" else "choice"
    stem = asked.legend
    made = _options(builder, entry, asked)
    if kind == "multiple":
        stem = stem.removesuffix(f" Choose {NUMBERS.get(len(made['key']), '')}.")
    style = _style(entry, stem, f"{prefix}style")
    return {
        "kind": kind,
        **style,
        "stem": stem,
        "differentiator": builder.difference(entry, f"{prefix}difference"),
        **made,
    }


def _sorted(builder: Builder, entry: Entry, asked: Asked, prefix: str) -> Fields:
    groups: dict[str, str] = {}
    for place in dict.fromkeys(option.place for option in asked.options):
        name = slug(place, "group")
        groups[name if name not in groups else f"{name}-{len(groups) + 1}"] = place
    if any(not option.text for option in asked.options):
        builder.note(entry, "a place that no row belongs to is left out")
        groups = {
            name: place for name, place in groups.items() if any(o.text and o.place == place for o in asked.options)
        }
    ids = {place: name for name, place in groups.items()}
    rows = [option for option in asked.options if option.text]
    return {
        "kind": "sort",
        "stem": asked.legend,
        "differentiator": builder.difference(entry, f"{prefix}difference"),
        "groups": groups,
        "rows": {
            ascii_lowercase[number]: {**builder.option(entry, row, keyed=False), "group": ids[row.place]}
            for number, row in enumerate(rows[: len(ascii_lowercase)])
        },
    }


def _ordered(builder: Builder, entry: Entry, asked: Asked, prefix: str) -> Fields:
    right = [option.text for option in asked.options]
    shown = sorted(asked.options, key=lambda option: option.text.casefold())
    if [option.text for option in shown] == right:
        shown.reverse()
    names = dict(zip((option.text for option in shown), ascii_lowercase, strict=False))
    builder.note(entry, NO_ORDER)
    return {
        "kind": "order",
        "stem": asked.legend,
        "differentiator": builder.difference(entry, f"{prefix}difference"),
        "key": [names.get(text, "") for text in right],
        "rows": {names[option.text]: builder.option(entry, option, keyed=False) for option in shown},
    }


_ASKED = {"one": _chosen, "some": _chosen, "match": _sorted, "order": _ordered}


def _single(builder: Builder, entry: Entry) -> Fields:
    """Return an item of one question; one among two or more than four options is a text with a gap."""
    (asked,) = entry.asked
    if asked.type == "one" and not 3 <= len(asked.options) <= 4:
        builder.note(entry, IN_A_GAP)
        text = " ".join(filter(None, (entry.scenario, asked.legend, "[gap.1]")))
        return _filled(builder, Entry(entry.name, entry.asked, text, inline=True, tags=entry.tags))
    scenario = {"scenario": entry.scenario} if entry.scenario else {}
    return {**scenario, **_ASKED[asked.type](builder, entry, asked, "")}


def _filled(builder: Builder, entry: Entry) -> Fields:
    if any(asked.type != "one" for asked in entry.asked):
        raise ImportRefusedError("not carried: several options are asked for within a text")
    gaps = {f"gap.{number}": _options(builder, entry, asked) for number, asked in enumerate(entry.asked, 1)}
    difference = builder.difference(entry)
    return {"kind": "fill", "scenario": entry.scenario, "differentiator": difference, "gaps": gaps}


def _case(builder: Builder, entry: Entry) -> Fields:
    questions = [
        _ASKED[asked.type](
            builder, entry, Asked(asked.type, re.sub(r"^\d+\. ", "", asked.legend), asked.options), f"q{number}."
        )
        for number, asked in enumerate(entry.asked, 1)
    ]
    return {"kind": "case", "scenario": entry.scenario, "questions": questions}


def _by_name(builder: Builder, entry: Entry, asked: Asked, names: Mapping[str, str]) -> Fields:
    """Return options whose texts the course gives, by their ids."""
    made = _options(builder, entry, asked)
    ids: dict[str, str] = {}
    for letter, option in zip(made["options"], asked.options, strict=False):
        if option.text not in names:
            raise ImportRefusedError(f"not carried: '{option.text[:40]}' is no class or difference of this course")
        ids[letter] = names[option.text]
    options = {
        ids[letter]: {k: v for k, v in option.items() if k != "text"} for letter, option in made["options"].items()
    }
    return {"key": ids[made["key"]], "options": options}


def _classify(builder: Builder, entry: Entry) -> Fields:
    if len(entry.asked) != 2 or not entry.words:
        raise ImportRefusedError("not carried: a class, a difference and the words that show it are expected")
    differences = {each.name: each.id for each in builder.bank.differentiators.values()}
    return {
        "kind": "classify",
        "scenario": entry.scenario,
        "class": _by_name(builder, entry, entry.asked[0], {text: name for name, text in CLASS_NAMES.items()}),
        "differentiator": _by_name(builder, entry, entry.asked[1], differences),
        "evidence": [
            {"text": text, "evidence": shows, **builder.option(entry, Option("", 0, why), keyed=shows, text=False)}
            for text, shows, why in entry.words
        ],
    }


_KINDS: dict[str, Callable[[Builder, Entry], Fields]] = {"classify": _classify, "case": _case, "fill": _filled}


def fields(builder: Builder, entry: Entry) -> Fields:
    """Return the fields of the item's kind: the one that it was exported as, or that its questions fit."""
    kind = (entry.tagged("kind") or [""])[0]
    if kind in _KINDS:
        return _KINDS[kind](builder, entry)
    if entry.inline:
        return _filled(builder, entry)
    return _single(builder, entry)
