"""unset_attribute: forgets a value."""

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Text
from plugins.nodes.targets import assignable


class UnsetAttribute(NodeSchema):
    """Removes an attribute of the contact (contact.name) or a variable of the flow (name).

    Example::

        {"id": "forget", "type": "unset_attribute", "target": "contact.coupon",
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "unset_attribute"
    title = "Remove value"
    group = "contact"
    icon = "eraser"

    target = Text(
        longest=100, required=True, title="What to remove", description="contact.<attribute>, or a variable's name"
    )

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """One operation."""
        pen.state(do=[["unset", *assignable(pen, node.data["target"], "target")]], next=pen.edges(node))
