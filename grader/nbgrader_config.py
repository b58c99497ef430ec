"""The course's nbgrader configuration: marking as data in place of running notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from traitlets.config import Config

SANITIZE = [
    "grader.preprocessors.Rebuild",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
MARK = [
    "grader.preprocessors.MarkAnswers",
    "nbgrader.preprocessors.SaveAutoGrades",
    "grader.preprocessors.RecordReasons",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.ClearHiddenTests",  # feedback shows no machinery
    "nbgrader.preprocessors.CheckCellMetadata",
]
FEEDBACK = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "nbconvert.preprocessors.sanitize.SanitizeHTML",
]

# What our feedback is written with.
TAGS = ["a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "li", "ol", "p", "pre", "strong", "ul"]


def add_scripts_to_path() -> None:
    """Let nbgrader find the `alembic` program, which stands beside Python, also where no environment is activated."""
    scripts = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if scripts not in paths:
        os.environ["PATH"] = os.pathsep.join([scripts, *paths])


def configure(config: Config) -> None:
    """Set up nbgrader for this course; called by the course directory's nbgrader_config.py."""
    add_scripts_to_path()
    stock = GenerateAssignment.preprocessors.default()
    config.GenerateAssignment.preprocessors = ["grader.preprocessors.RefuseAnswers", *stock]
    config.Autograde.exporter_class = "grader.preprocessors.SubmissionExporter"
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = MARK
    config.OverwriteCells.add_missing_cells = True
    config.ClearSolutions.code_stub = {"python": "# Your answers follow here once they are marked."}
    # A page of the formgrader or of the feedback runs with the reader's rights: no script may reach it.
    config.GenerateFeedback.preprocessors = FEEDBACK
    config.HTMLExporter.preprocessors = ["nbconvert.preprocessors.sanitize.SanitizeHTML"]
    config.SanitizeHTML.enabled = True
    config.SanitizeHTML.tags = TAGS
    config.ExportApp.plugin_class = "grader.exporters.Plain"
