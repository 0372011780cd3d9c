"""The 24-hour proof and the consent check: which messages Instagram could refuse, on which path (product promises 1 and 2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from core.lang.analysis.value import COMMENT_LIMIT, DAY, INF, LIMIT, Phase, Value, begin
from core.lang.analysis.walk import Key, Walk
from core.model.diagnostic import Severity
from core.model.program import Program, State
from core.model.starts import COMMENTS, opens_window

MESSAGE = "dm_keyword"
"""How a flow is taken to begin about whose triggers nothing is known."""
LIVE_LIMIT = 4 * 3600
"""A live broadcast lasts four hours at most; a private reply is possible while it runs (reference 1.5)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``path`` = (state, exit) from the entry to the message's ``state``; ``start`` = the kind of trigger; ``child`` = the
    message is in a subflow that ``state`` runs."""

    code: str
    severity: Severity
    message: str
    hint: str
    state: str
    start: str
    path: tuple[tuple[str, str], ...] = ()
    child: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """``values`` = {kind of trigger: {state: value before its messages}}; ``colour`` = {state: "proven", "guarded" or
    "refused"} of the states that send."""

    findings: tuple[Finding, ...]
    values: Mapping[str, Mapping[Key, Value]]
    colour: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """For the canvas: colours, and seconds since the contact wrote last (null = without end)."""
        spans = {kind: _spans(values) for kind, values in self.values.items()}
        return {"colours": dict(self.colour), "sinceLastMessage": spans}


def _spans(values: Mapping[Key, Value]) -> dict[str, list[int | None]]:
    spans: dict[str, list[int]] = {}
    for (state, _), v in values.items():
        known = spans.get(state, [v.low, v.high])
        spans[state] = [min(known[0], v.low), max(known[1], v.high)]
    return {state: [n if n < INF else None for n in span] for state, span in spans.items()}


def analyse(program: Program, starts: Iterable[str] = (), others: Mapping[str, Program] | None = None) -> Analysis:
    """What can be proven of the program when ``starts`` (kinds of triggers; none = a message) begin it. ``others`` = the flows
    that it may run, by slug and id.

    Never raises; a finding is there for every message that is not proven.
    """
    kinds = sorted({*starts}) or [MESSAGE]
    found: list[Finding] = []
    values: dict[str, Mapping[Key, Value]] = {}
    colour: dict[str, str] = {}
    for (value, _), alike in _alike(kinds).items():
        walk = Walk(program, others or {}).run(value)
        mine = list(_looked(walk, alike[0]))
        found += mine
        values |= dict.fromkeys(alike, walk.values)
        _paint(walk, mine, colour)
    return Analysis(_unique(found), values, colour)


def _alike(kinds: list[str]) -> dict[tuple[Value, bool], list[str]]:
    """Kinds of triggers that begin in the same way; live comments have another limit than the others."""
    groups: dict[tuple[Value, bool], list[str]] = {}
    for kind in kinds:
        groups.setdefault((begin(kind), kind == "live_comment"), []).append(kind)
    return groups


def _looked(walk: Walk, start: str) -> Iterator[Finding]:
    for key, value in walk.values.items():
        state = walk.program.states.get(key[0])
        if state is not None:
            path = walk.path(key)
            yield from (Finding(*problem, state.id, start, path) for problem in _problems(state, value, start))
    for id_, inner in ((s, w) for s, walks in walk.children.items() for w in walks):
        state = walk.program.states[id_]
        key = next(k for k in walk.values if k[0] == id_)
        for f in _looked(inner, start):
            step = inner.program.states[f.state].node
            where = f"in the subflow '{(state.wait or {}).get('flow')}', step '{step}': "
            yield Finding(f.code, f.severity, where + f.message, f.hint, id_, start, walk.path(key), f.state)


Problem = tuple[str, Severity, str, str]


def _problems(state: State, value: Value, start: str) -> Iterator[Problem]:
    """The messages of a state, one after the other."""
    for _ in (op for op in state.do if op[0] == "send"):
        problem = _one(value, start)
        if problem is not None:
            yield problem
        value = value.sent()


def _one(value: Value, start: str) -> Problem | None:
    if value.phase is Phase.UNUSED:
        return _late(value, start)
    if value.high <= LIMIT:
        return None
    if value.doubt:
        hint = "the subflow is not known here; check the flow where it is, or guard the message with window.open"
        said = "a subflow runs before this message: it cannot be proven to be inside the window"
        return "IF410", Severity.INFO, said, hint
    if value.phase is Phase.USED:
        said = "a second message before the person has answered: Instagram takes one private reply to a comment"
        return "IF404", Severity.ERROR, said, "ask something in the first message, and go on behind the answer"
    if not (opens_window(start) or start in COMMENTS):
        return "IF403", Severity.WARNING, _since(value, start), _GUARD
    if value.low >= DAY:
        return "IF401", Severity.ERROR, _since(value, start), _GUARD
    return "IF402", Severity.WARNING, _since(value, start), _GUARD


_GUARD = "ask 'window.open' before this step, or shorten the waits on this path"


def _since(value: Value, start: str) -> str:
    how = "a message of the contact" if opens_window(start) else f"'{start}'"
    if value.low >= DAY:
        return f"started by {how}: sent {spelled(value.low)} or more after the contact's last message; Instagram allows 24 hours"
    if value.high >= INF:
        return f"started by {how}: may be sent any time after the contact's last message; Instagram allows 24 hours"
    return f"started by {how}: may be sent up to {spelled(value.high)} after the contact's last message; Instagram allows 24 hours"


def _late(value: Value, start: str) -> Problem | None:
    """A private reply that comes too late."""
    limit, allowed = (
        (LIVE_LIMIT, "while the live broadcast runs") if start == "live_comment" else (COMMENT_LIMIT, "within 7 days")
    )
    if value.old <= limit:
        return None
    said = f"the private reply may be sent {spelled(value.old)} after the comment; Instagram allows it {allowed}"
    return "IF407", Severity.WARNING, said, "send the first message before the wait"


def spelled(seconds: int) -> str:
    """A duration for people.

    >>> spelled(90000), spelled(1 << 40)
    ('1d1h', 'any time')
    """
    if seconds >= INF:
        return "any time"
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m")]
    return "".join(f"{n}{unit}" for n, unit in parts if n) or f"{seconds}s"


def _paint(walk: Walk, found: Iterable[Finding], colour: dict[str, str]) -> None:
    """The worst of all beginnings counts."""
    bad = {f.state: "refused" if f.severity is Severity.ERROR else "guarded" for f in found}
    rank = ("proven", "guarded", "refused")
    reached = {state for state, _ in walk.values}
    for state in walk.program.states.values():
        if state.id in reached and any(op[0] == "send" for op in state.do):
            now = bad.get(state.id, "proven")
            colour[state.id] = max(colour.get(state.id, "proven"), now, key=rank.index)


def _unique(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a state and code: the first beginning that shows it."""
    seen: dict[tuple[str, str, str], Finding] = {}
    for finding in found:
        seen.setdefault((finding.code, finding.state, finding.child), finding)
    return tuple(seen.values())
