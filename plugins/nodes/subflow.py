"""subflow: runs another flow and comes back."""

from collections.abc import Sequence
from typing import Any

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Arguments, Text
from plugins.nodes.external_api_call import saved
from plugins.nodes.outcomes import outcomes


class Subflow(NodeSchema):
    """Runs another flow of the account with arguments, and goes on with the value of its variable 'result'.

    Exits: the outcomes of that flow's end steps, and the default one.

    Example::

        {"id": "phone", "type": "subflow", "flow": "ask_phone", "arguments": {"reason": "the delivery"},
         "saveToVariable": "phone", "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "subflow"
    title = "Run a flow"
    group = "logic"
    icon = "workflow"

    flow = Text(longest=100, required=True, title="Flow", description="Its short name or id")
    arguments = Arguments(title="Arguments")
    saveToVariable = Text(longest=60, title="Keep the result as")

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """The outcomes that are connected, and the default one."""
        named = [c.condition["value"] for c in node.connections if c.condition and c.condition["type"] == "outcome"]
        return (*named, "next")

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A wait for the other flow's end."""
        pen.use("flows", node.data["flow"])
        table, edges = outcomes(node, pen)
        wait: dict[str, Any] = {
            "kind": "child",
            "flow": node.data["flow"],
            "args": {name: pen.value(value) for name, value in (node.data.get("arguments") or {}).items()},
            "outcome": table,
            "edges": edges,
        }
        pen.state(wait=wait | saved(pen, node))
