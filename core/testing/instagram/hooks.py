"""Sends webhooks as Instagram does: signed, at least once, with a deadline for the answer, a retry schedule and batches."""

import contextlib
import heapq
import http.client
import threading
import time
import urllib.parse
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.testing.instagram import wire

RETRY_MINUTES = (0, 1, 5, 15, 30, 60, 120, 240, 480, 720)
"""Minutes from one attempt to the next; together about 28 of the 36 hours that Instagram tries."""

LANES = 4
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(order=True)
class Delivery:
    """One event on its way. ``due`` is monotonic seconds; ``state``: pending, done, failed or dropped (not subscribed)."""

    due: float
    seq: int
    ig_id: str = field(compare=False, default="")
    kind: str = field(compare=False, default="")
    form: str = field(compare=False, default=wire.MESSAGING)
    item: dict[str, Any] = field(compare=False, default_factory=dict)
    key: str = field(compare=False, default="")
    made_at: int = field(compare=False, default=0)
    body: bytes = field(compare=False, default=b"")
    signature: str = field(compare=False, default="")
    attempts: int = field(compare=False, default=0)
    status: int = field(compare=False, default=0)
    sent_ns: int = field(compare=False, default=0)
    ack_ms: float = field(compare=False, default=0.0)
    state: str = field(compare=False, default="pending")
    failing_since: float = field(compare=False, default=0.0)
    lane: str = field(compare=False, default="")
    repeat: bool = field(compare=False, default=False)
    with_it: list["Delivery"] = field(compare=False, default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What the control interface tells about it."""
        names = ("seq", "ig_id", "kind", "key", "attempts", "status", "ack_ms", "sent_ns", "state", "made_at", "repeat")
        return {name: getattr(self, name) for name in names}


@dataclass
class Options:
    """``url`` None = nothing is sent. ``pace`` scales every waiting of Instagram's (1.0 = as the real one)."""

    url: str | None = None
    secret: str = "instaflow-test-app-secret"
    second_secret: str = ""
    pace: float = 0.01
    deadline_seconds: float = 5.0
    batch: int = 1
    on: bool = True


class Hooks:
    """``LANES`` threads; one person's events share a lane, so they leave in order unless a fault says otherwise."""

    def __init__(self, options: Options, sign_with: Callable[[str], str], entry: Callable[[Delivery], dict[str, Any]]):
        self.options = options
        self.log: deque[Delivery] = deque(maxlen=50_000)
        self.ended: Callable[[Delivery], None] = lambda delivery: None
        self.disable_minutes: Callable[[], float] = lambda: 0.0
        self._sign_with, self._entry = sign_with, entry
        self._heaps: list[list[Delivery]] = [[] for _ in range(LANES)]
        self._changed = threading.Condition()
        self._stopping = False
        self._busy = 0
        self._seq = 0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts the lanes."""
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(LANES)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends the lanes; what has not left is not sent."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(self.options.deadline_seconds + 1)

    def push(self, delivery: Delivery, lane: str, delay_ms: float) -> None:
        """Sends it after ``delay_ms`` of real time."""
        with self._changed:
            self._seq += 1
            delivery.seq, delivery.lane = self._seq, lane
            self.log.append(delivery)
            if self.options.url is None:
                delivery.state = "dropped"
                return
            delivery.due = time.monotonic() + delay_ms / 1000
            heapq.heappush(self._heaps[zlib.crc32(lane.encode()) % LANES], delivery)
            self._changed.notify_all()

    def again(self, delivery: Delivery, delay_ms: float) -> None:
        """The same bytes once more (at-least-once delivery)."""
        copy = Delivery(
            0, 0, delivery.ig_id, delivery.kind, delivery.form, delivery.item, delivery.key, delivery.made_at
        )
        copy.body, copy.signature, copy.with_it = delivery.body, delivery.signature, delivery.with_it
        copy.repeat = True
        self.push(copy, delivery.lane, delay_ms)

    def settle(self, seconds: float) -> bool:
        """Waits until nothing is on its way (retries of refused ones left out); False when it took too long."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._busy or any(d.attempts == 0 for heap in self._heaps for d in heap):
                if not self._changed.wait(max(0.0, min(0.2, end - time.monotonic()))) and time.monotonic() >= end:
                    return False
            return True

    def wait_for(self, delivery: Delivery, seconds: float) -> None:
        """Waits for the first attempt of this one (an echo that overtakes the answer)."""
        end = time.monotonic() + seconds
        with self._changed:
            while delivery.state == "pending" and delivery.attempts == 0 and time.monotonic() < end:
                self._changed.wait(0.05)

    def pending(self) -> int:
        """How many wait to be sent or to be tried again."""
        with self._changed:
            return sum(len(heap) for heap in self._heaps) + self._busy

    def retry_now(self) -> int:
        """Makes everything that waits due at once; answers how many."""
        with self._changed:
            for heap in self._heaps:
                for delivery in heap:
                    delivery.due = 0.0
                heapq.heapify(heap)
            self._changed.notify_all()
            return sum(len(heap) for heap in self._heaps)

    def _run(self, lane: int) -> None:
        line = _Line(self.options)
        while True:
            batch = self._take(self._heaps[lane])
            if not batch:
                line.close()
                return
            self._attempt(batch, line)
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _take(self, heap: list[Delivery]) -> list[Delivery]:
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                if heap and heap[0].due <= now:
                    self._busy += 1
                    return self._batch(heap, now)
                self._changed.wait(min(0.5, heap[0].due - now) if heap else 0.5)
            return []

    def _batch(self, heap: list[Delivery], now: float) -> list[Delivery]:
        first = heapq.heappop(heap)
        batch = [first]
        while not first.body and len(batch) < self.options.batch and heap and heap[0].due <= now and not heap[0].body:
            batch.append(heapq.heappop(heap))
        return batch

    def _attempt(self, batch: list[Delivery], line: "_Line") -> None:
        first = batch[0]
        if not self.options.on:
            for delivery in batch:
                delivery.state = "dropped"
            return
        if not first.body:
            first.with_it = batch[1:]
            first.body = wire.encode(wire.envelope([self._entry(d) for d in batch]), first.key)
            first.signature = wire.sign(first.body, self._sign_with(first.key))
        first.sent_ns = time.time_ns()
        began = time.perf_counter()
        status = line.post(first.body, first.signature)
        for delivery in (first, *first.with_it):
            delivery.attempts = first.attempts + 1 if delivery is first else first.attempts
            delivery.sent_ns, delivery.status = first.sent_ns, status
            delivery.ack_ms = round((time.perf_counter() - began) * 1000, 2)
            delivery.state = "done" if status == 200 else "pending"
        if status == 200:
            self.ended(first)
        else:
            self._later(first)

    def _later(self, delivery: Delivery) -> None:
        now, scale = time.monotonic(), self.options.pace * 60
        delivery.failing_since = delivery.failing_since or now
        limit = self.disable_minutes()
        if limit and now - delivery.failing_since > limit * scale:
            self.options.on = False
        if delivery.attempts > len(RETRY_MINUTES):
            delivery.state = "failed"
            return
        with self._changed:
            delivery.due = now + RETRY_MINUTES[delivery.attempts - 1] * scale
            heapq.heappush(self._heaps[zlib.crc32(delivery.lane.encode()) % LANES], delivery)


class _Line:
    """One kept-alive connection to the receiver."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._connection: http.client.HTTPConnection | None = None
        self._netloc = ""

    def post(self, body: bytes, signature: str) -> int:
        """The HTTP status of the receiver's answer; 0 when there was none in time."""
        url = urllib.parse.urlsplit(self._options.url or "")
        if url.netloc != self._netloc:
            self.close()
            self._netloc = url.netloc
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "Accept": "*/*",
            "X-Hub-Signature-256": signature,
        }
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(url.netloc, timeout=self._options.deadline_seconds)
            self._connection.request("POST", url.path or "/", body, headers)
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0
        if response.will_close:
            self.close()
        return response.status

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None


def loopback(url: str | None) -> str | None:
    """The address, when it is an http address on this machine; ValueError otherwise."""
    if url is None:
        return None
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        raise ValueError(f"the fake Instagram sends webhooks to this machine only, over http: '{url}' is elsewhere")
    return url
