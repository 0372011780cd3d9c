"""A contact of whom only that is decided which somebody has asked: the question for the rest forks the conversation."""

from collections.abc import Iterator, MutableMapping
from collections.abc import Set as AbstractSet
from typing import Any

from core.model.errors import InstaFlowError

Fact = tuple[str, str]
"""("contact" | "tag" | "segment", name)."""


class Unknown(InstaFlowError):
    """A conversation hangs on a fact that is not decided yet."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(" ".join(fact))
        self.fact = fact


class OpenContact(MutableMapping[str, Any]):
    """Attributes and profile; ``open`` = names not decided. Everything that is neither is not set."""

    def __init__(self, known: dict[str, Any], open_: frozenset[str]) -> None:
        self.known, self.open = known, open_

    def __getitem__(self, name: str) -> Any:
        if name in self.open:
            raise Unknown(("contact", name))
        return self.known[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.open -= {name}
        self.known[name] = value

    def __delitem__(self, name: str) -> None:
        self.open -= {name}
        self.known.pop(name, None)

    def pop(self, name: str, default: Any = None) -> Any:
        """Takes it away, whatever it was."""
        self.open -= {name}
        return self.known.pop(name, default)

    def __iter__(self) -> Iterator[str]:
        if self.open:
            raise Unknown(("contact", min(self.open)))
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def __copy__(self) -> "OpenContact":
        return OpenContact(dict(self.known), self.open)

    def decided(self, name: str, value: Any) -> None:
        """Decides a fact; None = it is not set."""
        self.open -= {name}
        if value is not None:
            self.known[name] = value


class OpenSet(AbstractSet[str]):
    """Tags or segments; ``kind`` = tag or segment, ``open`` = names not decided."""

    def __init__(self, kind: str, known: frozenset[str], open_: frozenset[str]) -> None:
        self.kind, self.known, self.open = kind, known, open_

    def __contains__(self, name: object) -> bool:
        if name in self.open:
            raise Unknown((self.kind, str(name)))
        return name in self.known

    def __iter__(self) -> Iterator[str]:
        if self.open:
            raise Unknown((self.kind, min(self.open)))
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def __or__(self, other: AbstractSet[Any]) -> "OpenSet":
        return OpenSet(self.kind, self.known | frozenset(other), self.open - frozenset(other))

    def __sub__(self, other: AbstractSet[Any]) -> "OpenSet":
        return OpenSet(self.kind, self.known - frozenset(other), self.open - frozenset(other))
