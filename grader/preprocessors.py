"""nbgrader's hooks: how a submission is read, rebuilt, marked and recorded inside `nbgrader autograde`."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.build import ANSWERS_CELL
from grader.course import Course
from grader.explain import ItemResult, mark_record
from grader.intake import IntakeError, take_in
from grader.rebuild import METADATA, rebuild, write_results
from quizzes.answers import parse_record

Step = tuple[NotebookNode, ResourcesDict]


def _course_directory(preprocessor: NbGraderPreprocessor) -> Any:
    """Return nbgrader's CourseDirectory: a preprocessor's parent is the exporter, whose parent is the converter."""
    return preprocessor.parent.parent.coursedir


class SubmissionExporter(NotebookExporter):
    """Reads notebooks for autograde, and never one that was handed in: the rebuild step takes in what counts of it."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert the notebook; a file in the submitted folder is not even opened."""
        path, names, directory = Path(filename), resources["nbgrader"], self.parent.coursedir
        submitted = directory.format_path(directory.submitted_directory, names["student"], names["assignment"])
        handed_in = path.parent.absolute() == Path(submitted).absolute()
        notebook = nbformat.v4.new_notebook() if handed_in else nbformat.read(path, as_version=4)
        resources = {**resources, "metadata": {"name": path.stem, "path": str(path.parent)}}
        return self.from_notebook_node(notebook, resources=resources, **kw)


class RefuseAnswers(NbGraderPreprocessor):
    """Stops generate_assignment where somebody has answered in source/: those answers would be released."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Return the notebook as it is; raises IntakeError with one line."""
        directory, name = _course_directory(self), resources["nbgrader"]["assignment"]
        source = Path(directory.format_path(directory.source_directory, ".", name))
        for path in source.rglob("*.answers*.json"):
            raise IntakeError(f"source/{name}/{path.name} holds answers and would be released: delete it")
        return nb, resources


class Rebuild(NbGraderPreprocessor):
    """Replaces what was handed in by the released notebook with the learner's record."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Return the rebuilt notebook; raises IntakeError with one line where no answer can be told."""
        names, directory = resources["nbgrader"], _course_directory(self)
        assignment, student = names["assignment"], names["student"]
        form = Course(Path(directory.root)).form(assignment)
        folder = directory.format_path(directory.submitted_directory, student, assignment)
        released = directory.format_path(directory.release_directory, ".", assignment)
        try:
            submission = take_in(Path(folder), form)
        except IntakeError as error:
            self.log.error("No mark for %s in %s: %s", student, assignment, error)  # noqa: TRY400  one line
            _withdraw_mark(names)
            raise
        for note in submission.notes:
            self.log.warning("%s in %s: %s", student, assignment, note)
        notebook = nbformat.read(Path(released) / f"{names['notebook']}.ipynb", as_version=4)
        return rebuild(notebook, submission.record, submission.notes), resources


def _withdraw_mark(names: dict[str, str]) -> None:
    """Take back an earlier automatic mark and ask for a grader: what is handed in now cannot be told."""
    with Gradebook(names["db_url"]) as gradebook:
        try:
            notebook = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        except MissingEntry:
            return
        for grade in notebook.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()


class MarkAnswers(NbGraderPreprocessor):
    """Marks the record in place of running the notebook; the key comes from the instructor's bank."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Write each item's score and reason into its test cell."""
        assignment = resources["nbgrader"]["assignment"]
        course = Course(Path(_course_directory(self).root))
        bank = course.bank(course.assignment(assignment))
        kept = nb.metadata[METADATA]
        record = parse_record(kept["record"]) if kept["record"] else None
        results = mark_record(course.form(assignment), bank, record)
        write_results(nb, results)
        nb.metadata[METADATA]["summary"] = _summary(results, kept["notes"])
        return nb, resources


class RecordReasons(NbGraderPreprocessor):
    """Puts a summary of all items into the gradebook's comment on the answers, after SaveAutoGrades."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Write the automatic comment; a grader's own comment is kept."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            comment = gradebook.find_comment(ANSWERS_CELL, names["notebook"], names["assignment"], names["student"])
            comment.auto_comment = nb.metadata[METADATA]["summary"]
            gradebook.db.commit()
        return nb, resources


def _summary(results: list[ItemResult], notes: list[str]) -> str:
    lines = [result.line for result in results]
    # nbgrader renders comments as Markdown with HTML, past its sanitizing: nothing may read as markup.
    return "\n\n".join(escape(line) for line in [*lines, *(f"Note: {note}" for note in notes)])
