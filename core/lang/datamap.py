"""Where what people tell goes: which answer is kept where, and who is given it (product promise 15, issue of privacy).

Read from the program: what a question keeps, what texts, calls, subflows and notes to people read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.lang.checks.reads import Name, name_of
from core.lang.expressions import variables
from core.model.context import PROFILE_FIELDS
from core.model.program import Json, Program, State


@dataclass(slots=True)
class Datum:
    """One thing that is known of people: ``asked`` = the steps that ask for it, ``profile`` = Instagram tells it; ``goes`` =
    (to whom, step): an integration's action with its host, "people" (a note of a takeover), "subflow <name>", "the contact" (a
    message back)."""

    name: str
    asked: list[str] = field(default_factory=list)
    profile: bool = False
    goes: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As the API has it."""
        goes = [{"to": to, "node": node} for to, node in self.goes]
        return {"name": self.name, "asked": self.asked, "profile": self.profile, "goes": goes}


def data_map(program: Program) -> list[Datum]:
    """Everything that the flow asks for or reads of a contact, by name.

    Variables that are only worked out stand there too when they leave the flow.
    """
    found: dict[Name, Datum] = {}

    def of(name: Name) -> Datum:
        kind, word = name
        told = f"contact.{word}" if kind == "contact" else word
        return found.setdefault(name, Datum(told, profile=kind == "contact" and word in PROFILE_FIELDS))

    for state in program.states.values():
        save = ((state.wait or {}).get("input") or {}).get("save")
        if save:
            datum = of((save[0], save[1]))
            if state.node not in datum.asked:
                datum.asked.append(state.node)
        for to, e in _sinks(state):
            for name in {n for path, _ in variables(e) if (n := name_of(path)) is not None}:
                datum = of(name)
                if (to, state.node) not in datum.goes:
                    datum.goes.append((to, state.node))
    kept = [d for d in found.values() if d.asked or d.profile or d.name.startswith("contact.") or d.goes]
    return sorted(kept, key=lambda d: d.name)


def _sinks(state: State) -> Iterator[tuple[str, Json]]:
    """Everything that leaves the flow: (to whom, what)."""
    for op in state.do:
        if op[0] == "send":
            yield "the contact", op[1].get("text")
        elif op[0] == "handover":
            yield "people", op[1].get("message")
        elif op[0] == "fx":
            yield from ((str(op[1]), value) for value in op[2].values())
    wait = state.wait or {}
    if wait.get("kind") == "result":
        to = _whom(wait)
        yield from ((to, value) for value in wait["args"].values())
    elif wait.get("kind") == "child":
        to = f"subflow {wait['flow'] if isinstance(wait.get('flow'), str) else '?'}"
        yield from ((to, value) for value in wait["args"].values())


def _whom(wait: Mapping[str, Any]) -> str:
    """The action, and the host of a fixed address."""
    url = wait["args"].get("url")
    start = url if isinstance(url, str) else url[1][0] if isinstance(url, list) and url[:1] == ["tpl"] else ""
    host = urlsplit(start).hostname if isinstance(start, str) else None
    return f"{wait['effect']} ({host})" if host else str(wait["effect"])
