"""The instructor's commands: `python -m grader init | build | marks | demo`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grader.build import build
from grader.course import Course, CourseError
from grader.demo import report
from grader.init import init
from grader.marks import marks, table
from quizzes.loading import BankError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m grader", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, argument, text in (
        ("init", "folder", "make an nbgrader course in a new folder"),
        ("build", "assignment", "write an assignment's source notebook from assignments/NAME.yaml"),
        ("marks", "assignment", "print the marks, or why there is none"),
        ("demo", "folder", "run the whole course on eight made submissions in a new folder"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument(argument)
        if name == "build":
            command.add_argument("--force", action="store_true", help="also where another form is released already")
    return parser


def _run(arguments: argparse.Namespace) -> str:
    course = Course(Path.cwd())
    if arguments.command == "init":
        return f"A course is ready in {init(Path(arguments.folder)).root}: its README.md lists the next steps."
    if arguments.command == "demo":
        return report(Path(arguments.folder))
    if arguments.command == "marks":
        return table(marks(course, arguments.assignment))
    notebook, form = build(course, arguments.assignment, force=arguments.force)
    shown = notebook.relative_to(course.root)
    size = f"{len(form.items)} items, {form.points:g} points"
    return f"{shown}: {size}. Next: nbgrader generate_assignment {form.assignment}"


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 a fault that is told in one line."""
    try:
        print(_run(_parser().parse_args(argv)))
    except (CourseError, BankError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
