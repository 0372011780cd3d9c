"""Figures for Prometheus: counters of this process, and the installation's vital signs from the database."""

import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from core.services import system
from core.services.house import House
from core.services.vitals import vitals
from flask_api.webhooks.counts import COUNTS

MAKING = threading.Lock()
"""The registry takes a name once, and ``lru_cache`` lets two first requests in."""


def _made() -> tuple[Any, Any]:
    with MAKING:
        return _make()


@lru_cache(maxsize=1)
def _make() -> tuple[Any, Any]:
    from prometheus_client import Counter, Histogram

    labels = ("method", "operation", "status")
    return (
        Counter("instaflow_http_requests", "Requests answered", labels),
        Histogram("instaflow_http_request_seconds", "Time to the answer", ("operation",)),
    )


def request(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Counts one answer. ``endpoint`` is Flask's name of the operation, never a path: its values are few."""
    counted, took = _made()
    name = endpoint.rpartition(".")[2]
    counted.labels(method if method in METHODS else "other", name, str(status)).inc()
    took.labels(name).observe(seconds)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(house: House) -> bytes:
    """All figures in Prometheus' text form: of the installation (from the database) and of this process."""
    from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

    own = CollectorRegistry(auto_describe=False)
    own.register(_Installation(house))
    return generate_latest(own) + generate_latest(REGISTRY)


class _Installation:
    """Reads the vital signs when Prometheus asks."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Any]:
        """One gauge a vital sign, and the send errors by class."""
        from prometheus_client.core import GaugeMetricFamily

        found = vitals(self._house.store, self._house.clock.now(), self._house.clock.real())
        for name, (help_, value, scale) in GAUGES.items():
            number = getattr(found, value)
            yield GaugeMetricFamily(f"instaflow_{name}", help_, value=-1.0 if number is None else number / scale)
        errors = GaugeMetricFamily("instaflow_send_errors", "Sends in the kept outbox by error class", labels=["code"])
        for code, count in system.send_errors(self._house).items():
            errors.add_metric([code], count)
        yield errors
        received = GaugeMetricFamily("instaflow_webhooks", "What this process's receiver saw", labels=["what"])
        for what, count in COUNTS.snapshot().items():
            received.add_metric([what], count)
        yield received


GAUGES = {
    "inbox_age_seconds": ("Age of the oldest event that waits", "inbox_age", 1000),
    "inbox_events": ("Events that wait", "inbox_count", 1),
    "inbox_orphans": ("Waiting events without a mailbox; must be 0", "orphans", 1),
    "outbox_age_seconds": ("Age of the oldest send that is due", "outbox_age", 1000),
    "outbox_sends": ("Sends that are due", "outbox_count", 1),
    "ambiguous_sends": ("Sends whose fate is unknown", "ambiguous", 1),
    "review_sends": ("Sends that a person must settle", "review", 1),
    "dead_letters": ("Dead letters that nobody has resolved", "dead_letters", 1),
    "sweeper_age_seconds": ("Since a worker's last sign of life; -1 = never", "worker_age", 1000),
}
"""Metric -> (help, field of Vitals, divisor)."""
