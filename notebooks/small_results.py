"""Small result files for the tests, made by the program itself: short windows, little traffic."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build" / "release" / "shopsim"
ANSWERS = (0, 1, 3)  # met, missed, undecided


@dataclass(frozen=True)
class SmallRun:
    scenario: str
    settings: tuple[str, ...]
    options: tuple[str, ...] = field(default=("--threads", "2"))


# A tenth of a hundredth of the day's customers is enough for every series to hold something.
BLACK_FRIDAY = SmallRun("black_friday", (
    "scenario.start=19:50", "scenario.duration=15 min", "scenario.traffic.sessions_per_day=8000"))
ZONE_LOSS = SmallRun("zone_loss", (
    "scenario.start=12:05", "scenario.duration=20 min", "scenario.traffic.sessions_per_day=8000",
    "scenario.faults[0].zone_loss.duration=5 min"))
# The stall of the database at 19:45 and ten minutes in which the shop does not come back.
RETRY_STORM = SmallRun("retry_storm", (
    "scenario.start=19:42", "scenario.duration=12 min", "scenario.warm_up=3 min"))


def program() -> Path:
    """The program; skips, or fails in CI, where it was not built."""
    if not PROGRAM.exists():
        reason = "build/release/shopsim is missing: run make build"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return PROGRAM


def make(run: SmallRun, output: Path) -> Path:
    """Runs the scenario; the results file is written to `output`."""
    settings = [word for setting in run.settings for word in ("--set", setting)]
    command = [str(program()), "run", f"scenarios/{run.scenario}.yaml", *settings,
               "--replications", "5", *run.options, "--quiet", "-o", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in ANSWERS, done.stderr
    return output


# A search over nine configurations of a small shop with a rush.
SEARCH = {
    "scenario.yaml": """\
name: small
platform: platform.yaml
start: 12:00
duration: 20 min
warm_up: 3 min
traffic:
  sessions_per_day: 450000
  hourly_shape: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
  spikes:
    - {name: rush, start: "12:05", ramp_up: 1 min, hold: 7 min, ramp_down: 1 min, factor: 3}
clients:
  pages_per_session: 8
  think: {exponential: {mean: 4 s}}
catalogue: {products: 5000, images: 2000}
slos:
  - {name: checkout p95, metric: latency, request_class: checkout, percentile: 95,
     limit_time: 600 ms, window: 5 min}
  - {name: orders lost, metric: orders_lost, limit_share: 1 %}
replications: {least: 5, most: 5, seed: 7}
""",
    "platform.yaml": """\
name: small
web:
  instance_type: t3.medium
  workers: 32
  scaling:
    minimum: 1
    maximum: 3
    desired: 1
    policies:
      - target_tracking: {name: cpu, metric: asg_average_cpu, target_value: 50}
""",
    "space.yaml": """\
name: small
tunables:
  - path: web.instance_type
    values: [t3.medium, c7g.large, c7g.xlarge]
  - path: web.scaling.minimum
    also: [web.scaling.desired]
    from: 1
    to: 3
constraints: [web.scaling.minimum <= web.scaling.maximum]
mission: {servers_least: 1}
""",
}


def make_search(folder: Path) -> None:
    """Runs the search: tuning.h5, and what the program says of it in tuning.json."""
    place = folder / "search"
    place.mkdir()
    for name, text in SEARCH.items():
        (place / name).write_text(text, encoding="utf-8")
    command = [str(program()), "tune", "scenario.yaml", "--space", "space.yaml", "-r", "5",
               "-b", "20", "--json", "-o", str(folder / "tuning.h5")]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder / "tuning.json").write_text(done.stdout, encoding="utf-8")
