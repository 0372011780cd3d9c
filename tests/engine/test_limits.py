"""Every limit ends a run with its code; the last good state is kept and a retry tries what failed."""

import pytest

from core.model.codec import program_from_json
from core.model.event import Cancelled, Replied, Retried, Started, TimerFired
from core.model.limits import EVENTS_PER_RUN, MESSAGES_PER_STEP, STATES_PER_STEP, SUBFLOW_DEPTH
from core.model.run import RunStatus
from tests.engine.conftest import edge, program, say, state


def failed(p, code):
    assert (p.run.status, p.run.error["code"]) == (RunStatus.ERRORED, code)
    assert [e.kind for e in p.last.effects] == ["run.failed"]
    assert set(p.last.effects[0].data) == {"code", "message", "state"}


def test_a_circle_without_a_wait(play):
    p = play(program({"a": state("a", do=[["tag", "x"]], to="b"), "b": state("b", to="a")}))
    p(Started(p.first))
    failed(p, "IFR01")
    assert len(p.last.path) == STATES_PER_STEP


def test_exactly_the_limit_of_states_passes(play):
    states = {f"s{i}": state(f"s{i}", to=f"s{i + 1}") for i in range(STATES_PER_STEP - 1)}
    p = play(program({**states, f"s{STATES_PER_STEP - 1}": state("last")}))
    p(Started(p.first))
    assert p.run.status is RunStatus.DONE


def test_too_many_messages(play):
    p = play(program({"a": state("a", do=[say("hi")] * (MESSAGES_PER_STEP + 1))}))
    p(Started(p.first))
    failed(p, "IFR02")


def test_a_state_or_a_version_that_is_gone(play):
    p = play(program({"a": state("a", to="nowhere")}))
    p(Started(p.first))
    failed(p, "IFR03")
    p = play(program({"a": state("a")}))
    p(Started("ir1:unknown"))
    failed(p, "IFR03")


def child(flow, **more):
    return {"kind": "child", "flow": flow, "args": {}, "outcome": {"*": 0}, "edges": [edge("c", "next", None)], **more}


def test_flows_inside_one_another(play):
    p = play(itself := program({"c": state("c", wait=child("me"))}), slugs={"me": itself})
    p(Started(p.first))
    failed(p, "IFR04")
    assert len(p.run.frames) == 1 < SUBFLOW_DEPTH


def test_a_subflow_that_is_not_active(play):
    p = play(program({"c": state("c", wait=child("other"))}))
    p(Started(p.first))
    failed(p, "IFR05")
    assert "'other' is not active" in p.run.error["message"]


def test_too_many_events(play):
    wait = {"kind": "reply", "default": 0, "edges": [edge("a", "else", "a")]}
    p = play(program({"a": state("a", wait=wait)}))
    p(Started(p.first))
    p.run.events = EVENTS_PER_RUN - 1
    p(Replied("once", final=True))
    assert p.run.status is RunStatus.WAITING
    p(Replied("more", final=True))
    failed(p, "IFR06")
    assert p(Cancelled("stopped")).disposition == "handled"


def test_texts_and_lists_that_grow_are_cut_and_the_fuel_ends(play):
    double = [
        ["set", "flow", "t", ["+", ["var", "t"], ["var", "t"]]],
        ["set", "flow", "l", ["list", ["var", "l"], ["var", "l"]]],
    ]
    p = play(program({"a": state("a", do=[["set", "flow", "t", "x"], *double * 20], to="b"), "b": state("b")}))
    p(Started(p.first))
    assert p.run.status is RunStatus.DONE
    assert len(p.run.frames[0].vars["t"]) == 10_000
    many = [["set", "flow", "n", ["filter", ["var", "t"], "upper"]]] * 2000
    p = play(program({"a": state("a", do=many)}, params=[{"name": "t", "default": "x" * 9999}]))
    p(Started(p.first))
    failed(p, "IFR09")


def test_variables_that_hold_too_much(play):
    many = [["set", "flow", f"v{i}", ["var", "t"]] for i in range(40)]
    p = play(program({"a": state("a", do=many)}, params=[{"name": "t", "default": "x" * 9999}]))
    p(Started(p.first))
    failed(p, "IFR10")


@pytest.mark.parametrize("code", ["IF102", "IF110"])
def test_an_unfinished_draft_plays_up_to_the_gap(play, code):
    p = play(
        program(
            {"a": state("a", do=[say("hi")], to="!missing"), "!missing": state("!missing", outcome=f"fault:{code}")}
        )
    )
    p(Started(p.first))
    failed(p, code)


def test_the_last_good_state_is_kept_and_a_retry_tries_what_failed(play):
    broken = program(
        {
            "ask": state(
                "ask",
                do=[say("Name?")],
                wait={
                    "kind": "reply",
                    "input": {"type": "text", "save": ["flow", "name"], "retries": 0, "valid": 0},
                    "edges": [edge("ask", "valid", "sub")],
                },
            ),
            "sub": state("sub", wait=child("other")),
        }
    )
    fine = program_from_json(
        {"format": 1, "entry": "o", "states": {"o": state("o", do=[say("inside")], outcome="end")}}
    )
    p = play(broken)
    p(Started(p.first))
    p(Replied("Ana"))
    failed(p, "IFR05")
    assert (p.run.frames[-1].state, p.run.frames[-1].vars, p.run.wait, p.run.seq) == ("ask", {}, 1, 2)
    assert p(Replied("hello?", final=True)).disposition == "ignored"
    p(Retried())
    failed(p, "IFR05")
    p.shelf = play(broken, slugs={"other": fine}).shelf
    again = p(Retried())
    assert [e.kind for e in again.effects] == ["send", "run.ended"]
    assert (p.run.status, p.run.error, p.run.frames[0].vars) == (RunStatus.DONE, None, {"name": "Ana"})


def test_a_timer_that_led_into_a_fault_is_not_waited_for_again(play):
    wait = {"kind": "timer", "seconds": 60, "edges": [edge("w", "next", "sub")]}
    p = play(program({"w": state("w", wait=wait), "sub": state("sub", wait=child("other"))}))
    p(Started(p.first))
    p(TimerFired(1))
    failed(p, "IFR05")
    assert p(TimerFired(1)).disposition == "ignored"
    p.shelf = play(p.shelf.linked(p.first).program, slugs={"other": program({"o": state("o")})}).shelf
    p(Retried())
    assert p.run.status is RunStatus.DONE


def test_a_start_that_failed_can_be_tried_again(play):
    p = play(first := program({"sub": state("sub", wait=child("other"))}, params=[{"name": "x"}]))
    p(Started(p.first, {"type": "ref"}, {"x": 1}))
    failed(p, "IFR05")
    p.shelf = play(first, slugs={"other": program({"o": state("o")})}).shelf
    p(Retried())
    assert (p.run.status, p.run.frames[0].vars, p.run.trigger) == (RunStatus.DONE, {"x": 1}, {"type": "ref"})


def test_a_retry_does_not_take_the_foreground_from_another_run(play):
    wait = {"kind": "reply", "any": 0, "edges": [edge("ask", "any", "sub")]}
    p = play(program({"ask": state("ask", do=[say("?")], wait=wait), "sub": state("sub", wait=child("other"))}))
    p(Started(p.first))
    p(Replied("Ana"))
    failed(p, "IFR05")
    assert p(Retried(), foreground_held=True).disposition == "turn"
    assert (p.run.status, p.run.wait_kind, p.run.error) == (RunStatus.WAITING, "turn", None)
