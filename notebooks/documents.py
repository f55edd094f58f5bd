"""The commands and outputs of the documentation: executed by test_docs.py, refreshed by this file.

    python notebooks/documents.py [--long] [PAGE...]

runs every command of the pages (all of them without a name) and rewrites the outputs they show.

A ```sh block is executed line by line; ```sh long only with --long (`make test-long`); ```python
blocks too. The first ```text block behind a block shows what it printed; `...` is lines left out.
Above the output of a long block stands the day it is of: `Output of 2026-11-25:`.
"""

import argparse
import datetime
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINKED = ("bench", "build", "scenarios", "requirements", "notebooks", "docs", ".venv")
FENCE = re.compile(r"^```(\w*) ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DATED = re.compile(r"^Output of (\d{4}-\d\d-\d\d):$", re.MULTILINE)
ANSWERS = {"run": (0, 1, 3), "headroom": (0, 1), "check": (0, 1), "tune": (0, 1, 3),
           "season": (0, 1, 3)}
VERDICT = re.compile(r"\b(met|missed|undecided|MET|MISSED|UNDECIDED)\b")


class Stale(Exception):
    """A page shows what its commands do not print."""


@dataclass
class Block:
    language: str
    is_long: bool
    body: str
    begin: int  # of the body, in the page's text
    output: "Block | None" = None
    between: str = ""  # what stands between the block and its output

    @property
    def commands(self) -> list[str]:
        if self.language == "python" or "<<" in self.body:  # a here-document is no list of lines
            return [self.body]
        lines = self.body.replace("\\\n", " ").splitlines()
        return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def pages() -> list[Path]:
    """Those with something to execute."""
    found = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "scenarios" / "README.md"]
    return sorted(page for page in found if blocks(page.read_text(encoding="utf-8")))


def blocks(text: str) -> list[Block]:
    """Executable ones in the page's order, each with the output it shows."""
    found: list[Block] = []
    end = 0
    for match in FENCE.finditer(text):
        language, mark, body = match.groups()
        block = Block(language, mark == "long", body, match.start(3))
        if language in ("sh", "python"):
            found.append(block)
        elif language == "text" and found and found[-1].output is None:
            found[-1].output, found[-1].between = block, text[end:match.start()]
        end = match.end()
    return found


def prepare(folder: Path) -> None:
    """A place that looks like the repository and can be written to."""
    for name in LINKED:
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)


def execute(block: Block, folder: Path) -> str:
    """What the block's commands print. Fails when one does not give an answer."""
    printed = ""
    for command in block.commands:
        words = ["bash", "-c", command] if block.language == "sh" else [
            sys.executable, "-c", command]
        done = subprocess.run(words, cwd=place_of(command, folder), text=True,
                              env=environment(folder), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        assert done.returncode in allowed(command), f"{command}\n{done.stdout}"
        printed += done.stdout
    return printed


def place_of(command: str, folder: Path) -> Path:
    return ROOT if command.startswith(("make ", "cmake ")) else folder


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": f"{ROOT / 'build' / 'release'}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "notebooks"), "MPLBACKEND": "Agg",
            "SHOPSIM_SKIP_INSTALL": os.environ.get("SHOPSIM_SKIP_INSTALL", ""),
            "HOME": str(folder)}


def allowed(command: str) -> tuple[int, ...]:
    verb = re.search(r"shopsim (\w+)", command)
    return ANSWERS.get(verb.group(1), (0,)) if verb else (0,)


def line_key(line: str) -> str:
    """A line without its numbers and verdicts: what it is about."""
    found = re.match(r"\s*[^\d\s]*(?: [^\d\s]+)*", VERDICT.sub("#", line))
    return found.group(0) if found else ""


def current(shown: str, printed: str) -> str:
    """The shown lines as they were printed now; raises Stale for one that was not printed."""
    rest = printed.splitlines()
    lines = []
    for line in shown.splitlines():
        if line.strip() == "...":
            lines.append(line)
            continue
        at = next((i for i, r in enumerate(rest) if line_key(r) == line_key(line)), -1)
        if at < 0:
            raise Stale(f"nothing like this was printed any more: {line}")
        lines.append(rest[at])
        rest = rest[at + 1:]
    return "\n".join(lines) + "\n"


def verdicts(text: str) -> list[list[str]]:
    return [VERDICT.findall(line) for line in text.splitlines()]


def refresh(page: Path, with_long: bool) -> bool:
    """Runs the page's commands and rewrites its outputs; whether anything changed."""
    text = page.read_text(encoding="utf-8")
    changes: list[tuple[Block, str]] = []
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        for block in blocks(text):
            if block.is_long and not with_long:
                continue
            printed = execute(block, Path(name))
            if block.output:
                changes.append((block, current(block.output.body, printed)))
    new = text
    for block, output in reversed(changes):
        shown = block.output
        assert shown is not None
        new = new[:shown.begin] + output + new[shown.begin + len(shown.body):]
        if block.is_long:
            today = f"Output of {datetime.date.today().isoformat()}:"
            begin = shown.begin - len("```text\n") - len(block.between)
            between = DATED.sub(today, block.between)
            new = new[:begin] + between + new[begin + len(block.between):]
    page.write_text(new, encoding="utf-8")
    return new != text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("page", nargs="*", type=Path)
    arguments = parser.parse_args()
    for page in [p.resolve() for p in arguments.page] or pages():
        changed = refresh(page, arguments.long)
        print(f"{page.relative_to(ROOT)}: {'changed' if changed else 'as it was'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
