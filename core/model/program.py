"""The lowered flow: a flat state machine of plain JSON, the only thing that the engine reads.

A *state* runs its operations (``do``), then either rests in a ``wait`` or takes the first edge of ``next`` whose
guard holds, or ends the flow with an ``outcome``. Node types are gone: nothing here names one.

Operations, in order, each a list:

* ``["send", message]``: message = ``{text?, media?: [{type, url}], buttons?: [button], cards?: [card]}``;
  button = ``{type: "quick_reply"|"postback"|"url", text, payload?, url?, contentType?: "user_email"|"user_phone_number",
  if?: guard}``; card = ``{title, subtitle?, imageUrl?, url?, buttons?}``. Every text is a template.
* ``["tag", name]``, ``["untag", name]``: name is a template.
* ``["set", "contact"|"flow", name, value]``, ``["unset", "contact"|"flow", name]``.
* ``["fx", kind, {argument: value}]``: a call without a result, such as ``comment_reply``.
* ``["handover", {message?, team?}]``.

Templates are a plain string or ``["tpl", [part, [expression], …]]``. Values and guards are expressions: JSON scalars are
themselves, everything else is ``[operator, …]`` (see ``core.lang.expressions``); ``True`` is the guard that always holds;
``["roll", key, upto, sticky]`` is a reproducible die.

Waits, each with ``edges: [edge]`` that the tables point into by position:

* ``{"kind": "reply", payload: {payload: i}, title: {folded title: i}, keyword: [[[folded words], i]], regex: [[pattern, i]],
  media: i, any: i, default: i, timeout: [seconds, i], interrupt: "never"|"keywords"|"always",
  input: {type, save: ["contact"|"flow", name], retries, message?, pattern?, options?, valid?: i, invalid?: i},
  reprompt: {times, text?}}``
* ``{"kind": "timer", "seconds": n}`` or ``"until": {"time": "09:00", "zone": "contact"|"account"}`` or
  ``"until": {"at": value}`` (ISO text or seconds) or ``"hours": {"days": {"mon": [["09:00", "17:00"]]}, "zone": …}``.
* ``{"kind": "result", effect, args: {name: value}, seconds, retries, save?, outcome: {name|"*": i}}``
* ``{"kind": "child", flow, args: {name: value}, save?, outcome: {name|"*": i}}``
* ``{"kind": "human", outcome: {"return"|"*": i}}``
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1

Json = Any
"""A JSON value: str, int, float, bool, None, list or dict of these."""


@dataclass(frozen=True, slots=True)
class Edge:
    """``id`` is ``<node>#<exit>`` (the analytics key); ``to`` is a state, None = this frame ends."""

    id: str
    to: str | None
    when: Json = True
    do: tuple[Json, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Without the defaults, so that equal edges hash equally."""
        out: dict[str, Json] = {"id": self.id, "to": self.to}
        if self.when is not True:
            out["when"] = self.when
        if self.do:
            out["do"] = list(self.do)
        return out


@dataclass(frozen=True, slots=True)
class State:
    """One resting or passing point; ``node`` is the step of the document it came from."""

    id: str
    node: str
    do: tuple[Json, ...] = ()
    wait: Mapping[str, Json] | None = None
    next: tuple[Edge, ...] = ()
    outcome: str | None = None

    @property
    def edges(self) -> Sequence[Edge]:
        """The exits, whether it waits or not."""
        return self.wait["edges"] if self.wait is not None else self.next

    def as_json(self) -> dict[str, Json]:
        """The state as it is stored; ``wait["edges"]`` holds Edge objects in memory and dicts in JSON."""
        out: dict[str, Json] = {"node": self.node}
        if self.do:
            out["do"] = list(self.do)
        if self.wait is not None:
            out["wait"] = {**self.wait, "edges": [e.as_json() for e in self.wait["edges"]]}
        if self.next:
            out["next"] = [e.as_json() for e in self.next]
        if self.outcome is not None:
            out["outcome"] = self.outcome
        return out


@dataclass(frozen=True, slots=True)
class Program:
    """``hash`` = "ir1:" + 32 hex digits over ``as_json()`` (core.model.codec.seal): behaviour only, no name, id or position.

    ``uses`` = {"tags"|"attributes"|"integrations"|"flows"|"segments"|"media"|"profile": [names]}.
    ``locales`` = {language: {key: template, or list of words}} (``core.model.texts``): the translations.
    ``source_map`` = {node id: [line, column, end line, end column]}, never hashed.
    """

    entry: str
    states: Mapping[str, State]
    params: tuple[Mapping[str, Json], ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)
    uses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locales: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    format: int = FORMAT
    hash: str = ""
    source_map: Mapping[str, list[int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """What is hashed and stored; a program in one language has no key ``locales``."""
        out: dict[str, Json] = {
            "format": self.format,
            "entry": self.entry,
            "params": [dict(p) for p in self.params],
            "settings": dict(self.settings),
            "uses": {k: list(v) for k, v in self.uses.items()},
            "states": {k: s.as_json() for k, s in self.states.items()},
        }
        if self.locales:
            out["locales"] = {language: dict(table) for language, table in self.locales.items()}
        return out
