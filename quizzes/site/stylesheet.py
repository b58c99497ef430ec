"""Leave out of a theme's stylesheets what no page of the site and no script of it can use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from itertools import chain
from typing import Any

import tinycss2
from tinycss2.ast import Declaration, Node

_STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`")
_CLASS = re.compile(r"""\bclass(?:Name)?\s*[=:]\s*["'`]([^"'`]*)|\bclassList\.\w+\(([^)]*)\)""")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_PROPERTY = re.compile(r"--[\w-]+")
_BRANCHES = ("is", "where", "matches", "any")
_GROUPS = ("media", "supports", "layer", "container")


@dataclass
class Used:
    """What pages have: each make of element, as a set of `tag`, `.class` and `#id`; and the words of the scripts."""

    elements: set[frozenset[str]] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)

    def read_page(self, html: str) -> None:
        """Add the elements of a page."""
        reader = _Elements()
        reader.feed(html)
        self.elements |= reader.elements
        self.properties |= set(_PROPERTY.findall(" ".join(reader.styles)))

    def read_module(self, text: str) -> None:
        """Add the classes that a module of ours gives to what it makes."""
        self.words |= set(_WORD.findall(" ".join(chain.from_iterable(_CLASS.findall(text)))))
        self.properties |= set(_PROPERTY.findall(text))

    def read_script(self, text: str) -> None:
        """Add each word that stands in a string of a foreign script: any of them may become a class."""
        self.words |= set(_WORD.findall(" ".join(_STRING.findall(text))))
        self.properties |= set(_PROPERTY.findall(text))

    @cached_property
    def _holders(self) -> dict[str, list[frozenset[str]]]:
        holders: dict[str, list[frozenset[str]]] = {}
        for element in self.elements:
            for token in element:
                holders.setdefault(token, []).append(element)
        return holders

    def has(self, tag: str, names: frozenset[str]) -> bool:
        """Tell whether an element can be all of this; a name that a script knows can come to any element."""
        fixed = {name for name in names if name[1:] not in self.words}
        if not fixed:
            return True
        needed = fixed | {tag} if tag else fixed
        return any(needed <= element for element in self._holders.get(next(iter(fixed)), ()))

    def has_class_like(self, operator: str, value: str) -> bool:
        """Tell whether any class fits `[class^=value]` or its kin."""
        names = {token[1:] for token in self._holders if token[0] == "."} | self.words
        test: Callable[[str], bool] = {
            "^=": lambda name: name.startswith(value) or value.startswith(name),
            "$=": lambda name: name.endswith(value) or value.endswith(name),
            "*=": lambda name: value.strip() in name or name in value,
        }.get(operator, lambda name: name in value.split())
        return any(test(name) for name in names)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: set[frozenset[str]] = set()
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = [f".{name}" for name in values.get("class", "").split()]
        ids = [f"#{values['id']}"] if values.get("id") else []
        self.elements.add(frozenset([tag, *classes, *ids]))
        self.styles.append(values.get("style", ""))


@dataclass
class Style:
    """A rule: its selectors that are left, and its declarations."""

    selectors: list[str]
    declarations: list[tuple[str, str]]

    def __str__(self) -> str:
        return f"{','.join(self.selectors)}{{{';'.join(f'{name}:{value}' for name, value in self.declarations)}}}"


@dataclass
class Group:
    """Rules under a condition, such as a medium."""

    prelude: str
    rules: list[Rule]

    def __str__(self) -> str:
        return f"{self.prelude}{{{''.join(map(str, self.rules))}}}"


@dataclass
class Block:
    """A font, a set of key frames or a page, by its name."""

    keyword: str
    name: str
    text: str

    def __str__(self) -> str:
        return self.text


Rule = Style | Group | Block


def purged(css: str, used: Used, ours: str) -> list[Rule]:
    """Return the rules of a stylesheet that the site can use; `ours` is CSS beside it that may use its properties."""
    rules = list(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used))
    names = used.properties | set(_PROPERTY.findall(ours))
    _drop_properties(rules, names)
    animations = set(_WORD.findall(" ".join(value for name, value in _declared(rules) if "animation" in name)))
    return [rule for rule in rules if not (_is_frames(rule) and rule.name not in animations)]  # type: ignore[union-attr]


def _is_frames(rule: Rule) -> bool:
    return isinstance(rule, Block) and rule.keyword.endswith("keyframes")


def _kept(nodes: Iterable[Node], used: Used) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            selectors = [text for tokens in _split(node.prelude) if (text := _selector(tokens, used))]
            if selectors:
                yield Style(selectors, _declarations(node.content))
        elif node.type == "at-rule":
            yield from _kept_block(node, used)


def _kept_block(node: Any, used: Used) -> Iterator[Rule]:
    keyword = node.lower_at_keyword
    prelude = tinycss2.serialize(node.prelude).strip()
    if keyword in _GROUPS and node.content is not None:
        inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        if rules := list(_kept(inner, used)):
            yield Group(f"@{keyword} {prelude}", rules)
    elif keyword not in ("charset", "import"):
        yield Block(keyword, prelude, node.serialize())


def _declarations(content: list[Node]) -> list[tuple[str, str]]:
    nodes = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [(node.name, _value(node)) for node in nodes if node.type == "declaration"]


def _value(node: Declaration) -> str:
    return str(tinycss2.serialize(node.value)).strip() + ("!important" if node.important else "")


def _split(tokens: Iterable[Node]) -> list[list[Node]]:
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _selector(tokens: list[Node], used: Used) -> str:
    """Return the selector's text where each of its elements can be there, and else nothing."""
    possible = all(_can_be(compound, used) for compound in _compounds(tokens))
    return str(tinycss2.serialize(tokens)).strip() if possible else ""


def _compounds(tokens: list[Node]) -> Iterator[list[Node]]:
    """Give the part of a selector between combinators, one element each."""
    part: list[Node] = []
    for token in tokens:
        if token.type == "whitespace" or (token.type == "literal" and token.value in ">+~"):
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _can_be(compound: list[Node], used: Used) -> bool:
    """Tell whether an element can be there; attributes and states come and go, so that they are taken as possible."""
    tag = ""
    names: set[str] = set()
    for before, token in zip(chain([None], compound), compound, strict=False):
        mark = before.value if before is not None and before.type == "literal" else ""
        if token.type == "ident" and mark != ":":
            if mark == ".":
                names.add(f".{token.value}")
            else:
                tag = token.lower_value
        elif token.type == "hash":
            names.add(f"#{token.value}")
        elif not _condition_can_be(token, used):
            return False
    return used.has(tag, frozenset(names))


def _condition_can_be(token: Any, used: Used) -> bool:
    if token.type == "[] block":
        return _attribute_can_be(token.content, used)
    if token.type == "function" and token.lower_name in _BRANCHES:
        return any(_selector(branch, used) for branch in _split(token.arguments))
    return True


def _attribute_can_be(content: list[Node], used: Used) -> bool:
    parts = [token for token in content if token.type != "whitespace"]
    if len(parts) < 3 or parts[0].type != "ident" or parts[0].lower_value != "class":
        return True
    operator = "".join(token.value for token in parts if token.type == "literal")
    value = next((token.value for token in parts[1:] if token.type in ("string", "ident")), "")
    return used.has_class_like(operator, value)


def _styles(rules: Iterable[Rule]) -> Iterator[Style]:
    for rule in rules:
        if isinstance(rule, Style):
            yield rule
        elif isinstance(rule, Group):
            yield from _styles(rule.rules)


def _declared(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    for style in _styles(rules):
        yield from style.declarations


def _drop_properties(rules: list[Rule], used: set[str]) -> None:
    """Take out the custom properties that nothing reads, and the rules that are then empty."""
    reads: dict[str, set[str]] = {}
    for name, value in _declared(rules):
        reads.setdefault(name if name.startswith("--") else "", set()).update(_PROPERTY.findall(value))
    wanted, found = set(used), used | reads.get("", set())
    while found:
        wanted |= found
        found = set().union(*(reads.get(name, set()) for name in found)) - wanted
    for style in _styles(rules):
        style.declarations = [each for each in style.declarations if each[0][:2] != "--" or each[0] in wanted]
    _drop_empty(rules)


def _drop_empty(rules: list[Rule]) -> None:
    for rule in rules:
        if isinstance(rule, Group):
            _drop_empty(rule.rules)
    rules[:] = [rule for rule in rules if not _is_empty(rule)]


def _is_empty(rule: Rule) -> bool:
    return (isinstance(rule, Style) and not rule.declarations) or (isinstance(rule, Group) and not rule.rules)
