"""The notebooks of the book: their pairs as text, and a run from top to bottom."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

from quizzes.render import STATIC_FLAG

NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    """The parameters below are not empty."""
    assert {"practice-lab", "study-lab"} <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_its_pair_as_text(path: Path) -> None:
    """`jupytext --sync book/*.ipynb` makes them the same again; no output and no state is in either."""
    notebook, text = nbformat.read(path, as_version=4), jupytext.read(path.with_suffix(".py"))
    assert notebook.metadata["jupytext"]["formats"] == "ipynb,py:percent"
    both = [[(cell.cell_type, cell.source, dict(cell.metadata)) for cell in each.cells] for each in (notebook, text)]
    assert both[0] == both[1]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


@pytest.mark.parametrize("static", [True, False], ids=["in the book", "for a learner"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(
    path: Path, static: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an error and without a word on stderr, in a home of its own."""
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv(STATIC_FLAG, raising=False)
    if static:
        monkeypatch.setenv(STATIC_FLAG, "1")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [each for each in outputs if each.output_type in ("error", "stream")] == []
    shown = [each.data for each in outputs if "data" in each]
    assert shown
    assert any("application/vnd.jupyter.widget-view+json" in data for data in shown) is not static
