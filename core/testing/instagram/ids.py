"""Identifiers of the fake Instagram: look like the real ones, and the same seed makes the same ones."""

import base64
import hashlib

from core.testing.instagram.world import World

_MID = "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQx"
_THREAD = "aWdfZAG06MTpJR01lc3NhZ2VUaHJlYWQ6"


class Ids:
    """Counts per kind in the world, so that a saved world goes on where it stopped."""

    def __init__(self, seed: int, world: World) -> None:
        self._seed, self._world = seed, world

    def _next(self, kind: str) -> int:
        self._world.counters[kind] = n = self._world.counters.get(kind, 0) + 1
        return n

    def _number(self, kind: str, prefix: str, width: int) -> str:
        """Digits: the prefix, three of the seed, and a running number."""
        n = self._next(kind)
        return f"{prefix}{self._seed % 1000:03d}{n:0{width - len(prefix) - 3}d}"

    def _opaque(self, kind: str, size: int) -> str:
        digest = hashlib.shake_128(f"{self._seed}:{kind}:{self._next(kind)}".encode()).digest(size)
        return base64.b64encode(digest).decode().translate(str.maketrans("+/=", "ZAQ"))

    def account(self) -> str:
        """17 digits, ``17841…``."""
        return self._number("account", "178414", 17)

    def page(self) -> str:
        """15 digits."""
        return self._number("page", "104", 15)

    def user(self) -> str:
        """The application-scoped id of the person who connects."""
        return self._number("user", "2618", 17)

    def igsid(self) -> str:
        """15 digits."""
        return self._number("igsid", "8361", 15)

    def media(self) -> str:
        """17 digits, ``180…``."""
        return self._number("media", "1805", 17)

    def comment(self) -> str:
        """17 digits, ``179…``."""
        return self._number("comment", "1790", 17)

    def upload(self) -> str:
        """16 digits."""
        return self._number("upload", "7200", 16)

    def ad(self) -> str:
        """18 digits."""
        return self._number("ad", "12021", 18)

    def mid(self) -> str:
        """About 160 opaque characters."""
        return f"{_MID}{self._opaque('mid', 84)}ZD"

    def thread(self) -> str:
        """An opaque conversation id."""
        return f"{_THREAD}{self._opaque('thread', 48)}ZD"

    def token(self, kind: str) -> str:
        """``IGAA…`` for Instagram Login, ``EAAG…`` for Facebook Login."""
        return ("IGAA" if kind.startswith("ig") else "EAAG") + self._opaque("token", 60)

    def code(self) -> str:
        """An OAuth code."""
        return "AQ" + self._opaque("code", 45)

    def trace(self) -> str:
        """Instagram's own trace id of an error."""
        return "A" + self._opaque("trace", 9)[:10]
