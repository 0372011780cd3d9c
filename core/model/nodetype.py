"""The contracts that node types and trigger types fulfil, and the pen a node type writes states with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.model.flowdoc import Connection, NodeDoc
from core.model.inbound import Inbound
from core.model.program import Edge, Json

REPLY_CONDITIONS = frozenset({"button_payload", "keyword", "regex", "media", "any_reply", "timeout"})
"""Connection conditions that make a message wait for an answer (flow-language.md 1.2)."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of a step is wrong. ``place`` is relative to the step, such as ("content", "buttons", 0, "text").

    ``better`` = the name of the field that was probably meant by an unknown one (IF007).
    """

    place: tuple[str | int, ...]
    message: str
    code: str = "IF006"
    severity: str = "error"
    hint: str = ""
    better: str = ""


class Pen(Protocol):
    """What ``lower`` may call. Targets that do not exist, bad templates and unknown conditions become diagnostics here."""

    def state(
        self,
        suffix: str = "",
        do: Sequence[Json] = (),
        wait: Mapping[str, Json] | None = None,
        next: Sequence[Edge] = (),
        outcome: str | None = None,
    ) -> str:
        """Adds a state of this node (id = node id, or node id + "/" + suffix) and answers its id."""

    def edge(self, connection: Connection, exit: str, when: Json = True, do: Sequence[Json] = ()) -> Edge:
        """The edge of one connection; its id is ``<node>#<exit>``."""

    def edges(self, node: NodeDoc) -> tuple[Edge, ...]:
        """The ordered, guarded edges of a node that does not wait; the default exit last."""

    def text(self, source: str) -> Json:
        """A template, parsed."""

    def value(self, source: Json) -> Json:
        """An argument: a string that is exactly one ``{{…}}`` keeps its type, other strings are templates."""

    def guard(self, condition: Mapping[str, Any] | None) -> Json:
        """A condition as a guard expression."""

    def message(self, data: Mapping[str, Any]) -> Json:
        """The ``send`` operation of {text?, media?, buttons?, cards?} in the program's keys."""

    def reply_wait(self, node: NodeDoc, **more: Json) -> dict[str, Json]:
        """The dispatch tables of a node that waits for an answer."""

    def use(self, kind: str, name: str) -> None:
        """Notes that the flow uses a tag, attribute, integration, flow, segment, media or profile field."""

    def problem(self, code: str, message: str, place: tuple[str | int, ...] = (), hint: str = "") -> None:
        """Reports a problem of this node."""


class NodeType(Protocol):
    """A node type says what it accepts, which exits it has and which states it becomes.

    ``group`` is where the canvas lists it (message, logic, contact, action, person); ``example`` is a complete step
    that compiles: the docs build runs it.
    """

    name: str
    title: str
    group: str
    icon: str
    summary: str
    example: Mapping[str, Any]

    def problems(self, node: NodeDoc) -> Sequence[FieldProblem]:
        """What is wrong with the step's fields, unknown keys included (severity warning)."""

    def json_schema(self) -> Mapping[str, Any]:
        """JSON Schema of the step's configuration, for the canvas and for editors."""

    def exits(self, node: NodeDoc) -> Sequence[str]:
        """The exits this step offers now (its buttons, valid/invalid, success/failure …), for the canvas."""

    def lower(self, node: NodeDoc, pen: Pen) -> None:
        """Turn the step into states; the first state must have the node's own id."""


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """A trigger as matching sees it. ``options`` = {match, exclude, payload, ref, adId, storyId, scope, mediaId, caseSensitive,
    cooldownSeconds, oncePerContact, whenBusy, parallel, …}."""

    id: str
    flow_id: str
    type: str
    keyword: str
    options: Mapping[str, Any]
    created_at: int


class TriggerType(Protocol):
    """A way a flow can begin.

    ``rank`` is its place in decision 10's order (lower first); ``kinds`` are the inbound kinds it looks at; ``keyed`` says
    what the matcher indexes: "keyword" (Aho-Corasick over the text), "payload", "ref", "ad" or "" (every event of the kinds).
    """

    name: str
    title: str
    summary: str
    rank: int
    kinds: frozenset[str]
    keyed: str

    def problems(self, trigger: Mapping[str, Any]) -> Sequence[FieldProblem]:
        """What is wrong with a trigger's fields as the API received them (camelCase)."""

    def json_schema(self) -> Mapping[str, Any]:
        """JSON Schema of the trigger's fields."""

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """The first reason why this trigger does not take the event (keyword aside), or None when it does."""
