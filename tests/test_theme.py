"""The slim theme in use: search, colours, and the drawers of pages and headings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from records import own_page

PHONE = {"width": 375, "height": 800}


def test_icons_are_drawn(page: Page, site: str) -> None:
    """Each icon on the page shows ink of its own, and not the box that stands for a missing sign."""
    page.goto(f"{site}/book/differences.html", wait_until="networkidle")
    signs = page.evaluate("""() => {
      const ink = (sign, font) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
        const pen = canvas.getContext("2d");
        pen.font = font; pen.fillText(sign, 8, 48);
        return pen.getImageData(0, 0, 64, 64).data.join();
      };
      return [...document.querySelectorAll(".fa-solid")].map((icon) => {
        const style = getComputedStyle(icon, "::before");
        const font = `${style.fontWeight} 32px ${style.fontFamily}`;
        const drawn = ink(JSON.parse(style.content), font);
        return [icon.className, drawn !== ink("\\ue123", font) && drawn !== ink(" ", font)];
      });
    }""")
    assert len(signs) > 5
    assert [name for name, drawn in signs if not drawn] == []


@pytest.mark.parametrize("address", ["book/index.html", "book/practice/duration.html", "search.html"])
def test_search_finds_a_term_from_any_page(page: Page, site: str, address: str) -> None:
    """The button opens the field, Enter shows the pages with the word, and one of them leads there and marks it."""
    page.goto(f"{site}/{address}")
    field = page.locator("input[name=q]").locator("visible=true")
    if address != "search.html":
        page.locator(".search-button__button").locator("visible=true").first.click()
        expect(field).to_be_focused()
    field.fill("hypercare")
    field.press("Enter")
    results = page.locator("#search-results li a")
    expect(results.first).to_be_visible()
    results.first.click()
    expect(page.locator("article .highlighted").first).to_be_attached()


def test_the_theme_is_right_before_any_file_has_come(browser: Browser, site: str) -> None:
    """Without the theme's script the page is dark where the reader's system is, or where the reader chose so."""
    context, page = own_page(browser, color_scheme="dark")
    page.route(re.compile(r"lean-\w+\.js"), lambda route: route.abort())
    page.goto(f"{site}/book/index.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate("localStorage.setItem('mode', 'light')")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    context.close()


def test_the_theme_switch_turns_and_is_kept(browser: Browser, site: str) -> None:
    """A click changes the colours, the next page has them, and the third click follows the system again."""
    context, page = own_page(browser, color_scheme="light")
    page.goto(f"{site}/book/index.html")
    switch = page.get_by_role("button", name="Color mode")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.goto(f"{site}/book/why.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    switch.click()
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-mode", "auto")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    context.close()


@pytest.mark.parametrize("storage", ["kept", "refused"])
def test_the_pages_open_on_a_phone(browser: Browser, site: str, storage: str) -> None:
    """The drawer opens and a link in it leads on; also in a browser that refuses storage, and Escape closes it."""
    context, page = own_page(browser, viewport=PHONE)
    if storage == "refused":
        context.add_init_script("""for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, name, { get() { throw new Error("refused") } });""")
    page.goto(f"{site}/book/index.html")
    link = page.get_by_role("link", name="Glossary", exact=True)
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Pages", exact=True).click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Pages", exact=True).click()
    link.click()
    expect(page).to_have_url(re.compile(r"glossary\.html"))
    context.close()


def test_without_scripts_the_pages_are_listed_in_readable_colours(browser: Browser, site: str) -> None:
    """On a phone no button opens the drawer then: the list of pages stands below the text."""
    context, page = own_page(browser, viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site}/book/index.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.get_by_role("button", name="Pages", exact=True)).to_be_hidden()
    link = page.locator("#pst-primary-sidebar").get_by_role("link", name="Glossary", exact=True)
    text, listed = page.locator("article").bounding_box(), link.bounding_box()
    assert text is not None
    assert listed is not None
    assert listed["y"] > text["y"] + text["height"]
    link.click()
    expect(page).to_have_url(re.compile(r"glossary\.html"))
    context.close()


def test_the_icon_of_the_search_field_stands_beside_its_text(page: Page, site: str) -> None:
    """The theme places a drawing there; a letter of a font would lie over the words."""
    page.goto(f"{site}/book/index.html")
    page.keyboard.press("Control+k")
    icon = page.locator("#pst-search-dialog .fa-solid").bounding_box()
    field = page.locator("#pst-search-dialog input").bounding_box()
    assert icon is not None
    assert field is not None
    assert icon["x"] + icon["width"] <= field["x"]


def test_the_page_contents_open_on_a_phone(browser: Browser, site: str) -> None:
    """The list of a page's headings comes as a drawer and leads to the heading."""
    context, page = own_page(browser, viewport=PHONE)
    page.goto(f"{site}/book/differences.html")
    page.get_by_role("button", name="On this page").click()
    link = page.locator("#pst-page-toc-nav a").first
    expect(link).to_be_visible()
    link.click()
    assert "#" in page.url
    context.close()
