"""The course as an EPUB: a whole and valid book, in which questions are read and their answers looked up."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree as ET

import pytest
from books import sphinx_build
from conftest import ROOT

from quizzes.bank import Bank
from quizzes.directive import CONTRIBUTORS, CREDIT
from quizzes.items import KINDS
from quizzes.render import answer_view
from quizzes.render_print import Printed, items_of, render_answers, render_questions
from quizzes.site.downloads import EPUB, FOLDER

PAGES = tuple(re.findall(r"book/[\w/-]+", (ROOT / "_toc.yml").read_text(encoding="utf-8")))
XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def epub(built: tuple[Path, str]) -> Path:
    """Return the EPUB that was made with the site."""
    return built[0] / FOLDER / EPUB


@pytest.fixture(scope="module")
def files(epub: Path) -> dict[str, bytes]:
    """Return the book's files by name."""
    with zipfile.ZipFile(epub) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def package(files: dict[str, bytes]) -> ET.Element:
    """Return the book's list of content."""
    return ET.fromstring(files["content.opf"])  # noqa: S314  made by this build


@pytest.fixture(scope="module")
def trees(files: dict[str, bytes]) -> dict[str, ET.Element]:
    """Return every page of the book, parsed as strictly as an e-reader does."""
    return {
        name: ET.fromstring(content)  # noqa: S314  made by this build
        for name, content in files.items()
        if name.endswith((".xhtml", ".ncx"))
    }


def test_the_container_begins_as_the_standard_asks(epub: Path) -> None:
    """`mimetype` is the first file and not compressed, so that programs know a book by its first bytes."""
    with zipfile.ZipFile(epub) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/epub+zip"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_page_is_well_formed_and_nothing_in_it_asks_for_input(trees: dict[str, ET.Element]) -> None:
    """No form, field, button or script: an e-reader could do nothing with them."""
    assert {f"{name}.xhtml" for name in PAGES} < set(trees)
    idle = {f"{XHTML}{tag}" for tag in ("form", "input", "select", "button", "script", "fieldset")}
    assert {name: tag for name, tree in trees.items() for tag in idle & {each.tag for each in tree.iter()}} == {}
    folded = [each for tree in trees.values() for each in tree.iter(f"{XHTML}details")]
    assert all(each.get("open") for each in folded)


def test_the_list_of_content_is_whole(files: dict[str, bytes], package: ET.Element) -> None:
    """Every file is in it and every entry is a file; drawings are declared."""
    entries = {item.get("href"): item for item in package.iter(f"{OPF}item")}
    beside = {"mimetype", "META-INF/container.xml", "content.opf"}
    assert set(entries) == set(files) - beside
    drawn = {name for name, content in files.items() if name.endswith(".xhtml") and b"<svg" in content}
    assert drawn
    assert {name for name, entry in entries.items() if entry.get("properties") == "svg"} == drawn


def test_title_author_and_licence_are_told(package: ET.Element) -> None:
    """A library can file the book."""
    told = {name: package.findtext(f".//{DC}{name}") or "" for name in ("title", "creator", "rights", "language")}
    assert told["title"] == "Project or Operation?"
    assert told["creator"] == "Project or Operation? contributors"
    assert "CC BY 4.0" in told["rights"]
    assert told["language"] == "en"


@pytest.mark.parametrize(("author", "credited"), [(CONTRIBUTORS, False), ("A School", True)])
def test_the_rights_of_a_book_by_another_author_credit_the_contributors(
    tmp_path: Path, author: str, credited: bool
) -> None:
    """In the list of content and on the first page; our own book does not credit itself."""
    (tmp_path / "index.md").write_text("# Page\n\nText.\n")
    extensions = ["myst_parser", "quizzes.directive"]
    settings = {"project": "Small", "copyright": "2026", "extensions": extensions, "author": author}
    done = sphinx_build(tmp_path, settings, builder="epub")
    assert done.returncode == 0, done.stderr
    rights = ET.parse(tmp_path / "out" / "content.opf").findtext(f".//{DC}rights") or ""  # noqa: S314  made here
    assert rights.startswith(f"© 2026 {author}.")
    assert rights.endswith("Text and questions: CC BY 4.0. https://creativecommons.org/licenses/by/4.0/")
    assert (CREDIT in rights) is credited
    first = " ".join((tmp_path / "out" / "index.xhtml").read_text(encoding="utf-8").split())
    assert "All questions are original." in first
    assert (CREDIT in first) is credited


def test_pages_are_read_in_the_order_of_the_table_of_contents(package: ET.Element) -> None:
    """First to last, each once."""
    hrefs = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    spine = [hrefs[each.get("idref")] for each in package.iter(f"{OPF}itemref")]
    assert [name for name in spine if name != "nav.xhtml"] == [f"{name}.xhtml" for name in PAGES]


def test_every_link_within_the_book_leads_somewhere(trees: dict[str, ET.Element]) -> None:
    """Pages and places in them; what is outside has a full address."""
    ids = {name: {each.get("id") for each in tree.iter() if each.get("id")} for name, tree in trees.items()}
    lost = []
    for name, tree in trees.items():
        for link in (each.get("href") for each in tree.iter(f"{XHTML}a") if each.get("href")):
            page, place = urldefrag(str(link))
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(page))) if page else name
            if not re.match(r"[a-z]+:", str(link)) and (target not in ids or (place and place not in ids[target])):
                lost.append((name, link))
    assert lost == []


def test_every_question_of_the_site_is_in_the_book_with_its_answer(
    built: tuple[Path, str], trees: dict[str, ET.Element]
) -> None:
    """As many questions as on the site's page, a notebook's included, and an answer to each."""
    for name in PAGES:
        html = (built[0] / f"{name}.html").read_text(encoding="utf-8")
        wanted = len(items_of(html, 1))
        classes = [each.get("class") for each in trees[f"{name}.xhtml"].iter(f"{XHTML}div")]
        assert (classes.count("question"), classes.count("answer")) == (wanted, wanted), name


def test_the_notice_and_the_licence_are_in_the_book(files: dict[str, bytes]) -> None:
    """The first page carries them, as every page of the site does."""
    text = files["book/index.xhtml"].decode()
    assert "not affiliated with or endorsed by Project Management Institute" in text
    assert "Text and questions: CC BY 4.0" in text


def test_the_page_of_downloads_offers_the_book_and_the_worker_knows_it(built: tuple[Path, str], epub: Path) -> None:
    """Size and date stand in the page once the book is made."""
    html = (built[0] / "book" / "downloads.html").read_text(encoding="utf-8")
    size = round(epub.stat().st_size / 1e3)
    assert f'href="../{FOLDER}/{EPUB}" download>{EPUB}</a> ({size} kB, ' in html
    assert FOLDER not in re.findall(r'"(downloads)/', (built[0] / "sw.js").read_text(encoding="utf-8"))


@pytest.mark.skipif(not shutil.which("epubcheck"), reason="epubcheck is not installed")
def test_epubcheck_finds_nothing(epub: Path) -> None:
    """The standard's own checker agrees, where it is installed."""
    program = str(shutil.which("epubcheck"))
    command = [program] if Path(program).read_bytes()[:2] == b"#!" else ["java", "-jar", program]
    done = subprocess.run([*command, str(epub)], capture_output=True, text=True, check=False)
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_of_each_kind_can_be_read_and_looked_up(bank: Bank, kind: str) -> None:
    """Question: every option with a letter. Answer: what is keyed, and the reason of each option."""
    item = bank.select(use="practice", kind=kind)[0]
    printed = [Printed(3, item.id, frozenset(part.name for part in item.parts()), f"item-{item.id}")]
    question = ET.fromstring(render_questions(printed, bank))  # noqa: S314  rendered here
    answer = ET.fromstring(render_answers(printed, bank))  # noqa: S314  rendered here
    offered = [len(each.options) for each in item.questions(bank.differentiator_names)]
    letters = [[li.findtext("b") for li in ul] for ul in question.iter("ul")]
    assert letters == [list("ABCDEFGH"[:count]) for count in offered]
    text = " ".join("".join(answer.itertext()).split())
    for part in answer_view(item, bank):
        assert all(key in text for key in part["keys"])
        assert all(" ".join(option["rationale"].split()) in text for option in part["options"])
