"""Meta's ``signed_request``: what it posts when somebody removes the app or asks for deletion (reference 4.4)."""

import binascii
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any

import orjson

LONGEST = 10_000
ALGORITHM = "HMAC-SHA256"


def read_signed_request(text: str, secrets: Sequence[str]) -> dict[str, Any] | None:
    """The payload {user_id, algorithm, issued_at, expires} when one of the secrets signed it, else None.

    The signature is over the encoded payload as it stands, not over what it decodes to.

    >>> read_signed_request("nonsense", ("secret",)) is None
    True
    """
    signature, _, encoded = text.partition(".")
    given, body = _decoded(signature), _decoded(encoded)
    if len(text) > LONGEST or given is None or body is None:
        return None
    good = False
    for secret in secrets:
        if secret:
            good |= hmac.compare_digest(hmac.digest(secret.encode(), encoded.encode(), "sha256"), given)
    if not good:
        return None
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    known = isinstance(payload, dict) and str(payload.get("algorithm")).upper() == ALGORITHM
    return payload if known else None


def _decoded(part: str) -> bytes | None:
    try:
        return urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return None
