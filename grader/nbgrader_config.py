"""The course's nbgrader configuration: marking as data in place of running notebooks."""

from __future__ import annotations

from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

from grader.course import add_scripts_to_path
from grader.guard import guard

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


def configure(config: Config) -> None:
    """Set up nbgrader for this course; called by the course directory's nbgrader_config.py."""
    add_scripts_to_path()
    guard()
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
    config.ExchangeFactory.collect = "grader.exchange.Collect"
    config.ExportApp.plugin_class = "grader.exporters.Plain"
