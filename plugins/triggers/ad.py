"""The trigger type ad."""

from instaflow import Inbound, TriggerRow
from instaflow.fields import Text
from plugins.triggers._base import TriggerSchema


class Ad(TriggerSchema):
    """Somebody writes through an ad: one, or any."""

    name = "ad"
    title = "Message from an ad"
    rank = 12
    kinds = frozenset({"message", "postback", "referral"})
    keyed = "ad"

    adId = Text(64, title="Id of the ad")

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only where an ad brought them."""
        referral = event.get("referral", {})
        return None if referral.get("ad_id") or referral.get("source") == "ADS" else "no ad brought them"
