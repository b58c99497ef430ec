"""Reference matter of the book, made from the bank: glossary, comparison table, exam facts, exam maps, drawings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from quizzes.bank import Bank
from quizzes.loading import load_bank

EMPTY = "\u2013"
TOPICS_FIELD = "exam_topics"  # in a page's front matter: the exam topics that the page teaches, as in pmp/closure


class BankDirective(SphinxDirective):
    """A directive over the bank; its page is rebuilt when a bank file changes."""

    def bank(self) -> Bank:
        """Return the bank and note its files as dependencies of the page."""
        bank = load_bank()
        for path in bank.files:
            self.env.note_dependency(str(path))
        return bank


class TermsDirective(BankDirective):
    """The glossary as a definition list; `{term}` links to each entry from any page."""

    def run(self) -> list[nodes.Node]:
        """Return the glossary's HTML, and tell Sphinx where each term stands."""
        bank = self.bank()
        domain, rows = self.env.get_domain("std"), []
        for term in sorted(bank.terms.values(), key=lambda each: each.term.casefold()):
            see = ", ".join(f'<a href="#term-{t}">{escape(bank.terms[t].term)}</a>' for t in term.see)
            more = f" See also: {see}." if see else ""
            rows.append(
                f'<dt id="term-{term.id}">{escape(term.term)}</dt><dd><p>{escape(term.definition)}{more}</p></dd>'
            )
            domain.note_object("term", term.id, f"term-{term.id}")  # type: ignore[attr-defined]
        return [nodes.raw("", f'<dl class="terms">{"".join(rows)}</dl>', format="html")]


class DifferencesDirective(BankDirective):
    """The comparison of project and operations, one row a differentiator, as a real table of the page."""

    def run(self) -> list[nodes.Node]:
        """Return a docutils table; each name leads to the page of its difference, where there is one."""
        rows = [(self._name(d.id, d.name), d.project, d.operations) for d in self.bank().differentiators.values()]
        return [_table(("Difference", "Project", "Operations"), rows)]

    def _name(self, difference: str, name: str) -> nodes.Node | str:
        page = f"{self.env.docname}/{difference}"
        if page not in self.env.found_docs:
            return name
        link = nodes.reference(name, name, internal=True)
        link["refuri"] = self.env.app.builder.get_relative_uri(self.env.docname, page)
        return link


class IdsDirective(BankDirective):
    """The ids that items may name, each with what it means: `differences`, `misconceptions` or `topics` of exams."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a table of two columns; an unknown vocabulary is an error of the page."""
        bank = self.bank()
        vocabularies = {
            "differences": bank.differentiator_names,
            "misconceptions": {each.id: each.name for each in bank.misconceptions.values()},
            "topics": {f"{exam.id}/{each.id}": each.title for exam in bank.exams.exams for each in exam.topics},
        }
        chosen = vocabularies.get(self.arguments[0])
        if chosen is None:
            raise self.error(f"ids: {self.arguments[0]}: unknown: use {', '.join(vocabularies)}")
        return [_table(("Id", "Meaning"), [(nodes.literal("", name), text) for name, text in chosen.items()], (30, 70))]


def _table(
    head: Iterable[str], rows: Iterable[Iterable[nodes.Node | str]], widths: Sequence[int] = (20, 40, 40)
) -> nodes.table:
    titles = list(head)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(titles))
    group += nodes.thead("", _row(titles))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group, classes=["differences"])


def _row(cells: Iterable[nodes.Node | str]) -> nodes.row:
    texts = [nodes.Text(cell) if isinstance(cell, str) else cell for cell in cells]
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", text)) for text in texts))


class DrawingDirective(SphinxDirective):
    """A drawing of the course, as SVG within the page so that it follows the page's colours.

    The content is the caption. The SVG holds its own title and description, which become its text alternative.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        """Return a figure; a missing or untitled drawing is an error of the page."""
        name, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(name)
        try:
            svg = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise self.error(f"drawing: {name}: {error.strerror}") from None
        described = [re.search(rf"<{tag}[^>]*>([^<]+)</{tag}>", svg) for tag in ("title", "desc")]
        if not all(described):
            raise self.error(f"drawing: {name}: give the SVG a <title> and a <desc>: they are its text alternative")
        figure = nodes.figure("", nodes.raw("", svg, format="html"), classes=["drawing"])
        if self.content:
            caption = nodes.caption("", "")
            self.state.nested_parse(self.content, self.content_offset, caption)
            figure += nodes.caption("", "", *caption.children[0].children)
        return [figure]


class ExamMap(nodes.General, nodes.Element):
    """Where an exam's map will stand, once all pages are read."""


class ExamMapDirective(BankDirective):
    """The topics of an exam, each with the pages that teach it and the questions that practise it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the map; an unknown exam is an error of the page."""
        exams = [exam.id for exam in self.bank().exams.exams]
        if self.arguments[0] not in exams:
            raise self.error(f"exam-map: '{self.arguments[0]}' is unknown: use {', '.join(exams)}")
        self.env.metadata[self.env.docname]["exam_map"] = self.arguments[0]
        return [ExamMap(exam=self.arguments[0])]


def note_items(env: BuildEnvironment, ids: Iterable[str]) -> list[str]:
    """Note that items stand on the page that is read; return those that did not stand on it before."""
    shown: dict[str, list[str]] = shown_items(env)
    on_page = shown.setdefault(env.docname, [])
    fresh = [name for name in ids if name not in on_page]
    on_page += fresh
    return fresh


def shown_items(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the items by the page that they stand on."""
    if not hasattr(env, "quiz_items"):
        env.quiz_items = {}  # type: ignore[attr-defined]
    found: dict[str, list[str]] = env.quiz_items  # type: ignore[attr-defined]
    return found


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    shown_items(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    shown_items(env).update({name: items for name, items in shown_items(other).items() if name in set(docnames)})


def _maps_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with maps: they change with any other page."""
    return [name for name in env.found_docs if env.metadata.get(name, {}).get("exam_map")]


def page_of_item(env: BuildEnvironment, item: str) -> str | None:
    """Return the page to practise an item on: of those it stands on, the one with most questions."""
    shown = shown_items(env)
    pages = [page for page, items in shown.items() if item in items]
    return min(pages, key=lambda page: (-len(shown[page]), page), default=None)


def _fill_maps(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(ExamMap)):
        place.replace_self(nodes.raw("", _map_html(app, docname, place["exam"]), format="html"))


def _map_html(app: Sphinx, docname: str, exam_id: str) -> str:
    bank, env = load_bank(), app.env
    exam = next(each for each in bank.exams.exams if each.id == exam_id)
    rows = []
    for topic in exam.topics:
        tag = f"{exam_id}/{topic.id}"
        pages = [name for name in env.found_docs if tag in str(env.metadata.get(name, {}).get(TOPICS_FIELD)).split()]
        links, items = [_page_link(app, docname, page) for page in sorted(pages)], _item_links(app, docname, tag)
        read = ", ".join(links) or ("no page of its own" if items else "not part of this course")
        rows.append(f"<tr><td>{escape(topic.title)}</td><td>{read}</td><td>{items or EMPTY}</td></tr>")
    head = "<thead><tr><th>Topic</th><th>Read</th><th>Practise</th></tr></thead>"
    return f'<table class="table exam-map">{head}<tbody>{"".join(rows)}</tbody></table>'


def _page_link(app: Sphinx, docname: str, page: str) -> str:
    uri = app.builder.get_relative_uri(docname, page)
    return f'<a href="{escape(uri)}">{escape(app.env.titles[page].astext())}</a>'


def _item_links(app: Sphinx, docname: str, tag: str) -> str:
    """Return links to the practice items of a topic that stand on a page, folded."""
    links = []
    for item in load_bank().select(use="practice", exam=tag):
        if page := page_of_item(app.env, item.id):
            uri = f"{app.builder.get_relative_uri(docname, page)}#item-{item.id}"
            links.append(f'<a href="{escape(uri)}">{item.id}</a>')
    if not links:
        return ""
    number = "1 question" if len(links) == 1 else f"{len(links)} questions"
    return f"<details><summary>{number}</summary><p>{', '.join(links)}</p></details>"


def exam_facts(bank: Bank) -> dict[str, str]:
    """Return each exam fact by its substitution name, as in `pmp_questions`, and `exams_checked`."""
    facts = {f"{exam.id}_{fact.id}": str(fact.value) for exam in bank.exams.exams for fact in exam.facts}
    return {"exams_checked": bank.exams.checked, **facts}


def setup(app: Sphinx) -> None:
    """Register the directives of reference matter."""
    app.add_directive("terms", TermsDirective)
    app.add_directive("differences", DifferencesDirective)
    app.add_directive("ids", IdsDirective)
    app.add_directive("drawing", DrawingDirective)
    app.add_directive("exam-map", ExamMapDirective)
    app.add_node(ExamMap)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-get-updated", _maps_again)
    app.connect("doctree-resolved", _fill_maps)
