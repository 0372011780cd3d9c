"""The fake Instagram as one object: a server on this machine, and people who act on it."""

import threading
from pathlib import Path
from typing import Any, Self

from core.testing.instagram import saving
from core.testing.instagram.accounts import IG_FIELDS
from core.testing.instagram.actions import Actions
from core.testing.instagram.clock import FakeClock
from core.testing.instagram.control import respond
from core.testing.instagram.faults import Faults
from core.testing.instagram.hooks import Options, loopback
from core.testing.instagram.rates import Rates
from core.testing.instagram.server import Server
from core.testing.instagram.stage import App, Sent, Stage
from core.testing.instagram.world import Account, Person, Token, World

DAY_MS = 24 * 3_600_000


class FakeInstagram(Actions):
    """Instagram for tests and demos: HTTP on 127.0.0.1, both logins, signed webhooks, a page at ``/``.

    ``seed`` makes identifiers, webhook bytes and faults reproducible (with ``frozen_at``, a time in milliseconds, every
    byte). ``webhook_url`` is where events go (None = nowhere). ``pace`` scales Instagram's own waiting: echo delays of 0 to
    2000 ms and the retry schedule (1.0 = real). ``state`` is a file that keeps the world between starts.

    >>> with FakeInstagram(seed=1) as instagram:
    ...     ig_id, token = instagram.account("bella.bakery")
    ...     mid = instagram.says("ana", "Hello!")
    >>> ig_id, instagram.thread("ana").messages[0].body["text"]
    ('17841400100000001', 'Hello!')
    """

    def __init__(
        self,
        port: int = 0,
        seed: int = 0,
        webhook_url: str | None = None,
        secret: str = "instaflow-test-app-secret",
        *,
        second_secret: str = "",
        verify_token: str = "instaflow-test-verify-token",
        app_id: str = "880000000000001",
        pace: float = 0.01,
        batch: int = 1,
        ack_seconds: float = 5.0,
        frozen_at: int | None = None,
        rate_limits: bool = True,
        state: Path | None = None,
    ) -> None:
        options = Options(loopback(webhook_url), secret, second_secret, pace, ack_seconds, batch)
        world, offset = saving.load(state) if state and state.exists() else (World(), 0)
        self._state, self._saved = state, 0
        self.stage: Stage = Stage(
            seed,
            App(app_id, secret, verify_token),
            FakeClock(frozen_at, offset),
            options,
            world,
            rates=Rates(rate_limits),
        )
        self.stage.on_sent = self._next_line
        self._lines: dict[str, list[dict[str, Any]]] = {}
        self._server = Server(port, lambda request: respond(self, request))

    def start(self) -> Self:
        """Serves and sends; answers itself."""
        self._server.start()
        self.stage.hooks.start()
        return self

    def stop(self) -> None:
        """Ends everything and keeps the world when a ``state`` file was named."""
        self._server.stop()
        self.stage.hooks.stop()
        self.save()

    def save(self) -> None:
        """Writes the ``state`` file, if there is one."""
        if self._state:
            saving.save(self.stage, self._state)

    def save_if_changed(self) -> None:
        """``save`` when something happened since the last time."""
        if self.stage.version != self._saved:
            self._saved = self.stage.version
            self.save()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address of the page and of the control interface."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def graph_url(self) -> str:
        """For ``INSTAFLOW_GRAPH_URL`` (Instagram Login)."""
        return self.url + "/ig"

    @property
    def graph_url_facebook(self) -> str:
        """For ``INSTAFLOW_GRAPH_URL_FACEBOOK``."""
        return self.url + "/fb"

    @property
    def faults(self) -> Faults:
        """The knobs: ``faults.next("/messages", "drop")``, ``faults.echo_loss = 0.5`` …"""
        return self.stage.faults

    def now(self) -> int:
        """Business time at Instagram, milliseconds."""
        return self.stage.clock.now()

    def advance(self, *, ms: int = 0, hours: float = 0) -> int:
        """Moves the clock; answers the offset in milliseconds."""
        with self.stage.lock:
            offset = self.stage.clock.advance(ms + int(hours * 3_600_000))
        self.stage.touch()
        return offset

    # --- accounts and people

    def account(
        self,
        username: str = "bella.bakery",
        name: str = "",
        *,
        login: str = "instagram",
        subscribed: bool | list[str] = True,
        token_days: float = 60,
        **flags: Any,
    ) -> tuple[str, str]:
        """A professional account → (Instagram id, token of the ``login``). ``subscribed`` False: the product must subscribe.

        ``flags``: fields of ``Account`` such as ``restricted=True``, ``needs_query=True``, ``kind="CREATOR"``.
        """
        stage, ids = self.stage, self.stage.ids
        with stage.lock:
            if stage.world.account_by(username):
                raise ValueError(f"there is an account '{username}' already")
            made = Account(
                ids.account(), ids.page(), ids.user(), username, name or username.title(), ids.igsid(), **flags
            )
            made.fields = list(IG_FIELDS) if subscribed is True else list(subscribed or [])
            stage.world.accounts[made.ig_id] = made
            stage.world.igsids[made.self_igsid] = [made.ig_id, username]
            now = stage.clock.tokens()
            for kind, days in (("ig_long", token_days), ("page", 0.0), ("user_long", 60.0)):
                value = ids.token(kind)
                stage.world.tokens[value] = Token(value, kind, made.ig_id, now, now + int(days * DAY_MS) if days else 0)
        stage.touch()
        return made.ig_id, self.token(made.ig_id, "page" if login == "facebook" else "ig_long")

    def token(self, account: str = "", kind: str = "ig_long") -> str:
        """The newest token of that kind (ig_short, ig_long, user_short, user_long, page)."""
        ig_id = self.find(account).ig_id
        return next(t.value for t in reversed(self.stage.world.tokens.values()) if (t.kind, t.ig_id) == (kind, ig_id))

    def expire_tokens(self, account: str = "", subcode: int = 463) -> None:
        """Every token of the account is dead now: 463 expired, 460 password changed, 458 app removed, 467 invalid …"""
        with self.stage.lock:
            for token in self.stage.world.tokens.values():
                if token.ig_id == self.find(account).ig_id:
                    token.dead = subcode

    def person(self, username: str, **about: Any) -> Person:
        """The person of that user name, made when new; ``about``: name, public, verified, followers, email, phone."""
        with self.stage.lock:
            found = self.stage.person(username)
            for key, value in about.items():
                if not hasattr(found, key):
                    raise TypeError(f"a person has no '{key}'")
                setattr(found, key, value)
            return found

    # --- what happened

    def igsid(self, person: str, account: str = "") -> str:
        """The person's Instagram-scoped id at the account."""
        return self.stage.igsid(self.thread(person, account))

    def sent(self, person: str | None = None, kind: str = "message") -> list[Sent]:
        """What the product sent and Instagram accepted, oldest first."""
        with self.stage.lock:
            return [s for s in self.stage.sent if s.kind == kind and person in (None, s.username)]

    def wait_for_sent(self, count: int, person: str | None = None, seconds: float = 10) -> list[Sent]:
        """The accepted messages once there are ``count`` of them; AssertionError with what there is when time is up."""
        with self.stage.changed:
            if not self.stage.changed.wait_for(lambda: len(self.sent(person)) >= count, seconds):
                got = [s.body for s in self.sent(person)]
                raise AssertionError(f"{len(got)} of {count} messages after {seconds} s: {got}")
            return self.sent(person)

    def settle(self, seconds: float = 10) -> bool:
        """Waits until every webhook had its first attempt."""
        return self.stage.hooks.settle(seconds)

    def script(self, person: str, lines: list[dict[str, Any]]) -> None:
        """What the person does after each message: ``[{"tap": "Yes"}, {"say": "ana@example.org"}, {}]`` ({} = nothing)."""
        self._lines[person] = list(lines)

    def _next_line(self, sent: Sent) -> None:
        lines = self._lines.get(sent.username)
        if lines and sent.kind == "message":
            timer = threading.Timer(self.stage.options.pace, self._play, (sent, lines.pop(0)))
            timer.daemon = True
            timer.start()

    def _play(self, sent: Sent, line: dict[str, Any]) -> None:
        self.reads(sent.username, sent.mid, sent.ig_id)
        if "tap" in line:
            self.taps(sent.username, line["tap"], sent.ig_id)
        if "say" in line:
            self.says(sent.username, line["say"], sent.ig_id)
