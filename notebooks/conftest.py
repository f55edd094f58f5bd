"""Results that several tests read; made once."""

from pathlib import Path

import matplotlib
import pytest
import shopsim
from small_results import BLACK_FRIDAY, ZONE_LOSS, SmallRun, make, make_search

matplotlib.use("Agg")

def sizing(servers: int, instance_type: str) -> tuple[str, ...]:
    bounds = tuple(f"platform.web.scaling.{bound}={servers}"
                   for bound in ("minimum", "desired", "maximum"))
    return (*bounds, f"platform.web.instance_type={instance_type}")


SIZINGS = {
    "two small": sizing(2, "m7g.large"),
    "two large": sizing(2, "m7g.xlarge"),
    "four small": sizing(4, "m7g.large"),
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """A folder that holds black_friday.h5, zone_loss.h5 and tuning.h5."""
    place = tmp_path_factory.mktemp("results")
    make(BLACK_FRIDAY, place / "black_friday.h5")
    make(ZONE_LOSS, place / "zone_loss.h5")
    make_search(place)
    return place


@pytest.fixture(scope="session")
def sizings(tmp_path_factory) -> Path:
    """A folder with one results file per sizing."""
    place = tmp_path_factory.mktemp("sizings")
    for name, settings in SIZINGS.items():
        short = ("scenario.start=20:00", "scenario.duration=10 min",
                 "scenario.traffic.sessions_per_day=8000")
        make(SmallRun("black_friday", short + settings), place / f"{name}.h5")
    return place


@pytest.fixture
def black_friday(folder):
    with shopsim.open_results(folder / "black_friday.h5") as results:
        yield results


@pytest.fixture
def zone_loss(folder):
    with shopsim.open_results(folder / "zone_loss.h5") as results:
        yield results
