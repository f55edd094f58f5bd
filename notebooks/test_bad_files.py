"""Files that cannot be used: the package, the program and the notebooks say why, in a sentence."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import h5py
import nbformat
import pytest
import shopsim
from bad_files import BAD_FILES, BadFile, parts, without
from IPython.core.interactiveshell import InteractiveShell
from shopsim import ResultsError
from small_results import ROOT, program

NOTEBOOKS = {"01_read_results": "black_friday.h5", "02_black_friday": "black_friday.h5",
             "03_compare_sizing": "sizings/two small.h5", "04_failures": "zone_loss.h5",
             "05_tuning": "tuning.h5"}
OPENERS = {"black_friday.h5": shopsim.open_results, "tuning.h5": shopsim.open_tuning}


def every_bad_file(function):
    return pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)(function)


def report(place: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program(), "report", *map(str, words)], cwd=place, capture_output=True,
                          text=True)


@every_bad_file
@pytest.mark.parametrize("good", list(OPENERS))
def test_the_package_refuses_it_with_the_reason(folder, tmp_path, good, bad: BadFile):
    path = tmp_path / "a.h5"
    bad.make(folder / good, path)
    with pytest.raises(ResultsError, match=bad.package) as refusal:
        OPENERS[good](path)
    assert str(path) in str(refusal.value)
    assert refusal.value._render_traceback_() == [f"ResultsError: {refusal.value}"]


@every_bad_file
def test_the_report_refuses_it_with_the_reason(folder, tmp_path, bad: BadFile):
    bad.make(folder / "zone_loss.h5", tmp_path / "a.h5")
    done = report(tmp_path, folder / "zone_loss.h5", "a.h5", "-o", "a.html")
    assert done.returncode == 2
    assert "a.h5: error: " in done.stderr
    assert f"[{bad.program}]" in done.stderr
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("bad", [b for b in BAD_FILES if b.name in ("missing", "cut in half")],
                         ids=lambda bad: bad.name)
def test_a_notebook_shows_one_sentence(folder, tmp_path, monkeypatch, capsys, name, bad: BadFile):
    file = tmp_path / NOTEBOOKS[name]
    file.parent.mkdir(exist_ok=True)
    bad.make(folder / ("tuning.h5" if name == "05_tuning" else "zone_loss.h5"), file)
    monkeypatch.setenv("SHOPSIM_RESULTS", str(tmp_path))
    cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
    first = next(cell.source for cell in cells if cell.cell_type == "code")
    done = InteractiveShell.instance(colors="nocolor").run_cell(first)
    shown = capsys.readouterr()
    assert isinstance(done.error_in_exec, ResultsError), done
    assert (shown.out + shown.err).splitlines() == [f"ResultsError: {done.error_in_exec}"]
    if name != "03_compare_sizing":
        assert str(file) in shown.out + shown.err


def test_a_part_that_is_missing_is_named_by_the_package(folder, tmp_path):
    good, path = folder / "zone_loss.h5", tmp_path / "a.h5"
    refused = set()
    for part in parts(good):
        without(good, path, part)
        said = read_everything(path)
        assert said is None or str(path) in said, part
        if said is not None:
            refused.add(part)
    assert refused >= {"@scenario_yaml", "@platform_yaml", "@replications", "@start_of_day_s",
                       "start_s", "classes", "requests", "latency", "tiers", "metrics", "slo",
                       "cost", "faults", "fine"}


def read_everything(path: Path) -> str | None:
    """What the package refuses to read; None when it reads all. Other exceptions pass."""
    try:
        with shopsim.open_results(path) as results:
            assert results.name and results.replications and results.seed is not None
            assert results.scenario and results.platform and results.program_version
            for read in (results.requests, results.outcomes, results.tiers, results.sessions,
                         results.orders, results.bin_edges, results.promises, results.cost,
                         results.faults, results.alarms, results.notifications, results.scaling,
                         results.saturation, results.summary):
                read()
            results.metric("CPUUtilization", "AWS/EC2")
            results.sessions(fine=True)
    except ResultsError as error:
        return str(error)
    return None


def test_a_part_that_is_missing_is_no_crash_of_the_report(folder, tmp_path):
    good = folder / "zone_loss.h5"
    for part in parts(good):
        without(good, tmp_path / "a.h5", part)
        (tmp_path / "a.html").unlink(missing_ok=True)
        done = report(tmp_path, good, "a.h5", "-o", "a.html")
        assert done.returncode in (0, 2), (part, done.stderr)
        if done.returncode == 2:
            assert done.stderr.startswith("a.h5: error: "), (part, done.stderr)
            assert not (tmp_path / "a.html").exists(), part


OPEN_AND_PRINT = """
import sys, shopsim
try:
    shopsim.open_results(sys.argv[1])
except shopsim.ResultsError as error:
    print(error)
"""


def test_a_file_that_another_program_writes_is_refused(folder, tmp_path):
    shutil.copy(folder / "black_friday.h5", tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "r+"):
        # In a process of its own, because HDF5 shares files that one process has open.
        opened = subprocess.run([sys.executable, "-c", OPEN_AND_PRINT, tmp_path / "a.h5"],
                                cwd=ROOT / "notebooks", capture_output=True, text=True)
        done = report(tmp_path, "a.h5", "-o", "a.html")
    assert "another program" in opened.stdout, opened.stdout + opened.stderr
    assert done.returncode == 2
    assert "[results-busy]" in done.stderr
    assert not (tmp_path / "a.html").exists()


def test_a_run_that_is_going_on_leaves_the_older_file_to_its_readers(folder, tmp_path):
    shutil.copy(folder / "zone_loss.h5", tmp_path / "a.h5")
    run = subprocess.Popen(
        [program(), "run", ROOT / "scenarios/black_friday.yaml", "-q", "-o", "a.h5"], cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    unfinished = tmp_path / ".a.h5.partial"
    try:
        while not (unfinished.exists() and unfinished.stat().st_size):
            assert run.poll() is None, "it ended before it was looked at"
            time.sleep(0.02)
        with shopsim.open_results(tmp_path / "a.h5") as results:
            assert results.name == "zone_loss"
        assert list(shopsim.open_folder(tmp_path)) == ["a"]
        with pytest.raises(ResultsError, match="a run is still writing"):
            shopsim.open_results(unfinished)
        assert "[results-busy]" in report(tmp_path, unfinished.name, "-o", "a.html").stderr
    finally:
        run.kill()
        run.wait()
    assert report(tmp_path, unfinished.name, "-o", "a.html").returncode == 2
    assert not (tmp_path / "a.html").exists()
    assert report(tmp_path, "a.h5", "-o", "a.html").returncode == 0


def test_a_damaged_file_in_a_folder_is_named(folder, tmp_path):
    shutil.copy(folder / "zone_loss.h5", tmp_path / "good.h5")
    data = (folder / "zone_loss.h5").read_bytes()
    (tmp_path / "bad.h5").write_bytes(data[: len(data) // 2])
    with pytest.raises(ResultsError, match=r"bad\.h5: is damaged or cut off"):
        shopsim.open_folder(tmp_path)


def test_the_report_says_that_a_search_is_no_run(folder, tmp_path):
    done = report(tmp_path, folder / "tuning.h5", "-o", "a.html")
    assert done.returncode == 2
    assert "this is the result of a search" in done.stderr
    assert not (tmp_path / "a.html").exists()


def test_no_notebook_is_left_out():
    assert set(NOTEBOOKS) == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert os.access(program(), os.X_OK)
