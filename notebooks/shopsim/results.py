"""One results file of `shopsim run`, read lazily. The layout is described in docs/hdf5.md."""

import difflib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd

from .errors import ResultsError
from .files import (
    checked_file,
    checked_format,
    kind_of,
    read_attribute,
    read_dataset,
    read_group,
    read_table,
    read_yaml,
    signed,
)
from .statistics import Interval, mean_interval

FORMAT_VERSION = 1


def open_results(path: str | Path) -> "Results":
    """Opens a file; ResultsError if it is missing, damaged, foreign, older or being written."""
    return Results(path)


def open_folder(folder: str | Path) -> dict[str, "Results"]:
    """All finished results files (*.h5) of a folder by name without ending, ascending."""
    place = Path(folder)
    if not place.is_dir():
        raise ResultsError(f"{place}: there is no such folder")
    found = sorted(p for p in place.glob("*.h5")
                   if not p.name.startswith(".") and kind_of(p) != "shopsim tuning")
    if not found:
        raise ResultsError(f"{place}: holds no results file (*.h5). `shopsim run` writes them")
    return {p.stem: Results(p) for p in found}


class Results:
    """One run: inputs, series per period, events, verdicts and bill.

    Frames are tidy: one row per observation, `replication` counted from 0, `time` as local clock
    time, units in the column's name (`_s`, `_usd`) or in `frame.attrs["unit"]`.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._file = checked_file(self.path)
        try:
            checked_format(self.path, self._file, "shopsim results", FORMAT_VERSION)
        except ResultsError:
            self._file.close()
            raise

    def __enter__(self) -> "Results":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<shopsim results {self.name}: {self.replications} replications, {self.path}>"

    def close(self) -> None:
        self._file.close()

    @property
    def name(self) -> str:
        return self._text("scenario_name")

    @property
    def replications(self) -> int:
        return int(read_attribute(self.path, self._file, "replications"))

    @property
    def seed(self) -> int:
        return int(self._text("seed"))

    @property
    def program_version(self) -> str:
        return self._text("program_version")

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The scenario as it was run, with all defaults."""
        return read_yaml(self.path, self._file, "scenario_yaml")

    @cached_property
    def platform(self) -> dict[str, Any]:
        """The platform as it was run, with all defaults."""
        return read_yaml(self.path, self._file, "platform_yaml")

    @cached_property
    def start(self) -> pd.Timestamp:
        """Date and local clock time at simulated time 0."""
        seconds = int(read_attribute(self.path, self._file, "start_of_day_s"))
        date = self.scenario.get("date") or "2000-01-01"
        return pd.Timestamp(str(date)) + pd.Timedelta(seconds=seconds)

    @cached_property
    def classes(self) -> list[str]:
        """Request classes: the pages, `image`, and `image_REGION` where regions are told."""
        return [row.decode() for row in self._array("/classes")["name"]]

    def clock(self, seconds: np.ndarray | pd.Series | float) -> Any:
        """Simulated seconds as local clock time."""
        return self.start + pd.to_timedelta(seconds, unit="s")

    def has_fine(self) -> bool:
        """Whether short periods around faults were recorded."""
        return "fine" in self._file

    # Series

    def catalogue(self) -> pd.DataFrame:
        """Every series of the file: path, unit, statistic, period_s and shape."""
        rows = []

        def visit(path: str, item: h5py.Dataset | h5py.Group) -> None:
            if isinstance(item, h5py.Dataset) and "unit" in item.attrs:
                rows.append({"path": "/" + path, "unit": item.attrs["unit"],
                             "statistic": item.attrs.get("statistic", ""),
                             "period_s": item.attrs.get("period_s", np.nan),
                             "shape": item.shape})

        self._file.visititems(visit)
        return pd.DataFrame(rows, columns=["path", "unit", "statistic", "period_s", "shape"])

    def series(self, path: str, fine: bool = False) -> pd.DataFrame:
        """Any `[replication][period]` array as rows of replication, period, time, value."""
        data = self._array(self._root(fine) + path)
        if data.ndim != 2:
            raise ResultsError(f"{self.path}: {path} is no series per period")
        attributes = dict(self._file[self._root(fine) + path].attrs)
        return self._tidy({"value": data}, fine, unit=attributes.get("unit", ""),
                          statistic=attributes.get("statistic", ""))

    def metric(self, name: str, namespace: str | None = None, fine: bool = False,
               percentile: str | None = None) -> pd.DataFrame:
        """A CloudWatch metric by its name, e.g. CPUUtilization of AWS/EC2. `percentile`, such as
        p99, asks for one that is recorded beside the metric's own number."""
        group = read_group(self.path, self._file, self._root(fine) + "/metrics")
        found: list[str] = []
        group.visititems(lambda path, item: found.append(path)
                         if isinstance(item, h5py.Dataset) else None)
        known = {tuple(path.rsplit("/", 2)[:2]): path for path in found
                 if path.rsplit("/", 1)[1].partition(".")[2] == (percentile or "")}
        match = [path for (space, metric), path in known.items()
                 if metric == name and namespace in (None, space)]
        if len(match) == 1:
            return self.series("/metrics/" + match[0], fine)
        if match:
            spaces = ", ".join(sorted(path.rsplit("/", 2)[0] for path in match))
            raise ResultsError(f"the metric {name} is in several namespaces, name one: {spaces}")
        close = difflib.get_close_matches(name, {metric for _, metric in known}, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        of = f" {percentile} of" if percentile else ""
        raise ResultsError(f"{self.path}: has no{of} metric {name}{hint}")

    def requests(self, fine: bool = False) -> pd.DataFrame:
        """Requests per replication, period and class, with `failed_share` of those that ended."""
        names = ["requests", "succeeded", "failed", "attempts", "late_replies"]
        frame = self._per_class("/requests", names, fine)
        ended = frame["succeeded"] + frame["failed"]
        frame["failed_share"] = frame["failed"] / ended.where(ended > 0)
        return frame

    def outcomes(self, fine: bool = False) -> pd.DataFrame:
        """Attempts by class and outcome: rows of replication, period, class, outcome, attempts."""
        parts = []
        for name in self.classes:
            group = f"{self._root(fine)}/requests/{name}/attempt_outcomes"
            for outcome in self._members(group):
                frame = self._tidy({"attempts": self._array(f"{group}/{outcome}")}, fine)
                parts.append(frame.assign(**{"class": name, "outcome": outcome}))
        return pd.concat(parts, ignore_index=True)

    def tiers(self, fine: bool = False) -> pd.DataFrame:
        """Visits and summed queue and service seconds per replication, period, tier and class."""
        parts = [
            self._per_class(f"/tiers/{tier}", ["visits", "queue_s", "service_s"], fine)
            .assign(tier=tier) for tier in self._members(self._root(fine) + "/tiers")
        ]
        return pd.concat(parts, ignore_index=True)

    def sessions(self, fine: bool = False) -> pd.DataFrame:
        """Sessions per period: arrivals, started, abandoned."""
        names = ["arrivals", "started", "abandoned"]
        return self._tidy({n: self._array(f"{self._root(fine)}/sessions/{n}") for n in names},
                          fine, unit="Count")

    def orders(self, fine: bool = False) -> pd.DataFrame:
        """Orders per period: placed, lost and their values in US dollars."""
        names = ["placed", "lost", "value_placed_usd", "value_lost_usd"]
        return self._tidy({n: self._array(f"{self._root(fine)}/orders/{n}") for n in names}, fine)

    # Latency

    def bin_edges(self) -> np.ndarray:
        """Edges of the latency bins in seconds; the last one is infinite."""
        return self._array("/latency/bin_edges_s")

    def histogram(self, request_class: str, fine: bool = False) -> np.ndarray:
        """Requests that succeeded as `[replication][period][bin]`."""
        self._check_classes([request_class])
        return self._array(f"{self._root(fine)}/latency/{request_class}/histogram")

    def latency(self, classes: Sequence[str] | None = None,
                quantiles: Sequence[float] = (0.5, 0.95, 0.99), periods: int = 1,
                fine: bool = False) -> pd.DataFrame:
        """Quantiles of latency in windows of so many periods; NaN where nothing was answered.

        Rows of replication, period (the window's first), time, class, quantile, latency_s.
        """
        chosen = list(classes or self.classes)
        self._check_classes(chosen)
        parts = []
        for name in chosen:
            counts = self._windows(self.histogram(name, fine), periods)
            for quantile in quantiles:
                values = self.quantile(counts, quantile)
                frame = self._tidy({"latency_s": values}, fine, every=periods)
                parts.append(frame.assign(**{"class": name, "quantile": quantile}))
        return pd.concat(parts, ignore_index=True)

    def latency_over_run(self, classes: Sequence[str] | None = None,
                         quantiles: Sequence[float] = (0.5, 0.95, 0.99)) -> pd.DataFrame:
        """Quantiles over the whole run, one row per replication, class and quantile."""
        rows = []
        for name in classes or self.classes:
            counts = self.histogram(name).sum(axis=1)
            for quantile in quantiles:
                rows += [{"replication": r, "class": name, "quantile": quantile, "latency_s": v}
                         for r, v in enumerate(self.quantile(counts, quantile))]
        return pd.DataFrame(rows)

    def quantile(self, counts: np.ndarray, quantile: float) -> np.ndarray:
        """Of counts per bin (last axis), as the program does: middle of the bin of that rank."""
        edges = self.bin_edges()
        middles = (edges[:-1] + edges[1:]) / 2
        middles[-1] = edges[-2]
        cumulated = counts.cumsum(axis=-1, dtype=np.int64)
        total = cumulated[..., -1]
        rank = np.clip(np.ceil(quantile * total - 1e-9), 1, None)
        bins = (cumulated < rank[..., np.newaxis]).sum(axis=-1).clip(max=len(middles) - 1)
        return np.where(total > 0, middles[bins], np.nan)

    # Events and answers

    def promises(self) -> pd.DataFrame:
        """Verdict, limit, mean and 95 % interval per promise; first breach as clock time."""
        return self._with_clock(self.table("slo"), "first_breach_s", "first_breach")

    def cost(self) -> pd.DataFrame:
        """The bill, in US dollars for this run and for a month like it; NaN: no price known."""
        return self.table("cost")

    def cost_replications(self) -> pd.DataFrame:
        """Known cost of every service in every replication; no rows in older programs' files."""
        if "cost_replications" not in self._file:
            return pd.DataFrame(columns=["replication", "service", "run_usd", "month_usd"])
        return self.table("cost_replications")

    def month_cost(self) -> Interval:
        """The known bill of a month like it with its interval, from the totals of replications.

        Half-widths of the bill's lines must not be added: the lines rise and fall together. A file
        of an older program has no such totals, and the bounds are infinite.
        """
        samples = self.cost_replications().groupby("replication")["month_usd"].sum()
        if samples.empty:
            return Interval(float(self.cost()["month_usd"].sum()), -np.inf, np.inf, 0)
        return mean_interval(samples.to_numpy(dtype=float))

    def faults(self) -> pd.DataFrame:
        return self._with_clock(self.table("faults"))

    def alarms(self) -> pd.DataFrame:
        return self._with_clock(self.table("alarms"))

    def notifications(self) -> pd.DataFrame:
        return self._with_clock(self.table("notifications"))

    def scaling(self) -> pd.DataFrame:
        """Auto Scaling activities with their cause."""
        return self._with_clock(self.table("scaling_activities"))

    def saturation(self) -> pd.DataFrame:
        """The resource nearest to its limit, in periods in which a class was slow or failing."""
        return self._with_clock(self.table("saturation"))

    def summary(self) -> pd.DataFrame:
        """Totals per replication."""
        return self.table("summary")

    def table(self, name: str) -> pd.DataFrame:
        """A compound table of the root, text decoded."""
        return read_table(self.path, self._file, "/" + name)

    def to_xarray(self, path: str, fine: bool = False) -> Any:
        """A series as xarray.DataArray with dimensions replication and time."""
        import xarray

        data = self._array(self._root(fine) + path)
        times = self.clock(self._starts(fine)[0])
        return xarray.DataArray(data, dims=("replication", "time"), coords={"time": times},
                                name=path.rsplit("/", 1)[-1],
                                attrs=dict(self._file[self._root(fine) + path].attrs))

    # Inside

    def _text(self, attribute: str) -> str:
        return str(read_attribute(self.path, self._file, attribute))

    def _array(self, path: str) -> np.ndarray:
        return read_dataset(self.path, self._file, path)

    def _members(self, group: str) -> Iterable[str]:
        return sorted(read_group(self.path, self._file, group))

    def _root(self, fine: bool) -> str:
        if fine and not self.has_fine():
            raise ResultsError(f"{self.path}: has no fine periods: the scenario has no faults")
        return "/fine" if fine else ""

    def _starts(self, fine: bool) -> np.ndarray:
        return self._array(self._root(fine) + "/start_s")

    def _check_classes(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.classes:
                raise ResultsError(f"{self.path}: has no request class {name}, "
                                   f"but {', '.join(self.classes)}")

    def _windows(self, counts: np.ndarray, periods: int) -> np.ndarray:
        starts = range(0, counts.shape[1], periods)
        return np.stack([counts[:, s:s + periods].sum(axis=1) for s in starts], axis=1)

    def _tidy(self, values: dict[str, np.ndarray], fine: bool, every: int = 1,
              **attributes: str) -> pd.DataFrame:
        """Arrays `[replication][period]` as rows; periods that never came are left out."""
        starts = self._starts(fine)[:, ::every]
        replications, periods = starts.shape
        frame = pd.DataFrame({
            "replication": np.repeat(np.arange(replications), periods),
            "period": np.tile(np.arange(periods) * every, replications),
            "time": self.clock(starts.ravel()),
            "time_s": starts.ravel(),
        } | {name: signed(data.ravel()) for name, data in values.items()})
        frame = frame[frame["time_s"].notna()].reset_index(drop=True)
        frame.attrs.update(attributes)
        return frame

    def _per_class(self, group: str, names: list[str], fine: bool) -> pd.DataFrame:
        parts = []
        for request_class in self.classes:
            arrays = {n: self._array(f"{self._root(fine)}{group}/{request_class}/{n}")
                      for n in names}
            parts.append(self._tidy(arrays, fine).assign(**{"class": request_class}))
        return pd.concat(parts, ignore_index=True)

    def _with_clock(self, frame: pd.DataFrame, seconds: str = "time_s",
                    name: str = "time") -> pd.DataFrame:
        frame.insert(frame.columns.get_loc(seconds), name, self.clock(frame[seconds]))
        return frame
