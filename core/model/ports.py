"""What the platform needs from outside, as protocols. Adapters are plugins or live at the edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


class Clock(Protocol):
    """Two times (decision 31): business time may be moved by the demo and by tests, real time never."""

    def now(self) -> int:
        """Business time, milliseconds since 1970 UTC: windows, timers, schedules, cooldowns."""

    def real(self) -> int:
        """Real time, milliseconds since 1970 UTC: leases, back-off, breakers, tokens."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """``body`` is bytes as sent; ``timeout`` in seconds for the whole call."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """``headers`` have lower-case names."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class NotSent(Exception):
    """The request certainly did not leave (no connection, name not found): it may be tried again."""


class OutcomeUnknown(Exception):
    """The request may have arrived (time-out or reset after sending): it must not be tried again blindly."""


class HttpTransport(Protocol):
    """One way out to the network. Raises NotSent or OutcomeUnknown; every HTTP status is an answer.

    The transport "graph" reaches the configured Graph addresses only, named in front of the path: ``instagram:/me/messages``,
    ``facebook:/me/messages`` (with the version), ``instagram-plain:/refresh_access_token`` (without), ``instagram-oauth:/…``.
    """

    def send(self, request: HttpRequest) -> HttpResponse: ...


Answer = HttpResponse | NotSent | OutcomeUnknown


class Exchange(Protocol):
    """Many requests under way at once, on one thread that owns it; only ``wake`` may be called from other threads."""

    def start(self, key: Any, request: HttpRequest) -> None:
        """Begins a request; its answer comes out of ``poll`` under ``key``. Never raises, never blocks."""

    def poll(self, timeout: float) -> list[tuple[Any, Answer]]:
        """The answers that are there, after at most ``timeout`` seconds or at a ``wake``."""

    def wake(self) -> None:
        """Ends a ``poll`` that waits."""

    def close(self) -> None:
        """Closes the connections; requests under way get no answer."""


class ExchangeTransport(HttpTransport, Protocol):
    """A transport that can also keep many requests under way on one thread."""

    def exchange(self) -> Exchange: ...


@dataclass(frozen=True, slots=True)
class AccountView:
    """What a handler may know of the account it speaks for; ``token`` is in the clear, in memory only."""

    id: str
    ig_id: str
    page_id: str | None
    login: str
    token: str
    username: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One outbox row handed to its handler. ``to`` = {"id": contact's external id} or {"comment_id": …}.

    ``human`` = a person speaks; ``last_inbound`` decides between the plain send and the human-agent tag.
    """

    id: int
    kind: str
    idem: str
    account: AccountView
    to: Mapping[str, str]
    body: Mapping[str, Any]
    attempt: int = 1
    human: bool = False
    last_inbound: int | None = None
    now: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended. ``status``:

    ``sent`` accepted · ``failed`` refused for good · ``retry`` not done, try again · ``throttled`` the account must pause ·
    ``unknown`` it may have arrived · ``account`` the account cannot send (token, permission) · ``contact`` this person
    cannot be reached · ``window`` outside the messaging window.
    ``after`` = milliseconds to wait before the next try; ``data`` = what a flow that waits for the result gets.
    """

    status: str
    provider_id: str = ""
    recipient_id: str = ""
    code: str = ""
    message: str = ""
    after: int = 0
    usage: int = 0
    data: Any = None


class EffectHandler(Protocol):
    """Carries out one kind of call.

    An optional attribute ``transport`` names the way out that the dispatcher hands in (default "guarded"). An optional
    ``repeatable = True`` says that an unknown outcome may be tried again; ``settle = True`` that it is settled by look-up.
    """

    kind: str

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """Do it once. Never raises for what the world does: answers an Outcome."""


@runtime_checkable
class OneRequest(Protocol):
    """A handler whose call is one HTTP request: the dispatcher keeps many of them under way without a thread each."""

    kind: str

    def request(self, call: Call) -> HttpRequest | Outcome:
        """The request to make, or at once how the call ended."""

    def outcome(self, call: Call, answer: Answer) -> Outcome:
        """What the answer means."""


class LookUp(Protocol):
    """Settles an unknown send by asking Instagram's conversation (durability 3.3)."""

    def find(self, call: Call, sent_from: int, sent_to: int, known: Sequence[str], http: HttpTransport) -> Outcome:
        """``sent`` with the provider id, ``failed`` when it is certainly not there, ``unknown`` when it cannot be asked."""
