"""The Sphinx extension: `{quiz}`, `{terms}` and `{differences}`, exam facts as substitutions, and the site's footer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.util.fileutil import copy_asset

from quizzes.bank import AnyItem, Bank, SelectionError, draw
from quizzes.loading import BankError, load_bank
from quizzes.render import STATIC_FLAG, render_practice

FRONTEND = Path(__file__).with_name("frontend")
SITE_FILES = ("quiz.mjs", "host.mjs", "quiz.css")
NOTICE = (
    "An independent educational course, not affiliated with or endorsed by Project Management Institute, Inc. or "
    "PeopleCert. PMI, PMP, CAPM and PMBOK are marks of Project Management Institute, Inc. ITIL and PRINCE2 are "
    "registered trademarks of the PeopleCert group. All questions are original. Exam facts last checked: {checked}."
)


class _BankDirective(SphinxDirective):
    """A directive over the bank; its page is rebuilt when a bank file changes."""

    def bank(self) -> Bank:
        """Return the bank and note its files, and this package's templates, as dependencies of the page."""
        bank = load_bank()
        for path in (*bank.files, FRONTEND.with_name("templates") / "quiz.html.jinja"):
            self.env.note_dependency(str(path))
        return bank


class QuizDirective(_BankDirective):
    """Practice items by id, or a drawn set: `:draw:` with `:seed:` and `:kind:` / `:differentiator:`."""

    optional_arguments = 1000
    option_spec: ClassVar[dict[str, Any]] = {
        "draw": directives.positive_int,
        "seed": directives.nonnegative_int,
        "kind": directives.unchanged_required,
        "differentiator": directives.unchanged_required,
        "evidence": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the items' HTML; a wrong selection is an error of the page that names the mend."""
        bank = self.bank()
        try:
            items = self._items(bank)
        except SelectionError as error:
            raise self.error(f"quiz: {error}") from None
        html = render_practice(items, bank, evidence="evidence" in self.options)
        return [nodes.raw("", html, format="html")]

    def _items(self, bank: Bank) -> tuple[AnyItem, ...]:
        if bool(self.arguments) == ("draw" in self.options):
            raise SelectionError("give either item ids or `:draw:` with a number")
        if self.arguments:
            items = bank.get(self.arguments)
        else:
            pool = bank.select(
                use="practice", kind=self.options.get("kind"), differentiator=self.options.get("differentiator")
            )
            items = draw(pool, self.options["draw"], self.options.get("seed", 1))
        graded = [item.id for item in items if item.use != "practice"]
        if graded:
            raise SelectionError(f"'{graded[0]}' is for assessment: its key may not go on the site")
        return items


class TermsDirective(_BankDirective):
    """The glossary as a definition list; each term can be linked as `#term-<id>`."""

    def run(self) -> list[nodes.Node]:
        """Return the glossary's HTML."""
        bank = self.bank()
        rows = []
        for term in sorted(bank.terms.values(), key=lambda each: each.term.casefold()):
            see = ", ".join(f'<a href="#term-{t}">{escape(bank.terms[t].term)}</a>' for t in term.see)
            more = f" See also: {see}." if see else ""
            rows.append(
                f'<dt id="term-{term.id}">{escape(term.term)}</dt><dd><p>{escape(term.definition)}{more}</p></dd>'
            )
        return [nodes.raw("", f'<dl class="terms">{"".join(rows)}</dl>', format="html")]


class DifferencesDirective(_BankDirective):
    """The comparison of project and operations, one row a differentiator, as a real table of the page."""

    def run(self) -> list[nodes.Node]:
        """Return a docutils table."""
        rows = [(d.name, d.project, d.operations) for d in self.bank().differentiators.values()]
        return [_table(("Difference", "Project", "Operations"), rows)]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> nodes.table:
    titles = list(head)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (20, 40, 40)), cols=len(titles))
    group += nodes.thead("", _row(titles))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["differences"])


def _row(cells: Iterable[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in cells))


def exam_facts(bank: Bank) -> dict[str, str]:
    """Return each exam fact by its substitution name, as in `pmp_questions`, and `exams_checked`."""
    facts = {f"{exam.id}_{fact.id}": str(fact.value) for exam in bank.exams.exams for fact in exam.facts}
    return {"exams_checked": bank.exams.checked, **facts}


def frontend_version() -> str:
    """Return a short digest of the site's front end: it names the folder, so that no browser serves an old file."""
    return hashlib.sha256(b"".join((FRONTEND / name).read_bytes() for name in SITE_FILES)).hexdigest()[:10]


def _configure(app: Sphinx, config: Config) -> None:
    try:
        bank = load_bank()
    except BankError as error:
        raise SystemExit(f"the item bank has faults:\n{error}") from None
    config.myst_substitutions = {**exam_facts(bank), **config.myst_substitutions}
    if config.html_theme == "sphinx_book_theme":  # other themes know no such option
        config.html_theme_options["extra_footer"] = f"<p>{NOTICE.format(checked=bank.exams.checked)}</p>"
    os.environ[STATIC_FLAG] = "1"  # notebooks run by this build show their quizzes as static HTML


def _add_front_end(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if 'class="quiz-host"' in context.get("body", ""):
        folder = f"quiz-{frontend_version()}"
        app.add_css_file(f"{folder}/quiz.css")
        app.add_js_file(f"{folder}/host.mjs", type="module")


def _copy_front_end(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for name in SITE_FILES:
            copy_asset(FRONTEND / name, Path(app.outdir, "_static", f"quiz-{frontend_version()}"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("quiz", QuizDirective)
    app.add_directive("terms", TermsDirective)
    app.add_directive("differences", DifferencesDirective)
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _add_front_end)
    app.connect("build-finished", _copy_front_end)
    return {"version": frontend_version(), "parallel_read_safe": True, "parallel_write_safe": True}
