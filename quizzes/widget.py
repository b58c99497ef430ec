"""`Quiz`: practice items in JupyterLab, with the site's front end and answers that are kept on this computer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from quizzes import practice
from quizzes.marking import Mark, Rule, mark
from quizzes.study.attempts import attempt_of

if TYPE_CHECKING:
    from quizzes.study.store import Store

FRONTEND = Path(__file__).with_name("frontend")
STATIC_FLAG = "PROJECT_OR_OPERATION_STATIC"  # as in quizzes.render, which a browser cannot import


def _own_store() -> Store | None:
    """Return what keeps progress on this computer; None in a browser's Python, which has no database."""
    try:
        from quizzes.study.store import own_store  # noqa: PLC0415
    except ImportError:
        return None
    return own_store()


@dataclass(frozen=True)
class StaticQuiz:
    """What a quiz is while a book is built: the directive's HTML, with no widget and no state behind it."""

    html: str

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": "Quiz"}


class Quiz(anywidget.AnyWidget):
    """Practice items by id, or a drawn set: `Quiz("payroll-1")` or `Quiz(draw=5, differentiator="duration", seed=7)`.

    `responses` maps item ids to responses, `marks` to marks. Both follow the learner's clicks. Raises SelectionError
    for an unknown id or a draw that is too large.
    """

    _esm = FRONTEND / "quiz.mjs"
    _css = FRONTEND / "quiz.css"
    html = traitlets.Unicode().tag(sync=True)
    responses = traitlets.Dict().tag(sync=True)
    checked = traitlets.Dict().tag(sync=True)

    def __new__(cls, *ids: str, **options: Any) -> Any:
        """Make a static quiz in a book build, where no front end would answer a widget."""
        if not os.environ.get(STATIC_FLAG):
            return super().__new__(cls, *ids, **options)
        evidence = options.pop("evidence", False)
        options.pop("keep", None)
        return StaticQuiz(practice.load().html(_choose(ids, **options), evidence=evidence))

    sure = traitlets.Dict().tag(sync=True)
    asks_sure = traitlets.Bool().tag(sync=True)

    def __init__(  # noqa: PLR0913  a choice of items has that many sides
        self,
        *ids: str,
        draw: int = 0,
        seed: int = 1,
        kind: str | None = None,
        differentiator: str | None = None,
        evidence: bool = False,
        keep: bool = True,
        **traits: Any,
    ) -> None:
        """Choose the items and bring back the answers that were kept; `keep=False` neither reads nor writes them."""
        source = practice.load()
        chosen = _choose(ids, draw, seed, kind, differentiator)
        self._rules = {name: source.rule(name, evidence=evidence) for name in chosen}
        self._store = _own_store() if keep else None
        self._told = ""
        kept = self._read()
        own = {
            "responses": {name: record["response"] for name, record in kept.items()},
            "checked": {name: True for name, record in kept.items() if record.get("checked") is True},
        }
        super().__init__(html=source.html(chosen, evidence=evidence), **{**own, **traits})
        self.observe(self._keep, names=["responses", "checked"])

    @property
    def marks(self) -> dict[str, Mark]:
        """Return the mark of each item by id; an item without a response is marked blank."""
        return {name: mark(rule, _asked(rule, self.responses.get(name))) for name, rule in self._rules.items()}

    def __repr__(self) -> str:
        """Return one line that says how far the learner has come."""
        right = sum(each.outcome == "right" for each in self.marks.values())
        return f"Quiz: {len(self.responses)} of {len(self._rules)} answered, {right} right"

    def _read(self) -> dict[str, Mapping[str, Any]]:
        if self._store is None:
            return {}
        records = self._store.all("item")
        return {name: records[name] for name in self._rules if "response" in records.get(name, {})}

    def _keep(self, change: Mapping[str, Any]) -> None:
        """Keep what has changed, and an attempt of what was checked; the rest of each record stays."""
        if self._store is None:
            return
        for name in set(change["old"]) | set(change["new"]):
            if name in self._rules and change["old"].get(name) != change["new"].get(name):
                self._store.update("item", name, partial(self._recorded, name))
                if change["name"] == "checked" and change["new"].get(name):
                    self._log(name)
        self._tell()

    def _recorded(self, name: str, record: Mapping[str, Any]) -> dict[str, Any]:
        rest = {field: value for field, value in record.items() if field not in ("response", "checked")}
        response = {"response": self.responses[name]} if name in self.responses else {}
        return {**rest, **response, **({"checked": True} if self.checked.get(name) else {})}

    def _log(self, name: str) -> None:
        attempt = attempt_of(self.marks[name], self.responses.get(name), "page")
        if self._store is not None and attempt:
            self._store.log_attempt(name, attempt)

    def _tell(self) -> None:
        told = self._store.kept_not() if self._store else ""
        if told and told != self._told:
            print(told)
        self._told = told


def _asked(rule: Rule, response: Any) -> Any:
    """Return the response without the parts that this quiz does not ask; another quiz may ask them of the same item."""
    if not isinstance(response, Mapping):
        return response
    names = {part.name for part in rule}
    return {name: value for name, value in response.items() if name in names}


def _choose(
    ids: tuple[str, ...], draw: int = 0, seed: int = 1, kind: str | None = None, differentiator: str | None = None
) -> tuple[str, ...]:
    return practice.load().choose(ids, draw=draw, seed=seed, kind=kind, differentiator=differentiator)
