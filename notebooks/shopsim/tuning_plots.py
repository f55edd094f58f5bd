"""Plots of a search: what became of the candidates, how it went, and who was left."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

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
    bars = axes.barh(range(len(names)), [counts[name] for name in names], zorder=3,
                     color=[STATES[name][0] for name in names])
    axes.bar_label(bars, padding=3)
    axes.set_yticks(range(len(names)), [f"{name}: {STATES[name][2]}" for name in names])
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
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
              label="no other is better in all of cost, latency and orders", zorder=1)
    axes.axhline(1, color=GREY, linewidth=1.2)
    axes.annotate("limit", (1.005, 1), xycoords=("axes fraction", "data"), va="center", color=GREY)
    axes.set_yscale("log")
    is_narrow = len(frame) and frame["tightest"].max() < 5 * frame["tightest"].min()
    axes.yaxis.set_major_locator(
        LogLocator(10, subs=(1, 1.2, 1.5, 2, 3, 4, 5, 6, 7, 8, 9) if is_narrow else (1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}x"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    _dollars(axes)
    axes.set(xlabel="estimated US dollars a month",
             ylabel="tightest promise, multiple of its limit",
             title="What was simulated: below the line every promise is kept")
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def search(tuning: Tuning) -> Figure:
    """What was simulated one after the other, and the cheapest that was known to hold."""
    steps = tuning.steps()
    numbers = np.arange(1, len(steps) + 1)
    estimates = steps["candidate"].map(_estimates(tuning))
    figure, axes = plt.subplots(figsize=(8.5, 3.8), layout="constrained")
    known = steps["best_usd"].notna()
    axes.step(numbers[known], steps["best_usd"][known], where="post", color=BLUE,
              label="cheapest that passed so far")
    has_passed = steps["outcome"] == "passed"
    for own, outcome, colour, marker in ((has_passed, "passed", GREEN, "o"),
                                         (~has_passed, "refused", VERMILION, "x")):
        if own.any():
            axes.scatter(numbers[own], estimates[own], color=colour, marker=marker, s=30, zorder=3,
                         label=f"{outcome} ({own.sum()})")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    axes.set(xlabel="step of the search", ylabel="estimated US dollars a month",
             title=f"The search: {len(steps)} steps")
    if len(steps):
        figure.legend(loc="outside lower center", ncols=3)
    return figure


def finalists(tuning: Tuning) -> Figure:
    """Cost of the finalists over whole days with customers the search had not seen."""
    frame = tuning.finalists().iloc[::-1].reset_index(drop=True)
    figure, axes = plt.subplots(figsize=(8.5, 0.7 * len(frame) + 1.2), layout="constrained")
    means = frame["month_usd"]
    is_wide = means.max() > 5 * means.min() > 0  # lost orders can cost a hundred times the bill
    floor = means.min() / 2 if is_wide else -np.inf
    for index, row in frame.iterrows():
        colour = VERDICT_COLOURS[row["verdict"]]
        low = max(row["low_usd"], floor)
        axes.errorbar(row["month_usd"], index, xerr=[[row["month_usd"] - low],
                                                     [row["high_usd"] - row["month_usd"]]],
                      fmt="o", color=colour, capsize=4)
        text = f"{row['month_usd']:,.0f}"
        if row["orders_lost_usd"] > 0:
            is_counted = row["bill_usd"] < row["month_usd"]
            text += ", of it" if is_counted else ", not in it"
            text += f" orders lost {row['orders_lost_usd']:,.0f}"
        axes.annotate(text, (row["month_usd"], index), xytext=(0, 8), textcoords="offset points",
                      ha="center", fontsize=8.5)
        axes.annotate(row["verdict"], (1.01, index), xycoords=("axes fraction", "data"),
                      va="center", color=colour)
    axes.set_yticks(range(len(frame)), frame["role"])
    axes.set_ylim(-0.5, len(frame) - 0.4)
    axes.margins(x=0.2)
    if is_wide:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(FuncFormatter(short_number))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        _dollars(axes)
    axes.set(xlabel="US dollars a month, 95 % interval", title="Finalists")
    return figure


def _estimates(tuning: Tuning) -> dict[str, float]:
    """Estimated cost by the name that a step gives to its candidate."""
    frame = tuning.candidates()
    names = frame[tuning.tunables].apply(
        lambda row: ", ".join(f"{name} {value}" for name, value in row.items()), axis=1)
    return dict(zip(names, frame["estimate_usd"], strict=True))


def _dollars(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
