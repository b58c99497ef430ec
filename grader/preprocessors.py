"""nbgrader's hooks: how a submission is read, rebuilt, marked and recorded inside `nbgrader autograde`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.batch import prepare
from grader.course import Course
from grader.feedback import at_level
from grader.gradebook import Entry, Recorder
from grader.hand_ins import hand_in
from grader.intake import IntakeError
from grader.rebuild import METADATA
from grader.released import answer_files
from grader.scheme import Scheme, load_scheme
from quizzes.records import file_state

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
        for path in answer_files(source):
            raise IntakeError(f"source/{name}/{path.name} holds answers and would be released: delete it")
        return nb, resources


class Rebuild(NbGraderPreprocessor):
    """Replaces what was handed in by the released notebook with the learner's answers, marked.

    The key comes from the instructor's bank; no notebook is run for it.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Return the marked notebook; raises IntakeError with one line where no answer can be told."""
        names, course = resources["nbgrader"], Course(Path(_course_directory(self).root))
        scheme = _scheme(course, names["assignment"])
        read_in = hand_in(course, scheme, names["student"])
        prepared = prepare(scheme, read_in)
        if prepared.fault or prepared.marked is None:
            self.log.error("No mark for %s in %s: %s", names["student"], scheme.name, prepared.fault)
            recorder(names["db_url"], scheme.name, course.root).record(Entry(names["student"]))
            raise IntakeError(prepared.fault)
        for note in prepared.notes:
            self.log.warning("%s in %s: %s", names["student"], scheme.name, note)
        notebook = nbformat.from_dict(prepared.marked.notebook)
        notebook.metadata[METADATA] |= {"scores": prepared.marked.scores, "comments": prepared.marked.comments}
        return notebook, resources


class Record(NbGraderPreprocessor):
    """Writes the marks into the gradebook, in place of SaveAutoGrades and AssignLatePenalties."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Return the notebook without the marks that it carried here."""
        names, own = resources["nbgrader"], nb.metadata[METADATA]
        entry = Entry(names["student"], None, own.pop("scores"), own.pop("comments"))
        recorder(names["db_url"], names["assignment"], Path(_course_directory(self).root)).record(entry)
        return nb, resources


class FeedbackLevel(NbGraderPreprocessor):
    """Leaves in the feedback what the assignment says that learners see: all, right or wrong, or the score alone."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Step:
        """Return the notebook with that much of it."""
        course = Course(Path(_course_directory(self).root))
        return at_level(nb, course.assignment(resources["nbgrader"]["assignment"]).feedback), resources


_schemes: dict[tuple[Path, str], tuple[object, Scheme]] = {}


def _scheme(course: Course, name: str) -> Scheme:
    """Return the marking scheme; the same one for all submissions of a run, while no file behind it changes."""
    files = [course.root / "assignments" / f"{name}.yaml"]
    files += [
        course.root / folder / name / file
        for folder in ("release", "source")
        for file in (f"{name}.ipynb", f"{name}.form.json")
    ]
    key = (course.root, name)
    if key in _schemes:
        state, scheme = _schemes[key]
        if state == file_state([*files, *scheme.bank.files]):
            return scheme
    scheme = load_scheme(course, name)
    _schemes[key] = (file_state([*files, *scheme.bank.files]), scheme)
    return scheme


@cache
def recorder(url: str, name: str, root: Path) -> Recorder:
    """Return what writes an assignment's marks, the same one for all submissions of a run."""
    return Recorder(url, name, Course(root).config)
