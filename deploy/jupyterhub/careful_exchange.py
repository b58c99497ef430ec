"""The course's side of nbgrader's exchange: what one learner puts there stops nobody else."""

from __future__ import annotations

import pwd
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeReleaseFeedback

from grader.exchange import Collect

GRACE = timedelta(minutes=5)  # between the time that a hand-in claims and its files' own


def _owner(path: Path) -> str:
    number = path.lstat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account {number}"


def fault_of_hand_in(path: Path, student: str) -> str | None:
    """Return why a hand-in in the exchange must not be collected, or None."""
    entries = [path, *path.rglob("*")] if not path.is_symlink() else [path]
    for entry in entries:
        kind = entry.lstat().st_mode
        if not (stat.S_ISDIR(kind) or stat.S_ISREG(kind)):
            return "it holds a link or a special file"
        if _owner(entry) != student:
            return f"it names {student}, but belongs to {_owner(entry)}"
    return None


def changed_at(path: Path) -> datetime:
    """Return when a hand-in was last touched by anybody: the system's own time, which a learner cannot set."""
    return datetime.fromtimestamp(max(entry.lstat().st_ctime for entry in [path, *path.rglob("*")]), UTC)


class CarefulCollect(Collect):
    """Collects what its owner handed in; anything else is passed over with one line, where nbgrader warns or stops."""

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Read a hand-in's name; one that is refused gets no student, so that it cannot stand for anybody."""
        refused = {"username": "", "filename": Path(path).name, "timestamp": datetime(1970, 1, 1)}  # noqa: DTZ001
        try:
            record: dict[str, Any] = super()._path_to_record(path)
            fault = fault_of_hand_in(Path(path), record["username"])
        except (ExchangeError, OSError, ValueError, OverflowError):
            fault = "its name or its files cannot be read"
        if fault:
            self.log.error("Not collected: %s: %s", ascii(Path(path).name), fault)
            return refused
        late = changed_at(Path(path)) - record["timestamp"].replace(tzinfo=UTC)
        if abs(late) > GRACE:
            self.log.warning("%s: last changed %s off the time it names", ascii(record["filename"]), abs(late))
        return record

    def init_src(self) -> None:
        """Find the hand-ins, and leave out those that were refused."""
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]


class CarefulReleaseFeedback(ExchangeReleaseFeedback):
    """Releases the feedback of everybody who handed in through the exchange, and names the others."""

    def copy_files(self) -> None:
        """Pass over students without a secret, on which nbgrader stops."""
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        pattern = self.coursedir.format_path(
            self.coursedir.feedback_directory, self.coursedir.student_id or "*", self.coursedir.assignment_id
        )
        root = Path(self.coursedir.root)
        for folder in root.glob(str(Path(pattern).relative_to(root))):
            if not all((folder / name).is_file() for name in ("submission_secret.txt", "timestamp.txt")):
                student = folder.parent.name
                self.log.warning("No feedback released for %s: not handed in through the exchange", student)
                excluded.add(student)
        self.coursedir.student_id_exclude = ",".join(sorted(excluded))
        super().copy_files()
