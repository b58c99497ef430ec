"""Get the newest peers into a folder of the benchmark, anew in each run: nothing of them enters the environment."""

from __future__ import annotations

import functools
import json
import shutil
import sys
import tarfile
from importlib.metadata import distributions, version
from pathlib import Path

from benchmarks.command import BIN, npm, run, say
from benchmarks.site.contestants import RIVAL

OURS = ("jupyter-book", "sphinx-book-theme", "myst-nb", "anywidget", "ipywidgets", "playwright")
HTML_MANAGER, REQUIRE, LIGHTHOUSE = "@jupyter-widgets/html-manager", "requirejs", "lighthouse"


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@functools.cache
def python_peers(home: Path) -> Path:
    """Install the newest jupyterquiz without what the environment has; return the folder to find it in."""
    say(f"installing {RIVAL}")
    folder = _emptied(home / "python")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, RIVAL)
    return folder


def _unpacked(home: Path, name: str) -> Path:
    return home / "npm" / name.replace("/", "+") / "package"


@functools.cache
def npm_package(home: Path, name: str) -> Path:
    """Unpack the newest version of one npm package, without what it depends on; return its folder."""
    say(f"unpacking {name}")
    package = _unpacked(home, name)
    folder = _emptied(package.parent)
    with tarfile.open(folder / npm("pack", name, cwd=folder).split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return package


def require_js(home: Path) -> Path:
    """Return RequireJS as its CDN serves it: minified by its own tool."""
    package = npm_package(home, REQUIRE)
    small = package / "require.min.js"
    if not small.is_file():
        shutil.copy(package / "require.js", package / "loader.js")  # its tool leaves a module called require out
        options = ("baseUrl=.", "name=loader", "skipModuleInsertion=true", f"out={small.name}")
        run(BIN / "node", "bin/r.js", "-o", *options, cwd=package)
    return small


@functools.cache
def lighthouse(home: Path) -> Path:
    """Install the newest Lighthouse with what it needs; return the script that Node.js runs."""
    say(f"installing {LIGHTHOUSE}")
    folder = _emptied(home / LIGHTHOUSE)
    npm("install", "--prefix", folder, f"{LIGHTHOUSE}@latest", cwd=folder)
    return folder / "node_modules" / LIGHTHOUSE / "cli" / "index.js"


def _from_npm(home: Path) -> dict[str, str]:
    """Return the versions of the npm packages that are there."""
    places = {name: _unpacked(home, name) for name in (HTML_MANAGER, REQUIRE)}
    places[LIGHTHOUSE] = home / LIGHTHOUSE / "node_modules" / LIGHTHOUSE
    files = {name: folder / "package.json" for name, folder in places.items()}
    return {
        name: json.loads(file.read_text(encoding="utf-8"))["version"] for name, file in files.items() if file.is_file()
    }


def versions(home: Path) -> dict[str, str]:
    """Return the version of everything that takes part."""
    installed = distributions(path=[str(home / "python")])
    peers = {each.metadata["Name"].lower(): each.version for each in installed}
    return {**peers, **_from_npm(home), **{name: version(name) for name in OURS}}
