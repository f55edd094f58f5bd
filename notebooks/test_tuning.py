"""The file of a search: what the program says is what the frames hold, and plots can be drawn."""

import json

import pytest
import shopsim
from shopsim import ResultsError, tuning_plots


@pytest.fixture
def tuning(folder):
    with shopsim.open_tuning(folder / "tuning.h5") as opened:
        yield opened


def test_verdict_and_finalists_are_those_the_program_prints(tuning, folder):
    said = json.loads((folder / "tuning.json").read_text(encoding="utf-8"))
    assert tuning.verdict == said["verdict"] == "found"
    assert list(tuning.finalists()["role"]) == [f["role"] for f in said["finalists"]]
    assert list(tuning.finalists()["verdict"]) == [f["verdict"] for f in said["finalists"]]
    assert tuning.why and tuning.overturn
    assert set(tuning.promises()["role"]) == set(tuning.finalists()["role"])


def test_every_candidate_has_its_choices_and_a_reason(tuning):
    frame = tuning.candidates()
    assert len(frame) <= 9  # three types times three sizes
    assert frame["state"].isin(tuning_plots.STATES).all()
    assert (frame["reason"] != "").all()
    chosen = tuning.space["tunables"][0]
    assert chosen["path"] in tuning.tunables[0] or tuning.tunables[0] in chosen["path"]
    assert set(frame[tuning.tunables[0]]) <= set(chosen["values"])
    simulated = frame[frame["tightest"].notna()]  # the steps: every one simulated, and no other
    assert len(tuning.steps()) == len(simulated) >= 3
    assert set(simulated["state"]) == {"certified", "passed", "refused"}
    # A winner kept every promise where it was simulated.
    winner = frame.loc[tuning.finalists()["candidate"].iloc[0]]
    assert winner["state"] == "certified" and winner["tightest"] <= 1


@pytest.mark.parametrize("draw", [tuning_plots.outcomes, tuning_plots.tried,
                                  tuning_plots.search, tuning_plots.finalists])
def test_plots_have_units_on_their_axes(tuning, draw, tmp_path):
    figure = draw(tuning)
    assert figure.axes[0].get_xlabel() and figure.axes[0].get_title(loc="left")
    figure.savefig(tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 5000


def test_promises_that_are_all_near_their_limits_have_values_on_the_axis(tuning, monkeypatch):
    frame = tuning.candidates()
    frame["tightest"] = 0.667
    monkeypatch.setattr(type(tuning), "candidates", lambda self: frame)
    axes = tuning_plots.tried(tuning).axes[0]
    low, high = axes.get_ylim()
    assert sum(low <= tick <= high for tick in axes.get_yticks()) >= 3


def test_orders_lost_are_in_the_cost_or_said_not_to_be(tuning, monkeypatch):
    frame = tuning.finalists()
    frame["orders_lost_usd"] = 5
    frame["bill_usd"] = frame["month_usd"] - 5
    frame.loc[0, "bill_usd"] = frame.loc[0, "month_usd"]
    monkeypatch.setattr(type(tuning), "finalists", lambda self: frame)
    texts = [text.get_text() for text in tuning_plots.finalists(tuning).axes[0].texts]
    assert sum(", of it orders lost 5" in text for text in texts) == len(frame) - 1
    assert sum(", not in it orders lost 5" in text for text in texts) == 1


def test_files_of_another_kind_are_told_apart(folder):
    with pytest.raises(ResultsError, match="is the result of a run; `shopsim tune` writes"):
        shopsim.open_tuning(folder / "zone_loss.h5")
    with pytest.raises(ResultsError, match="is the result of a search; `shopsim run` writes"):
        shopsim.open_results(folder / "tuning.h5")
    assert "tuning" not in shopsim.open_folder(folder)
    with pytest.raises(ResultsError, match=r"no such file; did you mean tuning\.h5"):
        shopsim.open_tuning(folder / "tunning.h5")
