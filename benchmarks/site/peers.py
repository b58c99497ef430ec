"""Get the peers at their pinned versions into a folder of the benchmark: nothing of them enters the environment."""

from __future__ import annotations

import shutil
import sys
import tarfile
from importlib.metadata import distributions, version
from pathlib import Path

from benchmarks.site.command import BIN, npm, run, say

HERE = Path(__file__).parent
OURS = ("jupyter-book", "sphinx-book-theme", "myst-nb", "anywidget", "ipywidgets", "playwright")


def _pins(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def npm_pins() -> dict[str, str]:
    """Return the pinned version of each npm package by name."""
    return dict(pin.rsplit("@", 1) for pin in _pins("peers-npm.txt"))


def _fresh(folder: Path, pins: list[str]) -> bool:
    """Return whether a folder must be filled, and empty it if so; its note says which pins it was filled for."""
    note = folder / "pins"
    if note.is_file() and note.read_text(encoding="utf-8") == "\n".join(pins):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return True


def _filled(folder: Path, pins: list[str]) -> None:
    (folder / "pins").write_text("\n".join(pins), encoding="utf-8")


def python_peers(home: Path) -> Path:
    """Install the Python peers beside each other, without what the environment has; return their folder."""
    folder, pins = home / "python", _pins("peers.txt")
    if _fresh(folder, pins):
        say(f"installing {', '.join(pins)}")
        run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, *pins)
        _filled(folder, pins)
    return folder


def npm_package(home: Path, name: str) -> Path:
    """Unpack one npm package, without what it depends on; return its folder."""
    pin = f"{name}@{npm_pins()[name]}"
    folder = home / "npm" / name.replace("/", "+")
    if _fresh(folder, [pin]):
        say(f"unpacking {pin}")
        with tarfile.open(folder / npm("pack", pin, cwd=folder).split()[-1]) as archive:
            archive.extractall(folder, filter="data")
        _filled(folder, [pin])
    return folder / "package"


def require_js(home: Path) -> Path:
    """Return RequireJS as its CDN serves it: minified by its own tool."""
    package = npm_package(home, "requirejs")
    small = package / "require.min.js"
    if not small.is_file():
        shutil.copy(package / "require.js", package / "loader.js")  # its tool leaves a module called require out
        options = ("baseUrl=.", "name=loader", "skipModuleInsertion=true", f"out={small.name}")
        run(BIN / "node", "bin/r.js", "-o", *options, cwd=package)
    return small


def lighthouse(home: Path) -> Path:
    """Install Lighthouse with what it needs; return the script that Node.js runs."""
    folder, pins = home / "lighthouse", [f"lighthouse@{npm_pins()['lighthouse']}"]
    if _fresh(folder, pins):
        say(f"installing {pins[0]}")
        npm("install", "--prefix", folder, *pins, cwd=folder)
        _filled(folder, pins)
    return folder / "node_modules" / "lighthouse" / "cli" / "index.js"


def versions(home: Path) -> dict[str, str]:
    """Return the version of everything that takes part."""
    installed = distributions(path=[str(home / "python")])
    peers = {each.metadata["Name"].lower(): each.version for each in installed}
    return {**peers, **npm_pins(), **{name: version(name) for name in OURS}}
