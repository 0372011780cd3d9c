"""Loss-free up to the normal form, for every document and both notations; what a person would write comes out."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from core.host.manager import load
from core.lang import compile_definition
from core.lang.behaviour import differences
from core.lang.printing import normal, to_json, to_yaml
from core.lang.printing.yaml_form import _sorted
from core.lang.reading import read
from tests.printing.graphs import documents

REGISTRY = load(entry_points=False)
MANY = settings(
    max_examples=10_000 if os.environ.get("INSTAFLOW_NIGHTLY") else 500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EXAMPLES = [
    p
    for p in sorted((Path(__file__).parents[2] / "flows_examples").iterdir())
    if p.suffix in (".yaml", ".json", ".flow") and ".test." not in p.name
]


def back(text: str, notation: str, bare: bool) -> Any:
    """What a text says, bare when the document was."""
    data = read(text, notation, "x").data
    return data["flowDefinition"] if bare and set(data) == {"flowDefinition"} else data


@MANY
@given(documents())
def test_every_pair_of_notations(document: dict[str, Any]) -> None:
    bare = "flowDefinition" not in document
    wanted = normal(document)
    assert normal(wanted) == wanted, "the normal form is its own"
    as_json, as_yaml = to_json(document), to_yaml(document)
    assert normal(back(as_json, "json", bare)) == wanted
    assert _sorted(normal(back(as_yaml, "yaml", bare))) == _sorted(wanted)
    from_yaml = back(as_yaml, "yaml", bare)
    assert _sorted(normal(back(to_json(from_yaml), "json", bare))) == _sorted(wanted)
    assert to_yaml(from_yaml) == as_yaml and to_json(back(as_json, "json", bare)) == as_json, (
        "a second time changes nothing"
    )


@settings(MANY, max_examples=MANY.max_examples // 5)
@given(documents())
def test_the_behaviour_is_the_same(document: dict[str, Any]) -> None:
    """The normal form does what the document does, and YAML is the same program as the normal form."""
    before = compile_definition(document, REGISTRY).program
    plain = compile_definition(normal(document), REGISTRY).program
    after = compile_definition(back(to_yaml(document), "yaml", "flowDefinition" not in document), REGISTRY).program
    if before is None or plain is None or after is None:
        assert before is plain is after is None
        return
    assert plain.hash == after.hash
    assert [d.as_json() for d in differences(before, plain)] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples_come_out_as_people_write_them(path: Path) -> None:
    document = read(path.read_bytes(), None, str(path)).data
    text = to_yaml(document)
    assert "steps:" in text and "\n    use:" not in text and " {use:" not in text and "startNodeId" not in text
    assert _sorted(normal(read(text, "yaml", "x").data)) == _sorted(normal(document))
