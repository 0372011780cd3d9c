"""The receiver: a bare WSGI callable that checks a webhook's signature, stores its events, and only then answers 200.

It stands in front of Flask (decision 27) and is ready before Flask is: keep its imports few.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any, Protocol

from core.model.errors import StoreUnavailable
from core.model.inbound import Inbound
from core.model.integration import InboundWebhook
from core.model.limits import WEBHOOK_BYTES
from core.model.ports import Clock
from core.observe import bound
from core.store.ids import new_id
from flask_api.answers import Answer, respond
from flask_api.headers import request_id
from flask_api.webhooks.counts import COUNTS, Counts
from flask_api.webhooks.loading import Environ, StartResponse, Wsgi

log = logging.getLogger(__name__)

PATH = "/api/v1/webhooks/instagram"
PATHS = frozenset({PATH, PATH + "/"})
DASHBOARD = "0"
"""The account id of Meta's "Test" button: answered, counted, never stored."""
TRACE_CHARS = 36
DRAINED_BYTES = 4 * WEBHOOK_BYTES
FUTURE_MS = 24 * 3600 * 1000


class Inbox(Protocol):
    """What the receiver needs of ``core.runtime.intake.Intake``."""

    counts: Counter[str]

    def submit(self, events: Sequence[Inbound], trace_id: str) -> int: ...


OK = Answer(200)
BAD_SIGNATURE = Answer(400, "invalid_signature", "The webhook's signature is missing or wrong")
BAD_PAYLOAD = Answer(400, "invalid_payload", "The body is neither a JSON object nor an array of objects")
TOO_LARGE = Answer(413, "body_too_large", "The body is larger than 4 MiB")
UNAVAILABLE = Answer(503, "store_unavailable", "The event could not be stored; deliver it again")


class Receiver:
    """Takes POST requests of the one path. ``secrets``: any of them may have signed; without any, all is refused."""

    def __init__(
        self,
        intake: Inbox,
        webhook: InboundWebhook,
        secrets: Sequence[str],
        clock: Clock,
        counts: Counts = COUNTS,
    ) -> None:
        self._intake, self._webhook, self._secrets, self._clock = intake, webhook, tuple(secrets), clock
        self.counts = counts
        self._told = 0.0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        trace = trace_of(environ.get("HTTP_X_REQUEST_ID"))
        body = read_body(environ)
        if body is None:
            self.counts.too_large += 1
            answer = TOO_LARGE
        else:
            signature = environ.get("HTTP_X_HUB_SIGNATURE_256", "").encode("latin-1", "replace")
            answer = self.take(body, signature, trace)
        return respond(answer, trace, environ.get("wsgi.url_scheme") == "https", start_response)

    def take(self, body: bytes, signature: bytes, trace_id: str) -> Answer:
        """One delivery: ``signature`` is the header X-Hub-Signature-256 as it came. Never raises for what came in."""
        events = self.check(body, signature, trace_id)
        if isinstance(events, Answer):
            return events
        began = monotonic()
        try:
            return self.stored(events, self._intake.submit(events, trace_id), trace_id, began)
        except StoreUnavailable as e:
            return self.unavailable(events, trace_id, e)

    def check(self, body: bytes, signature: bytes, trace_id: str) -> list[Inbound] | Answer:
        """The events to store, or the answer when there are none."""
        if not self._webhook.verify(body, signature, self._secrets):
            self.counts.invalid_signature += 1
            self._refused("a webhook's signature is wrong", trace_id, len(body))
            return BAD_SIGNATURE
        self.counts.received += 1
        events = self._webhook.parse(body)
        if events is None:
            self.counts.invalid_payload += 1
            self._refused("a signed webhook is not JSON of the right shape", trace_id, len(body))
            return BAD_PAYLOAD
        events = self._ours(events)
        if not events:
            self.counts.ignored += 1
            return OK
        return events

    def _refused(self, message: str, trace_id: str, size: int) -> None:
        """One line a second at most: who knocks without the key must not fill the disk."""
        if monotonic() - self._told < 1.0:
            return
        self._told = monotonic()
        refused = self.counts.invalid_signature + self.counts.invalid_payload
        with bound(trace=trace_id):
            log.warning(message, extra={"bytes": size, "secrets": len(self._secrets), "refused": refused})

    def _ours(self, events: list[Inbound]) -> list[Inbound]:
        """Without the dashboard's tests; times that are missing or far ahead become now."""
        now = self._clock.now()
        kept = []
        for event in events:
            if event["ig_id"] == DASHBOARD:
                self.counts.tests += 1
                self.counts.last_test_at = now
                continue
            if not 0 < event["at"] < now + FUTURE_MS:
                event["at"] = now
            kept.append(event)
        return kept

    def stored(self, events: Sequence[Inbound], new: int, trace_id: str, began: float) -> Answer:
        """The events are committed; ``new`` of them were not there before. ``began`` = monotonic seconds of their offer."""
        counts = self.counts
        counts.events += len(events)
        counts.stored += new
        counts.unknown_account = self._intake.counts["unknown_account"]
        counts.repeated = counts.events - counts.stored - counts.unknown_account
        if log.isEnabledFor(logging.DEBUG):
            took = round((monotonic() - began) * 1000)
            log.debug("webhook stored", extra={"trace": trace_id, "events": len(events), "new": new, "ms": took})
        return OK

    def unavailable(self, events: Sequence[Inbound], trace_id: str, error: StoreUnavailable) -> Answer:
        """They are not: Instagram is to deliver them again."""
        self.counts.unavailable += 1
        with bound(trace=trace_id):
            log.error("a webhook could not be stored", extra={"reason": str(error), "events": len(events)})
        return UNAVAILABLE


def compose(receiver: Receiver, rest: Wsgi) -> Wsgi:
    """The WSGI application of the web process: webhooks to the receiver at once, everything else to ``rest``."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in PATHS and environ["REQUEST_METHOD"] == "POST":
            return receiver(environ, start_response)
        return rest(environ, start_response)

    return application


def trace_of(given: str | None) -> str:
    """The request's own id when it fits the column, else a new one."""
    fresh = new_id()
    trace = request_id(given, fresh)
    return trace if len(trace) <= TRACE_CHARS else fresh


def read_body(environ: Environ) -> bytes | None:
    """The request's body; None when it is larger than a webhook may be.

    A larger one is read on and thrown away, up to a limit, because most clients look for an answer only after sending all.
    """
    stream = environ["wsgi.input"]
    try:
        length = int(environ.get("CONTENT_LENGTH") or -1)
    except ValueError:
        length = -1
    if length > WEBHOOK_BYTES:
        _throw_away(stream, min(length, DRAINED_BYTES))
        return None
    if length >= 0:
        return _read(stream, length)
    if not environ.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""
    body = _read(stream, WEBHOOK_BYTES + 1)
    if len(body) <= WEBHOOK_BYTES:
        return body
    _throw_away(stream, DRAINED_BYTES)
    return None


def _throw_away(stream: Any, length: int) -> None:
    try:
        while length > 0 and (part := stream.read(min(length, 65536))):
            length -= len(part)
    except OSError:
        return


def _read(stream: Any, length: int) -> bytes:
    """What arrives before the end, the length, or the connection's death."""
    parts: list[bytes] = []
    missing = length
    try:
        while missing > 0 and (part := stream.read(missing)):
            parts.append(part)
            missing -= len(part)
    except OSError:
        return b""
    return b"".join(parts)
