"""Every flow in the documentation compiles without a finding."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.host.manager import load
from core.lang import check_triggers, compile_text
from tests.docs.pages import GENERATE, PAGES, Block, blocks

REGISTRY = load(entry_points=False)
FLOWS = [
    b
    for page in PAGES
    for b in blocks(page)
    if (b.language == "yaml" and "steps:" in b.text)
    or (b.language == "json" and '"flowDefinition"' in b.text)
    or b.language == "flow"
]


@pytest.mark.parametrize("block", FLOWS, ids=lambda b: b.name)
def test_flow_compiles(block: Block) -> None:
    done = compile_text(block.text, REGISTRY, block.language)
    assert done.ok
    assert [f"{d.code} {d.node}: {d.message}" for d in done.diagnostics if d.severity != "info"] == []


def test_there_are_flows() -> None:
    assert len(FLOWS) >= 7


@pytest.mark.parametrize("name", sorted(REGISTRY.trigger_types))
def test_example_of_each_trigger(name: str) -> None:
    trigger: Mapping[str, Any] = {"type": name, **GENERATE.TRIGGERS[name]}
    assert check_triggers([trigger], None, REGISTRY) == []
