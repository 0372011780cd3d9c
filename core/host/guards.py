"""The boundary around third parties' things: what they raise or answer wrongly is caught, named, and hurts nobody else.

Things that come in the box are not wrapped: their faults are ours, and the hot path pays nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.host.faults import Faults
from core.model.inbound import Inbound
from core.model.nodetype import FieldProblem, TriggerRow, TriggerType
from core.model.ports import Answer, Call, EffectHandler, HttpRequest, HttpResponse, HttpTransport, OneRequest, Outcome

FAILED = "plugin_failed"
"""Code of the outcome when a handler raised or answered no Outcome."""
CAUGHT = (Exception, SystemExit)


class _Guard:
    """Everything that is not guarded is the thing's own."""

    def __init__(self, inner: Any, plugin: str, faults: Faults, where: str) -> None:
        self._inner, self._plugin, self._faults, self._where = inner, plugin, faults, where

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("_inner", "_plugin", "_faults", "_where"):
            raise AttributeError(name)
        return getattr(self._inner, name)

    def _told(self, error: BaseException) -> str:
        return f"the plugin {self._plugin}: {self._faults.told(self._plugin, self._where, error)}"


class GuardedTrigger(_Guard):
    """A trigger type whose ``refuse`` raises does not take the event. Raises TypeError when it could not be sorted or indexed."""

    def __init__(self, inner: TriggerType, plugin: str, faults: Faults) -> None:
        super().__init__(inner, plugin, faults, f"the trigger type '{inner.name}'")
        self.name, self.rank = str(inner.name), inner.rank
        kinds: object = inner.kinds
        self.kinds = frozenset(inner.kinds)
        self.keyed = getattr(inner, "keyed", "")
        self.title, self.summary = str(getattr(inner, "title", inner.name)), str(getattr(inner, "summary", ""))
        if type(self.rank) is not int or not isinstance(self.keyed, str) or isinstance(kinds, str):
            raise TypeError(f"the trigger type {self.name!r} needs a whole rank, kinds as a set and keyed as text")

    def problems(self, trigger: Mapping[str, Any]) -> Sequence[FieldProblem]:
        """The type's own, or that it failed: such a trigger cannot be stored."""
        try:
            return list(self._inner.problems(trigger))
        except CAUGHT as e:
            return (FieldProblem(("type",), self._told(e), "IF114"),)

    def json_schema(self) -> Mapping[str, Any]:
        """The type's own, or one that takes everything."""
        try:
            return dict(self._inner.json_schema())
        except CAUGHT as e:
            self._told(e)
            return {"type": "object", "properties": {}}

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """The type's own reason, or that it failed."""
        try:
            reason = self._inner.refuse(trigger, event, first_contact)
            return None if reason is None else str(reason)
        except CAUGHT as e:
            return self._told(e)


class GuardedHandler(_Guard):
    """A handler that raises, or answers no Outcome, has failed for good; nothing is sent twice for it."""

    def __init__(self, inner: EffectHandler, plugin: str, faults: Faults) -> None:
        super().__init__(inner, plugin, faults, f"the handler of '{inner.kind}'")
        self.kind = inner.kind

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """See ``EffectHandler``."""
        return self._outcome(lambda: self._inner.perform(call, http))

    def _outcome(self, work: Callable[[], Any], status: str = "failed") -> Outcome:
        try:
            outcome = work()
            if not isinstance(outcome, Outcome):
                raise TypeError(f"it answered {type(outcome).__name__} instead of an Outcome")
            return outcome
        except CAUGHT as e:
            return Outcome(status, code=FAILED, message=self._told(e))


class GuardedRequest(GuardedHandler):
    """A handler whose call is one request."""

    def request(self, call: Call) -> HttpRequest | Outcome:
        """See ``OneRequest``."""
        try:
            asked = self._inner.request(call)
        except CAUGHT as e:
            return Outcome("failed", code=FAILED, message=self._told(e))
        return asked if isinstance(asked, HttpRequest) else self._outcome(lambda: asked)

    def outcome(self, call: Call, answer: Answer) -> Outcome:
        """See ``OneRequest``. With an answer the call may have worked: its end is unknown then."""
        status = "unknown" if isinstance(answer, HttpResponse) else "failed"
        return self._outcome(lambda: self._inner.outcome(call, answer), status)


class GuardedWebhook(_Guard):
    """A webhook that raises has no valid signature, or a body that is no webhook: it is refused with 400."""

    def __init__(self, inner: Any, plugin: str, faults: Faults) -> None:
        super().__init__(inner, plugin, faults, f"the webhook '{inner.name}'")
        self.name = inner.name

    def verify(self, body: bytes, signature: bytes, secrets: Sequence[str]) -> bool:
        """See ``InboundWebhook``."""
        try:
            return self._inner.verify(body, signature, secrets) is True
        except CAUGHT as e:
            self._told(e)
            return False

    def parse(self, body: bytes) -> list[Inbound] | None:
        """See ``InboundWebhook``."""
        try:
            found = self._inner.parse(body)
            return None if found is None else list(found)
        except CAUGHT as e:
            self._told(e)
            return None


class Blueprints:
    """A plugin's hook for blueprints and whose it is; the web process calls it."""

    def __init__(self, plugin: str, hook: Callable[..., Any]) -> None:
        self.plugin, self._hook = plugin, hook

    def __call__(self, make_blueprint: Callable[..., Any]) -> list[Any]:
        return list(self._hook(make_blueprint))


def guarded(field: str, thing: Any, plugin: str, faults: Faults) -> Any:
    """The thing behind its boundary. ``field`` = the registry's. Node types and checks are guarded by the compiler."""
    if field == "trigger_types":
        return GuardedTrigger(thing, plugin, faults)
    if field == "handlers":
        return (GuardedRequest if isinstance(thing, OneRequest) else GuardedHandler)(thing, plugin, faults)
    return GuardedWebhook(thing, plugin, faults) if field == "webhooks" else thing
