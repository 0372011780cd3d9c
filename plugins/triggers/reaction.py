"""The trigger type reaction."""

from instaflow import Inbound, TriggerRow, fold
from instaflow.fields import Choice, Text
from plugins.triggers._base import TriggerSchema

REACTIONS = ("angry", "sad", "wow", "love", "like", "laugh", "other")


class Reaction(TriggerSchema):
    """Somebody reacts to a message of the account: with any sign, or with a certain one."""

    name = "reaction"
    title = "Reaction to a message"
    rank = 15
    kinds = frozenset({"reaction"})

    emoji = Text(20, title="The emoji")
    reaction = Choice(*REACTIONS, title="Instagram's name of the reaction")

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only reactions that are given, not taken back."""
        found = event.get("reaction", {})
        if found.get("action") != "react":
            return "the reaction was taken back"
        emoji, name = trigger.options.get("emoji"), trigger.options.get("reaction")
        if emoji and fold(found.get("emoji", "")) != fold(emoji):
            return f"the reaction is not {emoji}"
        return f"the reaction is not {name}" if name and found.get("reaction") != name else None
