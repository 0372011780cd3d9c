"""In the box: instagram."""

from collections.abc import Sequence

from instaflow import EffectHandler, InboundWebhook, hookimpl


@hookimpl
def instaflow_inbound_webhooks() -> Sequence[InboundWebhook]:
    """The webhook "instagram"."""
    from plugins.instagram.receive import WEBHOOK

    return [WEBHOOK]


@hookimpl
def instaflow_effect_handlers() -> Sequence[EffectHandler]:
    """Sending, and the direct calls that services and chores make."""
    from plugins.instagram import conversations, media, menu, oauth, oauth_subscribe, profile, send

    modules = (send, oauth, oauth_subscribe, profile, conversations, media, menu)
    return [handler for module in modules for handler in module.HANDLERS]
