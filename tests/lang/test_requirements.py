"""The requirements' flow exactly as printed: two errors, and complete it plays (decision 16)."""

import json
import re
from pathlib import Path
from typing import Any

from core.host.registry import Registry
from core.lang import compile_definition, compile_text
from tests.lang.conftest import errors

PRINTED = (Path(__file__).parents[1] / "cases" / "lang" / "requirements.jsonc").read_text("utf-8")
COMPLETED = (Path(__file__).parents[2] / "flows_examples" / "requirements.json").read_text("utf-8")


def definition() -> Any:
    return json.loads(re.sub(r"//.*", "", PRINTED))


def test_printed_with_its_comments(box: Registry) -> None:
    assert PRINTED.count("//") == 2
    compiled = compile_text(PRINTED, box)
    assert errors(compiled) == [("IF102", "node_6"), ("IF102", "node_6")]
    first, second = compiled.diagnostics[:2]
    assert "node_7" in first.message and "node_8" in second.message
    lines = PRINTED.splitlines()
    for d, target in ((first, "node_7"), (second, "node_8")):
        assert d.span is not None
        assert lines[d.span.line - 1][d.span.column - 1 : d.span.end_column - 1] == f'"{target}"'
    assert not compiled.ok and compiled.program is not None


def test_printed_as_the_api_sends_it(box: Registry) -> None:
    bare = compile_definition(definition(), box)
    wrapped = compile_definition({"name": "x", "description": "", "flowDefinition": definition()}, box)
    assert errors(bare) == errors(wrapped) == [("IF102", "node_6"), ("IF102", "node_6")]
    assert bare.diagnostics[0].place == ("nodes", 5, "connections", 0, "targetNodeId")
    assert wrapped.diagnostics[0].place == ("flowDefinition", "nodes", 5, "connections", 0, "targetNodeId")
    assert bare.program is not None and wrapped.program is not None
    assert bare.program.hash == wrapped.program.hash


def test_completed_has_nothing_to_say(box: Registry) -> None:
    compiled = compile_text(COMPLETED, box)
    assert compiled.ok
    assert [d for d in compiled.diagnostics if d.severity != "info"] == []


def test_the_hash_is_behaviour_only(box: Registry) -> None:
    base = json.loads(COMPLETED)
    moved = json.loads(COMPLETED)
    moved["name"] = "Another name"
    moved["triggers"] = []
    for i, node in enumerate(moved["flowDefinition"]["nodes"]):
        node |= {"name": f"Renamed {i}", "position": {"x": i, "y": 1}, "notes": ["a note"]}
    changed = json.loads(COMPLETED)
    changed["flowDefinition"]["nodes"][4]["durationSeconds"] = 7200
    hashes = [compile_definition(d, box).program.hash for d in (base, moved, changed)]  # type: ignore[union-attr]
    assert hashes[0] == hashes[1] != hashes[2]
    assert re.fullmatch(r"ir1:[0-9a-f]{32}", hashes[0])


def test_program_of_the_requirements(box: Registry) -> None:
    program = compile_text(COMPLETED, box).program
    assert program is not None
    states = program.as_json()["states"]
    assert states["node_2"]["wait"]["payload"] == {"BROWSE_PRODUCTS": 0, "CONTACT_SUPPORT": 1}
    assert states["node_2"]["wait"]["title"] == {"browse products": 0, "contact support": 1}
    assert states["node_4"] == {
        "node": "node_4",
        "do": [["handover", {"message": "User requested support."}]],
        "outcome": "handover",
    }
    assert states["node_5"]["wait"] == {
        "kind": "timer",
        "seconds": 3600,
        "edges": [{"id": "node_5#next", "to": "node_6"}],
    }
    asked = states["node_6"]["wait"]["input"]
    assert asked == {"type": "email", "save": ["contact", "email"], "retries": 0, "valid": 0, "invalid": 1}
    assert program.uses == {"attributes": ("email",), "profile": ("firstName",), "tags": ("browsed_products",)}
