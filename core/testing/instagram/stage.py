"""The stage of the fake: world, clock, identifiers, faults, rates and webhooks behind one lock."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.testing.instagram import wire
from core.testing.instagram.clock import FakeClock
from core.testing.instagram.faults import Faults, dice, share
from core.testing.instagram.hooks import Delivery, Hooks, Options
from core.testing.instagram.ids import Ids
from core.testing.instagram.rates import Rates
from core.testing.instagram.world import Account, Message, Person, Thread, World


@dataclass
class App:
    """The application at Meta: its id, its secret, and the token of the webhook handshake."""

    id: str = "880000000000001"
    secret: str = "instaflow-test-app-secret"
    verify_token: str = "instaflow-test-verify-token"


@dataclass
class Record:
    """One call that the fake answered, as the log keeps it; ``at_ns`` is real time, ``code`` 0 = no error."""

    n: int
    at_ns: int
    method: str
    path: str
    status: int
    code: int = 0
    subcode: int = 0
    message: str = ""


@dataclass
class Sent:
    """One message that the fake accepted from the product: ``at_ns`` real time, ``body`` as shown to the person."""

    n: int
    at_ns: int
    at: int
    ig_id: str
    igsid: str
    username: str
    mid: str
    body: dict[str, Any]
    comment_id: str = ""
    tag: str = ""
    kind: str = "message"


@dataclass
class Stage:
    """Everything that changes does so under ``lock``; ``version`` counts the changes and ``changed`` tells of them."""

    seed: int
    app: App
    clock: FakeClock
    options: Options
    world: World = field(default_factory=World)
    faults: Faults = field(default_factory=Faults)
    rates: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.version = 0
        self.calls = 0
        self.log: deque[Record] = deque(maxlen=20_000)
        self.sent: deque[Sent] = deque(maxlen=200_000)
        self.on_sent: Callable[[Sent], None] = lambda sent: None
        self.ids = Ids(self.seed, self.world)
        self.chance = dice(self.seed)
        self.hooks = Hooks(self.options, self._secret_for, self._entry)
        self.hooks.disable_minutes = lambda: self.faults.retry_disable_minutes
        self.hooks.ended = self._ended

    def touch(self) -> None:
        """Something changed: tells everybody who waits."""
        with self.lock:
            self.version += 1
            self.changed.notify_all()

    def wait_for_change(self, version: int, seconds: float) -> int:
        """The version once it is newer than ``version``, or after ``seconds``."""
        with self.changed:
            self.changed.wait_for(lambda: self.version > version, seconds)
            return self.version

    def person(self, username: str) -> Person:
        """The person of that user name, made on the spot when nobody has it."""
        people = self.world.people
        if username not in people:
            people[username] = Person(username, username.replace(".", " ").replace("_", " ").title())
        return people[username]

    def thread(self, account: Account, username: str) -> Thread:
        """The thread of account and person; the first time it gives the person an id at this account."""
        key = f"{account.ig_id}:{username}"
        if key not in self.world.threads:
            self.world.threads[key] = Thread(self.ids.thread(), account.ig_id, username)
            igsid = account.self_igsid if username == account.username else self.ids.igsid()
            self.person(username).igsids[account.ig_id] = igsid
            self.world.igsids[igsid] = [account.ig_id, username]
        return self.world.threads[key]

    def igsid(self, thread: Thread) -> str:
        """The person's id in this thread."""
        return self.world.people[thread.username].igsids[thread.ig_id]

    def keep(self, thread: Thread, message: Message) -> None:
        """Adds a message to its thread; the newest 500 stay."""
        thread.messages.append(message)
        self.world.mids[message.mid] = f"{thread.ig_id}:{thread.username}"
        if len(thread.messages) > 500:
            self.world.mids.pop(thread.messages.pop(0).mid, None)

    def record_sent(self, sent: Sent) -> None:
        """Numbers and keeps what the product sent."""
        self.calls += 1
        sent.n, sent.at_ns, sent.at = self.calls, time.time_ns(), self.clock.now()
        self.sent.append(sent)
        self.on_sent(sent)

    def notify(
        self,
        ig_id: str,
        name: str,
        kind: str,
        item: dict[str, Any],
        key: str,
        lane: str,
        form: str = "",
        after: float = 0,
    ) -> Delivery | None:
        """Sends a webhook when the account subscribed to the field ``name``. ``after`` = milliseconds at Instagram's own pace."""
        account = self.world.accounts.get(ig_id)
        if account is None or not (name in account.fields or account.page_fields) or account.needs_query:
            return None
        extra = 400.0 if self.chance(self.faults.reorder_rate, "order:" + key) else 0.0
        delivery = Delivery(
            0, 0, ig_id, kind, form or wire.MESSAGING, item, key, self.clock.now() + int(after * self.options.pace)
        )
        self.hooks.push(delivery, lane, (after + extra) * self.options.pace)
        return delivery

    def _secret_for(self, key: str) -> str:
        second = self.options.second_secret
        use = second and self.chance(self.faults.second_secret_rate, "secret:" + key)
        return second if use else self.options.secret

    def _entry(self, delivery: Delivery) -> dict[str, Any]:
        flat = self.faults.flat_comments
        return wire.entry(delivery.ig_id, delivery.form, delivery.item, delivery.made_at + 360, flat)

    def _ended(self, delivery: Delivery) -> None:
        again = delivery.key + ":again"
        if not delivery.repeat and self.chance(self.faults.duplicate_rate, again):
            self.hooks.again(delivery, share(self.seed, again) * 2000 * self.options.pace)
        self.touch()
