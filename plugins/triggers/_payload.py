"""The field of trigger types that go by the payload of a tap.

Nothing in a webhook tells an ice breaker, a menu entry and a button apart: the payload does.
"""

from instaflow import Inbound, TriggerRow
from instaflow.fields import Text
from plugins.triggers._base import TriggerSchema

PAYLOAD_CHARS = 1000


class PayloadSchema(TriggerSchema):
    """Adds payload, which must be there."""

    rank = 11
    kinds = frozenset({"message", "postback"})
    keyed = "payload"

    payload = Text(PAYLOAD_CHARS, required=True, title="The payload of the tap")

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only taps, and only with a payload of its own."""
        if not event.get("tap"):
            return "nothing was tapped"
        return None if trigger.options.get("payload") else "it names no payload"
