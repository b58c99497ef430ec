"""Which files of an LMS's download are hand-ins, whose they are, and which one of a student's counts.

The plugin of `nbgrader zip_collect` looks at the whole folder before it answers for the first file, so that nbgrader
never meets two files for one place. A notebook is known by what it holds, not by its name; nothing is run.

No time of handing in is told: in both LMSs' zips the members have the time of packing, and a wrong time would cost late
penalties.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin

from grader.course import CourseError
from grader.exchange import attempts_of
from grader.extractor import name_shown
from grader.intake import NOTEBOOK_LIMIT, SIDECAR_LIMIT, IntakeError, read_regular
from grader.layouts import Place, Sender, is_online_text, named_like, place
from grader.leftovers import left_over_line, unknown_line
from grader.notebooks import grade_ids, is_notebook_of
from grader.roster import FILE
from grader.senders import read_senders
from quizzes.answers import AnswerRecord, parse_records, receipts, sidecar_file
from quizzes.records import RecordError, parse_json

NOTHING = (
    "no file is a hand-in under a name that Canvas or Moodle gives: the lines above say why; "
    "put the LMS's own zip into the archive folder, as it was downloaded"
)


@dataclass(frozen=True)
class File:
    """A notebook or an answers file of the assignment, as it was handed in; `shown` names it in the log."""

    path: Path
    shown: str
    place: Place
    digest: str
    readable: bool
    record: AnswerRecord | None

    @property
    def stem(self) -> str:
        """Return what a notebook and its answers file share: "ps1-1" of ps1-1.answers.json and ps1.answers-1.json."""
        return re.sub(r"\.(ipynb|answers|json|txt)", "", self.place.file.casefold())


@dataclass(frozen=True)
class HandIn:
    """What counts or does not count as a whole: a notebook with the answers file beside it, or one of them alone."""

    notebook: File | None
    sidecar: File | None

    @property
    def files(self) -> tuple[File, ...]:
        """Return its files, the notebook first."""
        return tuple(file for file in (self.notebook, self.sidecar) if file)

    @property
    def record(self) -> AnswerRecord | None:
        """Return the later record of its files."""
        return max((file.record for file in self.files if file.record), key=_newness, default=None)

    @property
    def markable(self) -> bool:
        """Return whether intake could mark it: it takes a notebook, and one file of the two that can be read."""
        return self.notebook is not None and (self.notebook.readable or self.record is not None)

    @property
    def order(self) -> tuple[Any, ...]:
        """Return its place among a student's: by Canvas' number of the upload, then by the record."""
        record = self.record
        return self.files[0].place.upload, *(_newness(record) if record else (0.0, 0)), self.files[0].shown

    @property
    def content(self) -> tuple[int, str]:
        """Return what two downloads of the same hand-in share."""
        return self.files[0].place.upload, " ".join(file.digest for file in self.files)


def _newness(record: AnswerRecord) -> tuple[float, int]:
    return record.saved_at.timestamp(), record.revision


def _parse(content: bytes) -> Any:
    try:
        return parse_json(content)
    except RecordError:
        return None


@dataclass(frozen=True)
class Reader:
    """Reads files as hand-ins to one assignment."""

    assignment: str
    released: set[str]

    def read(self, path: Path, shown: str, where: Place) -> File | None:
        """Return a notebook or an answers file of the assignment, None for another file; raises IntakeError."""
        notebook = path.suffix == ".ipynb"
        if not notebook and path.suffix != ".json":
            return None
        content = read_regular(path, NOTEBOOK_LIMIT if notebook else SIDECAR_LIMIT) or b""
        data = _parse(content)
        if not (self._is_notebook if notebook else self._is_sidecar)(data, where.file):
            return None
        records = parse_records("", receipts(data) if notebook else [data], [])
        own = [record for record in records if record.assignment == self.assignment]
        digest = hashlib.sha256(content).hexdigest()
        return File(path, shown, where, digest, isinstance(data, Mapping), max(own, key=_newness, default=None))

    def _is_notebook(self, data: Any, name: str) -> bool:
        if not isinstance(data, Mapping):
            return named_like(name, self.assignment)
        return is_notebook_of(data, self.assignment, self.released)

    def _is_sidecar(self, data: Any, name: str) -> bool:
        if not isinstance(data, Mapping) or "assignment" not in data:
            return ".answers" in name.casefold() and named_like(name, self.assignment)
        return bool(data["assignment"] == self.assignment and "responses" in data)


def pair(files: Sequence[File]) -> list[HandIn]:
    """Return the hand-ins of one sender in one folder: an answers file goes with the notebook of its name.

    An answers file that fits no notebook is a hand-in of its own. One that may belong to another attempt is never
    given to a notebook, which would then have later answers than it was handed in with.
    """
    notebooks = [file for file in files if file.path.suffix == ".ipynb"]
    sidecars = [file for file in files if file.path.suffix == ".json"]
    if len(notebooks) == len(sidecars) == 1:
        return [HandIn(notebooks[0], sidecars[0])]
    stems = Counter((file.stem, file.path.suffix) for file in files)
    own = {file.stem: file for file in sidecars if stems[file.stem, ".ipynb"] == stems[file.stem, ".json"] == 1}
    alone = [file for file in sidecars if own.get(file.stem) is not file]
    return [*(HandIn(file, own.get(file.stem)) for file in notebooks), *(HandIn(None, file) for file in alone)]


@dataclass(frozen=True)
class Choice:
    """Which of a student's hand-ins counts, and why each other one does not."""

    taken: HandIn
    number: int
    among: int
    passed: Sequence[tuple[HandIn, str]]
    notes: Sequence[str]


def choose(hand_ins: Iterable[HandIn], attempts: int | None) -> Choice:
    """Return the newest hand-in, or the newest of the first `attempts`; what cannot be marked counts only for want."""
    ordered = sorted(hand_ins, key=lambda each: each.order)
    best = [each for each in ordered if each.markable] or ordered
    passed = [(each, "it cannot be marked alone") for each in ordered if each not in best]
    once = list({each.content: each for each in best}.values())
    passed += [(each, "the same stands there once more") for each in best if each not in once]
    first = once[:attempts]
    passed += [(each, "a later one counts") for each in first[:-1]]
    passed += [(each, f"only the first {attempts} count") for each in once[len(first) :]]
    return Choice(first[-1], len(first), len(once), passed, tuple(_notes(first[-1], attempts)))


def _notes(taken: HandIn, attempts: int | None) -> Iterator[str]:
    first = taken.files[0].place
    repeated = re.search(r"-(\d{1,2})$", taken.files[0].stem)
    if first.late:
        yield "Canvas calls it LATE, without a time, so that no penalty is worked out"
    if attempts and first.upload and repeated and int(repeated[1]) >= attempts:
        yield f"its name tells of {repeated[1]} earlier ones, and only {attempts} count: add the earlier downloads"
    if taken.notebook is None:
        yield "the answers file came alone: put the released notebook beside it"


def _why_not(parts: Sequence[str], where: Place | None, assignment: str) -> str:
    if where:
        return f"no notebook and no answers of {assignment}"
    return "a text that was typed into Moodle, no file" if is_online_text(parts) else "not named by Canvas or Moodle"


class Collector(FileNameCollectorPlugin):
    """Tells nbgrader whose each file is: of each student the files of one hand-in, under the assignment's names."""

    _plan: dict[Path, dict[str, str]] | None = None
    _passed = 0
    _unknown: frozenset[str] | None = None  # None where there is no students.csv

    def summary(self) -> str:
        """Return in one line how many hand-ins were collected, and what was left out."""
        collected = {each["student_id"] for each in (self._plan or {}).values()}
        unknown = "" if self._unknown is None else f", {len(self._unknown)} not in {FILE}"
        return f"{len(collected)} collected, {self._passed} passed over{unknown}"

    def _pass_over(self, shown: str, why: object) -> None:
        self._passed += 1
        self.log.warning("%s: passed over: %s", shown, why)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return student and name of a file that counts, else None.

        Ends with one line where the course has a fault, or where no file counts at all.
        """
        if self._plan is None:
            try:
                self._plan = self._look()
            except CourseError as error:
                raise SystemExit(str(error)) from None
            if not self._plan:
                raise SystemExit(f"{self.parent.coursedir.assignment_id}: nothing was collected: {NOTHING}")
        return self._plan.get(Path(submitted_file))

    def _look(self) -> dict[Path, dict[str, str]]:
        """Look at all extracted files, say what is passed over and why, and return what counts."""
        directory = self.parent.coursedir
        root, assignment = Path(directory.root), directory.assignment_id
        release = root / directory.release_directory / assignment / f"{assignment}.ipynb"
        reader = Reader(assignment, grade_ids(_parse(release.read_bytes()) if release.exists() else None))
        groups: dict[tuple[Sender, Path], list[File]] = defaultdict(list)
        for file in self._files(reader):
            groups[file.place.sender, file.path.parent].append(file)
        students = self._students(root, {sender for sender, _ in groups})
        found: dict[str, list[HandIn]] = defaultdict(list)
        for (sender, _), files in groups.items():
            found[students[sender]] += pair(files)
        plan = self._count(found, assignment, attempts_of(root, assignment))
        for sender, student in students.items():
            if student != sender.id and (line := left_over_line(root / "submitted", sender.id, student, assignment)):
                self.log.warning(line)
        return plan

    def _folder(self) -> Path:
        """Return the folder of extracted files, as nbgrader forms its path."""
        app = self.parent
        names = {"downloaded": app.downloaded_directory, "assignment_id": app.coursedir.assignment_id}
        return Path(
            app.coursedir.root, app.collect_directory_structure.format(**names, collect_step=app.extracted_directory)
        )

    def _files(self, reader: Reader) -> Iterator[File]:
        """Yield the assignment's files; each other one is a line."""
        folder = self._folder()
        for path in sorted(path for path in folder.rglob("*") if not path.is_dir()):
            parts = path.relative_to(folder).parts
            where, shown = place(parts), name_shown("/".join(parts))
            try:
                file = reader.read(path, shown, where) if where else None
            except IntakeError as error:
                self._pass_over(shown, error)
                continue
            if file:
                yield file
            else:
                self._pass_over(shown, _why_not(parts, where, reader.assignment))

    def _students(self, root: Path, found: Collection[Sender]) -> dict[Sender, str]:
        """Return each sender's student, the LMS's number where there is none, and say who that is."""
        senders = read_senders(root)
        students = senders.students(found)
        if senders.known:
            self._unknown = frozenset(sender.id for sender, student in students.items() if student is None)
        else:
            self.log.warning("%s: not found: students are collected under the LMS's numbers", FILE)
        for sender, student in sorted(students.items(), key=lambda each: each[0].id):
            if senders.known and student is None:
                self.log.warning(unknown_line(sender, name_shown(sender.name or sender.called)))
            elif student and not senders.has_number(sender):
                self.log.info("%s (%s): %s, by the full name", sender.id, name_shown(sender.name), student)
        return {sender: student or sender.id for sender, student in students.items()}

    def _count(
        self, found: Mapping[str, Sequence[HandIn]], assignment: str, attempts: int | None
    ) -> dict[Path, dict[str, str]]:
        plan = {}
        for student, hand_ins in sorted(found.items()):
            choice = choose(hand_ins, attempts)
            self._tell(student, choice)
            for file in choice.taken.files:
                name = f"{assignment}.ipynb" if file is choice.taken.notebook else sidecar_file(assignment)
                plan[file.path] = {"student_id": student, "file_id": name}
        return plan

    def _tell(self, student: str, choice: Choice) -> None:
        for hand_in, why in choice.passed:
            self._pass_over(f"{student}: {hand_in.files[0].shown}", why)
        names = " and ".join(file.shown for file in choice.taken.files)
        self.log.info("%s: hand-in %d of %d counts: %s", student, choice.number, choice.among, names)
        for note in choice.notes:
            self.log.warning("%s: %s: %s", student, choice.taken.files[0].shown, note)
