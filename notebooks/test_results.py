"""The package reads what the program wrote, and says clearly what is wrong with other files."""

import json
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np
import pandas as pd
import pytest
import shopsim
from shopsim import ResultsError
from small_results import ROOT, program


def promise(results, name):
    return results.promises().set_index("name").loc[name]


def test_inputs_are_those_of_the_run(black_friday):
    assert black_friday.name == "black_friday"
    assert black_friday.replications == 5
    assert black_friday.seed == 1
    assert black_friday.start == pd.Timestamp("2026-11-27 19:50")
    assert black_friday.scenario["traffic"]["sessions_per_day"] == 8000
    assert black_friday.platform["web"]["instance_type"] == "m7g.large"
    assert black_friday.classes[-1] == "image"


def test_requests_add_up_to_the_summary(black_friday):
    summary = black_friday.summary().set_index("replication")
    pages = black_friday.requests().query("`class` != 'image'").groupby("replication")
    assert (pages["requests"].sum() == summary["dynamic_requests"]).all()
    orders = black_friday.orders().groupby("replication")["placed"].sum()
    assert (orders == summary["orders_placed"]).all()


def test_the_terminals_interval_of_a_service_is_that_of_its_sums(tmp_path):
    printed = subprocess.run(
        [program(), "run", ROOT / "scenarios/normal_day.yaml", "--set", "start=20:00", "--set",
         "duration=5 min", "--set", "traffic.sessions_per_day=5000", "-o", tmp_path / "day.h5"],
        capture_output=True, text=True).stdout
    added_differs = 0
    with shopsim.open_results(tmp_path / "day.h5") as results:
        added = results.cost().groupby("service")["month_half_width_usd"].sum()
        for service, rows in results.cost_replications().groupby("service"):
            if rows["month_usd"].isna().any():
                continue
            half = shopsim.statistics.mean_interval(rows["month_usd"].to_numpy()).half_width
            line = re.search(rf"^  {service}(?: \*)?  .*  ([\d.,]+)$", printed, re.MULTILINE)
            assert line, service
            assert float(line.group(1).replace(",", "")) == pytest.approx(half, abs=0.0051), service
            added_differs += abs(added[service] - half) > 0.02
    assert added_differs > 0  # or this would not tell the two apart


def test_attempts_are_the_sum_of_their_outcomes(zone_loss):
    outcomes = zone_loss.outcomes()
    assert outcomes.query("outcome != 'success'")["attempts"].sum() > 0
    begun, ended = zone_loss.requests()["attempts"].sum(), outcomes["attempts"].sum()
    # They differ by the few attempts that cross the begin or the end of the window.
    assert ended == pytest.approx(begun, rel=1e-4)


@pytest.mark.parametrize(("name", "request_class", "quantile", "periods"), [
    ("images p95", "image", 0.95, None),
    ("checkout p99", "checkout", 0.99, 5),
    ("browse p95", "browse", 0.95, 5),
])
def test_latency_gives_the_interval_that_the_program_judged(
        black_friday, name, request_class, quantile, periods):
    if periods is None:
        frame = black_friday.latency_over_run([request_class], [quantile])
        samples = frame["latency_s"].to_numpy()
    else:  # of the worst window of five minutes, wherever it begins
        counts = black_friday.histogram(request_class)
        windows = [counts[:, first:first + periods].sum(axis=1)
                   for first in range(counts.shape[1] - periods + 1)]
        samples = black_friday.quantile(np.stack(windows, axis=1), quantile).max(axis=1)
    interval = shopsim.mean_interval(samples)
    judged = promise(black_friday, name)
    assert (interval.mean, interval.low, interval.high) == pytest.approx(
        (judged["mean"], judged["low"], judged["high"]), rel=1e-9)


def test_histogram_counts_are_the_requests_that_succeeded(black_friday):
    for name in black_friday.classes:
        counts = black_friday.histogram(name).sum()
        own = black_friday.requests().query("`class` == @name")["succeeded"].sum()
        assert counts == own


def test_cost_is_the_bill_that_json_prints(black_friday, tmp_path):
    command = [program(), "run", "scenarios/black_friday.yaml", "--set", "scenario.start=19:50",
               "--set", "scenario.duration=15 min", "--set",
               "scenario.traffic.sessions_per_day=8000", "--replications", "5", "--json",
               "-o", tmp_path / "a.h5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    bill = json.loads(done.stdout)["cost"]
    assert black_friday.cost()["month_usd"].sum() == pytest.approx(bill["month_usd"]["mean"])
    assert len(black_friday.cost()) == len(bill["items"])
    month = black_friday.month_cost()
    assert month.mean == pytest.approx(bill["month_usd"]["mean"])
    assert month.low == pytest.approx(bill["month_usd"]["low"])


def test_a_bill_of_an_older_program_has_no_interval(folder, tmp_path):
    shutil.copy(folder / "black_friday.h5", tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        del file["cost_replications"]
    with shopsim.open_results(tmp_path / "a.h5") as results:
        assert results.month_cost().mean == pytest.approx(results.cost()["month_usd"].sum())
        assert np.isinf(results.month_cost().high)


def test_units_come_from_the_file(black_friday):
    cpu = black_friday.metric("CPUUtilization", "AWS/EC2")
    assert cpu.attrs == {"unit": "Percent", "statistic": "Average"}
    assert cpu["value"].between(0, 100).all()
    assert cpu["time"].iloc[1] - cpu["time"].iloc[0] == pd.Timedelta(minutes=1)
    catalogue = black_friday.catalogue().set_index("path")
    assert catalogue.loc["/orders/value_lost_usd", "unit"] == "USD"


def test_fine_periods_surround_the_fault(zone_loss, black_friday):
    fine = zone_loss.requests(fine=True)
    at = zone_loss.faults()["time_s"].min()
    assert at == 600
    assert fine["time_s"].min() < at < fine["time_s"].max()
    with pytest.raises(ResultsError, match="no fine periods"):
        black_friday.requests(fine=True)


def test_xarray_and_frame_hold_the_same_numbers(black_friday):
    array = black_friday.to_xarray("/sessions/started")
    assert array.attrs["unit"] == "Count"
    assert (array.values.ravel() == black_friday.sessions()["started"].to_numpy()).all()


@pytest.mark.parametrize(("ask", "message"), [
    (lambda r: r.metric("CPUUtilisation"), "did you mean CPUUtilization"),
    (lambda r: r.metric("CPUUtilization"), "several namespaces.*AWS/EC2"),
    (lambda r: r.latency(["checkouts"]), "no request class checkouts, but"),
    (lambda r: r.series("/nothing"), "has no /nothing"),
])
def test_a_wrong_name_is_answered_with_the_right_one(black_friday, ask, message):
    with pytest.raises(ResultsError, match=message):
        ask(black_friday)


def test_a_script_that_catches_nothing_shows_the_message_only(tmp_path):
    done = subprocess.run([sys.executable, "-c", "import shopsim; shopsim.open_results('a.h5')"],
                          cwd=tmp_path, env={"PYTHONPATH": str(ROOT / "notebooks")},
                          capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("ResultsError: a.h5: there is no such file"), done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_block_is_named(folder, tmp_path):
    shutil.copy(folder / "black_friday.h5", tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        chunk = file["/sessions/started"].id.get_chunk_info(0)
    with (tmp_path / "a.h5").open("r+b") as file:
        file.seek(chunk.byte_offset)
        file.write(b"\xff" * chunk.size)
    with (shopsim.open_results(tmp_path / "a.h5") as results,
          pytest.raises(ResultsError, match="/sessions/started is damaged")):
        results.sessions()


def test_a_folder_gives_every_finished_file(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "all")
    shutil.copy(folder / "zone_loss.h5", tmp_path / "all" / ".x.h5.partial")
    found = shopsim.open_folder(tmp_path / "all")
    assert list(found) == ["black_friday", "zone_loss"]
    with pytest.raises(ResultsError, match="holds no results file"):
        shopsim.open_folder(tmp_path)
    with pytest.raises(ResultsError, match="no such folder"):
        shopsim.open_folder(tmp_path / "none")
