"""The JSON of a simulated conversation, checked: contact, account, mocks and the list of events."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from core.engine.localtime import moment
from core.model.errors import InstaFlowError

EVENTS = 500
TYPES = frozenset({"start", "text", "tap", "media", "advance", "result", "return"})
DEFAULT_NOW = 1_767_607_200_000
"""Monday 5 January 2026, 10:00 UTC: a simulation that names no time is always the same."""
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
LONGEST = 400 * 86400


class ScriptError(InstaFlowError):
    """A script cannot be read; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Script:
    """``now`` in milliseconds; ``mocks`` = {effect: answer or list of answers}; ``seed`` = another contact and run for another
    number, so that random splits fall otherwise."""

    now: int = DEFAULT_NOW
    contact: Mapping[str, Any] = field(default_factory=dict)
    account: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    segments: AbstractSet[str] = frozenset()
    mocks: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[Mapping[str, Any]] = ()
    seed: int = 0
    who: tuple[str, str] | None = None

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of run and contact, which the dice of random splits are made from; ``who``, when somebody real is meant."""
        if self.who is not None:
            return self.who
        end = str(self.seed) if self.seed else ""
        return f"simulation{end}", f"contact{end}"


def read(data: Mapping[str, Any]) -> Script:
    """The script; see ``core.engine.simulate``. Raises ScriptError."""
    events = _of(data, "events", list)
    if len(events) > EVENTS:
        raise ScriptError(f"a simulation may have {EVENTS} events; this one has {len(events)}")
    for i, event in enumerate(events):
        _check(event, f"events[{i}]")
    contact = dict(_of(data, "contact", dict))
    tags = contact.pop("tags", data.get("tags") or [])
    return Script(
        _now(data.get("now")),
        contact,
        _of(data, "account", dict),
        _names(tags, "tags"),
        _names(data.get("segments") or [], "segments"),
        _of(data, "mocks", dict),
        events,
        _seed(data.get("seed", 0)),
    )


def _seed(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31:
        return value
    raise ScriptError("'seed' must be a whole number from 0")


def _of(data: Mapping[str, Any], key: str, kind: type) -> Any:
    value = data.get(key)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise ScriptError(f"'{key}' must be {'a list' if kind is list else 'an object'}")
    return value


def _names(value: Any, key: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ScriptError(f"'{key}' must be a list of names")
    return frozenset(value)


def _now(value: Any) -> int:
    if value is None:
        return DEFAULT_NOW
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 45:
        return value
    at = moment(value, UTC) if isinstance(value, str) else None
    if at is None:
        raise ScriptError("'now' must be milliseconds since 1970 or a time such as 2026-01-05T10:00:00Z")
    return at


def _check(event: Any, place: str) -> None:
    if not isinstance(event, dict) or event.get("type") not in TYPES:
        raise ScriptError(f"{place}: an event has a type: {', '.join(sorted(TYPES))}")
    wanted = {"text": ("text",), "tap": ("title", "payload"), "result": ("outcome",)}.get(event["type"], ())
    if wanted and not any(isinstance(event.get(k), str) and event[k] for k in wanted):
        raise ScriptError(f"{place}: '{event['type']}' needs {' or '.join(wanted)}")
    for key, kind in (("trigger", dict), ("args", dict), ("media", list), ("at", str), ("wroteAgo", int)):
        if event.get(key) is not None and not isinstance(event[key], kind):
            raise ScriptError(f"{place}: '{key}' has the wrong type")
    if not all(isinstance(m, dict) for m in event.get("media") or ()):
        raise ScriptError(f"{place}: 'media' is a list of {{type, url}}")
    if event["type"] == "advance":
        seconds(event, place)


def seconds(event: Mapping[str, Any], place: str = "advance") -> int:
    """How far an ``advance`` goes: seconds, minutes, hours and days are added up.

    >>> seconds({"hours": 1, "minutes": 30})
    5400
    """
    total = 0.0
    for unit, size in UNITS.items():
        value = event.get(unit, 0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST:
            raise ScriptError(f"{place}: '{unit}' must be a number that is not negative")
        total += value * size
    if total > LONGEST:
        raise ScriptError(f"{place}: a simulation goes {LONGEST // 86400} days ahead at most")
    return int(total)
