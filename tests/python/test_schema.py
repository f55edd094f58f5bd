"""Every shipped YAML file is valid against the schema that `shopsim schema` prints for editors, and
what the program refuses for its form the schema refuses too."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/shopsim"
SCENARIOS = ROOT / "scenarios"


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors have it: 20:00 is a text, not 1,200 in base 60."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def kind_of(path: Path) -> str:
    if path.parent.name == "platforms":
        return "platform"
    text = path.read_text()
    if re.search(r"^season:", text, re.MULTILINE):
        return "season"
    return "space" if re.search(r"^tunables:", text, re.MULTILINE) else "scenario"


@pytest.fixture(scope="module")
def validators() -> dict[str, jsonschema.Draft202012Validator]:
    result = {}
    for kind in ("platform", "scenario", "season", "space"):
        printed = subprocess.run([PROGRAM, "schema", kind], check=True, capture_output=True)
        schema = json.loads(printed.stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        result[kind] = jsonschema.Draft202012Validator(schema)
    return result


SHIPPED = sorted(SCENARIOS.rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_valid(validators, path: Path) -> None:
    document = yaml.load(path.read_text(), Core)
    errors = [f"{error.json_path}: {error.message}"
              for error in validators[kind_of(path)].iter_errors(document)]
    assert errors == []


def test_all_kinds_are_shipped() -> None:
    assert {kind_of(path) for path in SHIPPED} == {"platform", "scenario", "season", "space"}


@pytest.mark.parametrize("name, change", [
    ("platforms/shop.yaml", ("instance_type:", "instance_typ:")),
    ("black_friday.yaml", ("duration: 24 h", "duration: 24")),
    ("season.yaml", ("days: 251", "days: many")),
    ("season.yaml", ("months: [11, 12]", "month: [11, 12]")),
    ("space.yaml", ("chance: 90 %", "chance: likely")),
    ("space.yaml", ("from: 2", "form: 2")),
])
def test_what_is_wrong_is_refused(validators, name: str, change: tuple[str, str]) -> None:
    path = SCENARIOS / name
    text = path.read_text()
    assert change[0] in text
    document = yaml.load(text.replace(*change), Core)
    assert not validators[kind_of(path)].is_valid(document)


def test_a_space_may_choose_lists_and_sections(validators) -> None:
    space = yaml.load("""
tunables:
  - path: web.scaling.policies
    values: [[{name: cpu, target_tracking: {target_value: 50}}], []]
  - name: cache
    alternatives:
      - {name: small, set: {cache.nodes: 2, cache.node_type: cache.t4g.medium}}
""", Core)
    assert validators["space"].is_valid(space)
