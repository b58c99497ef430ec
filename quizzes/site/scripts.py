"""Sort a page's scripts: one bundle of the theme's, some only where they are needed, and the rest left out."""

from __future__ import annotations

import re
from pathlib import Path

from quizzes.site.esbuild import minified

# In the order in which they have to run.
BUNDLED = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "scripts/sphinx-book-theme.js",
    "scripts/pydata-sphinx-theme.js",
)
# The icons are a font, and Bootstrap would show tooltips where the buttons have titles.
DROPPED = ("scripts/fontawesome.js", "scripts/bootstrap.js")
# What a page has to contain for a script to have work there.
NEEDS = {
    "clipboard.min.js": r'class="highlight',
    "copybutton.js": r'class="highlight',
    "togglebutton.js": r'class="[^"]*(?<![\w-])(toggle|dropdown)(?![\w-])',
    "design-tabs.js": r'class="[^"]*\bsd-tab-set\b',
    "searchtools.js": r'id="search-results"',
    "language_data.js": r'id="search-results"',
    "searchindex.js": r'id="search-results"',
}
# Settings in a script of their own, each for a script that is bundled or has its own needs.
INLINE_NEEDS = {
    "DOCUMENTATION_OPTIONS.": r"(?!)",  # switcher of versions and search as you type: neither is used
    "toggle": NEEDS["togglebutton.js"],
}
_PUBLIC = (
    "DOCUMENTATION_OPTIONS",
    "Documentation",
    "SPHINX_HIGHLIGHT_ENABLED",
    "SphinxHighlight",
    "_",
    "_highlightText",
    "_ready",
)
# Where a browser refuses storage, reading its name throws, and the theme's buttons would stay dead.
_GUARD = """
(function (localStorage, sessionStorage) {
%s
;Object.assign(window, { %s });
})(...["localStorage", "sessionStorage"].map((name) => {
  const memory = new Map();
  const attempt = (use, instead) => { try { return use(window[name]); } catch { return instead(); } };
  return {
    getItem: (key) => attempt((kept) => kept.getItem(key), () => memory.get(key) ?? null),
    setItem: (key, value) => attempt((kept) => kept.setItem(key, value), () => memory.set(key, String(value))),
    removeItem: (key) => attempt((kept) => kept.removeItem(key), () => memory.delete(key)),
  };
}));
"""
# Runs before the first paint, so that the page never shows in the wrong colours.
THEME = """<script>
(() => {
  const { dataset } = document.documentElement;
  let mode = "auto";
  try { mode = localStorage.getItem("mode") || mode; } catch { /* storage is refused */ }
  const auto = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  Object.assign(dataset, { mode, theme: mode === "auto" ? auto : mode });
})();
</script>"""
_SCRIPT = re.compile(r"[ \t]*<script\b([^>]*)>(.*?)</script>\n?", re.DOTALL)
_ADDRESS = re.compile(r'src="([^"]*?)([?#][^"]*)?"')
_PRELOAD = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')


def bundle(static: Path) -> str:
    """Return the theme's scripts as one."""
    scripts = [(static / name).read_text(encoding="utf-8") for name in BUNDLED]
    text = "\n;".join(re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE) for script in scripts)
    return minified(_GUARD % (text, ", ".join(_PUBLIC)), ".js")


def _ends(address: str, names: tuple[str, ...]) -> bool:
    return any(address.endswith(f"/{name}") or address == name for name in names)


def with_fewer_scripts(html: str, bundle_name: str) -> str:
    """Return a page with the theme's bundle, `_static/<bundle_name>`, and those other scripts that it needs.

    All wait until the page is read. A page that has been through this before gets the new bundle. What Jupyter Book
    writes twice stays once: the second setting of a name would be an error of the page.
    """
    settings: set[str] = set()

    def replaced(found: re.Match[str]) -> str:
        attributes, text = found[1], found[2]
        source = _ADDRESS.search(attributes)
        if source is None:
            is_again = text in settings
            settings.add(text)
            return "" if is_again else _inline(found[0], attributes, text, html)
        address = source[1]
        if _ends(address, BUNDLED[:1]) or re.search(r"/lean-\w+\.js$", address):
            folder = re.sub(r"[^/]*$", "", address)
            return f'    <script defer src="{folder}{bundle_name}"></script>\n'
        if _ends(address, (*BUNDLED, *DROPPED)):
            return ""
        needs = next((need for name, need in NEEDS.items() if _ends(address, (name,))), "")
        if not re.search(needs, html):
            return ""
        return (
            found[0]
            if re.search(r"\b(defer|async|type=)", attributes)
            else found[0].replace("<script", "<script defer", 1)
        )

    lit = html.replace(' data-theme="auto"', ' data-theme="light"', 1)  # the theme has no colours for "auto"
    return _SCRIPT.sub(replaced, _PRELOAD.sub("", lit))


def _inline(whole: str, attributes: str, text: str, html: str) -> str:
    if "data-cfasync" in attributes:
        return f"  {THEME}\n"
    needs = next(
        (need for start, need in INLINE_NEEDS.items() if re.match(rf"\s*(let |var )?{re.escape(start)}", text)), ""
    )
    return whole if re.search(needs, html) else ""
