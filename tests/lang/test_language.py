"""What plugins add to the language is expanded at lowering: the engine meets built-in terms only (decision 21)."""

from typing import Any

from core.host.registry import Registry
from core.lang import Compilation, compile_definition


def program(acme: Registry, *nodes: dict[str, Any]) -> Compilation:
    return compile_definition({"startNodeId": nodes[0]["id"], "nodes": list(nodes)}, acme)


def test_filters(acme: Registry) -> None:
    done = program(acme, {"id": "a", "type": "message", "text": "{{x|wrap('*')|shout}}", "connections": []})
    x = ["var", "x"]
    inner = ["+", ["+", "*", x], "*"]
    assert done.ok and done.program
    assert done.program.states["a"].do[0][1]["text"] == ["tpl", [[["filter", inner, "upper"]]]]


def test_a_filter_that_is_not_built_of_built_in_ones(acme: Registry) -> None:
    done = program(acme, {"id": "a", "type": "message", "text": "{{x|bad}}", "connections": []})
    assert [d.code for d in done.diagnostics] == ["IF114"]


def test_arguments_of_filters_are_counted(acme: Registry) -> None:
    for text in ("{{x|default}}", "{{x|upper(1)}}", "{{matches(x, y)}}"):
        done = program(acme, {"id": "a", "type": "message", "text": text, "connections": []})
        assert [d.code for d in done.diagnostics] == ["IF120"]


def test_conditions_are_guards(acme: Registry) -> None:
    mood = {"type": "acme.mood", "value": "good"}
    guard = ["==", ["var", "contact", "mood"], "good"]
    end = {"id": "b", "type": "end"}
    done = program(
        acme, {"id": "a", "type": "condition", "connections": [{"targetNodeId": "b", "condition": mood}]}, end
    )
    assert done.ok and done.program and done.program.states["a"].next[0].when == guard
    assert done.program.uses == {"attributes": ("mood",)}
    waits = {
        "id": "a", "type": "message", "text": "Hi",
        "connections": [{"targetNodeId": "b", "condition": {"type": "any_reply"}}, {"targetNodeId": "b", "condition": mood}],
    }  # fmt: skip
    done = program(acme, waits, end)
    assert done.program and done.program.states["a/unmatched"].next[0].when == guard


def test_input_types_are_narrower_built_in_ones(acme: Registry) -> None:
    done = program(acme, {"id": "a", "type": "get_input", "prompt": "?", "inputType": "iban", "connections": []})
    assert done.program and done.program.states["a"].wait
    asked = done.program.states["a"].wait["input"]
    assert (asked["type"], asked["pattern"]) == ("text", "^[A-Z]{2}[0-9]{2}")


def test_a_failing_plugin_spoils_only_its_own_step(acme: Registry) -> None:
    nodes = [
        {"id": "a", "type": "acme.broken", "connections": [{"targetNodeId": "b", "condition": None}]},
        {"id": "b", "type": "acme.sloppy", "anything": 1, "connections": [{"targetNodeId": "gone", "condition": None}]},
        {"id": "c", "type": "message", "text": "fine", "connections": []},
    ]
    done = program(acme, *nodes)
    assert [(d.code, d.node) for d in done.diagnostics if d.severity == "error"] == [
        ("IF114", "a"),
        ("IF114", "b"),
        ("IF102", "b"),
    ]
    assert done.program is not None
    assert done.program.states["a"].outcome == done.program.states["b"].outcome == "fault:IF114"
    assert "out of paper" in done.diagnostics[0].message


def test_a_failing_check_is_named(acme: Registry) -> None:
    from dataclasses import replace

    from core.model.diagnostic import Diagnostic, Severity

    def angry(doc: Any) -> Any:
        yield Diagnostic("ACME1", Severity.WARNING, "too short")
        raise ValueError("no mood")

    flow = {"startNodeId": "a", "nodes": [{"id": "a", "type": "end"}]}
    done = compile_definition(flow, replace(acme, checks=(angry,)))
    assert [d.code for d in done.diagnostics] == ["IF114", "ACME1"]
