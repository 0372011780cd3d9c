"""Truth files of the node types: cases in YAML, what they become in golden JSON. A type without cases fails."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.host.manager import load
from core.lang import compile_definition
from core.model.flowdoc import NodeDoc

CASES = Path(__file__).parents[1] / "cases" / "nodes"
BOX = load(entry_points=False)
NEXT = {"id": "next", "type": "end"}


@pytest.mark.parametrize("kind", BOX.node_types)
def test_cases(kind: str, golden: Callable[[str, Any], None]) -> None:
    file = CASES / f"{kind}.yaml"
    assert file.exists(), f"the step type {kind} has no cases: write {file.name}"
    cases = yaml.safe_load(file.read_text("utf-8"))
    golden(f"nodes/{kind}", {case["name"]: became({**case["step"], "type": kind}) for case in cases})


def became(step: dict[str, Any]) -> dict[str, Any]:
    definition = {"startNodeId": step["id"], "nodes": [step, NEXT], "settings": {"expireSeconds": 60}}
    compiled = compile_definition(definition, BOX)
    assert compiled.program is not None
    said = [f"{d.severity} {d.code} {'.'.join(str(p) for p in d.place[2:])}: {d.message}" for d in compiled.diagnostics]
    states = compiled.program.as_json()["states"]
    return {
        "says": [line for line in said if "IF105" not in line],
        "states": {k: v for k, v in states.items() if k not in ("next", "!missing")},
        "uses": compiled.program.as_json()["uses"],
    }


@pytest.mark.parametrize("kind", BOX.node_types)
def test_example_compiles(kind: str) -> None:
    node_type = BOX.node_types[kind]
    example = dict(node_type.example)
    assert example["type"] == kind
    compiled = compile_definition({"startNodeId": example["id"], "nodes": [example, NEXT]}, BOX)
    assert [d.message for d in compiled.diagnostics if d.severity != "info" and d.code != "IF105"] == []


@pytest.mark.parametrize("kind", BOX.node_types)
def test_a_type_describes_itself(kind: str) -> None:
    node_type = BOX.node_types[kind]
    assert node_type.title and node_type.summary and node_type.icon
    assert node_type.group in ("message", "logic", "contact", "action", "person")
    schema = node_type.json_schema()
    assert schema["type"] == "object" and schema["title"] == node_type.title
    data = {k: v for k, v in node_type.example.items() if k not in ("id", "type", "connections")}
    assert set(data) <= set(schema["properties"])
    assert not isinstance(node_type.exits(NodeDoc("a", kind, data=data)), str)
