"""What all trigger types share: the fields every trigger has, the check of them, and the JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import INCLUDE, Schema

from instaflow import FieldProblem, Inbound, TriggerRow
from instaflow.fields import Choice, Flag, Whole
from instaflow.json_schema import schema_of
from instaflow.node_schema import stranger

ENVELOPE = frozenset(
    {"triggerId", "flowId", "instagramAccountId", "type", "keyword", "postPermalink", "postStatus", "status", "options"}
    | {"createdAt", "updatedAt"}
)
"""Keys that every trigger may have, whatever its type; ``options`` may hold the type's own fields, or they stand flat."""

BUSY = ("interrupt", "ignore", "restart", "queue")
YEAR_SECONDS = 366 * 24 * 3600


class TriggerSchema(Schema):
    """Base of trigger types: a marshmallow schema of the fields, and ``refuse``. The docstring's first line is the summary."""

    class Meta:
        unknown = INCLUDE

    name: str = ""
    title: str = ""
    summary: str = ""
    rank: int = 50
    kinds: frozenset[str] = frozenset()
    keyed: str = ""

    whenBusy = Choice(*BUSY, title="When a flow is under way", default="interrupt")
    parallel = Flag(title="May run beside an older run of the same flow", default=False)
    cooldownSeconds = Whole(0, YEAR_SECONDS, title="Not again for the same contact within these seconds", default=0)
    oncePerContact = Flag(title="Only once for each contact", default=False)

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.summary = (cls.__doc__ or "").strip().split("\n")[0]

    def problems(self, trigger: Mapping[str, Any]) -> Sequence[FieldProblem]:
        """Wrong fields as errors (IF006), fields that nothing reads as warnings (IF007)."""
        options = trigger.get("options")
        if options is not None and not isinstance(options, Mapping):
            return [FieldProblem(("options",), "options must be an object")]
        nested = options or {}
        known = self.known()
        data = {**{k: v for k, v in trigger.items() if k in known}, **nested}
        wrong = [
            FieldProblem(("options", *place) if place[0] in nested else place, f"{place[0]} {message}")
            for place, message in _leaves(self.validate(data), ())
        ]
        return [*wrong, *self._strangers(trigger, nested)]

    def _strangers(self, trigger: Mapping[str, Any], nested: Mapping[str, Any]) -> Iterator[FieldProblem]:
        known = self.known()
        places = [(k,) for k in trigger if k not in ENVELOPE | known]
        for place in [*places, *(("options", k) for k in nested if k not in known)]:
            yield stranger(self.name, place, known - trigger.keys() - nested.keys())

    def known(self) -> frozenset[str]:
        """The names of the type's own fields as they are written in JSON."""
        return frozenset(f.data_key or name for name, f in self.fields.items())

    def json_schema(self) -> Mapping[str, Any]:
        """JSON Schema of the trigger's fields."""
        return {"title": self.title, "description": self.summary, **schema_of(self)}

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """The first reason against the event (keyword aside), or None."""
        return None


def _leaves(found: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(found, Mapping):
        for key, inner in found.items():
            yield from _leaves(inner, place if key == "_schema" else (*place, key))
    elif isinstance(found, list):
        for message in found:
            yield place or ("type",), str(message).removesuffix(".")
