"""docs/hdf5.md describes a real file completely, and equal runs give equal files."""

import os
import re
import shutil
import subprocess

import h5py
import pytest
from small_results import BLACK_FRIDAY, ROOT, SmallRun, make

PAGE = (ROOT / "docs" / "hdf5.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def pattern(path: str) -> re.Pattern[str]:
    tiers = "edge|balancer|web|cache|pool|database|storage|payment"
    words = {"CLASS": r"[^/]+", "TIER": f"({tiers})", "OUTCOME": "[a-z_]+",
             "NAMESPACE": r"AWS/[^/]+", "METRIC": r"[^/]+", "DIMENSIONS": r"[^/]+"}
    return re.compile(re.sub("[A-Z]{4,}", lambda m: words[m.group()], path))


def datasets(file: h5py.File) -> dict[str, h5py.Dataset]:
    found = {}
    file.visititems(lambda path, item: found.update({"/" + path: item})
                    if isinstance(item, h5py.Dataset) else None)
    return found


@pytest.fixture(scope="module", params=["black_friday", "zone_loss"])
def file(folder, request):
    with h5py.File(folder / f"{request.param}.h5") as opened:
        yield opened


def test_root_attributes_are_those_of_the_page(file):
    kinds = {"text": str, "int64": "int64"}
    described = {name: kind for name, kind, _ in rows("Attributes of the root")}
    assert set(file.attrs) == set(described)
    for name, kind in described.items():
        value = file.attrs[name]
        assert isinstance(value, str) if kind == "text" else value.dtype == kinds[kind]


def test_every_array_is_described_and_every_description_has_an_array(file):
    described = [(pattern(path), shape, kind, unit, statistic)
                 for path, shape, kind, unit, statistic in rows("Series")]
    tables = {path for path, _ in rows("Tables")}
    seen = set()
    for path, data in datasets(file).items():
        root = "/fine" if path.startswith("/fine/") else ""
        if path in tables | {"/latency/bin_edges_s"}:
            continue
        matches = [row for row in described if row[0].fullmatch(path.removeprefix(root))]
        assert len(matches) == 1, f"{path} is described {len(matches)} times"
        _, shape, kind, unit, statistic = matches[0]
        seen.add((root, matches[0]))
        sizes = {"R": int(file.attrs["replications"]), "P": file[root + "/start_s"].shape[1],
                 "B": file["/latency/bin_edges_s"].shape[0] - 1}
        assert data.shape == tuple(sizes[letter] for letter in shape.split(" x ")), path
        assert data.dtype == kind, path
        attributes = dict(data.attrs)
        assert attributes.pop("period_s") == (5 if root else 60)
        if unit != "CloudWatch's":
            assert (attributes["unit"], attributes["statistic"]) == (unit, statistic), path
        allowed = {"unit", "statistic"} | ({"bin_edges"} if "histogram" in path else set())
        assert set(attributes) == allowed, path
    roots = ["", "/fine"] if "fine" in file else [""]
    assert seen == {(root, row) for root in roots for row in described}


def test_tables_have_the_columns_of_the_page(file):
    for path, columns in rows("Tables"):
        assert list(file[path].dtype.names) == columns.split(", "), path
    edges = file["/latency/bin_edges_s"]
    assert dict(edges.attrs) == {"unit": "Seconds"}


def test_equal_runs_with_one_and_two_threads_have_no_difference(folder, tmp_path):
    tool = shutil.which("h5diff")
    if tool is None:
        reason = "h5diff is missing: install hdf5-tools"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    again = make(SmallRun(BLACK_FRIDAY.scenario, BLACK_FRIDAY.settings, ("--threads", "1")),
                 tmp_path / "again.h5")
    first = folder / "black_friday.h5"
    done = subprocess.run([tool, first, again], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert first.read_bytes() == again.read_bytes()
    other = make(SmallRun(BLACK_FRIDAY.scenario, (*BLACK_FRIDAY.settings,
                                                 "scenario.replications.seed=2")),
                 tmp_path / "other.h5")
    assert subprocess.run([tool, "-q", first, other]).returncode == 1
