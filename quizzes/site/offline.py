"""Make the site installable and usable without network or server: manifest, service worker, zip, from-disk script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from quizzes.site import downloads, from_disk
from quizzes.site.front_end import front_end

MANIFEST = "manifest.webmanifest"
ICONS = "_static/icons"
LIGHT, DARK = "#ffffff", "#121212"  # the theme's own backgrounds
LAST = 900  # after all that writes or rewrites files of the site


def _has_icons(app: Sphinx) -> bool:
    return any(Path(app.confdir, path, "icons").is_dir() for path in app.config.html_static_path)


def manifest(app: Sphinx) -> dict[str, Any]:
    """Return the web app manifest; its addresses are relative, so that the site may lie in any folder."""
    png = {"type": "image/png", "sizes": "512x512"}
    return {
        "name": app.config.html_title,
        "short_name": app.config.html_title.removesuffix("?"),
        "description": "Learn to tell a project from operations: a short course with practice and mock exams.",
        "lang": "en",
        "start_url": app.builder.get_target_uri(app.config.root_doc),
        "scope": "./",
        "display": "standalone",
        "background_color": LIGHT,
        "theme_color": LIGHT,
        "categories": ["education"],
        "icons": [
            {**png, "src": f"{ICONS}/icon-192.png", "sizes": "192x192"},
            {**png, "src": f"{ICONS}/icon-512.png"},
            {**png, "src": f"{ICONS}/maskable-512.png", "purpose": "maskable"},
        ],
    }


def _head(pathto: Any) -> str:
    """Return what a page's head says of the installable site."""
    lines = (
        f'<link rel="manifest" href="{pathto(MANIFEST, 1)}" />',
        f'<link rel="icon" type="image/svg+xml" href="{pathto(f"{ICONS}/favicon.svg", 1)}" />',
        f'<link rel="apple-touch-icon" href="{pathto(f"{ICONS}/apple-touch-180.png", 1)}" />',
        f'<meta name="theme-color" media="(prefers-color-scheme: light)" content="{LIGHT}" />',
        f'<meta name="theme-color" media="(prefers-color-scheme: dark)" content="{DARK}" />',
    )
    return "\n".join(lines)


def _add_to_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if app.builder.name != "html":
        return
    folder, body, head = front_end(app)[0], context.get("body", ""), []
    app.add_js_file(f"{folder}/install.mjs", type="module")
    app.add_css_file(f"{folder}/print.css", media="print")
    if _has_icons(app):
        head.append(_head(context["pathto"]))
    if 'class="quiz-host"' in body or 'class="quiz-room"' in body:
        head.append(from_disk.loader(context["pathto"](f"_static/{folder}", 1)))
    context["metatags"] = "\n".join([context.get("metatags", ""), *head])


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    (folder / downloads.FOLDER / downloads.EPUB).unlink(missing_ok=True)  # made of other pages: quizzes.site.epub
    from_disk.write(folder, folder / "_static" / front_end(app)[0])
    if _has_icons(app):
        (folder / MANIFEST).write_text(json.dumps(manifest(app), indent=1) + "\n", encoding="utf-8")
    downloads.seal(folder)
    (folder / ".nojekyll").touch()  # else GitHub Pages leaves out folders like _static


def setup(app: Sphinx) -> None:
    """Register the steps."""
    app.connect("html-page-context", _add_to_page)
    app.connect("build-finished", _finish, priority=LAST)
