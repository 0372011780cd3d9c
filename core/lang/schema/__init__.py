"""The JSON Schema of flow files, made from what is installed: for editors, for the API, for whoever writes flows by program.

What the compiler accepts is valid by it; what it refuses for its shape is not. Written so that draft-07 validators understand it.
"""

from typing import Any

from core.lang.catalog import Catalog
from core.lang.schema.definition import definition, envelope
from core.lang.schema.flat import flat
from core.lang.schema.parts import ref

DRAFT = "http://json-schema.org/draft-07/schema#"


def flow_schema(registry: Catalog) -> dict[str, Any]:
    """The schema of JSON and YAML files: a bare definition, the API's envelope, or YAML's flat form."""
    parts = {**definition(registry), **envelope(registry), **flat(registry)}
    return {
        "$schema": DRAFT,
        "title": "InstaFlow flow",
        "description": "A flow as JSON (startNodeId and nodes, or the envelope around flowDefinition) or as YAML (flow and steps).",
        "type": "object",
        "if": {"required": ["flowDefinition"]},
        "then": ref("envelope"),
        "else": {"if": {"required": ["nodes"]}, "then": ref("definition"), "else": ref("flat")},
        "$defs": parts,
    }


__all__ = ["DRAFT", "flow_schema"]
