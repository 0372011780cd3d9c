"""external_api_call: asks another service and goes on with its answer."""

from collections.abc import Sequence
from typing import Any

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Arguments, Text, Whole
from plugins.nodes.outcomes import outcomes


class ExternalApiCall(NodeSchema):
    """Calls an action of an integration, such as http.request, and waits for its answer.

    Outcomes: success, failure, timeout, and those of the action's own. The answer is kept in a variable of the flow.

    Example::

        {"id": "order", "type": "external_api_call", "integration": "http.request",
         "arguments": {"method": "GET", "url": "https://shop.example/orders/{{contact.orderNumber}}"},
         "saveToVariable": "order", "retries": 2, "timeoutSeconds": 20,
         "connections": [{"targetNodeId": "next", "condition": {"type": "outcome", "value": "success"}},
                         {"targetNodeId": null, "condition": {"type": "outcome", "value": "failure"}}]}
    """

    name = "external_api_call"
    title = "Call a service"
    group = "action"
    icon = "plug"

    integration = Text(longest=100, required=True, title="Action", description="<integration>.<action>")
    arguments = Arguments(title="Arguments")
    saveToVariable = Text(longest=60, title="Keep the answer as")
    retries = Whole(0, 10, title="Retries", default=0)
    timeoutSeconds = Whole(1, 300, title="Seconds to wait", default=30)

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """The outcomes that every call has."""
        return ("success", "failure", "timeout")

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A wait for the result."""
        data = node.data
        pen.use("integrations", data["integration"])
        table, edges = outcomes(node, pen)
        wait: dict[str, Any] = {
            "kind": "result",
            "effect": data["integration"],
            "args": {name: pen.value(value) for name, value in (data.get("arguments") or {}).items()},
            "seconds": data.get("timeoutSeconds") or 30,
            "retries": data.get("retries") or 0,
            "outcome": table,
            "edges": edges,
        }
        pen.state(wait=wait | saved(pen, node))


def saved(pen: Pen, node: NodeDoc) -> dict[str, str]:
    """Where the answer is kept: one plain word, else IF121."""
    name = node.data.get("saveToVariable")
    if not name:
        return {}
    if not name.isidentifier():
        pen.problem("IF121", f"'{name}' cannot be assigned", ("saveToVariable",), "use one plain word")
    return {"save": name}
