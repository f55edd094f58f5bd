"""The rules of tidiness, each a function from file contents to findings `path:line: what`.

Files are given as a mapping from a path inside the repository to its text, so that every rule can
be tried on made-up files (test_tidy.py does) as well as on the repository.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

Files = Mapping[str, str]

CODE = (".cpp", ".hpp", ".py", ".sh", ".cmake", "CMakeLists.txt", "Makefile", ".ci/run")
PROSE = (".md", ".yaml", ".yml")
MOST_LINES = 450
MOST_COLUMNS = 100

# A file that is allowed to be longer, and why.
LONGER_FILES: dict[str, str] = {}

# Which folders of ours a folder may include. Everything may include itself.
ARROWS = {
    "sim": set(),
    "models": {"sim"},
    "analysis": {"sim", "models"},
    "generator": {"sim", "models", "analysis"},
    "requirements": {"sim", "models"},
    "cli": {"sim", "models", "analysis", "generator", "requirements"},
}

# Third parties that stand behind one door each: one file, or one .hpp/.cpp pair.
DOORS = {
    "libyaml": r"yaml\.h",
    "HDF5": r"(hdf5(_hl)?|H5\w+)\.h(pp)?",
    "Boost.Program_options": r"boost/program_options[/.].*",
    "SimGrid": r"simgrid/.*",
    "MPI": r"mpi\.h|boost/mpi[/.].*",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
# Spelled so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:" + "home|root|work" + r")/")
CLOCK_THAT_JUMPS = re.compile(
    r"system_clock|high_resolution_clock|\bgettimeofday|\btime\(nullptr|CLOCK_REALTIME"
)
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")


def lines(files: Files, endings: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    for path, text in files.items():
        if path.endswith(endings):
            for number, line in enumerate(text.split("\n"), start=1):
                yield path, number, line


def includes(files: Files) -> Iterator[tuple[str, int, str]]:
    for path, number, line in lines(files, (".cpp", ".hpp")):
        found = INCLUDE.match(line)
        if found:
            yield path, number, found.group(1)


def wrong_arrows(files: Files) -> list[str]:
    """Includes against the one direction of dependency."""
    findings = []
    for path, number, header in includes(files):
        here, there = path.split("/")[0], header.split("/")[0]
        if here in ARROWS and there in ARROWS and there not in ARROWS[here] | {here}:
            findings.append(f"{path}:{number}: {here}/ must not know {there}/ ({header})")
    return findings


def wide_doors(files: Files) -> list[str]:
    """Third-party headers that more than one file (or pair) includes; tests are free to."""
    users: dict[str, set[str]] = {name: set() for name in DOORS}
    for path, _, header in includes(files):
        for name, pattern in DOORS.items():
            if not path.startswith("tests/") and re.fullmatch(pattern, header):
                users[name].add(str(PurePosixPath(path).with_suffix("")))
    return [
        f"{', '.join(sorted(found))}: {name} must stand behind one file or .hpp/.cpp pair"
        for name, found in users.items()
        if len(found) > 1
    ]


def long_files(files: Files) -> list[str]:
    return [
        f"{path}:1: {count} lines, at most {MOST_LINES}: one concept per file"
        for path, text in files.items()
        if path.endswith((".cpp", ".hpp", ".py")) and path not in LONGER_FILES
        if (count := text.count("\n")) > MOST_LINES
    ]


def long_lines(files: Files) -> list[str]:
    """Too long lines; tables between `// clang-format off` and `on` are laid out by hand."""
    findings = []
    by_hand = False
    for path, number, line in lines(files, CODE):
        if number == 1 or "clang-format on" in line:
            by_hand = False
        by_hand = by_hand or line.strip() == "// clang-format off"
        if len(line) > MOST_COLUMNS and not by_hand:
            findings.append(f"{path}:{number}: {len(line)} columns, at most {MOST_COLUMNS}")
    return findings


def stray_spaces(files: Files) -> list[str]:
    """Tabs (but in a Makefile), spaces at a line's end, a missing last newline."""
    findings = []
    for path, number, line in lines(files, CODE + PROSE):
        if "\t" in line and not path.endswith("Makefile"):
            findings.append(f"{path}:{number}: a tab")
        if line != line.rstrip():
            findings.append(f"{path}:{number}: space at the end of the line")
    for path, text in files.items():
        if path.endswith(CODE + PROSE) and text and not text.endswith("\n"):
            findings.append(f"{path}:{text.count(chr(10)) + 1}: no newline at the end of the file")
    return findings


def machine_paths(files: Files) -> list[str]:
    """Paths that exist on one machine only."""
    return [
        f"{path}:{number}: an absolute path of one machine"
        for path, number, line in lines(files, ("",))
        if MACHINE_PATH.search(line)
    ]


def unfinished_work(files: Files) -> list[str]:
    return [
        f"{path}:{number}: finish it or file an issue: {line.strip()}"
        for path, number, line in lines(files, CODE + PROSE)
        if UNFINISHED.search(line)
    ]


def clocks_that_jump(files: Files) -> list[str]:
    """Only steady time is read, so that somebody who sets the machine's clock changes nothing."""
    return [
        f"{path}:{number}: a clock that can be set: std::chrono::steady_clock"
        for path, number, line in lines(files, (".cpp", ".hpp"))
        if CLOCK_THAT_JUMPS.search(line)
    ]


def download_addresses(files: Files) -> list[str]:
    """Lock files and package lists that name the registry of one workplace."""
    findings = []
    for path, number, line in lines(files, ("lock.json", "npm-shrinkwrap.json", "yarn.lock")):
        if re.search(r'"resolved": *"http|^ *resolved "?http', line):
            findings.append(f"{path}:{number}: a download address in a lock file")
    for path, number, line in lines(files, ("packages.txt", "checkov.txt", ".npmrc", "pip.conf")):
        if re.search(r"(index-url|find-links|registry|@) *=? *https?:", line):
            findings.append(f"{path}:{number}: a download address in a package list")
    return findings


def broken_links(files: Files) -> list[str]:
    """Links of Markdown files to files of the repository that are not there."""
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    findings = []
    in_code = False
    for path, number, line in lines(files, (".md",)):
        if number == 1:
            in_code = False
        if line.lstrip().startswith("```"):
            in_code = not in_code
        if in_code:
            continue
        for target in MARKDOWN_LINK.findall(re.sub(r"`[^`]*`", "", line)):
            file = target.split("#")[0]
            if not file or re.match(r"[a-z]+:", file):
                continue
            place = os.path.normpath(PurePosixPath(path).parent / file)
            if place not in files and place not in folders:
                findings.append(f"{path}:{number}: the link to {target} leads nowhere")
    return findings
