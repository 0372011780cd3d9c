"""wait: pauses the flow for a while, until a time, or until the shop is open."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from instaflow import Edge, FieldProblem, NodeDoc, NodeSchema, Pen
from instaflow.fields import Anything, Choice, Template, Whole
from plugins.nodes.outcomes import after

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG = 30 * 24 * 3600
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d\Z")
_SPAN = re.compile(r"\s*(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)\s*\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?\Z")


class Wait(NodeSchema):
    """Pauses the flow: for durationSeconds, until a time of day or a date, or until business hours.

    Times are the contact's (the attribute timezone), else the account's; ``timeZone: "account"`` means the account's always.
    Business hours: {"mon-fri": "09:00-17:00", "sat": ["10:00-12:00", "22:00-02:00"]}; the last goes on past midnight.

    Example::

        {"id": "pause", "type": "wait", "durationSeconds": 3600,
         "connections": [{"targetNodeId": "next", "condition": null}]}
    """

    name = "wait"
    title = "Wait"
    group = "logic"
    icon = "clock"

    durationSeconds = Whole(0, 366 * 24 * 3600, title="Seconds")
    until = Template(
        longest=200, title="Until", description="A time such as 09:00, a date such as 2026-12-24T18:00, or {{…}}"
    )
    businessHours = Anything(title="Until business hours", format="hours")
    timeZone = Choice("contact", "account", title="Whose time", default="contact")

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """Exactly one of the three kinds of waiting, and a readable time."""
        found = list(super().problems(node))
        if any(p.severity == "error" for p in found):
            return found
        data = node.data
        given = [k for k in ("durationSeconds", "until", "businessHours") if data.get(k) is not None]
        if len(given) != 1:
            message = "a wait has exactly one of durationSeconds, until and businessHours"
            return [*found, FieldProblem((given[1],) if given else ("durationSeconds",), message)]
        return [*found, *_odd(given[0], data[given[0]])]

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """A timer; conditions decide when it is due."""
        leads = after(node, pen) or Edge(f"{node.id}#next", None)
        pen.state(wait={"kind": "timer", **_timer(node.data, pen), "edges": [leads]})


def _odd(key: str, value: Any) -> list[FieldProblem]:
    if key == "durationSeconds" and (value == 0 or value > LONG):
        message = "a wait of zero does nothing" if value == 0 else f"a wait of {value // 86400} days is very long"
        return [FieldProblem((key,), message, "IF511", "warning")]
    if key == "until" and not ("{{" in value or _CLOCK.match(value.strip()) or _INSTANT.match(value.strip())):
        hint = "write 09:00, 2026-12-24, 2026-12-24T18:00 or an expression in braces"
        return [FieldProblem((key,), f"until: '{value[:40]}' is not a time", hint=hint)]
    if key == "businessHours" and not hours(value):
        hint = 'write {"mon-fri": "09:00-17:00"}'
        return [FieldProblem((key,), "businessHours must name days with the times from and to", hint=hint)]
    return []


def _timer(data: Mapping[str, Any], pen: Pen) -> dict[str, Any]:
    zone = data.get("timeZone") or "contact"
    if data.get("durationSeconds") is not None:
        return {"seconds": data["durationSeconds"]}
    if data.get("businessHours") is not None:
        return {"hours": {"days": hours(data["businessHours"]), "zone": zone}}
    until = data["until"].strip()
    if _CLOCK.match(until):
        return {"until": {"time": until, "zone": zone}}
    return {"until": {"at": pen.value(data["until"]), "zone": zone}}


def hours(given: Any) -> dict[str, list[list[str]]]:
    """Opening times by day, days and ranges spelled out; empty when something cannot be read.

    >>> hours({"sat-sun": "10:00-12:00"})
    {'sat': [['10:00', '12:00']], 'sun': [['10:00', '12:00']]}
    """
    out: dict[str, list[list[str]]] = {}
    for key, value in given.items() if isinstance(given, Mapping) else ():
        days, spans = _days(key), [_span(s) for s in _spans(value)]
        if not days or not spans or not all(spans):
            return {}
        for day in days:
            out[day] = sorted([*out.get(day, []), *(s for s in spans if s)])
    return {day: out[day] for day in DAYS if day in out}


def _spans(value: Any) -> list[Any]:
    pair = isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) and _CLOCK.match(v) for v in value)
    return value if isinstance(value, list) and not pair else [value]


def _days(key: str) -> list[str]:
    first, _, last = key.lower().replace(" ", "").partition("-")
    last = last or first
    if first not in DAYS or last not in DAYS:
        return []
    a, b = DAYS.index(first), DAYS.index(last)
    return list(DAYS[a : b + 1] if a <= b else DAYS[a:] + DAYS[: b + 1])


def _span(value: Any) -> list[str] | None:
    found = _SPAN.match(value) if isinstance(value, str) else None
    pair = list(found.groups()) if found else value
    fine = isinstance(pair, list) and len(pair) == 2 and all(isinstance(t, str) and _CLOCK.match(t) for t in pair)
    return pair if fine and pair[0] != pair[1] else None
