"""The trigger type ref."""

from instaflow import Inbound, TriggerRow
from instaflow.fields import Text
from plugins.triggers._base import TriggerSchema

REF_CHARS = 2083


class Ref(TriggerSchema):
    """Somebody comes through an ig.me link or a code: with one ref, or with any."""

    name = "ref"
    title = "ig.me link or code"
    rank = 10
    kinds = frozenset({"message", "postback", "referral"})
    keyed = "ref"

    ref = Text(REF_CHARS, title="The ref in the link")

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only where a ref came along, and not from an ad unless the ref is named."""
        referral = event.get("referral", {})
        if not referral.get("ref"):
            return "no ref came along"
        if not trigger.options.get("ref") and referral.get("ad_id"):
            return "the ref is an ad's"
        return None
