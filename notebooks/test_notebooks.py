"""Every notebook runs from first cell to last on results made here, and is kept stripped."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from small_results import RETRY_STORM, ROOT, make

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def all_results(folder, sizings, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("for_notebooks")
    for file in folder.glob("*.h5"):
        shutil.copy(file, place)
    shutil.copytree(sizings, place / "sizings")
    make(RETRY_STORM, place / "retry_storm.h5")
    return place


def executed(path: Path, results: Path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_RESULTS", str(results))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=None, kernel_name="python3",
                            resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    return notebook


def outputs(notebook):
    return [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_from_scratch(path, all_results, monkeypatch):
    notebook = executed(path, all_results, monkeypatch)
    images = [out for out in outputs(notebook) if "image/png" in out.get("data", {})]
    assert len(images) >= 2
    kept = os.environ.get("SHOPSIM_KEEP_NOTEBOOKS")  # a folder, to look at what they show
    if kept:
        nbformat.write(notebook, Path(kept) / path.name)
    assert not [out for out in outputs(notebook) if out.output_type == "stream"
                and out.name == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs"), f"strip it: nbstripout {path.name}"
        assert cell.get("execution_count") is None


def test_a_missing_file_shows_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(CellExecutionError) as failure:
        executed(NOTEBOOKS[0], tmp_path, monkeypatch)
    assert "there is no such file" in str(failure.value)
    assert "Traceback" not in str(failure.value)
    assert "shopsim/results.py" not in str(failure.value)


def test_all_are_there():
    names = {path.stem for path in NOTEBOOKS}
    assert {"01_read_results", "02_black_friday", "03_compare_sizing", "04_failures",
            "05_tuning"} <= names
