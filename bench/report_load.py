"""How long the HTML report of a 24 h run of 10 replications takes to load, in headless Chromium.

    .venv/bin/python bench/report_load.py [RESULTS.h5]

Without a file it makes one: normal_day with ten replications and a hundredth of the customers;
the page's size depends on minutes and classes, hardly on the traffic. Prints the page's size, the
time from the begin of the navigation to the drawn page, best and worst of five, and the CPU time
that this took: on a busy machine that is what a quiet one would wait for at most.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build" / "release" / "shopsim"
sys.path.insert(0, str(ROOT / "notebooks"))

from browser import Browser  # noqa: E402

DRAWN = "performance.getEntriesByName('drawn')[0]?.startTime"


def make_results(file: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "run", "scenarios/normal_day.yaml", "--set", "traffic.growth=0.01", "-r", "10",
         "-q", "-o", file], cwd=ROOT, stdout=subprocess.DEVNULL)
    assert done.returncode in (0, 1, 3), done.returncode


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "day.h5"
        if len(sys.argv) < 2:
            make_results(results)
        page = folder / "day.html"
        subprocess.run([PROGRAM, "report", results, "-o", page], check=True,
                       stdout=subprocess.DEVNULL)
        with Browser(folder / "profile") as browser:
            browser.size(1100, 900)
            times: list[float] = []
            cpu: list[float] = []
            for _ in range(5):
                before = browser.cpu_seconds()
                browser.open(page)
                while (drawn := browser.value(DRAWN)) is None:
                    time.sleep(0.02)
                times.append(drawn / 1000)
                cpu.append(browser.cpu_seconds() - before)
            assert browser.problems == []
        print(f"{page.stat().st_size / 1e6:.2f} MB, drawn after {min(times):.2f} s at best, "
              f"{max(times):.2f} s at worst of {len(times)}; "
              f"{min(cpu):.2f} to {max(cpu):.2f} s of CPU time of all browser processes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
