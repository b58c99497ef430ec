"""The slim theme: what the built pages leave out, and that nobody sees the difference."""

from __future__ import annotations

import gzip
import re
import time
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from books import sphinx_build
from conftest import Quiet, serve
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page, Response
from records import own_page
from visiting import PAGES

from quizzes.site.icons import icons_drawn, subset
from quizzes.site.lean import FULL, THEME, description, with_one_stylesheet
from quizzes.site.scripts import with_fewer_scripts

# One page of each make.
MAKES = (
    "index",
    "differences",
    "differences/duration",
    "exams/pmp",
    "practice",
    "practice/duration",
    "exam",
    "glossary",
)
ADDRESSES = (*(f"book/{name}.html" for name in MAKES), "search.html", "genindex.html")
PHONE, WIDE = {"width": 375, "height": 800}, {"width": 1280, "height": 800}
# Compares each value of each element under the stylesheet of the page and under the one at an address.
COMPARE = """async (address) => {
  const lean = document.querySelector("link[rel=stylesheet]:not([media])");
  const whole = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  const still = document.createElement("style");
  still.textContent = "*, ::before, ::after { transition: none !important }";
  document.head.append(still);
  await new Promise((loaded) => { whole.onload = loaded; lean.after(whole); });
  const names = [...getComputedStyle(document.body)].filter((name) => !name.startsWith("--"));
  const parts = [...document.querySelectorAll("html, body, body *:not(script, svg *)")]
    .flatMap((element) => [null, "::before", "::after"].map((part) => [element, part]));
  const values = async (useLean) => {
    [lean.sheet.disabled, whole.sheet.disabled] = [!useLean, useLean];
    await document.fonts.load('900 1em "Font Awesome 6 Free"', "\uf0c9");
    return parts.map(([element, part]) => {
      const style = getComputedStyle(element, part);
      return part && style.content === "none" ? [] : names.map((name) => style.getPropertyValue(name));
    });
  };
  const [one, other] = [await values(true), await values(false)];
  const told = ([element, part], i) => names
    .map((name, n) => one[i][n] === other[i][n] ? "" : `${name}: ${one[i][n]} for ${other[i][n]}`)
    .filter(Boolean).map((text) => `${element.localName}.${element.className}${part ?? ""} ${text}`);
  return { compared: one.filter((each) => each.length).length, differing: parts.flatMap(told).slice(0, 20) };
}"""
SHIFTS = """globalThis.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => entry.hadRecentInput || shifts.push(
  `${entry.value} ${entry.sources.map(({ node }) => node?.className ?? node?.nodeName)}`)
)).observe({ type: "layout-shift", buffered: true })"""


@pytest.fixture(scope="module")
def lean(built: tuple[Path, str]) -> dict[str, Path]:
    """Return the stylesheet and the script that were made of the theme's."""
    files = {path.suffix[1:]: path for path in (built[0] / "_static").glob("lean-*")}
    assert sorted(files) == ["css", "js"]
    return files


def html_pages(built: tuple[Path, str]) -> Iterator[tuple[str, str]]:
    """Return each page of the book with its HTML."""
    for name in PAGES:
        yield name, (built[0] / f"{name}.html").read_text(encoding="utf-8")


def test_every_page_has_one_stylesheet_and_one_script_of_the_theme(
    built: tuple[Path, str], lean: dict[str, Path]
) -> None:
    """What stands in the way of the first paint is one file, and no script does."""
    for name, html in html_pages(built):
        links = [link for link in re.findall(r"<link[^>]*stylesheet[^>]*>", html) if "media=" not in link]
        assert len(links) == 1, name
        assert lean["css"].name in links[0], name
        scripts = re.findall(r"<script[^>]*src=[^>]*>", html)
        assert sum(lean["js"].name in script for script in scripts) == 1, name
        assert [script for script in scripts if not re.search(r"\bdefer\b|type=\"module\"", script)] == [], name
        assert not re.search(r"fontawesome|bootstrap|searchindex|preload", "".join(scripts)), name


def test_none_of_our_own_rules_is_left_out(built: tuple[Path, str], lean: dict[str, Path]) -> None:
    """Rooms make their elements by script: each class of our stylesheets has its rules, and nothing is held back."""
    css = lean["css"].read_text(encoding="utf-8")
    pages = "".join(html for _, html in html_pages(built))
    static = built[0] / "_static"
    ours = [path for path in static.glob("quiz-*/*.css") if f'{path.name}"' not in pages] + [static / "site.css"]
    joined = [path for path in ours if path.name != "print.css"]
    assert len(joined) > 3
    for path in joined:
        classes = set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", path.read_text(encoding="utf-8")))
        assert [name for name in classes if f".{name}" not in css] == [], path.name


def test_a_page_is_light(page: Page, site: str) -> None:
    """The practice page, with all that it loads by itself, is at most 130 kB over the wire."""
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        sizes[response.url] = len(gzip.compress(response.body(), 6))

    page.on("response", weigh)
    page.goto(f"{site}/book/practice.html", wait_until="networkidle")
    assert sum(sizes.values()) <= 130_000, sizes


def test_a_finished_page_can_be_finished_again() -> None:
    """Where only some pages were built anew, the others lead to the new files as well."""
    html = '<link rel="stylesheet" href="../_static/lean-0.css" />\n<script defer src="../_static/lean-0.js"></script>'
    again = with_one_stylesheet(with_fewer_scripts(html, "lean-1.js"), "lean-1.css")
    assert re.findall(r"lean-\d\.\w+", again) == ["lean-1.css", "lean-1.js"]


def test_another_theme_is_left_alone(tmp_path: Path) -> None:
    """A plain theme's stylesheets, scripts and pages stay as Sphinx makes them."""
    (tmp_path / "index.rst").write_text("Title\n=====\n\nA first paragraph that is long enough to describe it.\n")
    out = tmp_path / "out"
    assert sphinx_build(tmp_path, {"extensions": ["quizzes.site.lean"], "html_theme": "basic"}).returncode == 0
    assert list((out / "_static").glob("lean-*")) == []
    html = (out / "index.html").read_text(encoding="utf-8")
    assert "_static/basic.css" in html
    assert 'name="description" content="A first paragraph that is long enough to describe it."' in html


def test_every_page_describes_itself(built: tuple[Path, str]) -> None:
    """Search engines get the page's own first words, no other page's, in whole sentences."""
    texts = [
        re.findall(
            r'<meta[^>]*name="description"[^>]*content="([^"]*)"|<meta content="([^"]*)" name="description"', html
        )
        for _, html in html_pages(built)
    ]
    assert [name for name, found in zip(PAGES, texts, strict=True) if len(found) != 1] == []
    told = Counter(unescape("".join(found[0])) for found in texts)
    assert [text for text, times in told.items() if times > 1] == []
    assert [text for text in told if not 40 < len(text) < 320 or text[-1] not in ".?!:"] == []


@pytest.fixture(scope="module")
def whole(built: tuple[Path, str], site: str) -> str:
    """Return what the slim stylesheet was made from, with addresses for a file in `_static`."""
    return next(path for parent in built[0].parents for path in (parent / ".doctrees").glob(FULL)).read_text("utf-8")


@pytest.mark.parametrize("kind", ["wide light", "phone dark", "print"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_elements_look_as_with_the_whole_stylesheet(
    browser: Browser, site: str, whole: str, address: str, kind: str
) -> None:
    """Each value of each element is what the theme's own stylesheets, unabridged, make it."""
    scheme: Any = "dark" if "dark" in kind else "light"
    context, page = own_page(browser, color_scheme=scheme, viewport=PHONE if "phone" in kind else WIDE)
    page.route("**/whole.css", lambda route: route.fulfill(body=whole, content_type="text/css"))
    page.goto(f"{site}/{address}", wait_until="load")
    if kind == "print":
        page.emulate_media(media="print")
    found = page.evaluate(COMPARE, f"{site}/_static/whole.css")
    assert found["compared"] > 100
    assert found["differing"] == []
    context.close()


def test_every_icon_that_the_pages_draw_is_in_the_font(
    built: tuple[Path, str], lean: dict[str, Path], tmp_path: Path
) -> None:
    """The font in the stylesheet has the icons of the rules and no thousand others, and needs no request."""
    css = lean["css"].read_text(encoding="utf-8")
    drawn = icons_drawn(css)
    assert len(drawn) >= 8
    assert re.findall(r"url\((?!\"?data:)[^)]*woff", css) == []
    font = built[0] / "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2"
    (tmp_path / "icons.woff2").write_bytes(subset(font, drawn))
    with TTFont(tmp_path / "icons.woff2") as cut:
        assert set(cut.getBestCmap()) == drawn
    assert (tmp_path / "icons.woff2").stat().st_size < 4000


@pytest.mark.parametrize("size", [PHONE, WIDE])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_moves_while_a_page_loads(browser: Browser, site: str, address: str, size: Any) -> None:
    """The browser reports no shift of the layout, from the first paint until all scripts have run."""
    context, page = own_page(browser, viewport=size)
    context.add_init_script(SHIFTS)
    page.goto(f"{site}/{address}", wait_until="networkidle")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("globalThis.shifts") == []
    context.close()


class _InPieces(Quiet):
    """Sends a page as a slow line does: each button of its bar some time after the one before."""

    def do_GET(self) -> None:  # noqa: N802  the name that http.server calls
        """Send the pieces of a page; any other file at once."""
        file = Path(self.translate_path(self.path))
        if file.suffix != ".html":
            return super().do_GET()
        html = file.read_text(encoding="utf-8")
        bar = html.index('<div class="bd-header-article')
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        for piece in (html[:bar], *re.split(r"(?=<button )", html[bar:])):
            self.wfile.write(piece.encode())
            self.wfile.flush()
            time.sleep(0.15)
        return None


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_nothing_moves_while_a_page_arrives_in_pieces(browser: Browser, built: tuple[Path, str], size: Any) -> None:
    """What is at the right of the bar stays in its place when more of the bar is read, and is seen in the end."""
    with serve(built[0], _InPieces) as address:
        context, page = own_page(browser, viewport=size)
        context.add_init_script(SHIFTS)
        page.goto(f"{address}/book/index.html", wait_until="networkidle")
        assert page.evaluate("globalThis.shifts") == []
        assert page.locator(".bd-header-article .theme-switch-button").is_visible()
        context.close()


def test_this_book_has_the_theme_that_is_made_slim(built: tuple[Path, str]) -> None:
    """Were the theme renamed, nothing would be left out and no test above would say why."""
    assert THEME == "sphinx_book_theme"
    assert (built[0] / "_static/styles/sphinx-book-theme.css").is_file()


def test_a_description_ends_with_a_sentence() -> None:
    """It takes whole sentences as long as they fit, and never a half one."""
    from docutils import nodes  # noqa: PLC0415
    from docutils.utils import new_document  # noqa: PLC0415

    document = new_document("page")
    document += nodes.paragraph("", "Short.")
    first, second = "The first sentence says what the page is about.", "The second says more. " + "On " * 60 + "on."
    document += nodes.paragraph("", f"{first}\n{second}")
    assert description(document) == f"{first} The second says more."
