"""Every standard plot is drawn, with units on its axes, clock time, and legible on dark paper."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import shopsim
from matplotlib.colors import to_rgb
from shopsim import plots


def texts(figure):
    return " | ".join(t.get_text() for axes in figure.axes
                      for t in (axes.xaxis.label, axes.yaxis.label, axes.title))


@pytest.mark.parametrize(("draw", "units"), [
    (plots.day, ["pages/s", "CPU, %", "servers", "failed, %", "clock time, Friday 27 November"]),
    (plots.recovery, ["per second", "failed, %", "clock time"]),
    (plots.promises, ["multiple of the limit", "95 % interval"]),
    (plots.distribution, ["share of requests"]),
    (plots.cost, ["US dollars a month; no price known: Backup"]),
    (plots.bottlenecks, ["clock time"]),
])
def test_plot_names_its_units(zone_loss, draw, units, tmp_path):
    figure = draw(zone_loss)
    shown = texts(figure) + " ".join(a.get_title(loc="left") for a in figure.axes)
    for unit in units:
        assert unit in shown
    figure.savefig(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 10_000
    plt.close(figure)


def test_axes_show_time_of_day_and_latency_with_its_unit(zone_loss):
    figure = plots.day(zone_loss)
    figure.canvas.draw()
    assert "12:10" in [t.get_text() for t in figure.axes[-1].get_xticklabels()]
    assert any(t.get_text().endswith("ms") for t in figure.axes[3].get_yticklabels())
    plt.close(figure)


def test_faults_are_marked_where_they_happened(zone_loss):
    figure, axes = plt.subplots()
    plots.marks(axes, zone_loss, labels=True)
    faults = [line for line in axes.lines if line.get_color() == plots.FAULT]
    assert np.asarray(faults[0].get_xdata())[0] == zone_loss.clock(600.0)
    plt.close(figure)


def test_a_run_without_fault_has_no_recovery(black_friday):
    with pytest.raises(shopsim.ResultsError, match="nothing failed"):
        plots.recovery(black_friday)


def test_dark_style_draws_light_ink_on_dark_paper(zone_loss):
    try:
        plots.style(dark=True)
        figure = plots.cost(zone_loss)
        assert max(to_rgb(figure.get_facecolor())) < 0.2
        assert plt.rcParams["text.color"] == "#E8E8E8"
        plt.close(figure)
    finally:
        plots.style()
