"""Counters of this process's requests, made when the first request is counted."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def _made() -> tuple[Any, Any]:
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
