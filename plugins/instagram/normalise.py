"""From a webhook's body to events: every carrier of reference 1.3, one event an item, no item losing the others."""

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from plugins.instagram.normalise_change import change_item
from plugins.instagram.normalise_message import message_item
from plugins.instagram.normalise_values import Imprecise, clean, digest, ident, items, millis
from plugins.instagram.receive_json import decode, exact

if TYPE_CHECKING:
    from instaflow import Inbound

log = logging.getLogger(__name__)
OBJECT = "instagram"


def parse(body: bytes) -> "list[Inbound] | None":
    """The events of a body in the order in which they stand; None when it is neither an object nor an array of objects.

    An object of another kind (a Messenger page's, say) has no events. ``at`` is 0 when the body names no time at all.

    >>> parse(b'{"object": "page"}'), parse(b"[]"), parse(b"3"), parse(b"{")
    ([], [], None, None)
    """
    try:
        try:
            return _documents(decode(body))
        except Imprecise:
            return _documents(exact(body))
    except ValueError:
        return None


def _documents(value: Any) -> "list[Inbound] | None":
    documents = value if type(value) is list else [value]
    if any(type(d) is not dict for d in documents):
        return None
    found: list[Inbound] = []
    for document in documents:
        if document.get("object") == OBJECT:
            for entry in items(document.get("entry")):
                if type(entry) is dict:
                    _entry(entry, found)
    return found


def _entry(entry: Mapping[str, Any], found: "list[Inbound]") -> None:
    ig_id, at = ident(entry.get("id")), millis(entry.get("time"))
    before = len(found)
    for name, read in CARRIERS:
        for item in items(entry.get(name)):
            if type(item) is dict:
                _add(found, read, item, ig_id, at)
    if "field" in entry:
        _add(found, change_item, entry, ig_id, at)
    if "changed_fields" in entry and len(found) == before and ig_id is not None:
        found.append(_unknown(entry, ig_id, at))


def _add(
    found: "list[Inbound]",
    read: "Callable[[Mapping[str, Any], str | None, int], Inbound | None]",
    item: Mapping[str, Any],
    ig_id: str | None,
    at: int,
) -> None:
    try:
        event = read(item, ig_id, at)
    except Imprecise:
        raise
    except Exception as e:  # a shape that nobody thought of must not cost the other 999 updates of the batch
        log.warning("an update could not be read and is stored raw", extra={"error": type(e).__name__, "at": _where(e)})
        event = _unknown(item, ig_id, at) if ig_id else None
    if event is not None:
        found.append(event)


def _where(error: BaseException) -> str:
    """The line of ours that failed: its words may hold somebody's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else ""


def _standby(item: Mapping[str, Any], ig_id: str | None, at: int) -> "Inbound | None":
    return message_item(item, ig_id, at, standby=True)


def _unknown(item: Mapping[str, Any], ig_id: str, at: int) -> "Inbound":
    return {
        "kind": "unknown",
        "ig_id": ig_id,
        "contact": None,
        "at": at,
        "key": "raw:" + digest(at, dict(item)),
        "raw": clean(dict(item)),
    }


CARRIERS: "tuple[tuple[str, Callable[[Mapping[str, Any], str | None, int], Inbound | None]], ...]" = (
    ("messaging", message_item),
    ("standby", _standby),
    ("changes", change_item),
)
