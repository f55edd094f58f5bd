"""The commands of the tour and of the page about results do what these pages say.

Blocks ```sh and ```python are executed in the page's order; ```sh long blocks are not: they build
everything or wait for a person.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_results import ANSWERS, ROOT, program

PAGES = ["tutorial.md", "results.md"]
# What a page must have made when all of its commands have run.
MADE = {
    "tutorial.md": ["one.h5", "one.html", "two.h5", "two.html", "one_or_two.html"],
    "results.md": ["day.h5", "day.html", "again.html", "day.png"],
}


def blocks(page: str) -> list[tuple[str, str]]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```(sh|python)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[str]:
    return [line for line in block.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_runs(page, tmp_path: Path):
    program()
    for name in ("build", "scenarios"):
        (tmp_path / name).symlink_to(ROOT / name)
    outputs = []
    for language, block in blocks(page):
        lines = commands(block) if language == "sh" else [block]
        for line in lines:
            words = ["bash", "-c", line] if language == "sh" else [sys.executable, "-c", line]
            environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "notebooks"),
                           "MPLBACKEND": "Agg", "HOME": str(tmp_path)}
            done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True,
                                  env=environment)
            expected = ANSWERS if " run " in line else (0,)
            assert done.returncode in expected, f"{line}\n{done.stderr}"
            outputs.append(done.stdout)
    for name in MADE[page]:
        assert (tmp_path / "results" / name).stat().st_size > 1000, name
    if page == "tutorial.md":
        one, two = (text for text in outputs if "promises met" in text)
        assert "Saturated: web CPU" in one
        assert re.search(r"checkout p99 .* missed$", one, re.MULTILINE)
        assert re.search(r"checkout p99 .* met$", two, re.MULTILINE)
