"""The inbound webhook "instagram": what the receiver asks (verify over raw bytes, then parse)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plugins.instagram.normalise import parse
from plugins.instagram.signature import verify

if TYPE_CHECKING:
    from instaflow import Inbound


class InstagramWebhook:
    """Implements ``instaflow.InboundWebhook``."""

    name = "instagram"

    def verify(self, body: bytes, signature: bytes, secrets: Sequence[str]) -> bool:
        """True when one of the secrets signed these bytes; ``signature`` is the whole header."""
        return verify(body, signature, secrets)

    def parse(self, body: bytes) -> "list[Inbound] | None":
        """The events inside; None when the body is neither a JSON object nor an array of objects."""
        return parse(body)


WEBHOOK = InstagramWebhook()
