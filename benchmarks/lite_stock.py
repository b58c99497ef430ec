"""JupyterLite as it comes, self-hosted, with the same notebook: what the lab of this project is measured beside."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import sys
import zipfile
from pathlib import Path

from benchmarks.command import run
from quizzes.site import lite_app, lite_python

# The kernel's own needs beside those of the lab, which does without them.
MORE = ("jedi", "parso", "prompt-toolkit", "wcwidth", "jupyterlab-widgets")
FROM_LOCK = "micropip"
WHEEL = "project_or_operation-0.1.0-py3-none-any.whl"
INSTALL = "import piplite\nawait piplite.install(['ipywidgets', 'anywidget', 'project-or-operation'])"


def _download(target: Path) -> None:
    """Put the wheels that the kernel installs into a folder: pure ones, in the versions of this environment."""
    names = (*lite_python.DISTRIBUTIONS, *MORE)
    pinned = [f"{name}=={importlib.metadata.version(name)}" for name in names]
    lock = json.loads((lite_python.PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    pinned.append(f"{FROM_LOCK}=={lock['packages'][FROM_LOCK]['version']}")
    pure = ("--only-binary=:all:", "--no-deps", "--platform=any", "--implementation=py", "--abi=none")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        *pure,
        "--python-version=3.14",
        "-d",
        target,
        *pinned,
    ]
    run(*command)


def _quizzes_wheel(target: Path, archive: bytes) -> None:
    """Write the quizzes as a wheel, of the same files as in the lab."""
    (target / WHEEL).write_bytes(archive)
    info = "project_or_operation-0.1.0.dist-info"
    with zipfile.ZipFile(target / WHEEL, "a", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: project-or-operation\nVersion: 0.1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def _put_into_lock(wheels: Path, pyodide: Path) -> None:
    """Have Pyodide load the packages that it knows from beside itself; its own builds of them are other files."""
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    known = lock["packages"]
    found = {wheel.name.split("-")[0].lower().replace("_", "-"): wheel for wheel in wheels.glob("*.whl")}
    for name, wheel in ((name, wheel) for name, wheel in found.items() if name in known):
        digest, version = hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel.name.split("-")[1]
        depends = [other for other in known[name]["depends"] if other in found]
        known[name] |= {"sha256": digest, "version": version, "file_name": wheel.name, "depends": depends}
        shutil.move(wheel, pyodide / wheel.name)
    (pyodide / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def _notebook(source: bytes) -> str:
    made = json.loads(source)
    first = next(cell for cell in made["cells"] if cell["cell_type"] == "code")
    made["cells"].insert(0, {**first, "id": "install", "source": INSTALL})
    return json.dumps(made)


def build(folder: Path, lab: Path) -> Path:
    """Build it into a folder, with the quizzes of a built lab; returns the folder to serve.

    Raises CommandError where a wheel cannot be had or the build fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    wheels, pyodide = folder / "wheels", folder / "static" / "pyodide"
    wheels.mkdir(parents=True)
    _download(wheels)
    _quizzes_wheel(wheels, (lab / lite_app.PYTHON / "quizzes.zip").read_bytes())
    shutil.copytree(lite_python.PYODIDE, pyodide)
    _put_into_lock(wheels, pyodide)
    contents = folder / "contents"
    contents.mkdir()
    notebook = (lab / "files" / "practice-lab.ipynb").read_bytes()
    (contents / "practice-lab.ipynb").write_text(_notebook(notebook), encoding="utf-8")
    config = lite_app.stock_config()
    config["PipliteAddon"] = {"piplite_urls": sorted(str(wheel) for wheel in wheels.glob("*.whl"))}
    (folder / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", ".", "--output-dir", "out"]
    run(*command, "--contents", contents, cwd=folder)
    return folder / "out"
