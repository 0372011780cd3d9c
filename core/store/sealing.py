"""Secrets at rest: AES-256-GCM with a key id, bound to their row, under several keys of which the newest seals."""

import base64
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.model.errors import SettingsError, Unsealable

TAG = "s1"
"""The format: ``s1.<key id>.<nonce and ciphertext in base64url>``."""

KEY_BYTES = 32
NONCE_BYTES = 12


class Sealer:
    """``keys`` are base64 texts of 32 bytes, newest first. Raises SettingsError for a malformed one.

    The row's id is associated data: a sealed token that is copied into another row does not open there.

    >>> sealer = Sealer([new_key()])
    >>> sealer.open(sealer.seal("token", "row 1"), "row 1")
    'token'
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SettingsError("INSTAFLOW_ENCRYPTION_KEYS is empty")
        decoded = [_key(text, place) for place, text in enumerate(keys, 1)]
        self._keys = {_key_id(key): AESGCM(key) for key in decoded}
        self._newest = _key_id(decoded[0])

    def seal(self, text: str, row_id: str) -> str:
        """The sealed text, to be stored."""
        nonce = os.urandom(NONCE_BYTES)
        body = self._keys[self._newest].encrypt(nonce, text.encode(), row_id.encode())
        return f"{TAG}.{self._newest}.{base64.urlsafe_b64encode(nonce + body).decode()}"

    def open(self, sealed: str, row_id: str) -> str:
        """The secret. Raises Unsealable when its key is gone, it belongs to another row or it was changed."""
        tag, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        if tag != TAG or key_id not in self._keys:
            raise Unsealable(
                f"a secret was sealed with the key '{key_id}', which INSTAFLOW_ENCRYPTION_KEYS does not hold"
            )
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            return self._keys[key_id].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], row_id.encode()).decode()
        except (InvalidTag, ValueError) as e:
            raise Unsealable("a sealed secret does not belong to its row, or was changed") from e

    def newest(self, sealed: str) -> bool:
        """True when it is sealed with the newest key."""
        return sealed.startswith(f"{TAG}.{self._newest}.")


def new_key() -> str:
    """A fresh key as the setting takes it."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _key(text: str, place: int) -> bytes:
    try:
        key = base64.b64decode(text.strip(), altchars=b"-_" if "-" in text or "_" in text else None, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(f"INSTAFLOW_ENCRYPTION_KEYS: key {place} is not the base64 of 32 bytes")
    return key


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"instaflow key id" + key).hexdigest()[:8]
