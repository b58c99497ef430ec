"""`Quiz`: practice items in JupyterLab, with the site's front end and answers that are kept on this computer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import platformdirs
import traitlets

from quizzes.bank import SelectionError
from quizzes.bank import draw as draw_items
from quizzes.items import AnyItem
from quizzes.loading import load_bank
from quizzes.marking import Mark, Rule, mark
from quizzes.records import RecordError, parse_json, write_json
from quizzes.render import STATIC_FLAG, practice_rule, render_practice

FRONTEND = Path(__file__).with_name("frontend")


def progress_folder() -> Path:
    """Return the folder where practice answers are kept, one small file an item."""
    return Path(platformdirs.user_data_path("project-or-operation")) / "answers"


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
        return StaticQuiz(render_practice(_choose(ids, **options), load_bank(), evidence=evidence))

    def __init__(  # noqa: PLR0913  a choice of items has that many sides
        self,
        *ids: str,
        draw: int = 0,
        seed: int = 1,
        kind: str | None = None,
        differentiator: str | None = None,
        evidence: bool = False,
        keep: bool = True,
    ) -> None:
        """Choose the items and bring back the answers that were kept; `keep=False` neither reads nor writes them."""
        bank = load_bank()
        self._items = _choose(ids, draw, seed, kind, differentiator)
        self._rules = {item.id: practice_rule(item, evidence) for item in self._items}
        self._folder = progress_folder() if keep else None
        kept = self._read()
        super().__init__(
            html=render_practice(self._items, bank, evidence=evidence),
            responses={name: record["response"] for name, record in kept.items()},
            checked={name: True for name, record in kept.items() if record.get("checked") is True},
        )
        self.observe(self._keep, names=["responses", "checked"])

    @property
    def marks(self) -> dict[str, Mark]:
        """Return the mark of each item by id; an item without a response is marked blank."""
        return {name: mark(rule, _asked(rule, self.responses.get(name))) for name, rule in self._rules.items()}

    def __repr__(self) -> str:
        """Return one line that says how far the learner has come."""
        right = sum(each.outcome == "right" for each in self.marks.values())
        return f"Quiz: {len(self.responses)} of {len(self._items)} answered, {right} right"

    def _read(self) -> dict[str, Mapping[str, Any]]:
        if self._folder is None:
            return {}
        records = {name: _kept(self._folder / f"{name}.json") for name in self._rules}
        return {name: record for name, record in records.items() if record}

    def _keep(self, change: Mapping[str, Any]) -> None:
        if self._folder is None:
            return
        for name in set(change["old"]) | set(change["new"]):
            if name in self._rules and change["old"].get(name) != change["new"].get(name):
                record = {"response": self.responses.get(name), "checked": bool(self.checked.get(name))}
                try:
                    write_json(self._folder / f"{name}.json", record)
                except OSError as error:
                    self._folder = None
                    print(f"Answers are not kept from now on: {progress_folder()}: {error.strerror}")
                    return


def _asked(rule: Rule, response: Any) -> Any:
    """Return the response without the parts that this quiz does not ask; another quiz may ask them of the same item."""
    if not isinstance(response, Mapping):
        return response
    names = {part.name for part in rule}
    return {name: value for name, value in response.items() if name in names}


def _choose(
    ids: tuple[str, ...], draw: int = 0, seed: int = 1, kind: str | None = None, differentiator: str | None = None
) -> tuple[AnyItem, ...]:
    bank = load_bank()
    if bool(ids) == bool(draw):
        raise SelectionError("give either item ids or draw=NUMBER")
    if ids:
        return bank.get(ids)
    return draw_items(bank.select(use="practice", kind=kind, differentiator=differentiator), draw, seed)


def _kept(path: Path) -> Mapping[str, Any] | None:
    try:
        record = parse_json(path.read_bytes())
    except (OSError, RecordError):
        return None
    usable = isinstance(record, dict) and isinstance(record.get("response"), dict)
    return record if usable else None
