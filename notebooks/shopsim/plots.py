"""The standard plots. Each returns its figure; colours are told apart by the colour-blind (Okabe
and Ito), and curves also by their dashes, so that they survive a grey print."""

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from .comparison import Comparison
from .errors import ResultsError
from .results import Results
from .statistics import mean_interval

BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY = "#56B4E9", "#CC79A7", "#7F7F7F"
COLOURS = [BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, GREY]
DASHES: list[Any] = ["-", (0, (5, 2)), (0, (1, 1.2)), "-.", (0, (6, 1, 1, 1)), (0, (3, 3)), "-"]
VERDICT_COLOURS = {"met": GREEN, "missed": VERMILION, "undecided": ORANGE}

FAULT, ALARM, SCALING = VERMILION, PURPLE, SKY


def style(dark: bool = False) -> None:
    """Sets matplotlib up for these plots: for paper and light screens, or for dark ones."""
    ink, paper = ("#E8E8E8", "#161616") if dark else ("#222222", "#FFFFFF")
    plt.rcParams.update({
        "figure.dpi": 110, "savefig.dpi": 160, "figure.facecolor": paper,
        "savefig.facecolor": paper, "axes.facecolor": paper, "axes.edgecolor": ink,
        "axes.labelcolor": ink, "text.color": ink, "xtick.color": ink, "ytick.color": ink,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
        "grid.color": ink, "grid.alpha": 0.15, "grid.linewidth": 0.6, "font.size": 9.5,
        "axes.titlesize": 10.5, "axes.titlelocation": "left", "axes.titleweight": "bold",
        "legend.frameon": False, "legend.fontsize": 8.5, "lines.linewidth": 1.5,
    })


def time_text(seconds: float, _: object = None) -> str:
    """A tick of a time axis with its unit: `250 ms`, `1.5 s`."""
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def short_number(value: float, _: object = None) -> str:
    """`1.2 M`, `35 k`, `120`."""
    for limit, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{letter}"
    return f"{value:.3g}"


def band(axes: Axes, frame: pd.DataFrame, column: str, label: str, index: int = 0,
         scale: float = 1) -> None:
    """The mean over replications as a line, and from the least to the most of them as a band."""
    by_time = frame.groupby("period")[column]
    times = frame.groupby("period")["time"].first()
    colour = COLOURS[index % len(COLOURS)]
    axes.fill_between(times, by_time.min() * scale, by_time.max() * scale, color=colour,
                      alpha=0.2, linewidth=0)
    axes.plot(times, by_time.mean() * scale, color=colour, linestyle=DASHES[index % len(DASHES)],
              label=label)


def clock_axis(axes: Axes, results: Results) -> None:
    """Local clock time; the last label says which day."""
    locator = mdates.AutoDateLocator(minticks=4, maxticks=10)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M"))
    axes.set_xlabel(f"clock time, {results.start:%A %d %B %Y}")


def latency_axis(axes: Axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(time_text))
    axes.yaxis.set_minor_formatter(NullFormatter())


def marks(axes: Axes, results: Results, labels: bool = False) -> None:
    """Faults, alarms that went off and scaling activities of the first replication."""
    faults, alarms, scaling = results.faults(), results.alarms(), results.scaling()
    chosen = [
        (faults[(faults["replication"] == 0) & (faults["phase"] == "begins")], FAULT, "fault"),
        (alarms[(alarms["replication"] == 0) & (alarms["to"] == "ALARM")], ALARM, "alarm"),
        (scaling[(scaling["replication"] == 0) & (scaling["status"] == "Successful")], SCALING,
         "scaling"),
    ]
    for frame, colour, name in chosen:
        for index, time in enumerate(frame["time"]):
            axes.axvline(time, color=colour, linewidth=1, alpha=0.75, zorder=0,
                         linestyle="-" if name == "fault" else ":",
                         label=name if labels and index == 0 else None)


def _rate(frame: pd.DataFrame, column: str, period_s: float) -> pd.DataFrame:
    rate = frame.groupby(["replication", "period", "time"], as_index=False)[column].sum()
    rate["rate"] = rate[column] / period_s
    return rate


def _failed_percent(frame: pd.DataFrame, periods: int = 1) -> pd.DataFrame:
    """Of the requests that ended in windows of so many periods, all classes together."""
    first = frame["period"] // periods * periods
    sums = frame.assign(period=first).groupby(["replication", "period"], as_index=False).agg(
        time=("time", "min"), failed=("failed", "sum"), succeeded=("succeeded", "sum"))
    ended = sums["failed"] + sums["succeeded"]
    return sums.assign(percent=100 * sums["failed"] / ended.where(ended > 0))


def _legend(axes: Axes, **options: Any) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.02), **options)


def day(results: Results, request_class: str = "checkout", fine: bool = False) -> Figure:
    """The run from top to bottom: traffic, servers, load, latency of a class, failures."""
    figure, rows = plt.subplots(5, 1, figsize=(10, 10.5), sharex=True, layout="constrained",
                                height_ratios=[1, 0.8, 1, 1.4, 0.8])
    requests = results.requests(fine)
    pages = requests[~requests["class"].str.startswith("image")]
    period = _period_s(results, fine)
    band(rows[0], _rate(pages, "requests", period), "rate", "pages", 0)
    rows[0].set(ylabel="pages/s", title="Traffic")
    for index, (name, label) in enumerate((("GroupInServiceInstances", "in service"),
                                           ("GroupDesiredCapacity", "desired"))):
        band(rows[1], results.metric(name, fine=fine), "value", label, index)
    rows[1].set(ylabel="servers", title="Web servers")
    rows[1].set_ylim(0, rows[1].get_ylim()[1] + 0.5)
    rows[1].yaxis.get_major_locator().set_params(integer=True)
    for index, (namespace, label) in enumerate((("AWS/EC2", "web servers"),
                                                ("AWS/RDS", "database"),
                                                ("AWS/ElastiCache", "cache"))):
        band(rows[2], results.metric("CPUUtilization", namespace, fine), "value", label, index)
    rows[2].set(ylabel="CPU, %", title="Load", ylim=(0, 105))
    latency = results.latency([request_class], (0.5, 0.95, 0.99), fine=fine)
    for index, (quantile, frame) in enumerate(latency.groupby("quantile")):
        band(rows[3], frame, "latency_s", f"p{100 * float(quantile):g}", index)
    latency_axis(rows[3])
    rows[3].set(ylabel="latency", title=f"Latency of {request_class}")
    _limits(rows[3], results, request_class)
    band(rows[4], _failed_percent(pages), "percent", "failed pages", 3)
    rows[4].set(ylabel="failed, %", title="Failures")
    rows[4].set_ylim(bottom=0)
    for axes in rows:
        marks(axes, results, labels=axes is rows[0])
        _legend(axes)
    rows[0].set_ylim(bottom=0)
    clock_axis(rows[4], results)
    figure.align_ylabels(rows)
    figure.suptitle(_title(results), x=0.01, ha="left", fontsize=11)
    return figure


def _period_s(results: Results, fine: bool) -> float:
    catalogue = results.catalogue()
    path = "/fine/start_s" if fine else "/start_s"
    return float(catalogue.loc[catalogue["path"] == path, "period_s"].iloc[0])


def _title(results: Results) -> str:
    return (f"{results.name}: line is the mean of {results.replications} replications, "
            "band from least to most")


def _limits(axes: Axes, results: Results, request_class: str) -> None:
    """The limits that promises on this class set for its latency."""
    for promise in results.scenario["slos"]:
        if promise["metric"] == "latency" and promise.get("request_class") == request_class:
            row = results.promises().set_index("name").loc[promise["name"]]
            axes.axhline(row["limit"], color=GREY, linewidth=1, linestyle="--")
            axes.annotate(f"p{float(promise['percentile']):g} promised", (0.005, row["limit"]),
                          xycoords=("axes fraction", "data"), va="bottom", fontsize=8, color=GREY)


def promises(results: Results) -> Figure:
    """Every promise with its interval as a share of its limit; left of 1 is kept."""
    frame = results.promises().iloc[::-1].reset_index(drop=True)
    figure, axes = plt.subplots(figsize=(9, 0.5 * len(frame) + 1.2), layout="constrained")
    for index, row in frame.iterrows():
        values = np.array([row["low"], row["mean"], row["high"]])
        limit = row["limit"]
        if "success" in row["promise"]:  # what counts is the share that fails
            values, limit = 1 - values[::-1], 1 - limit
        low, mean, high = np.clip(values, 0, None) / limit
        colour = VERDICT_COLOURS[row["verdict"]]
        axes.errorbar(mean, index, xerr=[[mean - low], [high - mean]], fmt="o", color=colour,
                      capsize=3)
        axes.annotate(row["verdict"], (1.01, index), xycoords=("axes fraction", "data"),
                      va="center", color=colour)
    axes.axvline(1, color=GREY, linewidth=1.2)
    axes.set_xscale("symlog", linthresh=1, linscale=1.5)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}x"))
    axes.set_yticks(range(len(frame)), frame["name"])
    axes.set(xlabel="measured as a multiple of the limit (1x is the limit), 95 % interval",
             title="Promises")
    return figure


def distribution(results: Results, classes: Sequence[str] | None = None) -> Figure:
    """Which share of requests was slower than so long, per class, over the run."""
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    edges = results.bin_edges()
    for index, name in enumerate(classes or results.classes):
        counts = results.histogram(name).sum(axis=(0, 1))
        if counts.sum() == 0:
            continue
        slower = 1 - counts.cumsum() / counts.sum()
        seen = slice(max(0, int(np.argmax(counts > 0)) - 1), int(np.nonzero(counts)[0][-1]) + 1)
        axes.step(edges[1:][seen], np.maximum(slower[seen], 1e-9), where="post", label=name,
                  color=COLOURS[index % len(COLOURS)], linestyle=DASHES[index % len(DASHES)])
    axes.set_xscale("log")
    axes.set_yscale("log")
    least = min(1e-4, 1 / max(1, results.summary()["succeeded"].sum()))
    axes.set_ylim(least, 1.2)
    axes.xaxis.set_major_formatter(FuncFormatter(time_text))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g} %"))
    axes.set(xlabel="latency", ylabel="share of requests that were slower",
             title="Latency over the run, all replications")
    _legend(axes)
    return figure


def cost(results: Results) -> Figure:
    """The bill of a month like this run, per service."""
    frame = results.cost().groupby("service", sort=False)["month_usd"].sum(min_count=1)
    known = frame.dropna().sort_values()
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(known) + 1.3), layout="constrained")
    bars = axes.barh(list(known.index), known.to_numpy(), color=BLUE)
    axes.bar_label(bars, [f"{v:,.0f}" for v in known], padding=3, fontsize=8.5)
    unknown = sorted(frame.index[frame.isna()])
    note = f"; no price known: {', '.join(unknown)}" if unknown else ""
    axes.set(xlabel=f"US dollars a month{note}", title=f"Bill: {known.sum():,.0f} USD a month")
    return figure


def bottlenecks(results: Results) -> Figure:
    """Which resource was at its limit when a class was slow or failing, and for how many runs."""
    frame = results.saturation()
    figure, axes = plt.subplots(figsize=(9, 2.8), layout="constrained")
    if frame.empty:
        axes.annotate("no class was slow or failing for want of a resource", (0.5, 0.5),
                      xycoords="axes fraction", ha="center")
    else:
        names = list(frame["resource"].value_counts().index)
        counts = frame.groupby(["resource", "time"]).size().reset_index(name="replications")
        axes.scatter(counts["time"], counts["resource"].map(names.index), marker="s",
                     s=12 + 60 * counts["replications"] / results.replications, color=VERMILION)
        axes.set_yticks(range(len(names)), names)
        axes.margins(y=0.3)
        axes.set_xlim(results.start, results.clock(results.series("/start_s")["value"].max()))
    clock_axis(axes, results)
    axes.set_title("Resource at its limit (size: share of the replications)")
    return figure


def recovery(results: Results, request_class: str = "checkout", before_s: float = 120,
             after_s: float = 600) -> Figure:
    """A class before, during and after the first fault, in the short periods around it."""
    faults = results.faults()
    if faults.empty:
        raise ResultsError(f"{results.path}: nothing failed in this run")
    at = faults["time_s"].min()
    figure, rows = plt.subplots(3, 1, figsize=(9.5, 7), sharex=True, layout="constrained")
    near = _window(at - before_s, at + after_s)
    latency = near(results.latency([request_class], (0.5, 0.95), periods=6, fine=True))
    for index, (quantile, frame) in enumerate(latency.groupby("quantile")):
        band(rows[0], frame, "latency_s", f"p{100 * float(quantile):g}", index)
    latency_axis(rows[0])
    rows[0].set(ylabel="latency", title=f"Latency of {request_class} in half minutes")
    requests = near(results.requests(fine=True))
    band(rows[1], _failed_percent(requests[requests["class"] == request_class], 6),
         "percent", "failed", 3)
    rows[1].set(ylabel="failed, %", title=f"Failures of {request_class} in half minutes",
                ylim=(-3, 103))
    pages = requests[~requests["class"].str.startswith("image")]
    period = _period_s(results, True)
    for index, (column, label) in enumerate((("attempts", "attempts"), ("requests", "pages"))):
        band(rows[2], _rate(pages, column, period), "rate", label, index)
    rows[2].set(ylabel="per second", title="Pages wanted, and attempts with retries")
    for axes in rows:
        for row in faults[faults["replication"] == 0].itertuples():
            if near.covers(row.time_s):
                axes.axvline(row.time, color=FAULT, linewidth=1,
                             linestyle="-" if row.phase == "begins" else ":")
        _legend(axes)
    clock_axis(rows[2], results)
    rows[2].xaxis.set_major_formatter(mdates.DateFormatter("%H:%M:%S"))
    figure.align_ylabels(rows)
    figure.suptitle(_title(results) + "; red: the fault's phases", x=0.01, ha="left", fontsize=11)
    return figure


class _window:
    """Rows of a stretch of time."""

    def __init__(self, begin_s: float, end_s: float):
        self.begin_s, self.end_s = begin_s, end_s

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["time_s"].between(self.begin_s, self.end_s)]

    def covers(self, time_s: float) -> bool:
        return self.begin_s <= time_s <= self.end_s


def tradeoff(comparison: Comparison, request_class: str = "checkout",
             quantile: float = 0.99) -> Figure:
    """Cost against latency with intervals, and the line of those that nothing else beats."""
    frame = comparison.tradeoff(request_class, quantile)
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axes.errorbar(frame["month_usd"], frame["latency_s"], xerr=frame["month_half_width_usd"],
                  yerr=frame["half_width_s"], fmt="o", color=BLUE, capsize=3)
    front = frame[frame["efficient"]]
    axes.plot(front["month_usd"], front["latency_s"], color=ORANGE, linestyle="--",
              label="nothing is cheaper and faster", zorder=0)
    for row in frame.itertuples():
        axes.annotate(row.configuration, (row.month_usd, row.latency_s), xytext=(6, 6),
                      textcoords="offset points")
    axes.yaxis.set_major_formatter(FuncFormatter(time_text))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    axes.set(xlabel="US dollars a month, 95 % interval",
             ylabel=f"p{100 * quantile:g} of {request_class} over the run, 95 % interval",
             title=comparison.warning or "Cost against latency")
    axes.margins(0.12)
    axes.legend()
    return figure


def differences(comparison: Comparison, request_class: str = "checkout",
                quantile: float = 0.95, periods: int = 5) -> Figure:
    """Latency of every other configuration minus the base's, for the same customers."""
    others = [name for name in comparison.results if name != comparison.base]
    figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
    for index, name in enumerate(others):
        frame = comparison.latency_difference(name, request_class, quantile, periods)
        interval = frame.groupby("time")["difference_s"].agg(_bounds("low", "mean", "high"))
        bounds = np.array(interval.tolist()) * 1e3
        colour = COLOURS[index % len(COLOURS)]
        axes.fill_between(interval.index, bounds[:, 0], bounds[:, 2], color=colour, alpha=0.2,
                          linewidth=0)
        axes.plot(interval.index, bounds[:, 1], color=colour, linestyle=DASHES[index % 7],
                  label=f"{name} minus {comparison.base}")
    axes.axhline(0, color=GREY, linewidth=1)
    base = comparison.results[comparison.base]
    axes.set(ylabel=f"difference of p{100 * quantile:g} of {request_class}, ms",
             title="Slower (above 0) or faster: mean difference and its 95 % interval")
    clock_axis(axes, base)
    axes.legend()
    return figure


def _bounds(*names: str) -> Callable[[pd.Series], tuple[float, ...]]:
    def of(values: pd.Series) -> tuple[float, ...]:
        interval = mean_interval(values.to_numpy())
        return tuple(getattr(interval, name) for name in names)
    return of


style()
