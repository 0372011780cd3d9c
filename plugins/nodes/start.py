"""start: where the flow begins."""

from instaflow import NodeSchema


class Start(NodeSchema):
    """Begins the flow.

    It does nothing but take its exit; a flow may begin at any other step as well.

    Example::

        {"id": "begin", "type": "start", "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "start"
    title = "Start"
    group = "logic"
    icon = "play"
