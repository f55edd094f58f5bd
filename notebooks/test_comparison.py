"""Several configurations side by side; other scenarios are refused or labelled."""

import numpy as np
import pytest
import shopsim
from shopsim import Comparison, ResultsError


@pytest.fixture(scope="module")
def comparison(sizings):
    found = shopsim.open_folder(sizings)
    return Comparison({name: found[name] for name in ("two small", "two large", "four small")})


def test_what_the_platforms_have_different_is_listed(comparison):
    table = comparison.platform_differences()
    assert list(table.loc["web.instance_type"]) == ["m7g.large", "m7g.xlarge", "m7g.large"]
    assert list(table.loc["web.scaling.minimum"]) == [2, 2, 4]


def test_more_servers_cost_more_and_only_ec2_says_so(comparison):
    cost = comparison.cost()
    # Two m7g.xlarge cost what four m7g.large cost, twice two m7g.large (root volumes aside).
    ratio = cost.loc["EC2", "two large"] / cost.loc["EC2", "two small"]
    assert ratio == pytest.approx(2, rel=0.06)
    assert cost.loc["RDS"].nunique() == 1
    assert cost.loc["Backup"].isna().all(), "an unknown price is not 0"


def test_the_cheapest_is_always_efficient_and_nothing_dominated_is(comparison):
    frame = comparison.tradeoff()
    assert frame.loc[0, "efficient"]
    front = frame[frame["efficient"]]
    assert front["latency_s"].is_monotonic_decreasing
    for row in frame[~frame["efficient"]].itertuples():
        better = frame[(frame["month_usd"] <= row.month_usd) & (frame.index != row.Index)]
        assert (better["latency_s"] <= row.latency_s).any()


def test_the_interval_of_the_bill_comes_from_the_replications_totals(comparison):
    frame = comparison.tradeoff().set_index("configuration")
    for name, results in comparison.results.items():
        each = results.cost_replications()
        totals = [each.query("replication == @r")["month_usd"].sum() for r in range(5)]
        # t(0.975, 4 degrees) = 2.7764.
        half = 2.7764 * np.std(totals, ddof=1) / np.sqrt(5)
        assert frame.loc[name, "month_half_width_usd"] == pytest.approx(half, rel=1e-4)
        assert frame.loc[name, "month_usd"] == pytest.approx(np.mean(totals))
        # Added half-widths of the lines, which rise and fall together, are a bound only.
        assert half < results.cost()["month_half_width_usd"].sum()


def test_common_customers_make_the_difference_precise(comparison):
    paired = comparison.difference("four small", "browse", 0.5)
    one, other = (comparison.latency_samples(n, "browse", 0.5)
                  for n in ("four small", "two small"))
    independent = np.sqrt(one.var(ddof=1) + other.var(ddof=1)) / np.sqrt(len(one))
    assert paired.samples == 5
    # t(0.975, 4 degrees) = 2.776; pairing must not be worse than independent runs would be.
    assert paired.half_width < 2.776 * independent


def test_other_scenarios_are_refused_or_labelled(folder):
    both = shopsim.open_folder(folder)
    with pytest.raises(ResultsError, match=r"not the same: zone_loss differs.*mixed=True"):
        Comparison(both)
    labelled = Comparison(both, mixed=True)
    assert not labelled.is_paired
    figure = shopsim.plots.tradeoff(labelled)
    assert figure.axes[0].get_title(loc="left").startswith("the scenarios are not the same")
    with pytest.raises(ResultsError, match="differences need equal scenarios"):
        labelled.difference("zone_loss")


def test_the_one_compared_with_can_be_chosen(comparison):
    other = Comparison(comparison.results, base="four small")
    assert other.difference("two small", "browse", 0.5).mean == pytest.approx(
        -comparison.difference("four small", "browse", 0.5).mean)
    assert "two small minus four small" in [
        line.get_label() for line in shopsim.plots.differences(other, "browse").axes[0].get_lines()
    ]
    with pytest.raises(ResultsError, match="no result is called five; there are two small"):
        Comparison(comparison.results, base="five")


def test_one_result_is_no_comparison(folder):
    with pytest.raises(ResultsError, match="at least two"):
        Comparison({"a": shopsim.open_results(folder / "zone_loss.h5")})


def test_intervals_are_those_of_the_tables():
    # 1, 2, 3: mean 2, standard error 1/sqrt(3), t(0.975, 2) = 4.303 (any table of Student's t).
    interval = shopsim.mean_interval([1, 2, 3])
    assert interval.low == pytest.approx(2 - 4.3027 / np.sqrt(3), abs=1e-4)
    assert not shopsim.mean_interval([-1, 1.1]).excludes_zero
    assert shopsim.paired_difference([3, 4, 5], [1, 2, 3]).half_width == 0
    assert np.isinf(shopsim.mean_interval([1]).high)
    with pytest.raises(ValueError, match="cannot be paired"):
        shopsim.paired_difference([1], [1, 2])
