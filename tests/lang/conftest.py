"""The plugins in the box as the compiler sees them, and one that misbehaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.host.manager import load
from core.host.registry import Language, Registry
from core.lang import Compilation, compile_definition, compile_text
from core.model.flowdoc import NodeDoc
from core.model.nodetype import Pen
from instaflow import FieldProblem, NodeSchema


class Broken(NodeSchema):
    """Fails when it is lowered."""

    name = "acme.broken"

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        raise RuntimeError("out of paper")


class Sloppy:
    """A node type that is no NodeSchema, takes any key, and writes no state."""

    name = "acme.sloppy"
    title = group = icon = summary = ""
    example: Mapping[str, Any] = {}

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        return ()

    def json_schema(self) -> Mapping[str, Any]:
        return {"additionalProperties": True}

    def exits(self, node: NodeDoc) -> Sequence[str]:
        return ()

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        pen.use("media", "x")


ACME = Language(
    filters={"shout": "value|upper", "wrap": "arg1 + value + arg1", "bad": "value|nothing"},
    conditions={"acme.mood": "contact.mood == value"},
    inputs={"iban": {"type": "text", "pattern": "/^[A-Z]{2}[0-9]{2}/"}},
)


@pytest.fixture(scope="session")
def box() -> Registry:
    """The default plugins."""
    return load(entry_points=False)


@pytest.fixture(scope="session")
def acme(box: Registry) -> Registry:
    """The default plugins and a third party's."""
    return replace(box, node_types={**box.node_types, "acme.broken": Broken(), "acme.sloppy": Sloppy()}, language=ACME)


@pytest.fixture
def codes(box: Registry) -> Any:
    """``codes(definition or text)`` = the codes that the compiler gives, in its order."""

    def found(source: Any) -> list[str]:
        compiled = compile_text(source, box) if isinstance(source, str | bytes) else compile_definition(source, box)
        return [d.code for d in compiled.diagnostics]

    return found


def errors(compiled: Compilation) -> list[tuple[str, str | None]]:
    """(code, node) of each error."""
    return [(d.code, d.node) for d in compiled.diagnostics if d.severity == "error"]
