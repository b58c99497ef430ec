"""The Sphinx extension: `{quiz}`, the reference matter of `quizzes.reference`, exam facts, and the site's footer."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config

from quizzes import reference, site
from quizzes.bank import Bank, draw
from quizzes.choosing import SelectionError
from quizzes.items import AnyItem
from quizzes.loading import BankError, load_bank
from quizzes.reference import BankDirective, exam_facts
from quizzes.render import STATIC_FLAG, render_practice

TEMPLATES = Path(__file__).with_name("templates")
NOTICE = (
    "An independent educational course, not affiliated with or endorsed by Project Management Institute, Inc. or "
    "PeopleCert. PMI, PMP, CAPM and PMBOK are marks of Project Management Institute, Inc. ITIL and PRINCE2 are "
    "registered trademarks of the PeopleCert group. All questions are original. Exam facts last checked: {checked}."
)

CONTRIBUTORS = "Project or Operation? contributors"  # the author of _config.yml in this repository
CREDIT = f"Based on Project or Operation? by the {CONTRIBUTORS}, CC BY 4.0, changed."


def notice(config: Config, checked: str) -> str:
    """Return the notice on marks, and where the book has another author the credit that its licence asks for."""
    text = NOTICE.format(checked=checked)
    return text if config.author == CONTRIBUTORS else f"{text} {CREDIT}"


class QuizDirective(BankDirective):
    """Practice items by id, drawn (`:draw:`, `:seed:`) or `:all:`; `:kind:`, `:differentiator:`, `:exam:` narrow."""

    optional_arguments = 1000
    option_spec: ClassVar[dict[str, Any]] = {
        "all": directives.flag,
        "draw": directives.positive_int,
        "seed": directives.nonnegative_int,
        "kind": directives.unchanged_required,
        "differentiator": directives.unchanged_required,
        "exam": directives.unchanged_required,
        "evidence": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the items' HTML; a wrong selection is an error of the page that names the mend."""
        bank = self.bank()
        self.env.note_dependency(str(TEMPLATES / "quiz.html.jinja"))
        try:
            items = self._items(bank)
        except SelectionError as error:
            raise self.error(f"quiz: {error}") from None
        anchored = reference.note_items(self.env, [item.id for item in items])
        html = render_practice(items, bank, evidence="evidence" in self.options, anchored=anchored)
        return [nodes.raw("", html, format="html")]

    def _items(self, bank: Bank) -> tuple[AnyItem, ...]:
        if sum((bool(self.arguments), "draw" in self.options, "all" in self.options)) != 1:
            raise SelectionError("give either item ids, `:draw:` with a number, or `:all:`")
        conditions = {name: self.options.get(name) for name in ("kind", "differentiator", "exam")}
        pool = bank.select(use="practice", **conditions)
        if self.arguments:
            items = bank.get(self.arguments)
        elif "draw" in self.options:
            items = draw(pool, self.options["draw"], self.options.get("seed", 1))
        else:
            items = pool
        if len(set(self.arguments)) != len(self.arguments):
            raise SelectionError("an id is given twice: remove one")
        graded = [item.id for item in items if item.use != "practice"]
        if graded:
            raise SelectionError(f"'{graded[0]}' is for assessment: its key may not go on the site")
        return items


def _configure(app: Sphinx, config: Config) -> None:
    try:
        bank = load_bank()
    except BankError as error:
        raise SystemExit(f"the item bank has faults:\n{error}") from None
    config.myst_substitutions = {**exam_facts(bank), **config.myst_substitutions}
    if config.html_theme == "sphinx_book_theme":  # other themes know no such option
        config.html_theme_options["extra_footer"] = f"<p>{notice(config, bank.exams.checked)}</p>"
    os.environ[STATIC_FLAG] = "1"  # notebooks run by this build show their quizzes as static HTML


def _name_toggles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the theme's buttons that unfold a chapter a name: without one a screen reader says nothing."""
    toctree = context.get("generate_toctree_html")
    if toctree is not None:
        context["generate_toctree_html"] = lambda *args, **options: re.sub(
            r">([^<]*)(</a><details[^>]*><summary)>",
            r'>\1\2 aria-label="Pages of: \1">',
            str(toctree(*args, **options)),
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("quiz", QuizDirective)
    reference.setup(app)
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _name_toggles, priority=900)  # after the theme has put its functions there
    site.setup(app)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}
