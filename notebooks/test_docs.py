"""Every command of README and docs is executed, and what the pages show is what it prints.

The program is deterministic, so that outputs could be compared digit by digit; that is done when
SHOPSIM_LONG=1 (`make test-long`), because every change of the model moves digits of many pages.
Otherwise lines and verdicts must be those of the page. `make docs` refreshes them.
"""

import os
import re
import subprocess
from pathlib import Path

import documents
import pytest
from documents import ROOT, Stale, blocks, current, pages
from small_results import program

LONG = os.environ.get("SHOPSIM_LONG") == "1"
# What a page must have made when all of its commands have run.
MADE = {
    "docs/tutorial.md": ["one.h5", "one.html", "two.h5", "two.html", "two_of_two.h5",
                         "three_of_three.h5", "three.h5", "two_or_three.html", "tuning.h5",
                         "winner.yaml"],
    "docs/results.md": ["day.h5", "day.html", "again.html", "day.png"],
}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_command_of_the_page_prints_what_it_shows(page: Path, tmp_path: Path):
    program()
    documents.prepare(tmp_path)
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.is_long and not LONG:
            continue
        if any(line.startswith("make test") for line in block.commands):
            continue  # this is the suite; its targets are looked at below
        printed = documents.execute(block, tmp_path)
        if block.output is None:
            continue
        expected = current(block.output.body, printed)
        assert documents.verdicts(block.output.body) == documents.verdicts(expected)
        if LONG:
            assert block.output.body == expected, "run `make docs`"
    for name in MADE.get(name_of(page), []):
        assert (tmp_path / "results" / name).stat().st_size > 1000, name


def test_outputs_of_long_blocks_carry_their_date():
    for page in pages():
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.is_long and block.output:
                assert documents.DATED.search(block.between), f"{name_of(page)}: {block.body}"


def test_make_targets_of_the_pages_exist():
    for page in pages():
        for block in blocks(page.read_text(encoding="utf-8")):
            for line in block.commands:
                if line.startswith("make "):
                    words = line.split("#")[0].split()
                    done = subprocess.run([*words, "-n"], cwd=ROOT, capture_output=True, text=True)
                    assert done.returncode == 0, f"{name_of(page)}: {line}\n{done.stderr}"


def inline_commands() -> list[tuple[str, str, set[str]]]:
    """Page, verb and options of every `shopsim ...` between backticks."""
    found = []
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "scenarios/README.md"]:
        text = documents.FENCE.sub("", page.read_text(encoding="utf-8"))
        for command in re.findall(r"`(?:build/release/)?shopsim ([^`]+)`", text):
            words = command.split()
            if re.fullmatch(r"[a-z]+", words[0]) and command != "results":  # a format's name
                options = {w.split("=")[0] for w in words[1:] if w.startswith("-")}
                found.append((name_of(page), words[0], options))
    return found


def test_commands_in_running_text_exist():
    help_of: dict[str, str] = {}
    commands = inline_commands()
    assert len(commands) > 20
    for page, verb, options in commands:
        if verb not in help_of:
            done = subprocess.run([program(), verb, "--help"], capture_output=True, text=True)
            assert done.returncode == 0, f"{page}: shopsim {verb}"
            help_of[verb] = done.stdout
        for option in options:
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", help_of[verb]), (
                f"{page}: shopsim {verb} has no {option}")


def test_the_reference_of_keys_is_current():
    done = subprocess.run([program(), "explain", "--markdown"], capture_output=True, text=True)
    page = ROOT / "docs" / "keys.md"
    assert page.read_text(encoding="utf-8") == done.stdout, (
        "run `build/release/shopsim explain --markdown > docs/keys.md`")


def test_every_model_page_has_its_four_parts():
    models = [page for page in (ROOT / "docs" / "models").glob("*.md") if page.name != "README.md"]
    index = (ROOT / "docs" / "models" / "README.md").read_text(encoding="utf-8")
    assert len(models) >= 10
    for page in models:
        parts = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Question", "Left out", "Equations", "Sources"], name_of(page)
        assert f"({page.name})" in index, name_of(page)


def test_sources_and_files_that_the_pages_name_exist():
    known = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    for page in [*ROOT.glob("docs/models/*.md"), *ROOT.glob("docs/howto/*.md")]:
        text = page.read_text(encoding="utf-8")
        for source in re.findall(r"\bS-[A-Z0-9-]+\b", text):
            assert f"| {source} |" in known, f"{name_of(page)}: {source}"
        for file in re.findall(r"`((?:models|sim|analysis|notebooks)/[\w./]+)`", text):
            assert (ROOT / file).exists(), f"{name_of(page)}: {file}"


def test_tests_that_the_architecture_names_exist():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    sources = "".join(p.read_text(encoding="utf-8") for p in ROOT.glob("tests/**/*.cpp"))
    named = re.findall(r"`(\w+)\.(\w*)(?:\.\.\.|\*)`", text)
    assert len(named) >= 3
    for suite, test in named:
        assert re.search(rf"TEST(_F|_P)?\({suite}, {test}", sources), f"{suite}.{test}"


PRINTED = "MET  x: 2 of 2\n\n  a p99   12 ms  met\n  b p95    3 s  missed\nWhy\n  12 more\n"


def test_shown_lines_are_found_by_what_they_are_about():
    shown = "MET  x: 1 of 1\n...\n  b p95    4 s  missed\n...\n"
    assert current(shown, PRINTED) == "MET  x: 2 of 2\n...\n  b p95    3 s  missed\n...\n"
    with pytest.raises(Stale):
        current("MET\n  c p95    4 s\n", PRINTED)
    with pytest.raises(Stale):  # in another order
        current("MET\n  b p95    4 s\n  a p99   1 s\n", PRINTED)


def test_an_output_belongs_to_the_last_block_above_it():
    page = ("```sh long\na\n```\n\nOutput of 2026-01-02:\n\n```text\nx\n```\n"
            "```sh\nb \\\n  c\n# why\nd\n```\nWords.\n```text\ny\n```\n```text\nz\n```\n")
    first, second = blocks(page)
    assert (first.is_long, second.is_long) == (True, False)
    assert first.output is not None and first.output.body == "x\n"
    assert second.output is not None and second.output.body == "y\n"
    assert second.commands == ["b    c", "d"]
