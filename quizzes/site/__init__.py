"""Finish the site: front end and index, rooms, a slim theme, and an installable site that also works from disk."""

from __future__ import annotations

from sphinx.application import Sphinx

STEPS = ("front_end", "rooms", "lean", "offline", "epub")  # in their order: what lists the finished files comes last


def setup(app: Sphinx) -> None:
    """Register the steps."""
    for step in STEPS:
        app.setup_extension(f"quizzes.site.{step}")
