"""HTML as plain text in blocks: paragraphs and rows of lists, and the names of what a text cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

LONGEST = 50_000  # characters of one text; an item of the bank has some thousands at most
_BLOCKS = {"p", "div", "li", "ul", "ol", "tr", "td", "th", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_MARKUP = re.compile(r"<!--|<[!?]")
_TAG = re.compile(r"<(?:(/?[A-Za-z][A-Za-z0-9]{0,20})(?![A-Za-z0-9])[^<>]*>)?")
_HIDDEN = {"script", "style"}
_LOST = {
    "img": "a picture is left out",
    "audio": "a sound is left out",
    "video": "a film is left out",
    "iframe": "embedded content is left out",
    "object": "embedded content is left out",
    "svg": "a picture is left out",
    "math": "a formula is left out",
    "table": "a table is set as lines of text",
    "a": "a link is left out, its text kept",
    "sub": "raised and lowered characters are set on the line",
    "sup": "raised and lowered characters are set on the line",
    "script": "a script is left out",
}


@dataclass(frozen=True)
class Block:
    """A paragraph, or a row of a list."""

    text: str
    row: bool = False


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.lost: dict[str, None] = {}
        self.row = self.hidden = False
        self.text: list[str] = []

    def end(self) -> None:
        lines = [" ".join(line.split()) for line in "".join(self.text).split("\0")]
        if shown := "\n".join(line for line in lines if line):
            self.found.append(Block(shown, self.row))
        self.text = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LOST:
            self.lost[_LOST[tag]] = None
        self.hidden = self.hidden or tag in _HIDDEN
        if tag == "br":
            self.text.append("\0")
        elif tag in _BLOCKS:
            self.end()
            self.row = tag == "li"

    def handle_endtag(self, tag: str) -> None:
        self.hidden = self.hidden and tag not in _HIDDEN
        if tag in _BLOCKS:
            self.end()
            self.row = False

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data.replace("\0", ""))


def _without_comments(html: str) -> str:
    """Return HTML without comments and declarations, which the parser would seek the end of again and again."""
    kept, at = [], 0
    while start := _MARKUP.search(html, at):
        kept.append(html[at : start.start()])
        close = "-->" if start[0] == "<!--" else ">"
        end = html.find(close, start.end())
        at = end + len(close) if end >= 0 else len(html)
    return "".join((*kept, html[at:]))


def _bare(html: str) -> str:
    """Return HTML whose tags are whole and without attributes: for the end of others the parser would seek for long."""
    return _TAG.sub(lambda found: f"<{found[1]}>" if found[1] else "&lt;", _without_comments(html))


def blocks(html: str) -> tuple[list[Block], list[str]]:
    """Return the blocks of an HTML text that hold words, and a line for each thing that is no text.

    Raises ValueError where the text is longer than any question.
    """
    if len(html) > LONGEST:
        raise ValueError(f"a text of more than {LONGEST:,} characters")
    parser = _Parser()
    parser.feed(_bare(html))
    parser.close()
    parser.end()
    return parser.found, list(parser.lost)


def plain(text: str) -> list[Block]:
    """Return the paragraphs of a plain text: a blank line parts them."""
    lines = ("\n".join(" ".join(line.split()) for line in part.splitlines()) for part in re.split(r"\n\s*\n", text))
    return [Block(line.strip()) for line in lines if line.strip()]


def joined(found: Iterable[Block]) -> str:
    """Return blocks as one text."""
    return "\n".join(block.text for block in found)
