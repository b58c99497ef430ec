"""Hostile members of a learning platform's download, collected by `nbgrader zip_collect` as it comes and by ours."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.attack import NAME

from benchmarks.marking.limits import limited_run, verdict
from grader.demo import Maker


def _inner(good: bytes) -> dict[str, bytes]:
    path = Path(tempfile.mkdtemp()) / "inner.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"ahonest_7_1_{NAME}.ipynb", good)
    packed = path.read_bytes()
    shutil.rmtree(path.parent)
    return {f"kzip_8_2_{NAME}.zip": packed}


ZIPS: dict[str, Callable[[bytes], dict[str, bytes]]] = {
    "a zip bomb: a notebook of 60 MB, packed to 60 kB": lambda _: {f"kzip_8_2_{NAME}.ipynb": bytes(60_000_000)},
    "a learner's zip in which a file's name chooses another student": _inner,
    "a member that leads out of the folder": lambda good: {f"kzip_8_2_/../../../../../pwned_{NAME}.ipynb": good},
}
OUR_PLUGINS = """
c.ZipCollectApp.extractor_plugin = "grader.extractor.Extractor"
c.ZipCollectApp.collector_plugin = "grader.collector.Collector"
"""
STOCK_PLUGINS = (
    "c.FileNameCollectorPlugin.named_regexp = "
    rf"r'.*[/\\][a-z]+_(?P<student_id>\d+)_\d+_(?P<file_id>{NAME})\.ipynb'" + "\n"
)


def on_zip(base: Maker, plugins: str, members: Callable[[bytes], dict[str, bytes]]) -> str:
    """Return by what effect a download's member succeeds in `nbgrader zip_collect`."""
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        outer = Path(folder).resolve()
        root = outer / "course"
        shutil.copytree(base.course.root, root)
        with (root / "nbgrader_config.py").open("a") as file:
            file.write(plugins)
        good = (root / "release" / NAME / f"{NAME}.ipynb").read_bytes()
        archive = root / "downloaded" / NAME / "archive" / "download.zip"
        archive.parent.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, text in members(good).items():
                packed.writestr(name, text)
        ended, _ = limited_run(root, "zip_collect", NAME)
        return verdict(ended or next(_zip_effects(outer, root, archive), ""))


def _zip_effects(outer: Path, root: Path, archive: Path) -> Iterator[str]:
    inside = {root / "downloaded", root / "submitted", root / "home", root / "log.txt"}
    for path in outer.rglob("pwned*"):
        if not inside & set(path.parents):
            yield f"writes {path.relative_to(outer)}"
    if any("7" in path.name for path in (root / "submitted").glob("*")):
        yield "hands in for another student"
    size = sum(path.stat().st_size for path in (root / "downloaded").rglob("*") if path.is_file() and path != archive)
    if size > 25_000_000:
        yield f"unpacks to {size / 1e6:.0f} MB"
