"""set_attribute: keeps a value."""

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Anything, Text
from plugins.nodes.targets import assignable


class SetAttribute(NodeSchema):
    """Sets an attribute of the contact (contact.name) or a variable of the flow (name).

    A value that is exactly one {{expression}} keeps its type.

    Example::

        {"id": "count", "type": "set_attribute", "target": "contact.visits", "value": "{{contact.visits|default(0) + 1}}",
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "set_attribute"
    title = "Set value"
    group = "contact"
    icon = "pencil"

    target = Text(
        longest=100, required=True, title="What to set", description="contact.<attribute>, or a variable's name"
    )
    value = Anything(title="Value", format="template")

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One operation."""
        to = assignable(pen, node.data["target"], "target")
        pen.state(do=[["set", *to, pen.value(node.data.get("value"))]], next=pen.edges(node))
