"""The trigger type story_mention."""

from instaflow import Inbound, TriggerRow
from plugins.triggers._base import TriggerSchema


class StoryMention(TriggerSchema):
    """Somebody mentions the account in a story."""

    name = "story_mention"
    title = "Mention in a story"
    rank = 20
    kinds = frozenset({"message"})

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only messages that carry a mention."""
        mentions = any(a.get("type") == "story_mention" for a in event.get("attachments", ()))
        return None if mentions else "it is no mention in a story"
