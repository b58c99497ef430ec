"""The instructor's commands: `python -m grader init`, `build`, `mark` and the others that `--help` lists."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course import Course, CourseError
from quizzes.amounts import amount, brief
from quizzes.loading import BankError

if TYPE_CHECKING:
    from grader.batch import Line

# Each command loads what it needs by itself: nbgrader alone takes seconds.
# ruff: noqa: PLC0415


def _init(arguments: argparse.Namespace, course: Course) -> int:
    from grader.init import init

    print(f"A course is ready in {init(Path(arguments.folder)).root}: its README.md lists the next steps.")
    return 0


def _build(arguments: argparse.Namespace, course: Course) -> int:
    from grader.asking import answers_on_site
    from grader.build import build

    notebook, form = build(course, arguments.assignment, force=arguments.force)
    size = f"{amount(len(form.items), 'item')}, {amount(form.points, 'point')}"
    print(f"{notebook.relative_to(course.root)}: {size}. Next: nbgrader generate_assignment {form.assignment}")
    if shown := answers_on_site(form):
        print(shown)
    return 0


def _handout(arguments: argparse.Namespace, course: Course) -> int:
    from grader.handout import handout

    _warn_of_answers(course, arguments.assignment)
    folders = handout(course, arguments.assignment, arguments.student, force=arguments.force)
    print(
        f"handout/{arguments.assignment}: {amount(len(folders), 'folder')}, one a student, each with a form of its own."
    )
    return 0


def _warn_of_answers(course: Course, assignment: str) -> None:
    from grader.released import answers_released

    if line := answers_released(course, assignment):
        print(line)


def _mark(arguments: argparse.Namespace, course: Course) -> int:
    from grader.batch import Options, mark

    _warn_of_answers(course, arguments.assignment)
    options = Options(
        students=arguments.student,
        force=arguments.force,
        dry_run=arguments.dry_run,
        jobs=arguments.jobs,
        scheduler=arguments.scheduler,
    )
    total = len(arguments.student or course.students(arguments.assignment))
    return _tell(mark(course, arguments.assignment, options), total, "marked", dry_run=arguments.dry_run)


def _feedback(arguments: argparse.Namespace, course: Course) -> int:
    from grader.feedback import feedback

    total = len(arguments.student or course.students(arguments.assignment))
    return _tell(feedback(course, arguments.assignment, arguments.student), total, "written")


def _tell(lines: Iterable[Line], total: int, done: str, *, dry_run: bool = False) -> int:
    """Print what happened while it happens: each fault, each note, each mark that moved; and in the end how many."""
    from tqdm import tqdm

    counts = {"new": 0, "changed": 0, "same": 0, "without": 0}
    would = "would be " if dry_run else ""
    with tqdm(lines, total=total, unit=" submissions", disable=not sys.stderr.isatty()) as bar:
        for line in bar:
            counts[_sort_of(line)] += 1
            for text in _texts(line, would):
                tqdm.write(text)
    if done == "written":
        print(f"{counts['same']} written, {counts['without']} without")
    else:
        print(
            f"{counts['new']} {would}{done}, {counts['changed']} {would}changed, {counts['same']} as before, "
            f"{counts['without']} without a mark"
        )
    return 1 if counts["without"] else 0


def _sort_of(line: Line) -> str:
    if line.fault:
        return "without"
    if line.change is None:
        return "same"
    if line.change.before is None:
        return "new"
    return "changed" if line.change.moved else "same"


def _texts(line: Line, would: str) -> Iterator[str]:
    if line.fault:
        yield f"{line.student}: no mark: {line.fault}"
    for note in line.notes:
        yield f"{line.student}: {note}"
    if line.change and line.change.before is not None and line.change.moved and not line.fault:
        moves = [f"{name} {_points(old)} → {_points(new)}" for name, (old, new) in line.change.moved.items()]
        kept = f"; {line.change.by_hand} marked by hand stay" if line.change.by_hand else ""
        total = f"{brief(line.change.before)} → {brief(line.change.after)}"
        yield f"{line.student}: {would}{total} ({', '.join(moves)}{kept})"


def _points(value: float | None) -> str:
    return "none" if value is None else brief(value)


def _marks(arguments: argparse.Namespace, course: Course) -> int:
    from grader.marks import marks, table

    print(table(marks(course, arguments.assignment)))
    return 0


def _report(arguments: argparse.Namespace, course: Course) -> int:
    from grader.report import report

    for path in report(course, arguments.assignment, names=arguments.names):
        print(path.relative_to(course.root))
    return 0


def _demo(arguments: argparse.Namespace, course: Course) -> int:
    from grader.demo import report

    print(report(Path(arguments.folder)))
    return 0


def _rehearse(arguments: argparse.Namespace, course: Course) -> int:
    from grader.simulate import rehearse

    _warn_of_answers(course, arguments.assignment)
    made = rehearse(course, arguments.assignment, arguments.students)
    print(f"{amount(made, 'made learner')} handed in: python -m grader mark {arguments.assignment}")
    return 0


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace, Course], int], str, str]] = {
    "init": (_init, "folder", "make an nbgrader course in a new folder"),
    "build": (_build, "assignment", "write an assignment's source notebook from assignments/NAME.yaml"),
    "handout": (_handout, "assignment", "give each student a form of their own, with siblings of the items"),
    "mark": (_mark, "assignment", "mark all submissions, into nbgrader's gradebook"),
    "marks": (_marks, "assignment", "print the marks, or why there is none"),
    "feedback": (_feedback, "assignment", "write the feedback of all marked submissions"),
    "report": (_report, "assignment", "write the analysis of an assignment and its items"),
    "rehearse": (_rehearse, "assignment", "let a made class hand in, to see marking before your own does"),
    "demo": (_demo, "folder", "run the whole course on eight made submissions in a new folder"),
}


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m grader", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = {}
    for name, (_, argument, text) in COMMANDS.items():
        made[name] = commands.add_parser(name, help=text, description=text)
        made[name].add_argument(argument)
    made["build"].add_argument("--force", action="store_true", help="also where another form is released already")
    made["handout"].add_argument("--force", action="store_true", help="also where a student has another form already")
    for name in ("handout", "mark", "feedback"):
        made[name].add_argument("--student", action="append", help="only this student; may be given several times")
    made["mark"].add_argument("--force", action="store_true", help="also what is marked and has not changed since")
    made["mark"].add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    made["mark"].add_argument("--jobs", type=_count, default=1, metavar="N", help="mark with N processes")
    made["mark"].add_argument("--scheduler", default="", metavar="ADDRESS", help="mark on a dask.distributed cluster")
    made["rehearse"].add_argument("--students", type=_count, default=3, metavar="N", help="how many; 3 if not given")
    made["report"].add_argument("--names", action="store_true", help="with the students' ids, which are left out else")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 a fault that is told in one line."""
    arguments = _parser().parse_args(argv)
    try:
        course = Course(Path.cwd())
        if "assignment" in arguments:
            course.assignment(arguments.assignment)  # a wrong name is told before anything is loaded
        return COMMANDS[arguments.command][0](arguments, course)
    except (CourseError, BankError, RuntimeError) as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        print(f"grader needs {error.name}: pip install 'project-or-operation[grader]'", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
