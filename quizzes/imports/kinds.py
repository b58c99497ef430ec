"""Questions as they were read become the fields of a kind of item, with marks where something is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from quizzes.exports.units import shares
from quizzes.imports.base import Asked, Entry, ImportRefusedError, Option, traits_of
from quizzes.imports.builder import Builder, Fields, slug
from quizzes.items import EVIDENCE, KINDS, AnyItem, Trait
from quizzes.kinds.about import Given
from quizzes.kinds.base import NEGATION, NUMBERS, without_number
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


def _by_name(made: Fields, asked: Asked, names: Mapping[str, str]) -> Fields:
    """Return options whose texts the course gives, by their ids."""
    ids: dict[str, str] = {}
    for letter, option in zip(made["options"], asked.options, strict=False):
        if option.text not in names:
            raise ImportRefusedError(f"not carried: '{option.text[:40]}' is no class or difference of this course")
        ids[letter] = names[option.text]
    options = {
        ids[letter]: {k: v for k, v in option.items() if k != "text"} for letter, option in made["options"].items()
    }
    return {"key": ids[made["key"]], "options": options}


@dataclass(frozen=True)
class AskedPart:
    """A question as it was read, as `quizzes.kinds.about.Given` has it; `prefix` is that of its own tags.

    Raises ImportRefusedError where a kind cannot have of it what it needs.
    """

    builder: Builder
    entry: Entry
    question: Asked
    prefix: str = ""

    @property
    def asked(self) -> str:
        """Return what is asked, without how many are to be chosen."""
        keys = sum(option.share > 0 for option in self.question.options)
        told = f" Choose {NUMBERS.get(keys, '')}."
        return self.question.legend.removesuffix(told) if self.question.type == "some" else self.question.legend

    @property
    def style(self) -> str:
        """Return the style, which the text shows where it is negative; empty where none is named."""
        given = (self.entry.tagged(f"{self.prefix}style") or [""])[0]
        return "negative" if NEGATION.search(self.asked) else given if given != "negative" else ""

    @property
    def difference(self) -> str:
        """Return the id of the difference, or the one that stands for what is to be named."""
        return self.builder.difference(self.entry, f"{self.prefix}difference")

    @property
    def differences(self) -> Mapping[str, str]:
        """Return the ids of all differences by name."""
        return {each.name: each.id for each in self.builder.bank.differentiators.values()}

    def _is(self, type_: str) -> None:
        if self.question.type != type_:
            raise ImportRefusedError("not carried: something else is asked than an item of its kind asks")

    def one(self, ids: Mapping[str, str] | None = None) -> Fields:
        """Return `key` and `options`; where the course gives the options' texts, `ids` has their ids by text."""
        self._is("one")
        made = _options(self.builder, self.entry, self.question)
        return made if ids is None else _by_name(made, self.question, ids)

    def some(self) -> Fields:
        """Return `key` and `options` where several are right."""
        self._is("some")
        return _options(self.builder, self.entry, self.question)

    def placed(self) -> Fields:
        """Return `groups` and `rows`."""
        self._is("match")
        return _sorted(self.builder, self.entry, self.question)

    def ordered(self) -> Fields:
        """Return `key` and `rows`."""
        self._is("order")
        return _ordered(self.builder, self.entry, self.question)

    def words(self) -> list[Fields]:
        """Return the words in the scenario, those that show it and those that do not."""
        return [
            {"text": text, "evidence": shows, **self._word(why, keyed=shows)} for text, shows, why in self.entry.words
        ]

    def _word(self, why: str, *, keyed: bool) -> Fields:
        return self.builder.option(self.entry, Option("", 0, why), keyed=keyed, text=False)


def _sorted(builder: Builder, entry: Entry, asked: Asked) -> Fields:
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
        "groups": groups,
        "rows": {
            ascii_lowercase[number]: {**builder.option(entry, row, keyed=False), "group": ids[row.place]}
            for number, row in enumerate(rows[: len(ascii_lowercase)])
        },
    }


def _ordered(builder: Builder, entry: Entry, asked: Asked) -> Fields:
    right = [option.text for option in asked.options]
    shown = sorted(asked.options, key=lambda option: option.text.casefold())
    if [option.text for option in shown] == right:
        shown.reverse()
    names = dict(zip((option.text for option in shown), ascii_lowercase, strict=False))
    builder.note(entry, NO_ORDER)
    return {
        "key": [names.get(text, "") for text in right],
        "rows": {names[option.text]: builder.option(entry, option, keyed=False) for option in shown},
    }


def _names(model: type[AnyItem], entry: Entry) -> tuple[str, ...]:
    if not entry.asked:
        raise ImportRefusedError("not carried: nothing is asked in it")
    try:
        return model.named([asked.type for asked in entry.asked])
    except ValueError as error:
        raise ImportRefusedError(f"not carried: {error}") from None


def _of_kind(builder: Builder, entry: Entry, kind: str) -> Fields:
    """Return the fields of a kind from the questions as they stand; raises ImportRefusedError where they do not fit."""
    model = KINDS[kind]
    several = Trait.SEVERAL in model.about.traits
    parts: dict[str, Given] = {}
    for name, asked in zip(_names(model, entry), entry.asked, strict=True):
        plain = Asked(asked.type, without_number(asked.legend), asked.options) if several else asked
        own = f"{name.partition('.')[0]}."
        parts[name] = AskedPart(builder, entry, plain, own if any(tag.startswith(own) for tag in entry.tags) else "")
    if entry.words:
        parts[EVIDENCE] = AskedPart(builder, entry, Asked("some", "", ()))
    if set(model.about.needed) - set(parts):
        raise ImportRefusedError(f"not carried: {model.about.example} are expected")
    made = model.from_parts(parts)
    scenario = {"scenario": entry.scenario} if entry.scenario else {}
    return {"kind": made.pop("kind"), **scenario, **made}


_BY_TYPE = {"one": "choice", "some": "multiple", "match": "sort", "order": "order"}


def _single(builder: Builder, entry: Entry) -> Fields:
    """Return an item of one question; one among two or more than four options is a text with a gap."""
    (asked,) = entry.asked
    if asked.type == "one" and not 3 <= len(asked.options) <= 4:
        builder.note(entry, IN_A_GAP)
        text = " ".join(filter(None, (entry.scenario, asked.legend, "[gap.1]")))
        return _of_kind(builder, Entry(entry.name, entry.asked, text, inline=True, tags=entry.tags), "fill")
    return _of_kind(builder, entry, _BY_TYPE[asked.type])


def fields(builder: Builder, entry: Entry) -> Fields:
    """Return the fields of the item's kind: the one that it was exported as, or that its questions fit."""
    if traits_of(entry.tags) & (Trait.GAPS | Trait.SEVERAL | Trait.REASON):
        return _of_kind(builder, entry, entry.tagged("kind")[0])
    return _of_kind(builder, entry, "fill") if entry.inline else _single(builder, entry)
