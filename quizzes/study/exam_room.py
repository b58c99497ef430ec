"""`ExamRoom`: the site's mock exams in JupyterLab, run by the same modules, with records that the kernel keeps."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget

from quizzes.render import environment
from quizzes.study.room_messages import ExamChange, Flagged, Logged, Message, MessageError, message, operation
from quizzes.study.store import Store

FRONTEND = Path(__file__).parent.with_name("frontend")
LAB = FRONTEND / "lab"  # modules that stand in for those of the site that have the same name
STYLES = (FRONTEND / "quiz.css", FRONTEND / "room.css", FRONTEND / "exam.css", LAB / "room.css")
KINDS = ("item", "exam")
_IMPORT = re.compile(r'\b(?:from|import)\s*"\./([\w-]+\.mjs)"')

Record = dict[str, Any]


@cache
def sources() -> dict[str, str]:
    """Return the modules of the room by name, those of JupyterLab in the place of their namesakes."""
    found = ["exam.mjs"]
    texts = {}
    for name in found:
        path = LAB / name if (LAB / name).is_file() else FRONTEND / name
        texts[name] = path.read_text(encoding="utf-8")
        found += [other for other in _IMPORT.findall(texts[name]) if other not in found]
    return texts


def stamp(value: Any) -> str:
    """Return what tells one state of a record from another; empty where there is none."""
    if not value:
        return ""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def may_replace(kept: Any, change: ExamChange) -> bool:
    """Tell whether a change of an exam may stand in the place of what is kept.

    A view that has the exam goes on with it; another one takes it over only in the state in which it was kept last. A
    submitted exam stays.
    """
    if not kept:
        return True
    if kept.get("submitted"):
        return False
    return (change.value or {}).get("owner") == kept.get("owner") or change.stamp == stamp(kept)


class ExamRoom(anywidget.AnyWidget):
    """The mock exams: the site's lobby, sitting, clock and report, with the records of a store.

    `html_of` gives the HTML of items by id; `on_practise` is called with the ids of what was missed
    where a learner wants to practise it.
    """

    _esm = LAB / "room.mjs"
    _css = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)

    def __init__(
        self,
        store: Store,
        index: Mapping[str, Any],
        html_of: Callable[[list[str]], dict[str, str]],
        on_practise: Callable[[list[str]], None] | None = None,
    ) -> None:
        """Begin to listen to the front end."""
        super().__init__()
        self._store, self._index, self._html_of, self._on_practise = store, index, html_of, on_practise
        self._refused: set[int] = set()  # times of exams that were handed in and not taken: their answers count once
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        """Return one line that says what this is."""
        return f"Mock exams: {sum('submitted' in each for each in self._store.all('exam').values())} submitted"

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Answer a message; every view hears what is kept now."""
        try:
            asked = message(content)
            answer = self._answer(asked)
        except MessageError as error:
            to = content.get("to") if isinstance(content, Mapping) else None
            self.send({"to": to if isinstance(to, str) else "", "fault": str(error)})
            return
        self.send({"to": asked.to, "trouble": self._store.kept_not(), **answer})

    def _answer(self, asked: Message) -> dict[str, Any]:
        answers = {"open": self._open, "items": self._items, "keep": self._keep, "practise": self._practise}
        return answers[asked.what](asked)

    def _open(self, asked: Message) -> dict[str, Any]:
        """Keep what an earlier view could not hand in, then return all that a view is made of."""
        for each in asked.operations:
            try:
                self._apply(operation(each))
            except MessageError:
                continue  # it was refused before, or would have been
        html = environment().get_template("rooms/exam.html.jinja").render(index=self._index)
        every = [(kind, name) for kind in KINDS for name in self._store.all(kind)]
        return {"sources": sources(), "html": html, "index": self._index, "kept": self._kept(every)}

    def _items(self, asked: Message) -> dict[str, Any]:
        """Return the HTML of items, with the exams as they are kept now: another notebook may have gone on with one."""
        known = [name for name in asked.ids if name in self._index["items"]]
        return {"items": self._html_of(known), "kept": self._kept([("exam", name) for name in self._store.all("exam")])}

    def _keep(self, asked: Message) -> dict[str, Any]:
        changed = dict.fromkeys(self._apply(operation(each)) for each in asked.operations)
        return {"kept": self._kept(changed)}

    def _practise(self, asked: Message) -> dict[str, Any]:
        if self._on_practise is not None:
            self._on_practise([name for name in asked.ids if name in self._index["items"]])
        return {}

    def _kept(self, names: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        values = [(kind, name, self._store.read(kind, name)) for kind, name in names]
        return [{"kind": kind, "id": name, "value": value, "stamp": stamp(value)} for kind, name, value in values]

    def _apply(self, change: ExamChange | Logged | Flagged) -> tuple[str, str]:
        """Keep a change; returns kind and id of the record that it concerns."""
        if isinstance(change, ExamChange):
            self._keep_exam(change)
            return "exam", change.id
        if change.id not in self._index["items"]:
            raise MessageError(f"Not kept: {change.id} is no question of this course.")
        if isinstance(change, Flagged):
            self._store.update("item", change.id, lambda item: _with_flag(item, change.flagged))
        else:
            self._log(change)
        return "item", change.id

    def _keep_exam(self, change: ExamChange) -> None:
        if change.value is None:
            kept = self._store.read("exam", change.id)
            if kept and may_replace(kept, change):
                self._store.write("exam", change.id, None)
            return
        value, taken = change.value, []

        def changed(kept: Any) -> Any:
            taken.append(may_replace(kept, change) or kept == value)
            return value if taken[-1] else kept

        self._store.update("exam", change.id, changed)
        if "submitted" in value and not taken[-1]:
            self._refused.add(value["submitted"])

    def _log(self, change: Logged) -> None:
        attempt = change.attempt.model_dump(exclude_unset=True)
        log = (self._store.read("item", change.id) or {}).get("log", [])
        known = any((each["at"], each.get("where")) == (attempt["at"], attempt["where"]) for each in log)
        if not known and attempt["at"] not in self._refused:
            self._store.log_attempt(change.id, attempt)


def _with_flag(item: Any, flagged: bool) -> Record:
    rest = {name: value for name, value in (item or {}).items() if name != "flag"}
    return {**rest, "flag": True} if flagged else rest
