"""Practice items as plain data: from the bank, or from a snapshot of it where the bank cannot be read.

A snapshot is one JSON file. In a browser it stands in for the bank, whose models and templates are absent there.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

from quizzes.choosing import SelectionError, draw_ids
from quizzes.marking import Part, Rule

SNAPSHOT = Path(__file__).with_name("practice.json")
_SET = re.compile(r'^(<div class="quiz-host">.*?)(<div class="quiz-item".*)(\n</div></div>)$', re.DOTALL)
_NUMBER = "Question 1 of 1"
_EITHER = "give either item ids or draw=NUMBER"


class Practice(Protocol):
    """Where practice items come from; `index` is the bank's index as docs/site.md describes it."""

    @property
    def index(self) -> Mapping[str, Any]:
        """Return the bank's index; items have no page in it."""

    def choose(
        self,
        ids: Sequence[str] = (),
        *,
        draw: int = 0,
        seed: int = 1,
        kind: str | None = None,
        differentiator: str | None = None,
    ) -> tuple[str, ...]:
        """Return the ids of items by id, or drawn by seed; raises ValueError where there are none such."""

    def rule(self, item_id: str, *, evidence: bool = False) -> Rule:
        """Return what marks an item, with its evidence where that is asked."""

    def html(self, item_ids: Iterable[str], *, evidence: bool = False) -> str:
        """Return the HTML of a set of items."""


class _Choosing(ABC):
    """How ids are chosen, whatever the items come from."""

    def choose(
        self,
        ids: Sequence[str] = (),
        *,
        draw: int = 0,
        seed: int = 1,
        kind: str | None = None,
        differentiator: str | None = None,
    ) -> tuple[str, ...]:
        """Return the ids of items by id, or drawn by seed; raises SelectionError."""
        if bool(ids) == bool(draw):
            raise SelectionError(_EITHER)
        if ids:
            return tuple(self._known(each) for each in ids)
        return draw_ids(self._pool(kind, differentiator), draw, seed)

    @abstractmethod
    def _known(self, item_id: str) -> str:
        """Return the id of an item that there is; raises SelectionError."""

    @abstractmethod
    def _pool(self, kind: str | None, differentiator: str | None) -> dict[str, str]:
        """Return the family of each practice item that meets the conditions, in bank order."""


class FromBank(_Choosing):
    """Practice items of the built-in bank."""

    def __init__(self) -> None:
        """Load the bank; raises BankError with all its faults."""
        # Not at the top: a browser has no pydantic.
        from quizzes import index, loading, render  # noqa: PLC0415

        self._bank, self._indexing, self._render = loading.load_bank(), index, render

    @cached_property
    def index(self) -> Mapping[str, Any]:
        """Return the bank's index; items have no page in it."""
        return self._indexing.bank_index(self._bank, {item.id: "" for item in self._bank.select(use="practice")})

    def _known(self, item_id: str) -> str:
        return str(self._bank.get([item_id])[0].id)

    def _pool(self, kind: str | None, differentiator: str | None) -> dict[str, str]:
        found = self._bank.select(use="practice", kind=kind, differentiator=differentiator)
        return {item.id: item.family for item in found}

    def rule(self, item_id: str, *, evidence: bool = False) -> Rule:
        """Return what marks an item."""
        return self._render.practice_rule(self._bank.get([item_id])[0], evidence)

    def html(self, item_ids: Iterable[str], *, evidence: bool = False) -> str:
        """Return the HTML of a set of items."""
        return self._render.render_practice(self._bank.get(item_ids), self._bank, evidence=evidence)


class FromSnapshot(_Choosing):
    """Practice items of a snapshot, with the same draws and the same HTML as the bank that it was taken of."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read what `snapshot` returned."""
        self.index: Mapping[str, Any] = data["index"]
        self._frame, self._items = data["frame"], data["items"]

    def _known(self, item_id: str) -> str:
        if item_id not in self._items:
            raise SelectionError(f"'{item_id}' is not a practice item: the pages of the course show the ids")
        return item_id

    def _pool(self, kind: str | None, differentiator: str | None) -> dict[str, str]:
        given = {name: value for name, value in (("kind", kind), ("difference", differentiator)) if value is not None}
        items = self.index["items"].items()
        return {
            each: item["family"] for each, item in items if all(item[name] == value for name, value in given.items())
        }

    def _of(self, item_id: str, evidence: bool) -> Mapping[str, Any]:
        item: Mapping[str, Any] = self._items[self._known(item_id)]
        return {**item, **item.get("evidence", {})} if evidence else item

    def rule(self, item_id: str, *, evidence: bool = False) -> Rule:
        """Return what marks an item."""
        return tuple(Part.from_json(part) for part in self._of(item_id, evidence)["rule"])

    def html(self, item_ids: Iterable[str], *, evidence: bool = False) -> str:
        """Return the HTML of a set of items."""
        every = [self._of(each, evidence)["html"] for each in item_ids]
        numbered = (
            html.replace(_NUMBER, f"Question {number} of {len(every)}", 2) for number, html in enumerate(every, 1)
        )
        return self._frame[0] + "\n".join(numbered) + self._frame[1] if every else "".join(self._frame)


def _single(source: Practice, item_id: str, evidence: bool) -> tuple[dict[str, Any], tuple[str, str]]:
    """Return the rule and HTML of one item, and the HTML that stands around items."""
    found = _SET.match(source.html([item_id], evidence=evidence))
    if found is None or found[2].count(_NUMBER) < 2:
        raise ValueError(f"'{item_id}': the template of practice items has changed, and quizzes.practice has not")
    rule = [part.as_json() for part in source.rule(item_id, evidence=evidence)]
    return {"rule": rule, "html": found[2]}, (found[1], found[3])


def snapshot(source: Practice) -> dict[str, Any]:
    """Return all practice items as data for JSON; raises ValueError where the items' HTML has another form."""
    items, frame = {}, ("", "")
    for item_id in source.index["items"]:
        plain, frame = _single(source, item_id, evidence=False)
        asked, _ = _single(source, item_id, evidence=True)
        items[item_id] = plain if asked == plain else {**plain, "evidence": asked}
    return {"index": source.index, "frame": frame, "items": items}


@cache
def load() -> Practice:
    """Return the practice items of this installation: a snapshot where one was shipped in place of the bank."""
    if SNAPSHOT.is_file():
        return FromSnapshot(json.loads(SNAPSHOT.read_text(encoding="utf-8")))
    return FromBank()
