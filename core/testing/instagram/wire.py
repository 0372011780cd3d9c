"""How a webhook travels: random key order and spacing from the seed, ASCII with lower-case escapes, signed over those bytes."""

import hashlib
import hmac
import json
import random
from typing import Any

MESSAGING = "messaging"
CHANGES = "changes"


def encode(payload: Any, key: str) -> bytes:
    r"""The bytes: order of keys, spacing and escaped slashes follow ``key`` only.

    >>> encode({"a": "\u00e9\U0001f600"}, "k").replace(b" ", b"")
    b'{"a":"\\u00e9\\ud83d\\ude00"}'
    """
    dice = random.Random(key)
    separators = (", ", ": ") if dice.random() < 0.5 else (",", ":")
    text = json.dumps(_shuffled(payload, dice), ensure_ascii=True, separators=separators)
    return (text.replace("/", "\\/") if dice.random() < 0.3 else text).encode("ascii")


def _shuffled(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict):
        names = list(value)
        dice.shuffle(names)
        return {name: _shuffled(value[name], dice) for name in names}
    if isinstance(value, list):
        return [_shuffled(item, dice) for item in value]
    return value


def sign(body: bytes, secret: str) -> str:
    """The value of ``X-Hub-Signature-256``.

    >>> sign(b"{}", "s")[:15]
    'sha256=143ca8d5'
    """
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def envelope(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The outer object."""
    return {"object": "instagram", "entry": entries}


def entry(ig_id: str, form: str, item: dict[str, Any], now: int, flat: bool) -> dict[str, Any]:
    """One entry. ``form`` is messaging, standby or changes; the time is in seconds for changes, else in milliseconds."""
    if form != CHANGES:
        return {"id": ig_id, "time": now, form: [item]}
    if flat:
        return {"id": ig_id, "time": now // 1000, **item}
    return {"id": ig_id, "time": now // 1000, "changes": [item]}
