"""Meta's question whether this address is ours (reference 1.1): a GET, answered with the challenge."""

import hmac
import re
from collections.abc import Mapping

_CHALLENGE = re.compile(r"[A-Za-z0-9._-]{1,200}")


def handshake(query: Mapping[str, str], token: str) -> str | None:
    """The text to answer with 200 as text/plain, or None for 403.

    The challenge comes back as it was received, when it is made of harmless characters only; the token is compared in
    constant time; an installation without a token agrees to nothing.

    >>> handshake({"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "t"}, "t")
    '1158201444'
    >>> handshake({"hub.mode": "subscribe", "hub.challenge": "<b>", "hub.verify_token": "t"}, "t") is None
    True
    """
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    known = bool(token) and hmac.compare_digest(given, token.encode())
    challenge = query.get("hub.challenge", "")
    if not known or query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
        return None
    return challenge
