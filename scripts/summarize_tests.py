"""Adds up what scripts/test.sh left behind and prints the summary that ends a test run.

Reads stages.tsv (stage, exit code, seconds) and, in each stage's folder, JUnit files, checks.tsv
(passed|failed, name, detail) and skipped.tsv (name, reason). Exits 1 if anything failed.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Stage:
    """What one stage did; the lists hold (name, reason)."""

    name: str
    exit_code: int
    seconds: int
    passed: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def skip_reason(case: ElementTree.Element) -> str:
    """The words given to GTEST_SKIP or pytest.skip, as far as they were recorded."""
    output = case.findtext("system-out") or ""
    said = re.search(r": Skipped\n(.+)", output)
    if said:
        return said.group(1).strip()
    element = case.find("skipped")
    return (element.get("message") or "").strip() if element is not None else ""


def read_junit(path: Path, stage: Stage) -> None:
    """Adds the results of one JUnit file; one named test_* ran a suite on its own and says how."""
    origin = f"{path.stem}: " if path.stem.startswith("test_") else ""
    for case in ElementTree.parse(path).iter("testcase"):
        suite = case.get("classname") or ""
        name = re.sub(r" +# GetParam\(\).*", "", case.get("name") or "")
        suite = re.sub(r" +# GetParam\(\).*", "", suite)
        if suite and not name.startswith(suite):
            name = f"{suite}.{name}"
        name = origin + name
        if case.find("failure") is not None or case.find("error") is not None:
            stage.failed.append((name, ""))
        elif case.find("skipped") is not None:
            stage.skipped.append((name, skip_reason(case)))
        elif case.get("status") in ("notrun", "disabled"):
            stage.skipped.append((name, "disabled"))
        else:
            stage.passed += 1


def rows(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    return [line.split("\t") for line in path.read_text().splitlines()]


def read_stage(folder: Path, name: str, exit_code: int, seconds: int) -> Stage:
    stage = Stage(name, exit_code, seconds)
    for junit in sorted(folder.glob("*.xml")):
        read_junit(junit, stage)
    for result, check, detail in rows(folder / "checks.tsv"):
        if result == "passed":
            stage.passed += 1
        else:
            stage.failed.append((check, detail))
    for check, reason in rows(folder / "skipped.tsv"):
        stage.skipped.append((check, reason))
    if exit_code != 0 and not stage.failed:
        stage.failed.append((f"stage {name}", f"ended with code {exit_code}; see its output"))
    return stage


def print_list(title: str, stages: list[Stage], entries: str) -> None:
    found = [(s.name, *entry) for s in stages for entry in getattr(s, entries)]
    if found:
        print(f"\n{title} ({len(found)}):")
    for stage, name, reason in found:
        print(f"  [{stage}] {name}" + (f": {reason}" if reason else ""))


def main() -> int:
    results = Path(sys.argv[1])
    stages = [
        read_stage(results / name, name, int(code), int(seconds))
        for name, code, seconds in rows(results / "stages.tsv")
    ]
    print(f"\n{'stage':14} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}")
    for s in stages:
        print(f"{s.name:14} {s.passed:7} {len(s.failed):7} {len(s.skipped):8} {s.seconds:8}")
    print_list("SKIPPED", stages, "skipped")
    print_list("FAILED", stages, "failed")
    failed = sum(len(s.failed) for s in stages)
    skipped = sum(len(s.skipped) for s in stages)
    print(f"\n{sum(s.passed for s in stages)} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
