"""end: the flow ends here."""

from collections.abc import Sequence

from instaflow import NodeDoc, NodeSchema, Pen
from instaflow.fields import Text


class End(NodeSchema):
    """Ends the flow, with an outcome that a calling flow and the statistics see.

    Example::

        {"id": "done", "type": "end", "outcome": "entered"}
    """

    name = "end"
    title = "End"
    group = "logic"
    icon = "square"

    outcome = Text(longest=100, title="Outcome", description="A word for statistics and for the calling flow")

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """None: nothing comes after the end."""
        return ()

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A final state."""
        pen.state(outcome=node.data.get("outcome") or "end")
