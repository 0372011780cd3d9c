"""Logs (structlog through the standard library), the ids that every line carries, and Sentry by setting (decision 38).

Modules log with ``logging.getLogger(__name__)`` and ``extra={…}``; this module decides how a line looks. No message text and
no token is ever logged: what may be logged are ids, counts, codes and times.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

_IDS: ContextVar[dict[str, Any] | None] = ContextVar("instaflow_ids", default=None)

OURS = ("core", "flask_api", "instaflow", "plugins", "wsgi")
"""Whose debug lines may be shown: libraries' could hold what people say or a token; theirs begin at info."""
QUIET = ("_granian", "alembic", "flask_limiter", "granian", "huey", "limits", "sqlalchemy", "urllib3", "werkzeug")
"""Libraries whose ordinary news is not ours: warnings only."""
TRACE_CHARS = 36
"""What the columns for trace ids hold."""

Line = tuple[int, str, Mapping[str, Any]]
"""A line that waits for the commit of what it tells: level, message, extra."""


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


def trace_id() -> str | None:
    """The trace of this moment, for a row that carries it on; None when there is none that fits the column."""
    trace = (_IDS.get() or {}).get("trace")
    return trace if isinstance(trace, str) and len(trace) <= TRACE_CHARS else None


def tell(log: logging.Logger, lines: Iterable[Line]) -> None:
    """Logs lines after the commit of what they tell: what was undone is not told, what was done again is told once."""
    for level, message, extra in lines:
        log.log(level, message, extra=dict(extra))


def _extras(logger: Any, method: str, line: dict[str, Any]) -> dict[str, Any]:
    """What stood in ``extra``. structlog keeps the sentence under ``event``: an id that is called so becomes ``eventId``."""
    import structlog

    words = line["event"]
    line = dict(structlog.stdlib.ExtraAdder()(logger, method, line))
    if line["event"] is not words:
        line["eventId"], line["event"] = line["event"], words
    return line


def configure(level: str = "info", format: str = "console", sentry_dsn: str = "", process: str = "") -> None:
    """Sets up the root logger once per process. ``level`` debug … fatal, ``format`` console or json."""
    import structlog

    def add_ids(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
        if process:
            line["process"] = process
        for name, value in (_IDS.get() or {}).items():
            line.setdefault(name, value)
        return line

    chain: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _extras,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_ids,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last(format)],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.getLogger().handlers[:] = [handler]
    _levels(logging.CRITICAL if level == "fatal" else logging.getLevelNamesMapping()[level.upper()])
    if sentry_dsn:
        _sentry(sentry_dsn, process)


def _levels(level: int) -> None:
    logging.getLogger().setLevel(max(level, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _last(format: str) -> list[Any]:
    import structlog

    if format == "json":
        plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

        def brief(exc_info: Any) -> list[dict[str, Any]]:
            return [{**stack, "exc_value": first_line(stack["exc_value"])} for stack in plain(exc_info)]

        return [structlog.processors.ExceptionRenderer(brief), structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_traceback)]


def first_line(words: str) -> str:
    """What may be told of an exception's words: in further lines a database quotes the row that it refused.

    >>> first_line("violates check constraint\\nDETAIL: Failing row contains (my name is Ana)")
    'violates check constraint'
    """
    return words.partition("\n")[0][:300]


def _traceback(out: TextIO, exc_info: Any) -> None:
    """The chain of exceptions, the cause first, each with its first line."""
    import traceback

    chain: list[BaseException] = []
    error = exc_info[1]
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for one in reversed(chain):
        lines = "".join(traceback.format_tb(one.__traceback__))
        out.write(f"\nTraceback (most recent call last):\n{lines}{type(one).__name__}: {first_line(str(one))}")


def _sentry(dsn: str, process: str) -> None:
    """Errors go to Sentry: without local variables, requests, breadcrumbs of HTTP calls or headers on our calls to others."""
    try:
        import sentry_sdk
    except ImportError:
        logging.getLogger(__name__).error("INSTAFLOW_SENTRY_DSN is set: pip install 'instaflow[sentry]'")
        return

    def strip(event: Any, _hint: Any) -> Any:
        event.pop("request", None)
        for fault in (event.get("exception") or {}).get("values") or ():
            fault["value"] = first_line(str(fault.get("value") or ""))
        event["tags"] = {**dict(event.get("tags") or {}), "process": process, **bound_ids()}
        return event

    def crumb(found: Any, _hint: Any) -> Any:
        return None if found.get("type") == "http" else found

    sentry_sdk.init(
        dsn=dsn,
        include_local_variables=False,
        send_default_pii=False,
        max_request_body_size="never",
        trace_propagation_targets=[],
        before_send=strip,
        before_breadcrumb=crumb,
    )
