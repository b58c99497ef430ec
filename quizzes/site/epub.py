"""The course as an EPUB: `python -m quizzes.site.epub _build/html` makes it and puts it among the site's downloads.

It takes the pages as the site's build has read them, so that making it costs a few seconds.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Container
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from quizzes.archive import FIXED_DATE
from quizzes.directive import CONTRIBUTORS, CREDIT, notice
from quizzes.loading import load_bank
from quizzes.render_print import Printed, items_of, render_answers, render_questions
from quizzes.site import downloads

STYLE = Path(__file__).with_name("epub.css")
KEPT = ("course.css", "pygments.css")  # what e-readers need of the folder `_static`
_ITEM = re.compile(r'<item id="[^"]*" href="([^"]+\.xhtml)"')
LICENCE = "Text and questions: CC BY 4.0. https://creativecommons.org/licenses/by/4.0/"


def _is_epub(app: Sphinx) -> bool:
    return bool(app.builder.name == "epub")


def _describe(app: Sphinx, config: Config) -> None:
    config.epub_title = config.html_title
    config.epub_basename = config.epub_uid = config.epub_identifier = downloads.NAME
    config.epub_publisher = config.epub_contributor = config.epub_author = config.author
    config.epub_description = "Tell a project from operations: a short course with questions, answers and reasons."
    credit = "" if config.author == CONTRIBUTORS else f" {CREDIT}"
    config.epub_copyright = f"© {config.copyright} {config.author}.{credit} {LICENCE}"
    config.epub_show_urls, config.epub_use_index, config.epub_tocdup = "no", False, False


def _configure(app: Sphinx) -> None:
    """Set what only the EPUB needs; as settings of both builds they would have all pages read again."""
    if _is_epub(app):
        app.config.version = version(downloads.NAME)
        app.config.html_static_path = []


def _link_pages(doctree: nodes.document) -> None:
    """Lead to the EPUB's pages where a link was written when the site's pages were read."""
    for link in doctree.findall(nodes.reference):
        page, ending, place = link.get("refuri", "").partition(".html")
        if ending and "://" not in page:
            link["refuri"] = f"{page}.xhtml{place}"


def _open_lists(doctree: nodes.document) -> None:
    """Unfold what the site folds: on an e-reader it might stay closed."""
    for node in [each for each in doctree.findall(nodes.raw) if "<details" in each.astext()]:
        node.replace_self(nodes.raw("", node.astext().replace("<details", '<details open="open"'), format="html"))


def _print_quizzes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put questions to be read in the place of quizzes, and their answers at the end of the page."""
    if not _is_epub(app):
        return
    bank = load_bank()
    items: list[Printed] = []
    for node in [each for each in doctree.findall(nodes.raw) if 'class="quiz-host"' in each.astext()]:
        here = items_of(node.astext(), len(items) + 1)
        node.replace_self(nodes.raw("", render_questions(here, bank), format="html"))
        items += here
    if items:
        doctree += nodes.raw("", render_answers(items, bank), format="html")
    if docname == app.config.root_doc:
        text = f"{notice(app.config, bank.exams.checked)} {LICENCE}"
        doctree += nodes.paragraph("", text, classes=["notice"])
    _open_lists(doctree)
    _link_pages(doctree)


def _slim_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if _is_epub(app):
        up = "../" * pagename.count("/")
        styles = "".join(f'<link rel="stylesheet" type="text/css" href="{up}_static/{name}" />\n' for name in KEPT)
        context.update(css_files=[], script_files=[], metatags=context.get("metatags", "") + styles)


def _slim_folder(app: Sphinx) -> list[Any]:
    """Leave out of the EPUB what the theme and extensions bring for browsers; no page is added."""
    if _is_epub(app):
        static = Path(app.outdir, "_static")
        shutil.copyfile(STYLE, static / "course.css")
        for path in static.rglob("*"):
            if path.is_file() and path.name not in KEPT:
                path.unlink()
    return []


def _build(source: Path, output: Path) -> Path:
    """Build the EPUB from what the site's build into the same output has read; a warning is an error."""
    shutil.rmtree(output / "_build" / "epub", ignore_errors=True)  # pages whose sources are unchanged would stay old
    program = str(Path(sys.executable).with_name("jupyter-book"))
    options = ["--builder", "custom", "--custom-builder", "epub", "-W", "-n", "--keep-going"]
    subprocess.run([program, "build", str(source), "--path-output", str(output), *options], check=True)  # noqa: S603
    return output / "_build" / "epub" / downloads.EPUB


def _declare_drawings(package: str, pages: Container[str]) -> str:
    """Return the list of content with each page that holds SVG marked as such, as the standard asks."""
    return _ITEM.sub(lambda item: f'{item[0]} properties="svg"' if unescape(item[1]) in pages else item[0], package)


def repack(made: Path, target: Path) -> None:
    """Copy an EPUB with its drawings declared and with fixed dates; `mimetype` stays first and plain."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w") as new:
        files = {name: old.read(name) for name in old.namelist()}
        drawn = {name for name, content in files.items() if name.endswith(".xhtml") and b"<svg" in content}
        files["content.opf"] = _declare_drawings(files["content.opf"].decode(), drawn).encode()
        for name in sorted(files, key=lambda name: (name != "mimetype", name)):
            entry = zipfile.ZipInfo(name, FIXED_DATE)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(entry, files[name], compresslevel=9)


def main(html: Path, source: Path) -> None:
    """Make the EPUB of a book and put it among the downloads of its built site."""
    (html / downloads.FOLDER).mkdir(exist_ok=True)
    repack(_build(source, html.parent.parent), html / downloads.FOLDER / downloads.EPUB)
    downloads.seal(html)


def setup(app: Sphinx) -> None:
    """Register the steps."""
    app.connect("config-inited", _describe)
    app.connect("builder-inited", _configure, priority=100)  # before Sphinx checks the settings
    app.connect("doctree-resolved", _print_quizzes, priority=900)
    app.connect("html-page-context", _slim_page, priority=950)  # after all that add to a page
    app.connect("html-collect-pages", _slim_folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path.cwd())
