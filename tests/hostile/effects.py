"""By what an attack has succeeded: marks, files, secrets, processes, memory, disk, and what runs on a page."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from grader.demo import Maker
from hostile.attack import ESSAY, HONEST, KEY, PAYLOAD, Attack, worth

SECRETS = {
    KEY.encode(): "shows what stands in source/",
    ESSAY.encode(): "shows another's answer",
    b"SQLite format 3": "hands out the gradebook",
}
FLOOD = 5_000_000  # bytes of one submission's marked files
MEMORY = 1_000_000_000  # bytes more than a run needs
LINE = 600  # characters of a line that a person reads


class _Executable(HTMLParser):
    """Collects what of the payload a browser would run: scripts, handlers, addresses, and formulas with links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []

    # HTMLParser calls these three.
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        for name, value in attrs:
            text = (value or "").strip().lower()
            if PAYLOAD in text and (name.startswith("on") or text.startswith(("javascript:", "data:"))):
                self.found.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if PAYLOAD not in data:
            return
        if self.open and self.open[-1] == "script":
            self.found.append("<script>")
        elif "\\href" in data and not {"pre", "code", "textarea"} & set(self.open):
            self.found.append("formula")


def executable(page: str) -> list[str]:
    """Return what of an attack's payload would run on a page."""
    parser = _Executable()
    parser.feed(page)
    parser.close()
    return parser.found


def marks(root: Path) -> dict[str, float | None]:
    """Return everybody's points, None where no cell has any; raises sqlite3.Error where the gradebook is broken."""
    query = """select s.student_id, sum(coalesce(g.manual_score, g.auto_score, 0)),
        max(g.manual_score is not null or g.auto_score is not null)
        from grade g join submitted_notebook n on n.id = g.notebook_id
        join submitted_assignment s on s.id = n.assignment_id group by s.student_id"""
    with closing(sqlite3.connect(root / "gradebook.db")) as connection:
        return {student: float(points) if marked else None for student, points, marked in connection.execute(query)}


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the files that no submission may change, each with a digest."""
    places = [root / "source", root / "release", root / "assignments", root / "home/.ipython/profile_default/startup"]
    places += [root / "submitted" / student for student in HONEST]
    for path in [root / "nbgrader_config.py", *(path for place in places for path in place.rglob("*"))]:
        if path.is_file() and path.name != "README":  # which IPython puts there
            yield str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest()


def protected(root: Path) -> dict[str, str]:
    """Return the files that no submission may change."""
    return dict(_files(root))


def processes(word: str) -> list[int]:
    """Return the processes that have a word in their command."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:  # it has ended
            continue
    return found


@dataclass(frozen=True)
class Aftermath:
    """What a run left behind, and what it should have."""

    maker: Maker
    before: dict[str, str]
    expected: dict[str, float]
    ended: str = ""
    memory: int = 0
    pages: dict[str, list[str]] = field(default_factory=dict)
    alive: tuple[str, ...] = ()

    def succeeded(self, attack: Attack) -> str:
        """Return by what effect an attack has succeeded, in a few words; an empty text where it has failed."""
        return next(self._effects(attack), "")

    def _effects(self, attack: Attack) -> Iterator[str]:
        if self.ended:
            yield self.ended
        yield from self._marks(attack)
        changed = {name for name, _ in self.before.items() ^ protected(self.maker.course.root).items()}
        if changed:
            yield f"changes {min(changed)}"
        yield from self._kept(attack.by)
        if any(attack.by in word for word in self.alive):
            yield "a process stays alive"
        if self.memory > MEMORY:
            yield f"takes {self.memory / 1e9:.1f} GB"
        yield from self.pages.get(attack.by, [])

    def _marks(self, attack: Attack) -> Iterator[str]:
        try:
            found = marks(self.maker.course.root)
        except sqlite3.Error as error:
            yield f"the gradebook is broken ({error})"
            return
        for student, points in self.expected.items():
            if found.get(student) is None:
                yield "others have no mark"
            elif abs((found[student] or 0) - points) > 1e-6:
                yield "changes another's mark"
        own, due = found.get(attack.by) or 0.0, worth(self.maker, attack.right)
        if own > due + 1e-6:
            yield f"earns {own:g} points, not {due:g}"

    def _kept(self, student: str) -> Iterator[str]:
        total = 0
        for folder in ("autograded", "feedback"):
            for path in (self.maker.course.root / folder / student).rglob("*"):
                if path.is_file():
                    total += path.stat().st_size
                    yield from leaks(path)
        if total > FLOOD:
            yield f"leaves {total / 1e6:.0f} MB"


def leaks(path: Path) -> Iterator[str]:
    """Yield which secrets a marked file shows."""
    with path.open("rb") as file:
        text = file.read(60_000_000)
    yield from (how for secret, how in SECRETS.items() if secret in text)
