"""Calls of other services: the wish, the result, the exits, and what becomes of a failure without one."""

import pytest

from core.model.event import ResultArrived, Retried, Started, TimerFired
from core.model.run import RunStatus
from tests.engine.conftest import edge, program, state


def calling(**outcome):
    edges = [edge("c", f"outcome:{name}", name) for name in outcome]
    wait = {
        "kind": "result",
        "effect": "shop.order",
        "args": {"number": ["var", "n"], "note": ["tpl", ["for ", [["var", "contact", "firstName"]]]]},
        "seconds": 10,
        "retries": 1,
        "save": "order",
        "outcome": {"*" if name == "rest" else name: i for i, name in enumerate(outcome)},
        "edges": edges,
    }
    ends = {name: state(name, outcome=name) for name in outcome}
    return program({"c": state("c", wait=wait), **ends}, params=[{"name": "n", "default": 7}])


def test_a_call_and_its_result(play):
    p = play(calling(success=1, failure=1))
    started = p(Started(p.first))
    assert [(e.kind, e.data) for e in started.effects] == [
        (
            "call",
            {
                "effect": "shop.order",
                "args": {"number": 7, "note": "for Ana"},
                "wait": 1,
                "seconds": 10,
                "retries": 1,
            },
        ),
        ("timer.start", {"wait": 1, "seconds": 80}),
    ]
    done = p(ResultArrived(1, "success", {"total": 12.0, "lines": [1]}))
    assert [e.kind for e in done.effects] == ["timer.stop", "run.ended"]
    assert (p.run.outcome, p.run.frames[0].vars["order"]) == ("success", {"total": 12, "lines": [1]})


@pytest.mark.parametrize(
    ("exits", "event", "outcome"),
    [
        (("success", "failure"), ResultArrived(1, "failure"), "failure"),
        (("success", "failure"), TimerFired(1), "failure"),
        (("success", "timeout", "failure"), TimerFired(1), "timeout"),
        (("success", "rest"), ResultArrived(1, "sold_out"), "rest"),
        (("rest",), TimerFired(1), "rest"),
        ((), ResultArrived(1, "success"), "end"),
    ],
)
def test_exits_of_a_call(play, exits, event, outcome):
    p = play(calling(**dict.fromkeys(exits, 1)))
    p(Started(p.first))
    p(event)
    assert p.run.outcome == outcome


def test_a_failed_call_without_an_exit_pauses_and_a_retry_calls_again(play):
    p = play(calling(success=1))
    p(Started(p.first))
    failed = p(ResultArrived(1, "failure", error="503 from the shop"))
    assert (p.run.status, p.run.error["code"], p.run.wait) == (RunStatus.PAUSED, "IFR07", 1)
    assert [(e.kind, e.data["code"]) for e in failed.effects] == [("run.failed", "IFR07")]
    assert "503 from the shop" in p.run.error["message"]
    assert p(ResultArrived(1, "success")).disposition == "ignored"
    again = p(Retried())
    assert [(e.kind, e.data["wait"]) for e in again.effects] == [("timer.stop", 1), ("call", 2), ("timer.start", 2)]
    assert (p.run.status, p.run.error) == (RunStatus.WAITING, None)
    p(ResultArrived(2, "success"))
    assert p.run.status is RunStatus.DONE
