"""In the box: instagram."""

from collections.abc import Sequence

from instaflow import InboundWebhook, hookimpl


@hookimpl
def instaflow_inbound_webhooks() -> Sequence[InboundWebhook]:
    """The webhook "instagram"."""
    from plugins.instagram.receive import WEBHOOK

    return [WEBHOOK]
