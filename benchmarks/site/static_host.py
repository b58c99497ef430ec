"""A Sphinx extension: our quiz without the steps that make the theme lean and the site installable."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from quizzes import directive, site
from quizzes.site import front_end


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the project's extension with the first step of finishing a site alone."""
    site.setup = front_end.setup
    return directive.setup(app)
