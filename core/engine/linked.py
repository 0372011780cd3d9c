"""A program with its expressions as closures and its edges as references: what the engine walks. Immutable once linked."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.engine.evaluate import Closure, Guard
from core.engine.patterns import Pattern
from core.engine.scope import Scope
from core.model.languages import of_contact
from core.model.program import Program

if TYPE_CHECKING:
    from core.engine.machine import Machine

Operation = Callable[["Machine"], None]


class LinkedEdge:
    """``trail`` = (state id, edge id) for the trace; ``goto`` None = the frame ends."""

    __slots__ = ("do", "goto", "trail", "when")

    def __init__(self, trail: tuple[str, str], when: Guard, do: tuple[Operation, ...]) -> None:
        self.trail, self.when, self.do = trail, when, do
        self.goto: LinkedState | None = None


class LinkedInput:
    """How an answer is read: ``spec`` as in the program; ``message`` = what is said about an answer that is not valid."""

    __slots__ = ("message", "pattern", "spec")

    def __init__(self, spec: Mapping[str, Any], pattern: Pattern | None, message: Closure | None) -> None:
        self.spec, self.pattern, self.message = spec, pattern, message


class LinkedWait:
    """One suspension; which attributes are used depends on ``kind``."""

    __slots__ = (
        "any",
        "args",
        "default",
        "edges",
        "effect",
        "exact",
        "flow",
        "input",
        "interrupt",
        "kind",
        "media",
        "outcome",
        "payload",
        "regex",
        "reprompt",
        "reprompt_times",
        "retries",
        "save",
        "seconds",
        "sizes",
        "spec",
        "symbols",
        "timeout",
        "title",
    )

    def __init__(self, kind: str, edges: tuple[LinkedEdge, ...]) -> None:
        self.kind, self.edges = kind, edges
        self.payload: Mapping[str, int] = {}
        self.title: Mapping[str, int] = {}
        self.exact: Mapping[str, int] = {}
        self.sizes: tuple[int, ...] = ()
        self.symbols: tuple[tuple[str, int], ...] = ()
        self.regex: tuple[tuple[Pattern, int], ...] = ()
        self.media: int | None = None
        self.any: int | None = None
        self.default: int | None = None
        self.timeout: tuple[int, int] | None = None
        self.interrupt = "keywords"
        self.input: LinkedInput | None = None
        self.reprompt: Closure | None = None
        self.reprompt_times = 0
        self.spec: Callable[[Machine], dict[str, Any]] | None = None
        self.effect = self.flow = ""
        self.args: Closure | None = None
        self.seconds = self.retries = 0
        self.save: str | None = None
        self.outcome: Mapping[str, int] = {}

    @property
    def timed(self) -> bool:
        """True when the wait has a timer of its own."""
        return self.timeout is not None or self.kind in ("timer", "result")


class LinkedState:
    """``exit`` = the trail of falling out of the state; ``asks`` = its messages, to put a question again; ``cost`` in fuel.

    ``tongues`` = the state in the flow's languages, when it has translations.
    """

    __slots__ = ("asks", "cost", "do", "exit", "id", "next", "node", "outcome", "quick", "tongues", "wait")

    def __init__(self, state_id: str, node: str) -> None:
        self.id, self.node = state_id, node
        self.do: tuple[Operation, ...] = ()
        self.next: tuple[LinkedEdge, ...] = ()
        self.wait: LinkedWait | None = None
        self.outcome: str | None = None
        self.exit = (state_id, f"{node}#")
        self.asks: tuple[Operation, ...] = ()
        self.quick: Closure | None = None
        self.tongues: Tongues | None = None
        self.cost = 1

    def spoken(self, scope: Scope) -> "LinkedState":
        """The state in the contact's language."""
        return self if self.tongues is None else self.tongues.of(scope)


class Tongues:
    """One state in every language, linked when somebody first reads it. ``languages`` = tag to the program's name of it, ``""`` =
    its own; ``speak`` links."""

    __slots__ = ("_known", "_languages", "_speak")

    def __init__(self, languages: Mapping[str, str], speak: Callable[[str], LinkedState]) -> None:
        self._languages, self._speak = languages, speak
        self._known: dict[str, LinkedState] = {}

    def of(self, scope: Scope) -> LinkedState:
        """The state as this contact reads it."""
        tag = of_contact(scope.contact, scope.account, self._languages.keys())
        language = "" if tag is None else self._languages[tag]
        found = self._known.get(language)
        if found is None:
            found = self._known[language] = self._speak(language)
        return found


class Linked:
    """A program ready to run, kept once per process and hash."""

    __slots__ = ("entry", "hash", "params", "program", "settings", "states")

    def __init__(self, program: Program, states: Mapping[str, LinkedState]) -> None:
        self.program, self.states = program, states
        self.hash, self.entry = program.hash, program.entry
        self.params, self.settings = program.params, program.settings
