"""`python -m grader mark`: mark a whole assignment at once, into the gradebook that nbgrader's own command fills.

Files are read and written here, and marks are recorded here; what lies between is pure and may run anywhere: in this
process, in several (`--jobs`), or on a cluster (`--scheduler`).
"""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from grader.changes import Change
from grader.course import Course, CourseError
from grader.database import add_indexes
from grader.enrolment import enrol, read_facts
from grader.execution import ExecutionError, check_sandbox
from grader.explain import StaleKeyError
from grader.gradebook import Entry, Recorder
from grader.hand_ins import HandIn, hand_in
from grader.intake import Carriers, IntakeError, carry, tell
from grader.rebuild import METADATA
from grader.scheme import Marked, Scheme, load_scheme
from quizzes.records import write_bytes

BATCH = 200  # submissions that one task marks
GROUP = 50  # submissions that one transaction records: what a kill can cost is marked again
_DIGEST = re.compile(rb'"digest": ?"([0-9a-f]{64})"')
_HEAD = 4_000  # bytes of a marked notebook in which its digest stands


Batch = Sequence[tuple[HandIn, str]]


@dataclass(frozen=True)
class Prepared:
    """A submission that waits for the gradebook: marked, or with a fault, or marked before with nothing new since."""

    hand_in: HandIn
    marked: Marked | None = None
    text: bytes = b""
    fault: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What happened to one submission, or would in a trial; `change` is None where there is nothing to record."""

    student: str
    change: Change | None = None
    fault: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """How to mark: which students (all where None), again although nothing changed, and without writing anything."""

    students: Sequence[str] | None = None
    force: bool = False
    dry_run: bool = False
    jobs: int = 1
    scheduler: str = ""


def prepare(scheme: Scheme, read_in: HandIn, known: str = "") -> Prepared:
    """Mark a submission, unless its digest is `known`. Pure, but for code where the plan runs it."""
    if read_in.fault or read_in.carriers is None or read_in.form is None:
        return Prepared(read_in, fault=read_in.fault)
    try:
        digest = scheme.digest(read_in.form, read_in.carriers)
        if digest == known:
            return Prepared(read_in)
        submission = tell(read_in.carriers, read_in.form, scheme.cells)
        marked = scheme.mark(read_in.form, submission, digest)
    except (IntakeError, StaleKeyError) as error:
        return Prepared(read_in, fault=str(error))
    return Prepared(read_in, marked, notes=submission.notes)


def _packed(each: Prepared) -> Prepared:
    """Return a marked submission as the writer needs it: the notebook as the text of its file, and nothing twice."""
    if each.marked is None:
        return each
    return replace(
        each, hand_in=_light(each.hand_in), marked=replace(each.marked, notebook={}), text=text_of(each.marked)
    )


def _light(read_in: HandIn) -> HandIn:
    """Return a submission without its files, which nobody needs any more; its time stays."""
    carriers = read_in.carriers and Carriers(None, None, read_in.carriers.time)
    return HandIn(read_in.student, carriers)


def text_of(marked: Marked) -> bytes:
    """Return the marked notebook as a file, its own metadata first."""
    notebook = {"metadata": marked.notebook["metadata"], **marked.notebook}
    own = notebook["metadata"][METADATA]
    notebook["metadata"] = {METADATA: {"digest": own["digest"], **own}, **notebook["metadata"]}
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _prepare_all(scheme: Scheme, batch: Batch) -> list[Prepared]:
    return [_packed(prepare(scheme, each, known)) for each, known in batch]


_own: list[Scheme] = []  # of a worker process, which gets it once and keeps what it has explained


def _start_worker(scheme: Scheme) -> None:
    _own.append(scheme)


def _prepare_own(batch: Batch) -> list[Prepared]:
    return _prepare_all(_own[0], batch)


def _known_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = _DIGEST.search(file.read(_HEAD))
    except OSError:
        return ""
    return found[1].decode() if found else ""


@contextmanager
def _workers(scheme: Scheme, options: Options) -> Iterator[Callable[[Batch], Future[list[Prepared]]] | None]:
    """Give what submits a batch to workers; None where this process marks by itself."""
    if options.scheduler:
        with _cluster(scheme, options.scheduler) as submit:
            yield submit
    elif options.jobs > 1:
        # Started anew: a copy of a process with threads may stand still for ever.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(options.jobs, context, _start_worker, (scheme,)) as pool:
            yield lambda batch: pool.submit(_prepare_own, batch)
    else:
        yield None


@contextmanager
def _cluster(scheme: Scheme, address: str) -> Iterator[Callable[[Batch], Any]]:
    try:
        from distributed import Client  # noqa: PLC0415  an extra
    except ImportError:
        raise CourseError("--scheduler needs dask: pip install 'project-or-operation[cluster]'") from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"--scheduler {address}: cannot be reached ({type(error).__name__}): start it first"
        ) from None
    with client:
        sent = client.scatter(scheme, broadcast=True)
        yield lambda batch: client.submit(_prepare_all, sent, batch, pure=False)


def prepared(
    course: Course, scheme: Scheme, students: Iterable[str], known: Collection[str], options: Options
) -> Iterator[Prepared]:
    """Give the students' submissions, marked, in order; only a few batches are in memory at any time.

    Those of `known` students are passed over where they have not changed since they were marked.
    """

    def digest(student: str) -> str:
        return _known_digest(marked_file(course, scheme.name, student)) if student in known else ""

    read_in = ((hand_in(course, scheme, each), digest(each)) for each in students)
    with _workers(scheme, options) as submit:
        if submit is None:
            for each in read_in:
                yield from _prepare_all(scheme, [each])
            return
        size = BATCH if options.scheduler else 25
        under_way: deque[Future[list[Prepared]]] = deque()
        while batch := list(islice(read_in, size)):
            under_way.append(submit(batch))
            if len(under_way) > 2 * max(2, options.jobs):
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def marked_file(course: Course, name: str, student: str) -> Path:
    """Return where the marked notebook of a student lies, for nbgrader's pages and for the feedback."""
    return course.root / "autograded" / student / name / f"{name}.ipynb"


def mark(course: Course, name: str, options: Options | None = None) -> Iterator[Line]:
    """Mark an assignment's submissions and give a line for each, in order of the students.

    Safe to interrupt: each submission is recorded whole or not at all, and a second run does what is left. What was
    marked before and has not changed since, neither files nor key, is passed over. Raises CourseError before anything
    is written where the assignment cannot be marked.
    """
    options = options or Options()
    scheme = load_scheme(course, name)
    if scheme.tests and scheme.plan.execute == "sandbox":
        try:
            check_sandbox()
        except ExecutionError as error:
            raise CourseError(f"assignments/{name}.yaml: {error}") from None
    recorder = Recorder(course.db_url, name, course.config)
    facts = read_facts(course.root)
    if not options.dry_run:
        add_indexes(recorder.engine)
        with recorder.engine.begin() as connection:
            enrol(connection, facts)
    known = set() if options.force else recorder.students()
    found = prepared(course, scheme, _chosen(course, name, options), known, options)
    size = 1 if scheme.tests and scheme.plan.execute != "never" else GROUP
    while group := list(islice(found, size)):
        if options.dry_run:
            yield from _told(group, _changes(group, recorder.foresee))
        else:
            yield from _finish(course, name, recorder, group)


def _chosen(course: Course, name: str, options: Options) -> list[str]:
    students = course.students(name)
    unknown = sorted(set(options.students or ()) - set(students))
    if unknown:
        raise CourseError(f"submitted/{unknown[0]}/{name}: not found: nothing was handed in under that name")
    return students if options.students is None else [each for each in students if each in options.students]


def _is_new(each: Prepared) -> bool:
    """Return whether there is something to record: a mark, or that a student's submission has none."""
    return each.marked is not None or bool(each.fault and not each.hand_in.unnamed)


def _changes(group: Sequence[Prepared], work: Callable[[Sequence[Entry]], Sequence[Change]]) -> dict[int, Change]:
    """Return what `work` says of those for which there is something to record, by their place in the group."""
    new = {place: _entry(each) for place, each in enumerate(group) if _is_new(each)}
    return dict(zip(new, work(list(new.values())), strict=True)) if new else {}


def _told(group: Sequence[Prepared], changes: Mapping[int, Change]) -> list[Line]:
    return [Line(each.hand_in.student, changes.get(place), each.fault, each.notes) for place, each in enumerate(group)]


def _entry(each: Prepared) -> Entry:
    if each.marked is None:
        return Entry(each.hand_in.student)
    time = each.hand_in.carriers.time if each.hand_in.carriers else None
    return Entry(each.hand_in.student, time, each.marked.scores, each.marked.comments)


def _finish(course: Course, name: str, recorder: Recorder, group: Sequence[Prepared]) -> list[Line]:
    """Record some submissions: first the gradebook, then the files by which a later run knows that they are done."""
    changes = _changes(group, recorder.record_all)
    for each in (group[place] for place in changes):
        if each.marked is None:
            shutil.rmtree(marked_file(course, name, each.hand_in.student).parent, ignore_errors=True)
        else:
            _write(course, name, each.hand_in.student, each.text)
    return _told(group, changes)


def _write(course: Course, name: str, student: str, text: bytes) -> None:
    """Write the marked notebook, and beside it what nbgrader needs: the time, the secret of its exchange."""
    target = marked_file(course, name, student)
    target.parent.mkdir(parents=True, exist_ok=True)
    carry(course.submission(student, name), target.parent)
    write_bytes(target, text, mode=0o644)
