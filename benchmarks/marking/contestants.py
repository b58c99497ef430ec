"""The ways of marking, each as one process that tells its own time and memory."""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.marking.classes import NAME
from grader.course import Course, add_scripts_to_path
from grader.demo import run
from quizzes.answers import newest, parse_records, receipts, sidecar_file
from quizzes.items import rule
from quizzes.marking import mark as mark_response


def nbgrader(course: Course) -> int:
    """Mark with `nbgrader autograde`, whatever the course's configuration makes of it."""
    run(course, "autograde", NAME)
    return len(course.students(NAME))


def batch(course: Course) -> int:
    """Mark with `python -m grader mark`, in this process."""
    from grader.batch import mark  # noqa: PLC0415  loading it is no part of the others

    return sum(1 for _ in mark(course, NAME))


def floor(course: Course) -> int:
    """Read the files, parse, mark, and write scores with one SQLite transaction each: nothing that anybody could use.

    No look at what kind of file it is, no notebook for nbgrader's pages, no reasons, no gradebook that others read.
    """
    form = course.form(NAME)
    bank = course.bank(course.assignment(NAME))
    rules = [(asked.id, rule(bank.items[asked.id], asked.points)) for asked in form.items]
    database = sqlite3.connect(course.root / "floor.db", isolation_level=None)
    database.execute("create table score (student text, item text, score real, primary key (student, item))")
    students = course.students(NAME)
    for student in students:
        folder = course.submission(student, NAME)
        notebook, sidecar = folder / f"{NAME}.ipynb", folder / sidecar_file(NAME)
        carriers = [*receipts(json.loads(notebook.read_bytes()))]
        carriers += [json.loads(sidecar.read_bytes())] if sidecar.exists() else []
        record = newest(parse_records(NAME, carriers, []))
        responses = record.responses if record else {}
        rows = [(student, name, mark_response(parts, responses.get(name)).score) for name, parts in rules]
        database.execute("begin immediate")
        database.executemany("insert into score values (?, ?, ?)", rows)
        database.execute("commit")
    database.close()
    return len(students)


def nbgrader_feedback(course: Course) -> int:
    """Write feedback with `nbgrader generate_feedback`."""
    run(course, "generate_feedback", NAME)
    return len(list((course.root / "feedback").glob(f"*/{NAME}/{NAME}.html")))


def our_feedback(course: Course) -> int:
    """Write feedback with `python -m grader feedback`, in this process."""
    from grader.feedback import feedback  # noqa: PLC0415

    return sum(not line.fault for line in feedback(course, NAME))


def export(course: Course) -> int:
    """Write the three grade files with nbgrader's export and this project's plugins, in this process."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    from grader.exporters import Canvas, Moodle, Plain  # noqa: PLC0415

    with Gradebook(course.db_url) as gradebook:
        for kind in (Plain, Canvas, Moodle):
            plugin = kind()
            plugin.to = str(course.root / f"{kind.__name__}.csv")
            plugin.export(gradebook)
    return len(course.students(NAME))


CONTESTANTS: dict[str, Callable[[Course], int]] = {
    each.__name__: each for each in (nbgrader, batch, floor, nbgrader_feedback, our_feedback, export)
}


def main(name: str, folder: str) -> None:
    """Run one contestant and print what it took: seconds without loading Python and modules, and MB at the most."""
    if name in ("batch", "our_feedback", "export"):
        import grader.batch  # noqa: PLC0415
        import grader.feedback  # noqa: F401, PLC0415
    course = Course(Path(folder))
    add_scripts_to_path()
    started = time.perf_counter()
    number = CONTESTANTS[name](course)
    seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"number": number, "seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
