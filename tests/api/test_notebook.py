"""The example notebook runs from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REQUIRE_ALL
from tests.source import ROOT

if not REQUIRE_ALL:
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")

import nbformat
from nbclient import NotebookClient

NOTEBOOK = ROOT / "examples" / "generate.ipynb"


def stored() -> nbformat.NotebookNode:
    """The notebook as it is in the repository."""
    text = NOTEBOOK.read_text(encoding="utf-8")
    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call,no-any-return]  # nbformat has no types here


def shown(notebook: nbformat.NotebookNode) -> str:
    """Everything its cells put out."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(str(output.get("data", output.get("text", ""))) for output in outputs)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::RuntimeWarning")
def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs in a fresh kernel; room, table, labels, comparison and verdict are shown."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = stored()
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    text = shown(notebook)
    for part in ("iframe", "#recommendation-oncall", "OOM-killed", "'clean': True, 'skipped': ()", "dataframe"):
        assert part in text


def test_the_notebook_is_stored_without_output() -> None:
    """What is in the repository is the source alone; output would go stale."""
    for cell in stored().cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
