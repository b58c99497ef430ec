"""Build each contestant's book: an opening page, a page without a quiz, and a page for each number of items."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import nbformat
import yaml

from benchmarks.command import BIN, ROOT, run, say
from benchmarks.site import peers
from benchmarks.site.contestants import RIVAL, same_items
from quizzes.bank import Bank
from quizzes.items import AnyItem, Classify
from quizzes.loading import load_bank
from quizzes.render import answer_view

TITLE = "# Practise\n\nAnswer each question, then read why each option is right or wrong.\n"
PLAIN = "plain"
# A book as `jupyter-book create` leaves it; each contestant adds what its own documentation says.
AS_IT_COMES: dict[str, Any] = {
    "title": "Project or Operation?",
    "author": "Project or Operation? contributors",
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "force"},
}
STATIC_HOST = "benchmarks.site.static_host"


def page_name(number: int) -> str:
    """Return the name of the page with so many items."""
    return f"quiz-{number}"


def address(name: str) -> str:
    """Return where a page stands under a site's root."""
    return f"book/{name}.html"


def _write(folder: Path, config: Mapping[str, Any], pages: Mapping[str, str]) -> None:
    """Write a book's sources; pages by file name."""
    (folder / "book").mkdir(parents=True, exist_ok=True)
    names = [Path(name).stem for name in pages]
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": f"book/{name}"} for name in names]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (folder / "_config.yml").write_text(yaml.safe_dump(dict(config), sort_keys=False), encoding="utf-8")
    for name, text in {"index.md": "# Start\n\nThe pages of this benchmark.\n", **pages}.items():
        (folder / "book" / name).write_text(text, encoding="utf-8")


def _notebook(code: str) -> str:
    """Return a notebook page whose code is not shown, as both peers' pages are made."""
    cell = nbformat.v4.new_code_cell(code, metadata={"tags": ["remove-input"]})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(TITLE), cell], metadata=kernel)
    return str(nbformat.writes(book))


def _ids(number: int) -> list[str]:
    return [item.id for item in same_items(load_bank(), number)]


def _directive_pages(numbers: Iterable[int]) -> dict[str, str]:
    return {f"{page_name(n)}.md": f"{TITLE}\n```{{quiz}} {' '.join(_ids(n))}\n```\n" for n in numbers}


def _ours(folder: Path, numbers: Iterable[int], home: Path) -> None:
    """Write the project's own configuration round the pages, so that every lean step runs as on the site."""
    for part in sorted((ROOT / "book").glob("_*")):
        shutil.copytree(part, folder / "book" / part.name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    _write(folder, config, {f"{PLAIN}.md": TITLE, **_directive_pages(numbers)})


def _theme(folder: Path, numbers: Iterable[int], home: Path) -> None:
    config = {**AS_IT_COMES, "sphinx": {"extra_extensions": [STATIC_HOST]}}
    _write(folder, config, {f"{PLAIN}.md": TITLE, **_directive_pages(numbers)})


def _jupyterquiz(folder: Path, numbers: Iterable[int], home: Path) -> None:
    bank, notebooks = load_bank(), {}
    for number in numbers:
        file = f"{page_name(number)}.json"
        questions = [each for item in same_items(bank, number) for each in jupyterquiz_questions(item, bank)]
        (folder / "book").mkdir(parents=True, exist_ok=True)
        (folder / "book" / file).write_text(json.dumps(questions, indent=1), encoding="utf-8")
        code = f'from jupyterquiz import display_quiz\n\ndisplay_quiz("{file}")'
        notebooks[f"{page_name(number)}.ipynb"] = _notebook(code)
    _write(folder, AS_IT_COMES, {f"{PLAIN}.md": TITLE, **notebooks})


def jupyterquiz_questions(item: AnyItem, bank: Bank) -> list[dict[str, Any]]:
    """Return an item in jupyterquiz's form, a question a part, with our rationales as feedback."""
    asked = answer_view(item, bank)[: 2 if isinstance(item, Classify) else 1]
    scenario = getattr(item, "scenario", "")
    return [
        {
            "question": " ".join(filter(None, ("" if number else scenario, part["legend"]))),
            "type": "multiple_choice",
            "answers": [_jupyterquiz_answer(option) for option in part["options"]],
        }
        for number, part in enumerate(asked)
    ]


def _jupyterquiz_answer(option: Mapping[str, Any]) -> dict[str, Any]:
    trap = f" Trap: “{option['trap']}.” {option['mend']}" if option["mend"] else ""
    return {"answer": option["label"], "correct": option["keyed"], "feedback": option["rationale"] + trap}


def _widget(folder: Path, numbers: Iterable[int], home: Path) -> None:
    scripts = {
        "widgets/require.min.js": {},
        "widgets/embed-amd.js": {
            "data-jupyter-widgets-cdn": "../_static/widgets/",
            "data-jupyter-widgets-cdn-only": "",
        },
    }
    config = {"nb_ipywidgets_js": scripts, "html_static_path": ["static"]}
    _copy_widgets(folder / "static" / "widgets", home)
    notebooks = {
        f"{page_name(n)}.ipynb": _notebook(f"from quizzes import Quiz\n\nQuiz(*{_ids(n)!r}, keep=False)")
        for n in numbers
    }
    _write(folder, {**AS_IT_COMES, "sphinx": {"config": config}}, {f"{PLAIN}.md": TITLE, **notebooks})


def _copy_widgets(target: Path, home: Path) -> None:
    """Put RequireJS, html-manager and anywidget where html-manager looks for a package of this version range.

    Its icon fonts, which this page does not show, are left out: three requests that find nothing, in place of 250 kB.
    """
    semver = anywidget.AnyWidget._model_module_version.default_value  # noqa: SLF001  the range that the page asks for
    package = target / f"anywidget@{semver}" / "dist"
    package.mkdir(parents=True)
    shutil.copy(peers.require_js(home), target)
    dist = peers.npm_package(home, peers.HTML_MANAGER) / "dist"
    shutil.copy(dist / "embed-amd.js", target)
    shutil.copy(Path(anywidget.__file__).parent / "nbextension" / "index.js", package)


WRITERS = {"ours": _ours, "jupyterquiz": _jupyterquiz, "widget": _widget, "theme": _theme}


def build(name: str, numbers: Iterable[int], home: Path) -> tuple[Path, float]:
    """Build a contestant's book anew; returns the folder of its HTML and the seconds that Jupyter Book took.

    Raises CommandError where a peer cannot be had or the build fails.
    """
    say(f"building {name}")
    folder = home / "books" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    WRITERS[name](folder, numbers, home / "peers")
    strict = ("-W", "-n", "--keep-going") if name == "ours" else ()
    own = peers.python_peers(home / "peers") if name == RIVAL else None
    places = (own, os.environ.get("PYTHONPATH"), ROOT)
    path = os.pathsep.join(str(place) for place in places if place)
    begun = time.perf_counter()
    run(BIN / "jupyter-book", "build", folder, "--all", *strict, env={"PYTHONPATH": path})
    return folder / "_build" / "html", time.perf_counter() - begun
