"""The site as a folder on a disk: the zip, what makes it work there, and the page of downloads."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sphinx.errors import ExtensionError
from visiting import PAGES, answer_first, context, visitor

from quizzes.site.downloads import FOLDER, ZIP, for_disk, in_words, zipped
from quizzes.site.from_disk import bundle, items_of
from quizzes.site.needed import needed

__all__ = ["context", "visitor"]  # fixtures


@pytest.fixture
def from_zip(built: tuple[Path, str], tmp_path: Path) -> str:
    """Unpack the zip as a reader would; returns the address of its folder."""
    with zipfile.ZipFile(built[0] / FOLDER / ZIP) as archive:
        archive.extractall(tmp_path)
    return (tmp_path / "project-or-operation").as_uri()


def test_the_zip_works_from_disk(context: BrowserContext, visitor: Page, from_zip: str) -> None:
    """index.html leads on, a quiz is answered and kept, and the search finds."""
    visitor.goto(f"{from_zip}/index.html")
    visitor.wait_for_url("**/book/index.html")
    visitor.goto(f"{from_zip}/book/practice/duration.html")
    answer_first(visitor)
    visitor.reload()
    expect(visitor.locator(".quiz-item").first.get_by_role("status")).not_to_be_empty()
    search = (
        context.new_page()
    )  # not watched: Sphinx fetches excerpts of what it finds, in vain, and finds all the same
    search.goto(f"{from_zip}/search.html?q=payroll")
    expect(search.locator("#search-results li").first).to_be_visible()


def test_from_disk_every_module_loads_and_every_item_is_at_hand(visitor: Page, from_zip: str, tmp_path: Path) -> None:
    """Rooms get modules and items without `fetch`, which browsers refuse there."""
    visitor.goto(f"{from_zip}/book/practice/duration.html")
    visitor.wait_for_function("globalThis.quizOffline")
    (folder,) = (tmp_path / "project-or-operation" / "_static").glob("quiz-*")
    names = sorted(path.name for path in folder.glob("*.mjs") if path.name != "host.mjs")
    assert len(names) > 3
    load = "names => Promise.all(names.map((name) => quizOffline.load(name))).then((modules) => modules.length)"
    assert visitor.evaluate(load, names) == len(names)
    items = visitor.evaluate("quizOffline.items")
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "project-or-operation").rglob("*.html")]
    assert set(items) == {name for page in pages for name in re.findall(r'id="item-([\w-]+)"', page)}
    whole = """(html) => {
        const given = document.createElement("template");
        given.innerHTML = html;
        return given.content.childElementCount === 1 && given.content.querySelectorAll(".quiz-answer").length === 1;
    }"""
    assert all(visitor.evaluate(whole, html) for html in list(items.values())[:20])


def test_the_zip_is_whole_and_the_same_for_the_same_site(
    built: tuple[Path, str], from_zip: str, tmp_path: Path
) -> None:
    """No link of its pages leads to a file that is not in it, and it says where the downloads are."""
    files = for_disk(built[0])
    assert zipped(files) == zipped(dict(reversed(files.items())))
    folder = tmp_path / "project-or-operation"
    assert not (folder / FOLDER).exists()
    assert set(needed(folder)) >= {f"{name}.html" for name in PAGES}
    for page in folder.rglob("*.html"):
        for link in re.findall(r'<a[^>]* href="([^"#?:]+)["#?]', page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
    assert "on the site of the course" in (folder / "book" / "downloads.html").read_text(encoding="utf-8")


def test_the_page_of_downloads_tells_size_and_date(built: tuple[Path, str]) -> None:
    """The size is the file's; what was not made is said to be missing, with the command that makes it."""
    html = (built[0] / "book" / "downloads.html").read_text(encoding="utf-8")
    size = in_words((built[0] / FOLDER / ZIP).stat().st_size)
    assert re.search(rf'href="../{FOLDER}/{ZIP}" download>{ZIP}</a> \({size}, \d+ \w+ 20\d\d\)', html)
    if not (built[0] / FOLDER / "project-or-operation.epub").exists():
        assert "project-or-operation.epub (not made yet: <code>make site</code> makes it)" in html


def test_modules_that_import_in_a_circle_or_nothing_end_the_build() -> None:
    """A Blob needs the addresses of what it imports: the author is told which modules it is."""
    with pytest.raises(
        ExtensionError, match="in a circle: a.mjs <- b.mjs <- a.mjs|in a circle: b.mjs <- a.mjs <- b.mjs"
    ):
        bundle({"a.mjs": 'import"./b.mjs";', "b.mjs": 'import {a} from "./a.mjs";'})
    with pytest.raises(ExtensionError, match="no module c.mjs"):
        bundle({"a.mjs": 'import {c}from"./c.mjs";'})


def test_an_items_html_ends_where_its_element_ends() -> None:
    """Elements within it and text after it are told apart."""
    one = '<div class="quiz-item" id="item-a"><div>x</div></div>'
    two = '<div class="quiz-item" id="item-b-2" data-item="{}"><p>y</p></div>'
    assert dict(items_of(f"<main>{one}<div>z</div>{two}</main>")) == {"a": one, "b-2": two}
    with pytest.raises(ExtensionError, match="not closed"):
        dict(items_of(one[:-6]))
