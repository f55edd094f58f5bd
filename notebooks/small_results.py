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
