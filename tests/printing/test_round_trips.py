"""Loss-free up to the normal form, for every document and both notations; what a person would write comes out."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.host.manager import load
from core.lang import compile_definition
from core.lang.behaviour import differences
from core.lang.printing import normal, to_json, to_text, to_yaml
from core.lang.printing.yaml_form import _sorted
from core.lang.reading import read
from tests.printing.graphs import documents, graphs

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


PRINTERS = {"json": to_json, "yaml": to_yaml, "flow": to_text}


def back(text: str, notation: str, bare: bool) -> Any:
    """What a text says, bare when the document was."""
    data = read(text, notation, "x").data
    return data["flowDefinition"] if bare and set(data) == {"flowDefinition"} else data


def alike(document: dict[str, Any], texts: bool) -> Any:
    """The normal form without the order of steps; ``sections`` belong to the text language, which makes them anew."""
    found = _sorted(normal(document))
    if texts:
        found.get("flowDefinition", found).pop("sections", None)
    return found


@MANY
@given(document=st.one_of(documents(), graphs()))
def test_every_pair_of_notations(document: dict[str, Any]) -> None:
    """A document printed in one notation, read, printed in another, and read again is the same document."""
    bare = "flowDefinition" not in document
    assert alike(normal(document), False) == alike(document, False), "the normal form is its own"
    for first, print_first in PRINTERS.items():
        one = print_first(document)
        between = back(one, first, bare)
        assert alike(between, first == "flow") == alike(document, first == "flow")
        assert print_first(between) == one, "a second time changes nothing"
        for second in PRINTERS.keys() - {first}:
            texts = "flow" in (first, second)
            assert alike(back(PRINTERS[second](between), second, bare), texts) == alike(document, texts)


@settings(MANY, max_examples=MANY.max_examples // 5)
@given(documents())
def test_the_behaviour_is_the_same(document: dict[str, Any]) -> None:
    """The normal form does what the document does, and the other notations are the same program as the normal form."""
    before = compile_definition(document, REGISTRY).program
    plain = compile_definition(normal(document), REGISTRY).program
    bare = "flowDefinition" not in document
    after = compile_definition(back(to_yaml(document), "yaml", bare), REGISTRY).program
    said = compile_definition(back(to_text(document), "flow", bare), REGISTRY).program
    if before is None or plain is None or after is None or said is None:
        assert before is plain is after is said is None
        return
    assert plain.hash == after.hash == said.hash
    assert [d.as_json() for d in differences(before, plain)] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples_come_out_as_people_write_them(path: Path) -> None:
    document = read(path.read_bytes(), None, str(path)).data
    text = to_yaml(document)
    assert "steps:" in text and "\n    use:" not in text and " {use:" not in text and "startNodeId" not in text
    assert _sorted(normal(read(text, "yaml", "x").data)) == _sorted(normal(document))
