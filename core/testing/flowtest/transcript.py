"""A conversation as people read it, line by line."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.testing.flowtest.seen import Seen


def lines_of(transcript: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One line for each thing that was said or done, with the time since the beginning.

    >>> list(lines_of([{"at": 0, "who": "contact", "text": "hi"}, {"at": 3_600_000, "who": "flow", "message": {"text": "Yes?"}, "node": "a"}]))
    ['     0:00  contact  hi', "     1:00  flow     say: 'Yes?'"]
    """
    began: int | None = None
    for item in transcript:
        began = item["at"] if began is None else began
        yield f"{_since(item['at'] - began):>9}  {item['who']:7}  {_what(item)}"


def _since(ms: int) -> str:
    days, minutes = divmod(ms // 60_000, 1440)
    return (f"{days}d " if days else "") + f"{minutes // 60}:{minutes % 60:02}"


def _what(item: Mapping[str, Any]) -> str:
    who = item["who"]
    if who == "contact":
        said = str(item.get("text") or "") or "sends " + ", ".join(str(m.get("type")) for m in item.get("media") or ())
        return f"{said} (taps)" if item.get("payload") else said
    if who == "flow":
        return str(Seen("send", {"message": item["message"]}))
    return str(item["text"]) if who == "note" else str(Seen(item["kind"], item["data"]))


def clock(ms: int) -> str:
    """A time as people read it, in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%a %d %b %Y %H:%M")
