"""What a plugin offers beyond nodes and triggers: actions, ways out to the network, webhooks from elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.model.inbound import Inbound
from core.model.ports import HttpTransport


@dataclass(frozen=True, slots=True)
class Action:
    """One action that ``external_api_call`` can name as ``<integration>.<action>``; ``schema`` is the JSON Schema of its
    arguments, ``outcomes`` the exits beside success and failure. Carried out by the effect handler of that name."""

    name: str
    title: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Integration:
    """``transports`` = ways out to the network by name ("graph" lean, "guarded" for any address that an author wrote); each
    is made once per process from the settings."""

    name: str
    title: str
    actions: Sequence[Action] = ()
    transports: Mapping[str, Callable[[Any], HttpTransport]] = field(default_factory=dict)

    @property
    def named(self) -> dict[str, Action]:
        """The actions by the names that flows call them by: ``<integration>.<action>``."""
        return {f"{self.name}.{a.name.removeprefix(self.name + '.')}": a for a in self.actions}


class InboundWebhook(Protocol):
    """A webhook from elsewhere. ``verify`` looks at the raw bytes before anything is parsed."""

    name: str

    def verify(self, body: bytes, signature: bytes, secrets: Sequence[str]) -> bool: ...

    def parse(self, body: bytes) -> list[Inbound] | None:
        """The events inside; None when the body is not JSON of the right outer shape (400)."""
