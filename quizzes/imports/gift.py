"""Questions in GIFT, Moodle's plain text format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import groupby

from quizzes.exports.base import Loss
from quizzes.imports.after import why, words_of
from quizzes.imports.base import Asked, Entry, Imported, ImportRefusedError, Option, gather, traits_of
from quizzes.imports.blocks import LONGEST, Block, blocks, joined, plain
from quizzes.imports.build import build
from quizzes.imports.builder import Builder
from quizzes.items import Trait

_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_PRIVATE = 0xF0000  # a plane that no text uses holds characters with a backslash while the others are read
_HELD = re.compile(f"[{chr(_PRIVATE)}-{chr(_PRIVATE + 0xFF)}]")
_ID = re.compile(r"\[id:((?:\\\]|[^\[\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\[\]])+)\]")
_NAME = re.compile(r"::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d*)?)%")
_ANSWER = re.compile(r"([=~])([^=~]*)")
_TRUE = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_NO_KIND = "not carried: questions that are answered {} have no kind of item here"


def _held(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(_PRIVATE + ord(found[1])), _HELD.sub("\ufffd", text))


def _freed(text: str) -> str:
    def char(found: re.Match[str]) -> str:
        given = chr(ord(found[0]) - _PRIVATE)
        return "\n" if given == "n" else given

    return _HELD.sub(char, text)


class _Question:
    """One question's text without its comments, in which the format's own characters are told from others."""

    def __init__(self, block: str, number: int) -> None:
        lines = block.splitlines()
        comments = "\n".join(line for line in lines if line.lstrip().startswith("//"))
        self.tags = tuple(tag.replace("\\]", "]").strip() for tag in _TAG.findall(comments))
        self.lost: dict[str, None] = {}
        text = _held("\n".join(line for line in lines if not line.lstrip().startswith("//"))).strip()
        name = _NAME.match(text)
        given = _ID.search(comments)
        self.name = given[1].strip() if given else _freed(name[1]).strip() if name else f"question {number}"
        self.rest = text[name.end() :].strip() if name else text
        self.format = "moodle"

    def shown(self, text: str) -> list[Block]:
        """Return a text's blocks; one without a format of its own has that of the question."""
        given = _FORMAT.match(text.strip())
        body = _freed(text.strip()[given.end() :] if given else text).strip()
        if (given[1] if given else self.format) in ("plain", "markdown"):
            return plain(body)
        found, lost = blocks(body if (given[1] if given else self.format) == "html" else body.replace("\n", "<br>"))
        self.lost.update(dict.fromkeys(lost))
        return found

    def option(self, text: str, share: float) -> Option:
        weight = _WEIGHT.match(text.strip())
        answer, _, feedback = (text.strip()[weight.end() :] if weight else text).partition("#")
        given = float(weight[1]) / 100 if weight else share
        return Option(joined(self.shown(answer)), given, joined(self.shown(feedback)))

    def parted(self) -> tuple[str, str, str]:
        """Return the text before the answers, the answers, and the text after; raises ImportRefusedError."""
        start, end = self.rest.find("{"), self.rest.find("}")
        if start < 0 and end < 0:
            raise ImportRefusedError("not carried: a description asks nothing")
        if not 0 <= start < end:
            raise ImportRefusedError("not carried: its braces do not match")
        before, answers, after = self.rest[:start], self.rest[start + 1 : end], self.rest[end + 1 :]
        given = _FORMAT.match(before)
        self.format = given[1] if given else self.format
        return before, answers.strip(), after.strip()


def _choices(question: _Question, answers: str) -> Asked:
    options = tuple(question.option(text, float(sign == "=")) for sign, text in _ANSWER.findall(answers))
    return Asked("one" if "=" in answers else "some", "", options)


def _rows(question: _Question, answers: str, told: list[Block]) -> Asked:
    rows = []
    for _, text in _ANSWER.findall(answers):
        row, arrow, place = text.partition("->")
        if not arrow:
            raise ImportRefusedError("not carried: a row to be matched has no place")
        shown, where = joined(question.shown(row)), _freed(place).strip()
        rows.append(Option(shown, feedback=why(told, shown, where), place=where))
    return Asked("order" if Trait.ORDER in traits_of(question.tags) else "match", "", tuple(rows))


def _true_or_false(question: _Question, answers: str) -> Asked | None:
    """Return the two options: the feedback for a wrong answer stands first, then that for the right one."""
    given, *feedback = answers.split("#")
    if given.strip() not in _TRUE:
        return None
    wrong, right = (joined(question.shown(each)) for each in (*feedback[:2], "", "")[:2])
    true = _TRUE[given.strip()]
    named = (("True", true), ("False", not true))
    return Asked("one", "", tuple(Option(text, float(key), right if key else wrong) for text, key in named))


def _asked(question: _Question, answers: str, told: list[Block]) -> Asked:
    if not answers:
        raise ImportRefusedError(_NO_KIND.format("in an essay"))
    if answers.startswith("#"):
        raise ImportRefusedError(_NO_KIND.format("by a number"))
    if "~" in answers:
        return _choices(question, answers)
    if "=" in answers and "->" in answers:
        return _rows(question, answers, told)
    if found := _true_or_false(question, answers):
        return found
    raise ImportRefusedError(_NO_KIND.format("by typing"))


def _entry(question: _Question, family: str) -> Entry:
    before, answers, after = question.parted()
    answers, _, general = answers.partition("####")
    told = question.shown(general)
    asked = _asked(question, answers.strip(), told)
    kept = any(tag.startswith("kind:") for tag in question.tags)
    if told and not kept:
        question.lost["general feedback is left out: rationales stand at the options"] = None
    if after and asked.type == "one":
        scenario = " ".join(filter(None, (joined(question.shown(before)), "[gap.1]", joined(question.shown(after)))))
        return Entry(question.name, (asked,), scenario, inline=True, tags=question.tags, family=family)
    text = question.shown(f"{before} _____ {after}" if after else before)
    own = Asked(asked.type, joined(text[-1:]), asked.options)
    words = words_of(told)
    return Entry(question.name, (own,), joined(text[:-1]), words=words, tags=question.tags, family=family)


def _whole(entry: Entry) -> str:
    """Return the id of the item that a question is a part of, as `payroll-1` of `payroll-1.class`."""
    apart = traits_of(entry.tags) & (Trait.GAPS | Trait.SEVERAL | Trait.REASON)
    return entry.name.partition(".")[0] if apart else entry.name


def _together(parts: Sequence[Entry]) -> Entry:
    """Return the parts of one item as one entry; gaps stand in the scenario as `(Gap 1)`."""
    first, last = parts[0], parts[-1]
    scenario, inline = first.scenario, Trait.GAPS in traits_of(first.tags)
    if inline:
        scenario = re.sub(r"\(Gap (\d)\)", r"[gap.\1]", scenario)
    asked = tuple(each for part in parts for each in part.asked)
    return Entry(_whole(first), asked, scenario, inline, last.words, first.tags, first.family)


def _own(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries with those put together that this course's export took apart."""
    runs = [list(run) for _, run in groupby(entries, key=_whole)]
    return [each for run in runs for each in ([_together(run)] if _whole(run[0]) != run[0].name else run)]


def entries(content: bytes) -> tuple[list[Entry], list[Loss]]:
    """Return the questions of a GIFT file, and a loss for what is left out; raises ImportRefusedError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(f"not UTF-8 text, at byte {error.start + 1}: save the file as UTF-8") from None
    if "\0" in text:
        raise ImportRefusedError("not a text file: it holds null characters")
    found: list[Entry] = []
    losses: list[Loss] = []
    family = ""
    parts = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, block in enumerate(filter(str.strip, parts), 1):
        if len(block) > LONGEST:
            losses.append(Loss(f"question {number}", f"not carried: it has more than {LONGEST:,} characters"))
            continue
        question = _Question(block, number)
        if question.rest.startswith("$CATEGORY:"):
            family = question.rest.splitlines()[0].rpartition("/")[2].strip()
            continue
        if not question.rest:
            continue
        gather(question, partial(_entry, family=family), found, losses)
    return _own(found), losses


def read(content: bytes, builder: Builder) -> Imported:
    """Return the items of a GIFT file, with a loss for each thing that could not be carried.

    Raises ImportRefusedError with one line where the file cannot be read, or nothing in it can be an item.
    """
    return build(builder, *entries(content))
