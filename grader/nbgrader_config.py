"""The course's nbgrader configuration: marking as data in place of running notebooks."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from nbgrader import api
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine, create_engine
from traitlets.config import Config

from grader.course import add_scripts_to_path
from grader.intake import IntakeError, hand_in_time

# What is handed in is rebuilt from the released notebook, so that nbgrader's own steps against changed cells have
# nothing left to do.
SANITIZE = ["grader.preprocessors.Rebuild"]
MARK = ["grader.preprocessors.Record"]
FEEDBACK = [
    "nbgrader.preprocessors.GetGrades",
    "grader.preprocessors.FeedbackLevel",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "nbconvert.preprocessors.sanitize.SanitizeHTML",
]

# What our feedback is written with.
TAGS = ["a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "li", "ol", "p", "pre", "strong", "ul"]


def _time_or_none(directory: CourseDirectory, folder: str) -> datetime | None:
    """Return the time of a submission as nbgrader asks for it; one that cannot be read is no time, and a warning."""
    try:
        return hand_in_time(Path(folder))
    except IntakeError as error:
        directory.log.warning("%s: %s", folder, error)
        return None


@cache
def _engine(url: str, **options: bool) -> Engine:
    """Return the engine of a database, the same one each time: a new one would have to compile every query again."""
    return create_engine(url, **options)


def configure(config: Config) -> None:
    """Set up nbgrader for this course; called by the course directory's nbgrader_config.py."""
    add_scripts_to_path()
    # As nbgrader has it, one bad timestamp.txt ends the marking of that student with a traceback, and answers every
    # page of the formgrader with an error. It has no setting for this.
    CourseDirectory.get_existing_timestamp = _time_or_none
    # nbgrader opens its gradebook five times for each submission, each time with an engine that knows nothing.
    api.create_engine = _engine
    stock = GenerateAssignment.preprocessors.default()
    config.GenerateAssignment.preprocessors = ["grader.preprocessors.RefuseAnswers", *stock]
    config.Autograde.exporter_class = "grader.preprocessors.SubmissionExporter"
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = MARK
    config.ClearSolutions.code_stub = {"python": ""}  # the answers follow there once they are marked
    config.ClearSolutions.text_stub = "*Double-click here and write your answer.*"
    # A page of the formgrader or of the feedback runs with the reader's rights: no script may reach it.
    config.GenerateFeedback.preprocessors = FEEDBACK
    config.HTMLExporter.preprocessors = ["nbconvert.preprocessors.sanitize.SanitizeHTML"]
    config.SanitizeHTML.enabled = True
    config.SanitizeHTML.tags = TAGS
    config.ZipCollectApp.extractor_plugin = "grader.extractor.Extractor"
    config.ZipCollectApp.collector_plugin = "grader.collector.Collector"
    config.ExportApp.plugin_class = "grader.exporters.Plain"
