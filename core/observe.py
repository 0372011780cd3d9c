"""Logs (structlog through the standard library), the ids that every line carries, and Sentry by setting (decision 38).

Modules log with ``logging.getLogger(__name__)`` and ``extra={…}``; this module decides how a line looks. No message text and
no token is ever logged: what may be logged are ids, counts, codes and times.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_IDS: ContextVar[dict[str, Any] | None] = ContextVar("instaflow_ids", default=None)

QUIET = ("alembic", "huey", "urllib3", "werkzeug", "_granian", "granian")
"""Libraries whose ordinary news is not ours."""


@contextmanager
def bound(**ids: Any) -> Iterator[None]:
    """Every line logged inside carries these: trace, request, account, contact, run.

    >>> with bound(trace="t1"):
    ...     bound_ids()
    {'trace': 't1'}
    """
    token = _IDS.set({**(_IDS.get() or {}), **ids})
    try:
        yield
    finally:
        _IDS.reset(token)


def bound_ids() -> dict[str, Any]:
    """The ids of this moment."""
    return dict(_IDS.get() or {})


def configure(level: str = "info", format: str = "console", sentry_dsn: str = "", process: str = "") -> None:
    """Sets up the root logger once per process. ``level`` debug … fatal, ``format`` console or json."""
    import structlog

    def add_ids(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
        if process:
            line["process"] = process
        return {**line, **(_IDS.get() or {})}

    chain: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_ids,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(format)],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("CRITICAL" if level == "fatal" else level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    if sentry_dsn:
        _sentry(sentry_dsn)


def _last(format: str) -> list[Any]:
    import structlog

    if format == "json":
        plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(plain), structlog.processors.JSONRenderer()]
    shown = (
        structlog.dev.RichTracebackFormatter(show_locals=False)
        if sys.stderr.isatty()
        else structlog.dev.plain_traceback
    )
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=shown)]


def _sentry(dsn: str) -> None:
    try:
        import sentry_sdk
    except ImportError:
        logging.getLogger(__name__).error("INSTAFLOW_SENTRY_DSN is set: pip install 'instaflow[sentry]'")
        return
    sentry_sdk.init(dsn=dsn, include_local_variables=False, send_default_pii=False, max_request_body_size="never")
