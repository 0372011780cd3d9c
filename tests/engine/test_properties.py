"""Random programs under random events: never an exception, the same every time, the same through JSON, input untouched."""

import copy
import json

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.engine import Shelf, explain, interrupt_mode, reply_interest, simulate, step
from core.engine.evaluate import closure
from core.engine.result import UNCHANGED
from core.engine.scope import Scope
from core.engine.values import bounded
from core.lang.expressions import FILTERS, FUNCTIONS
from core.model.codec import program_from_json
from core.model.context import Context
from core.model.event import (
    Cancelled,
    Repeated,
    Replied,
    ResultArrived,
    Retried,
    Returned,
    Started,
    TimerFired,
    TurnCame,
    event_from_json,
    event_json,
)
from core.model.limits import MESSAGES_PER_STEP
from core.model.run import RunState

NAMES = ["a", "b", "c", "d"]
TEXTS = st.sampled_from(
    ["yes", "a", "ana@mail.example", "12", "", "❤", "tomorrow", "+49 171 1234567", "x" * 3000, "\x00", "ÄÖ b"]
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), TEXTS)
paths = st.sampled_from(
    [["contact", "n"], ["contact"], ["last", "text"], ["window", "left"], ["now"], ["v"], ["v", "a"], ["trigger", "x"]]
)


def _operators(inner):
    two = st.sampled_from(
        ["==", "!=", "is", "<", "<=", ">", ">=", "in", "notin", "has", "contains", "+", "-", "*", "/", "%", "and", "or"]
    )
    filters = st.sampled_from(sorted(FILTERS))
    functions = st.sampled_from(sorted(FUNCTIONS.keys() - {"matches"}))
    return st.one_of(
        st.tuples(two, inner, inner).map(list),
        st.tuples(st.sampled_from(["not", "neg", "isset", "isunset"]), inner).map(list),
        st.tuples(st.just("idx"), inner, inner).map(list),
        st.tuples(st.just("attr"), inner, st.sampled_from(NAMES)).map(list),
        st.lists(inner, max_size=3).map(lambda xs: ["list", *xs]),
        st.lists(inner, max_size=3).map(lambda xs: ["obj", [[n, x] for n, x in zip(NAMES, xs, strict=False)]]),
        st.lists(inner, max_size=3).map(lambda xs: ["tpl", [[x] for x in xs]]),
        st.tuples(filters, inner, inner).map(lambda t: ["filter", t[1], t[0], *[t[2]][: FILTERS[t[0]][1]]]),
        st.tuples(functions, inner, inner).map(lambda t: ["call", t[0], *[t[1], t[2]][: FUNCTIONS[t[0]][1]]]),
        inner.map(lambda x: ["call", "matches", x, "(?i)a+"]),
    )


leaves = st.one_of(
    scalars,
    paths.map(lambda p: ["var", *p]),
    st.sampled_from(
        [["tagged", "t"], ["says", "yes"], ["dur", 60], ["roll", "k", 0.5, True], ["roll", "k", 0.5, False]]
    ),
)
expressions = st.recursive(leaves, _operators, max_leaves=12)


@settings(max_examples=400, deadline=None)
@given(expressions, scalars, scalars)
def test_every_expression_has_a_value_that_json_can_hold(e, contact, variable):
    def evaluate():
        scope = Scope(1_772_000_000_000)
        scope.contact, scope.vars, scope.last = {"n": bounded(contact)}, {"v": bounded(variable)}, {"text": "yes"}
        return bounded(closure(e)(scope))

    value = evaluate()
    assert orjson.loads(orjson.dumps(value)) == value == evaluate()


targets = st.sampled_from([*NAMES, None, "nowhere"])
operations = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(["flow", "contact"]), st.sampled_from(["v", "n", "result"]), expressions),
    st.tuples(st.just("unset"), st.sampled_from(["flow", "contact"]), st.sampled_from(["v", "n"])),
    st.tuples(st.sampled_from(["tag", "untag"]), st.sampled_from(["t", ["tpl", [[["var", "v"]]]]])),
    st.builds(
        lambda t, b, c: ["send", {"text": ["tpl", ["x ", [t]]], "buttons": [{"type": "quick_reply", "text": "Yes", "payload": b, "if": c}]}],
        expressions,
        st.sampled_from(NAMES),
        expressions,
    ),
    st.tuples(st.just("handover"), st.just({})),
    st.tuples(st.just("fx"), st.just("comment_reply"), st.fixed_dictionaries({"text": expressions})),
).map(list)  # fmt: skip


def _edges(draw, count):
    return [{"id": f"n#{i}", "to": draw(targets), "do": draw(st.lists(operations, max_size=1))} for i in range(count)]


@st.composite
def waits(draw):
    kind = draw(st.sampled_from(["reply", "reply", "timer", "result", "child", "human"]))
    edges = _edges(draw, 3)
    index = st.integers(0, 2)
    if kind == "timer":
        spec = draw(st.sampled_from([{"seconds": 5}, {"until": {"time": "09:00"}}, {"until": {"at": ["var", "v"]}}, {"hours": {"days": {}}}]))  # fmt: skip
        return {"kind": kind, **spec, "edges": edges[: draw(st.integers(0, 1))]}
    if kind != "reply":
        table = draw(st.dictionaries(st.sampled_from(["success", "failure", "timeout", "end", "*", "return"]), index))
        args = {"kind": kind, "effect": "e", "flow": draw(st.sampled_from(["one", "two", "none"]))}
        save = draw(st.sampled_from([{}, {"save": "v"}]))
        return {
            **args,
            **save,
            "args": {"v": draw(expressions)},
            "seconds": 5,
            "retries": 1,
            "outcome": table,
            "edges": edges,
        }
    wait = {"kind": kind, "payload": {"a": draw(index)}, "edges": edges}
    optional = {
        "title": {"yes": 1},
        "keyword": [[["yes", "ana", "❤"], 0]],
        "regex": [["(?i)^1", 1], ["(", 2]],
        "media": 2,
        "any": 0,
        "default": 1,
        "timeout": [60, 2],
        "interrupt": "never",
        "reprompt": {"times": 1, "text": "again"},
    }
    for key in draw(st.sets(st.sampled_from(sorted(optional)))):
        wait[key] = optional[key]
    kind = draw(st.sampled_from([None, "text", "email", "phone", "number", "date", "choice", "url", "odd"]))
    if kind is not None:
        ways = draw(st.sampled_from([{}, {"valid": 0}, {"valid": 0, "invalid": 1}]))
        save = [draw(st.sampled_from(["flow", "contact"])), "v"]
        wait["input"] = {
            "type": kind,
            "save": save,
            "retries": draw(st.integers(0, 2)),
            "options": ["a", "yes"],
            **ways,
        }
    return wait


@st.composite
def states(draw):
    out = {"node": draw(st.sampled_from(NAMES)), "do": draw(st.lists(operations, max_size=3))}
    shape = draw(st.sampled_from(["wait", "wait", "wait", "next", "end"]))
    if shape == "wait":
        return {**out, "wait": draw(waits())}
    if shape == "end":
        return {**out, "outcome": draw(st.sampled_from(["end", "success", "handover", "fault:IF102"]))}
    edges = _edges(draw, 2)
    edges[0]["when"] = draw(expressions)
    return {**out, "next": edges}


def sealed(parts):
    return program_from_json(json.loads(json.dumps({"format": 1, "entry": "a", "states": parts, "params": [{"name": "v", "default": 1}]}, default=str)))  # fmt: skip


programs = st.fixed_dictionaries({n: states() for n in NAMES}).map(sealed)
numbers = st.integers(0, 6)
events = st.lists(
    st.one_of(
        st.builds(Replied, TEXTS, st.sampled_from([None, None, "a", "OTHER"]), st.sampled_from([(), ({"type": "image"},)]), st.booleans(), st.sampled_from([None, 0, 1_772_000_000_000])),
        st.builds(TimerFired, numbers),
        st.builds(ResultArrived, numbers, st.sampled_from(["success", "failure", "timeout"]), scalars.map(bounded)),
        st.sampled_from([Returned(), TurnCame(), Repeated(), Retried(), Retried(), Cancelled("stopped")]),
    ),
    max_size=12,
)  # fmt: skip


def current(event, run):
    """Half of the timers and results are for the wait that the run is in: else nearly all would be stale."""
    if isinstance(event, TimerFired | ResultArrived) and event.wait > 3:
        return event_from_json({**event_json(event), "wait": run.wait})
    return event


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs, programs, events, st.sampled_from([False, False, True]))
def test_steps_never_raise_and_are_the_same_through_json(first, second, happened, held):
    shelf = Shelf([first, second], {"one": first.hash, "two": second.hash})
    context = Context(1_772_000_000_000, {"n": 1}, frozenset({"t"}), last_inbound=0, foreground_held=held, burst_ms=500)
    kept = stored = RunState("run", "contact")
    for event in [Started(first.hash, {"x": "y"}, {"v": "w"}), *happened]:
        event = current(event, kept)
        assert event_from_json(orjson.loads(orjson.dumps(event_json(event)))) == event
        before = copy.deepcopy(kept)
        result = step(shelf, kept, event, context)
        assert kept == before
        again = step(shelf, RunState.from_json(orjson.loads(orjson.dumps(stored.as_json()))), event, context)
        assert (again.run, again.effects, again.path, again.disposition) == (
            result.run,
            result.effects,
            result.path,
            result.disposition,
        )
        check(result, kept, held)
        explain(event, result)
        kept, stored = result.run, again.run
        interrupt_mode(shelf, kept)
        if isinstance(event, Replied):
            reply_interest(shelf, kept, event)


def check(result, before, held):
    orjson.dumps([[e.kind, e.data, e.node] for e in result.effects])
    sends = sum(e.kind == "send" for e in result.effects)
    assert sends <= MESSAGES_PER_STEP
    if result.disposition in UNCHANGED:
        assert result.run is before
        assert result.effects == []
        return
    assert result.run.seq == before.seq + 1
    assert result.run.wait >= before.wait
    if result.run.wait_kind == "reply" and result.run.status == "waiting" and held:
        assert before.wait_kind == "reply"
    if result.run.status in ("paused", "errored"):
        assert [e.kind for e in result.effects] == ["run.failed"]
        assert result.run.frames == before.frames or not before.frames


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    programs,
    st.lists(
        st.sampled_from(
            [
                {"type": "text", "text": "yes"},
                {"type": "tap", "title": "Yes"},
                {"type": "tap", "payload": "a"},
                {"type": "media"},
                {"type": "advance", "days": 1},
                {"type": "result", "outcome": "success"},
                {"type": "return"},
                {"type": "start"},
            ]
        ),
        max_size=8,
    ),
)
def test_every_simulation_ends_in_json(p, script):
    answer = simulate(Shelf([p], {"one": p.hash}), p.hash, {"events": script, "mocks": {"e": ["failure", "success"]}})
    orjson.dumps(answer)
