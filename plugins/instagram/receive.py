"""The inbound webhook "instagram": what the receiver asks (verify over raw bytes, then parse)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from plugins.instagram.normalise import parse
from plugins.instagram.signature import verify
from plugins.instagram.signed_request import read_signed_request

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

    def signed_request(self, text: str, secrets: Sequence[str]) -> dict[str, Any] | None:
        """The payload of Meta's deauthorize and data-deletion calls; None when nobody of ours signed it."""
        return read_signed_request(text, secrets)


WEBHOOK = InstagramWebhook()
