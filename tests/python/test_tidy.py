"""Keeps the repository tidy. Each rule is tried on files that break it, then on the repository."""

import subprocess
from pathlib import Path

import pytest
import tidy_rules as rules

ROOT = Path(__file__).resolve().parents[2]

# Spelled so that the rules do not find their own examples here.
SLASH = "/"
LONG = "x" * 101

EXAMPLES = [
    (rules.wrong_arrows, {"sim/a.hpp": '#include "models/b.hpp"\n'}),
    (rules.wrong_arrows, {"requirements/a.cpp": '#include "analysis/b.hpp"\n'}),
    (rules.wrong_arrows, {"models/a.cpp": '#  include "cli/b.hpp"\n'}),
    (rules.wide_doors, {"sim/a.cpp": "#include <yaml.h>\n", "cli/b.cpp": "#include <yaml.h>\n"}),
    (rules.wide_doors, {"a/a.hpp": "#include <hdf5.h>\n", "a/b.cpp": "#include <H5Ppublic.h>\n"}),
    (rules.long_files, {"sim/a.cpp": "\n" * 451}),
    (rules.long_lines, {"Makefile": f"{LONG}\n"}),
    (rules.long_lines, {"a.cpp": f"// clang-format off\n// clang-format on\n{LONG}\n"}),
    (rules.long_lines, {"a.cpp": "// clang-format off\n", "b.cpp": f"{LONG}\n"}),
    (rules.stray_spaces, {"a.py": "x \n"}),
    (rules.stray_spaces, {"a.cpp": "\tx\n"}),
    (rules.stray_spaces, {"a.sh": "x"}),
    (rules.machine_paths, {"data.csv": f"a,{SLASH}home/x\n"}),
    (rules.machine_paths, {"a.md": f"{SLASH}root/x\n"}),
    (rules.unfinished_work, {"a.hpp": "// " + "TO" + "DO: later\n"}),
    (rules.clocks_that_jump, {"sim/a.cpp": "const auto now = std::chrono::system_clock::now();\n"}),
    (rules.download_addresses, {"package-lock.json": '"resolved": "https://a/b.tgz"\n'}),
    (rules.download_addresses, {"packages.txt": "a @ https://b/c.whl\n"}),
    (rules.broken_links, {"docs/a.md": "[b](b.md)\n", "b.md": ""}),
]

GOOD_FILES = {
    "sim/time.hpp": "#include <cstdint>\n",
    "sim/document.hpp": "#include <yaml.h>\n",
    "sim/document.cpp": '#include <yaml.h>\n#include "sim/document.hpp"\n',
    "models/alb.cpp": '#include "sim/time.hpp"\n' + "\n" * 449,
    "requirements/a.cpp": '#include "models/b.hpp"\n',
    "tests/analysis/a_test.cpp": "#include <hdf5.h>\n",
    "analysis/store.cpp": "#include <hdf5.h>\n",
    "models/table.cpp": f"// clang-format off\n{LONG}\n// clang-format on\n",
    "Makefile": "a:\n\tb\n",
    "docs/a.md": "[b](../README.md#x) [c](https://x.org) [d](#e) [f](../sim) `[g](h)`\n",
    "README.md": "x" * 200 + "\n",
    "a/package-lock.json": '"integrity": "sha512-x"\n',
}

RULES = sorted({rule for rule, _ in EXAMPLES}, key=lambda rule: rule.__name__)


def repository_files() -> dict[str, str]:
    """Path and text of every file of ours: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")
    files = {}
    for path in filter(None, listed):
        try:
            files[path] = (ROOT / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a binary file, or one that was just deleted
    return files


@pytest.mark.parametrize(("rule", "files"), EXAMPLES)
def test_rule_finds_its_example(rule, files):
    assert len(rule(files)) == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_accepts_good_files(rule):
    assert rule(GOOD_FILES) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_repository_keeps_rule(rule):
    files = repository_files()
    assert "CMakeLists.txt" in files
    findings = rule(files)
    assert not findings, "\n" + "\n".join(findings)


def test_exceptions_are_still_needed():
    files = repository_files()
    for path in rules.LONGER_FILES:
        assert files[path].count("\n") > rules.MOST_LINES, f"{path} needs no exception"
