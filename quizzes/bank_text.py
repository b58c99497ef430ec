"""Read the text of a bank file: YAML without surprises, and each fault as a place and a mend in an author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

DEEPEST = 50  # levels of lists and mappings in a file; an item has about eight
# libyaml reads the bank many times faster than PyYAML's own parser, where PyYAML was built with it.
_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIELD = re.compile(r"^(?P<before>\s*(?:- +)*)(?P<name>[\w.-]+):(?:\s|$)")
_ID = re.compile(r"^\s*(?:- +)?id: *['\"]?([^\s'\"#]+)")
_QUOTES = "put the text in double quotes"
_OPEN = r"end of stream|<stream end>"
# What libyaml or PyYAML's own parser says, and what mends it.
_MENDS = (
    (r"given twice", "remove one of the two"),
    (r"nested deeper", "write it with fewer levels"),
    (r"tab character|'\\t'", "indent with spaces, not with a tab"),
    (r"could not find expected ':'", "write the field as 'name: value'"),
    (r"cannot start any token|alphabetic or numeric|undefined alias|undefined tag", _QUOTES),
    (r"escape character", "write \\\\ where a backslash is meant, or put the text in single quotes"),
    (
        r"expected ',' or ('?\]|'?\})",
        "close the bracket, or put the text in double quotes where a bracket is part of it",
    ),
    (_OPEN, "close the quotes or the bracket that is open"),
)


class BankTextError(Exception):
    """A text that is no YAML for a bank: the item that it is in where that can be told, the place, and the mend."""

    def __init__(self, item: str, place: str, mend: str) -> None:
        """Keep the three; the message is one line."""
        self.item, self.place, self.mend = item, place, mend
        super().__init__(": ".join(part for part in (item, place, mend) if part))


class _UniqueKeyLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """YAML that refuses a key given twice, which plain YAML would silently overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                where = node.value[position][0].start_mark
                raise yaml.MarkedYAMLError(problem=f"'{key}' is given twice", problem_mark=where)
        return super().construct_mapping(node, deep)


def parsed(text: str) -> Any:
    """Return the content of a bank file's text; raises BankTextError where there is none that a bank could have."""
    try:
        return _parsed(text)
    except yaml.YAMLError as error:
        raise _told(error, text.splitlines()) from None
    except (ValueError, RecursionError) as error:
        mend = f"not valid YAML: {str(error).splitlines()[0]}: put texts like dates into quotes"
        raise BankTextError("", "", mend) from None


def _parsed(text: str) -> Any:
    """Return the content of a YAML text.

    What is nested too deep is found before it is composed: libyaml would follow it until the process ends.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_UniqueKeyLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            fault = yaml.MarkedYAMLError(problem=f"nested deeper than {DEEPEST} levels")
            fault.problem_mark = event.start_mark  # type: ignore[assignment]
            raise fault
    return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506  a SafeLoader


def _told(error: yaml.YAMLError, lines: Sequence[str]) -> BankTextError:
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    if mark is None or not lines:
        return BankTextError("", "", f"not valid YAML: {problem}: mend the text")
    number = min(mark.line, len(lines) - 1)  # what is missing at the end is after it
    number, mend = _mend(problem, lines, number, mark.column)
    opened = getattr(error, "context_mark", None)
    if opened is not None and re.search(_OPEN, problem):
        mend = f"close the quotes or the bracket opened in line {opened.line + 1}"
    return BankTextError(_item(lines, number), f"line {number + 1}", f"not valid YAML: {problem}: {mend}")


def _item(lines: Sequence[str], number: int) -> str:
    """Return the id of the nearest item that begins above a line or in it, or an empty text."""
    return next((found[1] for line in reversed(lines[: number + 1]) if (found := _ID.match(line))), "")


def _mend(problem: str, lines: Sequence[str], number: int, column: int) -> tuple[int, str]:
    """Return the line to mend, from 0, and what to do there."""
    for pattern, mend in _MENDS:
        if re.search(pattern, problem):
            # Only the next line shows that the colon is missing.
            return (number - 1 if "expected ':'" in problem and number else number), mend
    before = lines[number][:column].rstrip()
    if "mapping values" in problem:
        is_field = re.fullmatch(r"\s*(?:- +)*[\w.-]+", before)
        return number, _column(lines, number) if is_field else f"{_QUOTES}, since it holds a colon"
    if before.endswith('"') and before.count('"') % 2:  # the mark that was to open a text has closed one
        opened = next((at for at in range(number - 1, -1, -1) if lines[at].count('"') % 2), number)
        return opened, "close the quotation mark that is open"
    if re.match(r"\s*(?:- +)*[\w.-]+: +\S", before):
        return number, f"{_QUOTES}, all of it"
    return number, _column(lines, number)


def _start(line: str) -> int:
    return len(line) - len(line.lstrip())


def _column(lines: Sequence[str], number: int) -> str:
    """Return in which column a line should begin: that of the open list or mapping whose column is nearest."""
    mine = _start(lines[number])
    dash = lines[number].lstrip().startswith("- ")
    blocks = [each for each in _open_blocks(lines[:number]) if each[3] == dash] or list(_open_blocks(lines[:number]))
    if not blocks or not re.match(r"\s*(?:- +|[\w.-]+:)", lines[number]):
        return "indent it like the lines around it"
    column, name, line, _ = min(blocks, key=lambda block: abs(block[0] - mine))
    if column == mine:
        return "indent it like the lines around it"
    return f"begin it in column {column + 1}, as '{name}' in line {line + 1}"


def _open_blocks(lines: Sequence[str]) -> Iterator[tuple[int, str, int, bool]]:
    """Yield the lists and mappings that are open after the lines, the innermost first.

    Each is the column of its entries, the name of its last one, the line of that, and whether it is a list.
    """
    below = 1000
    for number in range(len(lines) - 1, -1, -1):
        found = _FIELD.match(lines[number])
        if not found:
            continue
        dashes = [at for at, char in enumerate(found["before"]) if char == "-"]
        for column, listed in ((found.start("name"), False), *((at, True) for at in reversed(dashes))):
            if column < below:
                below = column
                yield column, f"- {found['name']}" if listed else found["name"], number, listed
