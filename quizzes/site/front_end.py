"""Put the front end's modules and the bank's index into the site, in a folder whose name changes with its content."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError

from quizzes.index import bank_index
from quizzes.loading import load_bank
from quizzes.reference import page_of_item, shown_items
from quizzes.site.esbuild import bundled, minified, with_imports

FRONTEND = Path(__file__).parent.with_name("frontend")
ON_EVERY_PAGE = "host.mjs"  # on every page with questions
REPORT = "quiz_report_url"
REPOSITORY = "course_repository"
FORM = "/issues/new?template=question.yml&where={id}"  # .github/ISSUE_TEMPLATE/question.yml, its first field filled in
INDEX = re.compile(r"\bloadIndex\b[^}]*}\s*from")  # a module that asks for the index at once
ROOM = re.compile(r'class="quiz-room" data-room="([a-z]+)"')


def _module(data: Any) -> str:
    return f"export default {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _addresses(app: Sphinx) -> dict[str, str]:
    """Return the address of the page of each item that stands on one."""
    ids = {item for items in shown_items(app.env).values() for item in items}
    pages = {item: page_of_item(app.env, item) for item in ids}
    return {item: app.builder.get_target_uri(page) for item, page in pages.items() if page}


def _pages_of_differences(app: Sphinx, ids: Mapping[str, Any]) -> dict[str, str]:
    """Return the address of the page that teaches each difference: it is named after it, and no page of practice."""
    env: BuildEnvironment = app.env
    docs = sorted(env.found_docs)
    named = {name: [doc for doc in docs if doc.endswith(f"differences/{name}")] for name in ids}
    return {name: app.builder.get_target_uri(found[0]) for name, found in named.items() if found}


def page_index(app: Sphinx) -> dict[str, Any]:
    """Return the bank's index for the rooms, made once a build. Needs all pages read."""
    made: dict[str, Any] | None = getattr(app, "quiz_index", None)
    if made is None:
        bank = load_bank()
        made = bank_index(bank, _addresses(app), _pages_of_differences(app, bank.differentiators))
        app.quiz_index = made  # type: ignore[attr-defined]
    return made


def _terms() -> dict[str, Any]:
    return {
        term.id: {"term": term.term, "definition": term.definition, "see": list(term.see)}
        for term in load_bank().terms.values()
    }


def site_files(app: Sphinx) -> dict[str, str]:
    """Return the content of each file of the front end's folder by name."""
    files = bundled(ON_EVERY_PAGE, FRONTEND)
    for path in sorted(FRONTEND.glob("*.css")):
        files[path.name] = minified(path.read_text(encoding="utf-8"), ".css")
    return {**files, "bank.mjs": _module(page_index(app)), "terms.mjs": _module(_terms())}


def front_end(app: Sphinx) -> tuple[str, dict[str, str]]:
    """Return the folder's name, with a digest of its content, and the content by file; made once a build."""
    made: tuple[str, dict[str, str]] | None = getattr(app, "quiz_folder", None)
    if made is None:
        files = site_files(app)
        digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:10]
        made = f"quiz-{digest}", files
        app.quiz_folder = made  # type: ignore[attr-defined]
    return made


def _report_address(config: Config) -> str:
    """Return the address of the form for a question, with `{id}` in it; empty where reports go by mail."""
    address, repository = str(getattr(config, REPORT)), str(getattr(config, REPOSITORY))
    return address or (repository.rstrip("/") + FORM if repository else "")


def _say_where_to_report(_: Sphinx, config: Config) -> None:
    """Give the pages `{{ fault_place }}`, where faults go, and `{{ report_button }}`, what the button Report does."""
    repository = str(getattr(config, REPOSITORY)).rstrip("/")
    if repository and not re.match(r"https?://[^\s/]+/", repository):
        raise ConfigError(
            f"_config.yml: {REPOSITORY} is '{repository}': give an address such as https://github.com/OWNER/NAME"
        )
    place = (
        f"open an issue in [the course's repository]({repository})"
        if repository
        else "send it to whoever gave you this course"
    )
    button = "opens a form" if _report_address(config) else "copies a report, ready to be mailed,"
    told = {"fault_place": place, "report_button": button}
    config.myst_substitutions = {**told, **config.myst_substitutions}


def _tags(app: Sphinx, body: str, root: str) -> str:
    """Return the head's lines: all modules of the page at once, and where a question is reported.

    Not by `add_js_file`: that would add a digest to the address, and other modules import this one by its bare address.
    """
    folder, files = front_end(app)
    rooms = [name for name in ROOM.findall(body) if f"{name}.mjs" in files]
    modules = list(dict.fromkeys(name for room in rooms for name in with_imports(f"{room}.mjs", files)))
    if any(INDEX.search(files[name]) for name in modules):
        modules.append("bank.mjs")
    lines = [
        f'<link rel="modulepreload" href="{root}_static/{folder}/{name}" />'
        for name in modules
        if name != ON_EVERY_PAGE
    ]
    lines.append(f'<script type="module" src="{root}_static/{folder}/{ON_EVERY_PAGE}"></script>')
    if report := _report_address(app.config):
        lines.append(f'<meta name="quiz-report" content="{escape(report)}" />')
    return "\n".join(lines)


def _add_to_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    body = context.get("body", "")
    if 'class="quiz-host"' not in body and not ROOM.search(body):
        return
    folder, files = front_end(app)
    rooms = ROOM.findall(body)
    styles = ["quiz.css", *(["room.css"] if rooms else []), *(f"{room}.css" for room in rooms)]
    for style in styles:
        if style in files:
            app.add_css_file(f"{folder}/{style}")
    context["metatags"] = context.get("metatags", "") + _tags(app, body, context["content_root"])


def _copy(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        name, files = front_end(app)
        target = Path(app.outdir, "_static", name)
        for old in target.parent.glob("quiz-*"):
            shutil.rmtree(old)
        target.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (target / file).write_text(content, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the steps."""
    app.add_config_value(REPORT, "", "html", [str])
    app.add_config_value(REPOSITORY, "", "env", [str])
    app.connect("config-inited", _say_where_to_report)
    app.connect("html-page-context", _add_to_page)
    app.connect("build-finished", _copy)
