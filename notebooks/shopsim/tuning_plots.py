"""Plots of a search: what became of the candidates, how it went, and who was left."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from .plots import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERDICT_COLOURS,
    VERMILION,
    short_number,
)
from .tuning import Tuning

# From ruled out to kept: colour, marker, and what the word means.
STATES = {
    "costlier": (GREY, ".", "costs more than what was found"),
    "bounded": (PURPLE, "v", "ruled out by a bound, not simulated"),
    "dominated": (SKY, "<", "a stronger one failed"),
    "waiting": (ORANGE, "d", "not decided"),
    "refused": (VERMILION, "x", "broke a promise in simulation"),
    "passed": (BLUE, "o", "kept every promise in the windows"),
    "certified": (GREEN, "*", "kept every promise over whole days"),
}


def outcomes(tuning: Tuning) -> Figure:
    """How many configurations were ruled out, by what, and how many were simulated."""
    counts = tuning.candidates()["state"].value_counts()
    names = [name for name in STATES if name in counts]
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(names) + 1.2), layout="constrained")
    bars = axes.barh(range(len(names)), [counts[name] for name in names],
                     color=[STATES[name][0] for name in names])
    axes.bar_label(bars, padding=3)
    axes.set_yticks(range(len(names)), [f"{name}: {STATES[name][2]}" for name in names])
    axes.invert_yaxis()
    axes.margins(x=0.1)
    axes.set(xlabel="configurations", title=f"What became of {counts.sum():,} configurations")
    return figure


def tried(tuning: Tuning) -> Figure:
    """Cost against how near each simulated configuration came to its tightest promise."""
    frame = tuning.candidates()
    frame = frame[frame["tightest"].notna()]
    figure, axes = plt.subplots(figsize=(8.5, 4.8), layout="constrained")
    for name, (colour, marker, _) in STATES.items():
        own = frame[frame["state"] == name]
        if len(own):
            axes.scatter(own["estimate_usd"], own["tightest"], color=colour, marker=marker, s=45,
                         label=f"{name} ({len(own)})", zorder=3)
    pareto = frame[frame["pareto"] == 1].sort_values("estimate_usd")
    axes.plot(pareto["estimate_usd"], pareto["tightest"], color=GREY, linestyle="--", linewidth=1,
              label="nothing is better in cost, latency and orders", zorder=1)
    axes.axhline(1, color=GREY, linewidth=1.2)
    axes.annotate("limit", (1.005, 1), xycoords=("axes fraction", "data"), va="center", color=GREY)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}x"))
    _dollars(axes)
    axes.set(xlabel="estimated US dollars a month",
             ylabel="tightest promise, multiple of its limit",
             title="What was simulated: below the line every promise is kept")
    axes.legend(loc="upper left", bbox_to_anchor=(1.06, 1.02))
    return figure


def search(tuning: Tuning) -> Figure:
    """The cheapest configuration known, against the pages simulated until then."""
    frame = tuning.steps()
    figure, axes = plt.subplots(figsize=(8.5, 3.4), layout="constrained")
    known = frame[frame["best_usd"].notna()]
    axes.step(known["pages"], known["best_usd"], where="post", color=BLUE,
              label="best estimate so far")
    has_passed = frame["outcome"] == "passed"
    for own, outcome, colour in ((frame[has_passed], "passed", GREEN),
                                 (frame[~has_passed], "refused", VERMILION)):
        if len(own):
            axes.plot(own["pages"], np.full(len(own), 0.03), "|", color=colour, markersize=12,
                      transform=axes.get_xaxis_transform(), label=outcome)
    axes.xaxis.set_major_formatter(FuncFormatter(short_number))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    axes.set(xlabel="pages simulated", ylabel="US dollars a month",
             title=f"The search: {len(frame)} steps")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.02))
    return figure


def finalists(tuning: Tuning) -> Figure:
    """Cost of the finalists over whole days with customers the search had not seen."""
    frame = tuning.finalists().iloc[::-1].reset_index(drop=True)
    figure, axes = plt.subplots(figsize=(8.5, 0.6 * len(frame) + 1.2), layout="constrained")
    for index, row in frame.iterrows():
        colour = VERDICT_COLOURS[row["verdict"]]
        axes.errorbar(row["month_usd"], index, xerr=[[row["month_usd"] - row["low_usd"]],
                                                     [row["high_usd"] - row["month_usd"]]],
                      fmt="o", color=colour, capsize=4)
        axes.annotate(row["verdict"], (1.01, index), xycoords=("axes fraction", "data"),
                      va="center", color=colour)
    axes.set_yticks(range(len(frame)), frame["role"])
    axes.set_ylim(-0.5, len(frame) - 0.5)
    _dollars(axes)
    axes.set(xlabel="US dollars a month with orders lost, 95 % interval", title="Finalists")
    return figure


def _dollars(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
