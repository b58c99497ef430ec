"""The lab in the browser: a JupyterLite build below `lite/` of a built site, loaded on request from a page of its own.

`python -m quizzes.site.lite _build/html` adds it to a finished site. What takes long is kept in `_build/lite` until
its sources change. The packs hold what a notebook needs; what else the app can load lies beside them.
"""

from __future__ import annotations

import json
import pickle
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TypeVar

from sphinx.errors import ExtensionError

from quizzes.site import downloads, lite_app, lite_pack, lite_python
from quizzes.site.lite_pack import Pack

FOLDER = "lite"
NOTEBOOK = "practice-lab.ipynb"
PAGE = "book/in-the-browser.html"
LISTED = lite_python.RUNTIME / "files.txt"
INTRO = (
    "# Practise in the browser\n\nThis notebook runs by itself: after a few seconds the questions are there. Answer "
    "with mouse or keyboard. You do not have to read or write any code. Your answers stay in this browser.\n\n"
    "Your browser's Back button leads to the course."
)
_PACKS = re.compile(r'data-packs="[^"]*"')
_SIZE = re.compile(r'(<span class="lite-size">)[^<]*(</span>)')
T = TypeVar("T")


def notebook(source: Path) -> bytes:
    """Return the practice notebook with an introduction for this place."""
    made = json.loads((source / "book" / NOTEBOOK).read_text(encoding="utf-8"))
    made["cells"][0]["source"] = INTRO
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _sources() -> bytes:
    """Return all that the slow part of the build depends on."""
    code = [path.read_bytes() for path in sorted(lite_python.PACKAGE.rglob("*.py")) if "bank" not in path.parts]
    runtime = [path.read_bytes() for path in sorted(lite_python.RUNTIME.iterdir()) if path.is_file()]
    return json.dumps(lite_python.versions(), sort_keys=True).encode() + b"".join([*code, *runtime])


def _once(folder: Path, name: str, make: Callable[[], T]) -> T:
    """Return what was made before and kept in the folder, or make it and keep it."""
    path = folder / f"{name}.pickle"
    if path.is_file():
        made: T = pickle.loads(path.read_bytes())  # noqa: S301  our own file
        return made
    made = make()
    folder.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".new").write_bytes(pickle.dumps(made))
    path.with_suffix(".new").replace(path)
    return made


def _kept(build: Path) -> Path:
    """Return the folder of what was made from these sources; what was made of others is removed."""
    folder = build / lite_pack.digest([_sources()])
    for old in build.glob("*"):
        if old != folder:
            shutil.rmtree(old)
    return folder


def _extracted(folder: Path) -> Path:
    target, done = folder / "python", folder / "python.done"
    if not done.is_file():
        shutil.rmtree(target, ignore_errors=True)
        lite_python.extract_python(target)
        done.touch()
    return target


def listed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that a notebook needs; raises ExtensionError where one of them is no longer there."""
    names = LISTED.read_text(encoding="utf-8").split()
    if gone := [name for name in names if name not in files]:
        record = "`python -m benchmarks.lite record` writes quizzes/site/lite_runtime/files.txt anew"
        raise ExtensionError(f"JupyterLite has no {gone[0]} any more ({len(gone)} in all): {record}")
    return {name: files[name] for name in names}


def _told(packs: list[Pack]) -> tuple[str, str]:
    data = escape(json.dumps([pack.as_json() for pack in packs], separators=(",", ":")))
    return data, downloads.in_words(sum(pack.bytes for pack in packs))


def fill(page: Path, packs: list[Pack]) -> None:
    """Write into the page which packs there are and what they weigh."""
    data, size = _told(packs)
    html = _PACKS.sub(lambda _: f'data-packs="{data}"', page.read_text(encoding="utf-8"))
    page.write_text(_SIZE.sub(lambda found: f"{found[1]}{size}{found[2]}", html), encoding="utf-8")


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _packs(kept: Path, app: Mapping[str, bytes], extracted: Path, written: bytes) -> list[tuple[Pack, bytes]]:
    """Return two packs: what an author changes is one of its own, so that learners load the rest once."""
    python = lite_python.python_files(extracted, zipfile.ZIP_STORED)
    needed = listed(lite_app.lab_files(app, python, NOTEBOOK, written))
    of_course = {f"{lite_app.PYTHON}/{name}" for name in lite_python.OF_COURSE}
    fixed = {**app, **{f"{lite_app.PYTHON}/{name}": content for name, content in python.items()}}
    runtime = {name: each for name, each in needed.items() if fixed.get(name) == each and name not in of_course}
    course = {name: each for name, each in needed.items() if name not in runtime}
    return [_once(kept, "runtime", lambda: lite_pack.packed("runtime", runtime)), lite_pack.packed("course", course)]


def main(html: Path, source: Path) -> None:
    """Add the lab to a built site, and seal the site again, since a page of it has changed."""
    kept = _kept(source / "_build" / "lite")
    app = _once(kept, "app", lite_app.app_files)
    extracted, written = _extracted(kept), notebook(source)
    packs = _packs(kept, app, extracted, written)
    files = lite_app.lab_files(app, lite_python.python_files(extracted), NOTEBOOK, written)
    worker = {"sw.js": (lite_python.RUNTIME / "sw.js").read_bytes()}
    _write(html / FOLDER, {**files, **worker, **{pack.name: content for pack, content in packs}})
    _once(kept, "checked", lambda: lite_python.check_python(html / FOLDER / lite_app.PYTHON))
    fill(html / PAGE, [pack for pack, _ in packs])
    downloads.seal(html)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path.cwd())
