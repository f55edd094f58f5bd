"""The summary of a test run counts every stage, names what was skipped, and fails when it must."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CTEST_RESULTS = """<testsuite>
  <testcase name="Cache.Hits" classname="Cache.Hits" status="run"/>
  <testcase name="Cache.Waits" classname="Cache.Waits" status="notrun">
    <skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
    <system-out>cache_test.cpp:3: Skipped
no traces here
</system-out>
  </testcase>
  <testcase name="Cache.Misses" classname="Cache.Misses" status="fail"><failure/></testcase>
  <testcase name="All/Cache.Old/a  # GetParam() = 4-byte object &lt;01-02&gt;"
            classname="All/Cache.Old/a  # GetParam() = 4-byte object &lt;01-02&gt;"
            status="disabled"/>
  <testcase name="Cache.DISABLED_Old" classname="Cache.DISABLED_Old" status="disabled"/>
</testsuite>"""

GTEST_RESULTS = """<testsuites><testsuite name="Run">
  <testcase name="Fingerprint" status="run" result="completed" classname="Run"/>
  <testcase name="Old" status="run" classname="Run"><skipped/></testcase>
</testsuite></testsuites>"""


def summarize(folder: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "scripts/summarize_tests.py", str(folder)],
        cwd=ROOT, capture_output=True, text=True,
    )
    return done.returncode, done.stdout.splitlines()


def test_counts_all_stages_and_names_the_rest(tmp_path):
    (tmp_path / "stages.tsv").write_text("release\t8\t3\nfingerprints\t0\t1\nvalidators\t0\t1\n")
    for stage in ("release", "fingerprints", "validators"):
        (tmp_path / stage).mkdir()
    (tmp_path / "release/ctest.xml").write_text(CTEST_RESULTS)
    (tmp_path / "fingerprints/test_sim.clang.xml").write_text(GTEST_RESULTS)
    (tmp_path / "validators/checks.tsv").write_text("passed\ta\t1\nfailed\tb\tgone\n")
    (tmp_path / "validators/skipped.tsv").write_text("c\tnot installed\n")
    code, lines = summarize(tmp_path)
    assert code == 1
    # Passed: Hits, Fingerprint, a. Failed: Misses, b.
    # Skipped: Waits, Old/a, DISABLED_Old, Run.Old, c.
    assert lines[-1] == "3 passed, 2 failed, 5 skipped"
    assert "  [release] Cache.Waits: no traces here" in lines
    assert "  [release] Cache.DISABLED_Old: disabled" in lines
    assert "  [release] All/Cache.Old/a: disabled" in lines
    assert "  [release] Cache.Misses" in lines
    assert "  [fingerprints] test_sim.clang: Run.Old" in lines
    assert "  [validators] b: gone" in lines
    assert "  [validators] c: not installed" in lines


def test_a_stage_that_broke_before_its_tests_is_a_failure(tmp_path):
    (tmp_path / "stages.tsv").write_text("release\t2\t3\n")
    code, lines = summarize(tmp_path)
    assert code == 1
    assert lines[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_clean_run_is_a_success(tmp_path):
    (tmp_path / "stages.tsv").write_text("fingerprints\t0\t3\n")
    (tmp_path / "fingerprints").mkdir()
    (tmp_path / "fingerprints/test_sim.clang.xml").write_text(GTEST_RESULTS)
    code, lines = summarize(tmp_path)
    assert code == 0
    assert lines[-1] == "1 passed, 0 failed, 1 skipped"
