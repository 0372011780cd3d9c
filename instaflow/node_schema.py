"""NodeSchema: a node type written as a marshmallow schema; one definition feeds the check, the API, the canvas and the docs."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from marshmallow import INCLUDE, Schema, fields

from core.model.flowdoc import NodeDoc
from core.model.near import near
from core.model.nodetype import FieldProblem, Pen
from instaflow.json_schema import schema_of

Place = tuple[str | int, ...]
_SAID = {"Invalid input type.": "must be an object"}
"""Marshmallow's own words that no field kind can replace."""


class NodeSchema(Schema):
    """Base of node types. Fields are marshmallow fields (``instaflow.fields``), ``lower`` writes the states.

    The docstring's first line is the summary; an indented JSON object after a line that ends in ``Example::`` is the
    example. Both are read when the class is made, so that a wrong example fails at import.
    """

    class Meta:
        unknown = INCLUDE

    name: str = ""
    title: str = ""
    group: str = "action"
    icon: str = "box"
    summary: str = ""
    example: Mapping[str, Any] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        doc = textwrap.dedent(f"    {cls.__doc__ or ''}")
        cls.summary = doc.strip().split("\n")[0]
        if "Example::" in doc:
            cls.example = json.loads(doc.split("Example::", 1)[1])

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """Wrong fields as errors (IF006), unknown keys as warnings (IF007)."""
        wrong = [
            FieldProblem(place, f"{spelled(place)} {message}")
            for place, message in _leaves(self.validate(dict(node.data)), ())
        ]
        missing = frozenset(fields_of(self)) - node.data.keys() if node.extra else frozenset()
        unknown = [*(((key,), missing) for key in node.extra), *_unknown(self, node.data, ())]
        return [*wrong, *(stranger(self.name, place, names) for place, names in unknown)]

    @cached_property
    def _json_schema(self) -> dict[str, Any]:
        return {"title": self.title, "description": self.summary, **schema_of(self)}

    def json_schema(self) -> Mapping[str, Any]:
        """JSON Schema of the step's configuration."""
        return self._json_schema

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """One exit, the default one, unless the node type says more."""
        return ("next",)

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A state that does nothing and takes its first exit whose condition holds."""
        pen.state(next=pen.edges(node))


def fields_of(schema: Schema) -> dict[str, Any]:
    """The fields of a schema by their names in JSON."""
    return {f.data_key or name: f for name, f in schema.fields.items()}


def stranger(owner: str, place: Place, known: Iterable[str]) -> FieldProblem:
    """The warning about a field that nothing reads; ``known`` = the names that would be read there and are not taken."""
    better = near(str(place[-1]), known)
    hint = f"did you mean '{better}'?" if better else "it is kept, but nothing reads it; check the spelling"
    return FieldProblem(place, f"{spelled(place)} is not a field of {owner}", "IF007", "warning", hint, better)


def spelled(place: Place) -> str:
    """A place as an author writes it.

    >>> spelled(("content", "buttons", 0, "text"))
    'content.buttons[0].text'
    """
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")


def _leaves(found: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(found, Mapping):
        for key, inner in found.items():
            yield from _leaves(inner, place if key == "_schema" else (*place, key))
    elif isinstance(found, list):
        for message in found:
            yield place, _SAID.get(str(message), str(message).removesuffix("."))


def _unknown(schema: Schema, data: Any, place: Place) -> Iterator[tuple[Place, frozenset[str]]]:
    """Keys inside nested objects that no field reads; those of the step itself are in ``NodeDoc.extra``."""
    known = fields_of(schema)
    for key, value in data.items():
        field = known.get(key)
        if field is None and place:
            yield (*place, key), frozenset(known) - data.keys()
        elif isinstance(field, fields.Nested) and isinstance(value, Mapping):
            yield from _unknown(field.schema, value, (*place, key))
        elif isinstance(field, fields.List) and isinstance(field.inner, fields.Nested) and isinstance(value, list):
            for i, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from _unknown(field.inner.schema, item, (*place, key, i))
