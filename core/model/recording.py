"""A conversation that was had: what came to a run, when, and which way it took. Enough to play it again on any version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """``at`` in milliseconds; ``event`` as ``core.model.event.event_json`` writes it; ``path`` = the exits taken, (state, exit)."""

    at: int
    event: Mapping[str, Any]
    path: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """``ids`` = of run and contact: random splits fall by them. ``contact``, ``tags`` and ``account`` = what the flow looks at, when the
    run began; ``wrote_ago`` = seconds since the contact had written then, None = never."""

    program: str
    ids: tuple[str, str]
    taken: tuple[Taken, ...]
    contact: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    account: Mapping[str, Any] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    wrote_ago: int | None = None
    flow: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the API answers it and ``instaflow flow record`` reads it."""
        return {
            "flow": self.flow,
            "program": self.program,
            "ids": list(self.ids),
            "contact": dict(self.contact),
            "tags": list(self.tags),
            "segments": list(self.segments),
            "account": dict(self.account),
            "wroteAgo": self.wrote_ago,
            "events": [{"at": t.at, "event": dict(t.event), "path": [list(p) for p in t.path]} for t in self.taken],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Recording":
        """The inverse. Raises ValueError for what is no recording."""
        try:
            taken = tuple(
                Taken(int(e["at"]), dict(e["event"]), tuple((str(s), str(x)) for s, x in e.get("path") or ()))
                for e in data["events"]
            )
            ago = data.get("wroteAgo")
            return cls(
                str(data["program"]),
                (str(data["ids"][0]), str(data["ids"][1])),
                taken,
                dict(data.get("contact") or {}),
                tuple(map(str, data.get("tags") or ())),
                dict(data.get("account") or {}),
                tuple(map(str, data.get("segments") or ())),
                None if ago is None else int(ago),
                str(data.get("flow") or ""),
            )
        except (KeyError, TypeError, IndexError, ValueError, AttributeError) as e:
            raise ValueError(f"this is no recording of a conversation: {e!r}") from None
