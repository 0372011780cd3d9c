"""Flows inside flows: arguments, values, outcomes, pinning, take-over."""

from core.model.event import Replied, Started
from core.model.run import RunState, RunStatus
from tests.engine.conftest import edge, program, say, state


def caller(outcome, **more):
    """A flow that calls 'child' and ends with the name of the exit it came back by."""
    edges = [edge("c", f"outcome:{name}", name) for name in outcome]
    wait = {
        "kind": "child",
        "flow": "child",
        "args": {"who": ["var", "contact", "firstName"]},
        "save": "got",
        "outcome": {"*" if name == "rest" else name: i for i, name in enumerate(outcome)},
        "edges": edges,
        **more,
    }
    return program({"c": state("c", wait=wait), **{n: state(n, do=[say("back")], outcome=n) for n in outcome}})


def asker(outcome="end"):
    wait = {"kind": "reply", "any": 0, "edges": [edge("q", "any", "keep")]}
    return program(
        {
            "q": state("q", do=[say(["tpl", [[["var", "who"]], ", ", [["var", "greeting"]], "?"]])], wait=wait),
            "keep": state("keep", do=[["set", "flow", "result", ["var", "last", "text"]]], to="end"),
            "end": state("end", outcome=outcome),
        },
        params=[{"name": "greeting", "default": "well"}, {"name": "who", "default": "you"}],
    )


def test_arguments_go_in_and_the_result_comes_back(play):
    child = asker()
    p = play(caller(["rest"]), slugs={"child": child})
    asked = p(Started(p.first))
    assert asked.effects[0].data["message"]["text"] == "Ana, well?"
    assert [f.program for f in p.run.frames] == [p.first, child.hash]
    done = p(Replied("fine"))
    assert [e.data.get("message", {}).get("text") for e in done.effects] == ["back", None]
    assert (p.run.outcome, p.run.frames[0].vars) == ("rest", {"got": "fine"})
    assert ("c", "c#outcome:rest") in done.path


def test_the_outcome_picks_the_exit(play):
    p = play(caller(["sold_out", "rest"]), slugs={"child": asker("sold_out")})
    p(Started(p.first))
    p(Replied("x"))
    assert p.run.outcome == "sold_out"


def test_an_outcome_without_an_exit_ends_the_caller_too(play):
    p = play(caller(["sold_out"]), slugs={"child": asker("other")})
    p(Started(p.first))
    result = p(Replied("x"))
    assert (p.run.status, p.run.outcome, result.path[-1]) == (RunStatus.DONE, "end", ("c", "c#"))


def test_a_person_who_takes_over_inside_ends_the_callers(play):
    child = program({"h": state("h", do=[["handover", {}]], outcome="handover")})
    p = play(caller(["rest"]), slugs={"child": child})
    result = p(Started(p.first))
    assert [e.kind for e in result.effects] == ["conversation.handover", "run.ended"]
    assert p.run.outcome == "handover"
    p = play(caller(["handover", "rest"]), slugs={"child": child})
    p(Started(p.first))
    assert p.run.outcome == "handover"
    assert p.last.effects[1].kind == "send"


def test_variables_of_the_two_flows_do_not_mix(play):
    child = program({"k": state("k", do=[["set", "flow", "got", "inside"], ["set", "flow", "mine", 1]])})
    p = play(caller(["rest"]), slugs={"child": child})
    p(Started(p.first))
    assert p.run.frames[0].vars == {"got": None}


def test_a_run_survives_json_in_the_middle_of_a_subflow(play):
    p = play(caller(["rest"]), slugs={"child": asker()})
    p(Started(p.first))
    p.run = RunState.from_json(p.run.as_json())
    p(Replied("fine"))
    assert p.run.outcome == "rest"
