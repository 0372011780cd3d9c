"""The trigger type dm_keyword."""

from instaflow import Inbound, TriggerRow
from plugins.triggers._keywords import KeywordSchema


class DmKeyword(KeywordSchema):
    """Somebody writes a message with one of the keywords."""

    name = "dm_keyword"
    title = "Keyword in a message"
    rank = 30
    kinds = frozenset({"message"})
    needs_keyword = True

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """A tap is matched by its payload, not by the title that comes with it."""
        if event.get("tap"):
            return "it was a tap, which goes by its payload and not by its text"
        return None if trigger.keyword.strip() else "it has no keyword"
