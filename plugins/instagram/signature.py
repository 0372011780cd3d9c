"""The signature of a webhook: HMAC-SHA256 of the raw body under one of the app's secrets (reference 1.2)."""

import hmac
from collections.abc import Sequence

PREFIX = b"sha256="


def sign(body: bytes, secret: str) -> bytes:
    """The value of ``X-Hub-Signature-256`` for these bytes.

    >>> sign(b"{}", "s")
    b'sha256=143ca8d517ba1b181025d732b1cf275d90104fca57bb02a565542978aa18c4b6'
    """
    return PREFIX + hmac.digest(secret.encode(), body, "sha256").hex().encode()


def verify(body: bytes, signature: bytes, secrets: Sequence[str]) -> bool:
    """True when one of the secrets signed exactly these bytes. Every secret is tried, in constant time.

    Bytes on both sides: ``compare_digest`` raises on a header that is text and not ASCII. An empty secret signs nothing.

    >>> verify(b"{}", sign(b"{}", "new"), ("new", "old")), verify(b"{}", b"sha256=\\xff", ("new",)), verify(b"{}", b"", ())
    (True, False, False)
    """
    good = False
    for secret in secrets:
        if secret:
            good |= hmac.compare_digest(sign(body, secret), signature)
    return good
