"""The trigger type default_reply."""

from instaflow import Inbound, TriggerRow
from plugins.triggers._base import TriggerSchema


class DefaultReply(TriggerSchema):
    """Nothing else answered a message or a tap."""

    name = "default_reply"
    title = "Default reply"
    rank = 60
    kinds = frozenset({"message", "postback"})

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """A mention in a story asks nothing."""
        mentions = any(a.get("type") == "story_mention" for a in event.get("attachments", ()))
        return "a mention in a story asks for no answer" if mentions else None
