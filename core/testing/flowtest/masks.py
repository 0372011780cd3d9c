"""Personal values taken out of a recorded conversation: names, addresses, numbers; the same value always by the same one."""

import re
from collections.abc import Callable, Mapping
from typing import Any

EMAIL = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+\.[^\s<>()\[\],;:\"@.]+")
PHONE = re.compile(r"(?<![\w.])\+?\d[\d ()/-]{5,}\d(?![\w])")
HANDLE = re.compile(r"(?<![\w@])@[A-Za-z0-9_.]{2,30}")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
NAMES = {
    "firstName": "Ana",
    "lastName": "Example",
    "name": "Ana Example",
    "fullName": "Ana Example",
    "username": "ana.example",
    "profilePictureUrl": "https://cdn.example/ana.jpg",
}
"""Fields of the profile, and what stands for them."""
SHORTEST = 2
Make = Callable[[int], str]
"""The n-th value of a sort."""


class Mask:
    """``known`` = real value to the one that stands for it; it grows as more is seen."""

    def __init__(self, contact: Mapping[str, Any], username: Any = None) -> None:
        given = {**({"username": username} if username else {}), **contact}
        self.known: dict[str, str] = {}
        self._made: dict[Make, int] = {}
        for field, stand in NAMES.items():
            value = given.get(field)
            if isinstance(value, str) and len(value) >= SHORTEST:
                self.known[value] = stand
                self.known.setdefault(value.lower(), stand.lower())

    def over(self, value: Any) -> Any:
        """The value, inside lists and objects too, without what is personal."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {k: self.over(v) for k, v in value.items()}
        return [self.over(v) for v in value] if isinstance(value, list | tuple) else value

    def _text(self, text: str) -> str:
        for pattern, make in ((EMAIL, _email), (PHONE, _phone), (HANDLE, _handle)):
            text = pattern.sub(lambda m, make=make: self._stand(m[0], make), text)  # type: ignore[misc]
        for real in sorted(self.known, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(real)}(?!\w)", lambda m, r=real: self.known[r], text)  # type: ignore[misc]
        return text

    def _stand(self, real: str, make: Make) -> str:
        key = real.lower()
        if real in self.known.values() or key in self.known.values():
            return real
        if key not in self.known:
            self._made[make] = number = self._made.get(make, 0) + 1
            self.known[key] = make(number)
        return self.known[key]


def _email(n: int) -> str:
    return f"ana{n if n > 1 else ''}@mail.example"


def _phone(n: int) -> str:
    return f"+336123456{77 + n:02}"


def _handle(n: int) -> str:
    return f"@ana{n if n > 1 else ''}.example"


def of_attribute(name: str, value: Any) -> Any:
    """What stands for an attribute that makes no difference: a text that says its name."""
    return f"some {name}" if isinstance(value, str) and value and not EMAIL.fullmatch(value) else value
