"""The trigger type welcome_message."""

from instaflow import Inbound, TriggerRow
from plugins.triggers._base import TriggerSchema


class WelcomeMessage(TriggerSchema):
    """Somebody writes for the first time.

    Once per contact, on its first event that opens the window, never on a comment (decision 9). A follow counts where the
    account switched it on.
    """

    name = "welcome_message"
    title = "First message of a contact"
    rank = 50
    kinds = frozenset({"message", "postback", "referral", "follow"})

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only the first of a contact."""
        return None if first_contact else "the contact wrote before"
