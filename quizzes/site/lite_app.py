"""The lab's pages: JupyterLite's notebook app with one kernel and the widgets, without what no learner needs."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

from quizzes.site.lite_python import RUNTIME, files_in, licences

EXTENSIONS = {
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets",
    "anywidget": "anywidget",
    "@jupyterlite/pyodide-kernel-extension": "jupyterlite-pyodide-kernel",
}
OWN = "project-or-operation"
PYTHON = "python"
# What starts with the app and serves nobody here. The service worker of the lab is its own: lite/sw.js.
DISABLED = (
    "@jupyterlite/application-extension:service-worker-manager",
    "@jupyterlite/application-extension:about",
    "@jupyterlite/application-extension:share-file",
    "@jupyterlite/application-extension:lsp-connection-manager",
    "@jupyterlite/repl-extension",
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/audio-extension",
    "@jupyterlab/console-extension",
    "@jupyterlab/csvviewer-extension",
    "@jupyterlab/fileeditor-extension",
    "@jupyterlab/help-extension",
    "@jupyterlab/htmlviewer-extension",
    "@jupyterlab/imageviewer-extension",
    "@jupyterlab/inspector-extension",
    "@jupyterlab/javascript-extension",
    "@jupyterlab/json-extension",
    "@jupyterlab/launcher-extension",
    "@jupyterlab/logconsole-extension",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/markdownviewer-extension",
    "@jupyterlab/mathjax-extension",
    "@jupyterlab/mermaid-extension",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/pdf-extension",
    "@jupyterlab/running-extension",
    "@jupyterlab/settingeditor-extension",
    "@jupyterlab/terminal-extension",
    "@jupyterlab/tooltip-extension",
    "@jupyterlab/vega5-extension",
    "@jupyterlab/video-extension",
    "@jupyter-notebook/console-extension",
    "@jupyter-notebook/notebook-extension:checkpoints",
    "@jupyter-notebook/help-extension",
    "@jupyter-notebook/tree-extension",
)
SETTINGS = {"@jupyterlab/apputils-extension:themes": {"adaptive-theme": True}}
_LEFT_OUT = re.compile(
    r"\.map$|^rspack|^package\.json$|^doc/|service-worker\.js$|/pypi/.*\.whl$"
    r"|schema\.v0\.json$|^manifest\.webmanifest$|/package\.json$|^files/|^api/contents/"
)


def _extension_folders() -> list[str]:
    """Return the folders of the extensions, as their packages have installed them."""
    folders = []
    for name, distribution in EXTENSIONS.items():
        files = importlib.metadata.files(distribution) or []
        path = next(file for file in files if file.as_posix().endswith(f"/labextensions/{name}/package.json"))
        folders.append(str(Path(str(path.locate())).resolve().parent))
    return folders


def stock_config() -> dict[str, Any]:
    """Return a configuration of JupyterLite with the extensions that the notebooks need, whatever else is installed."""
    only = {"ignore_sys_prefix": ["federated_extensions"], "federated_extensions": _extension_folders()}
    return {"LiteBuildConfig": only}


def _config() -> dict[str, Any]:
    config = stock_config()
    config["LiteBuildConfig"] |= {"apps": ["notebooks"], "no_sourcemaps": True}
    return config


def app_files() -> dict[str, bytes]:
    """Return the app's files as JupyterLite builds them, less what is left out, by path."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "jupyter_lite_config.json").write_text(json.dumps(_config()), encoding="utf-8")
        (folder / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", name, "--output-dir", "out"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  our own
        if done.returncode:
            raise ExtensionError("the lab in the browser: " + (done.stdout + done.stderr)[-2000:])
        files = files_in(folder / "out")
        shutil.rmtree(folder / "out")
    return {path: content for path, content in files.items() if not _LEFT_OUT.search(path)}


def _kernel_settings() -> dict[str, Any]:
    return {
        "pyodideUrl": f"./{PYTHON}/pyodide.mjs",
        "disablePyPIFallback": True,
        "pipliteUrls": [],
        "loadPyodideOptions": {"packages": ["micropip", "piplite"]},
    }


def configured(written: bytes) -> bytes:
    """Return the app's `jupyter-lite.json` with the lab's own settings."""
    every = json.loads(written)
    config = every["jupyter-config-data"]
    config["contentsAllJsonFile"] = "all.json"
    config["appName"] = "Project or Operation?"
    config["disabledExtensions"] = list(DISABLED)
    config["litePluginSettings"] = {"@jupyterlite/pyodide-kernel-extension:kernel": _kernel_settings()}
    config["federated_extensions"].append({"name": OWN, "load": "static/run.js", "extension": "./extension"})
    return json.dumps(every, separators=(",", ":"), sort_keys=True).encode()


def _contents(path: str, notebook: bytes) -> bytes:
    fixed = "2026-01-01T00:00:00Z"  # of no interest, and no reason for another file
    file = {"name": path, "path": path, "type": "notebook", "format": "json", "size": len(notebook), "content": None}
    folder = {"name": "", "path": "", "type": "directory", "format": "json", "size": None}
    times = {"created": fixed, "last_modified": fixed, "mimetype": None, "writable": True}
    return json.dumps({**folder, **times, "content": [{**file, **times}]}, sort_keys=True).encode()


def lab_files(app: Mapping[str, bytes], python: Mapping[str, bytes], name: str, notebook: bytes) -> dict[str, bytes]:
    """Return all files of the lab by path: the app, its Python, and one notebook."""
    own = {
        "jupyter-lite.json": configured(app["jupyter-lite.json"]),
        f"extensions/{OWN}/static/run.js": (RUNTIME / "run.js").read_bytes(),
        f"files/{name}": notebook,
        "api/contents/all.json": _contents(name, notebook),
        **{f"{PYTHON}/{file}": content for file, content in python.items()},
        **{f"licenses/{file}": content for file, content in licences().items()},
    }
    return {**app, **own}
