"""human_takeover: a person takes over."""

from collections.abc import Sequence
from typing import Any

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Template, Text
from plugins.nodes.outcomes import outcomes


class HumanTakeover(NodeSchema):
    """Hands the conversation to a person and stops all automation until it is given back.

    With a connection the flow goes on when the person gives the conversation back; without one it ends.

    Example::

        {"id": "person", "type": "human_takeover", "messageToAgent": "Asked for {{last.text}}", "team": "support",
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "human_takeover"
    title = "Hand to a person"
    group = "person"
    icon = "headset"

    messageToAgent = Template(title="Note for the person", multiline=True)
    team = Text(longest=100, title="Team")

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """One: the conversation was given back."""
        return ("return",)

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A final state, or a wait for the return."""
        note: dict[str, Any] = {}
        if node.data.get("messageToAgent"):
            note["message"] = pen.text(node.data["messageToAgent"])
        if node.data.get("team"):
            note["team"] = node.data["team"]
        if not node.connections:
            pen.state(do=[["handover", note]], outcome="handover")
            return
        table, edges = outcomes(node, pen)
        pen.state(do=[["handover", note]], wait={"kind": "human", "outcome": table, "edges": edges})
