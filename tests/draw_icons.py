"""Draw the app's icons from their one source, book/_site/icons/favicon.svg: `python tests/draw_icons.py`."""

from __future__ import annotations

from conftest import FLAGS, ROOT
from ensure_browser import installed
from playwright.sync_api import Browser, sync_playwright

ICONS = ROOT / "book" / "_site" / "icons"
GROUND = "#14304d"
# Name, size in pixels, whether the ground fills the square (systems cut it to a shape), and the drawing's share.
DRAWN = (
    ("icon-192", 192, False, 1),
    ("icon-512", 512, False, 1),
    ("maskable-512", 512, True, 0.72),
    ("apple-touch-180", 180, True, 0.86),
)


def draw(browser: Browser, name: str, size: int, full: bool, share: float) -> None:
    """Write one icon."""
    svg = (ICONS / "favicon.svg").read_text(encoding="utf-8")
    drawing = svg.replace('rx="96"', 'rx="0"') if full else svg
    ground = GROUND if full else "transparent"
    page = browser.new_page(viewport={"width": size, "height": size})
    style = (
        f"body {{ background: {ground}; display: grid; height: 100vh; margin: 0; place-items: center }}"
        f"svg {{ display: block; width: {share:.0%} }}"
    )
    page.set_content(f"<style>{style}</style>{drawing}")
    page.screenshot(path=ICONS / f"{name}.png", omit_background=not full)
    page.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        for icon in DRAWN:
            draw(chromium, *icon)
        chromium.close()
