"""The compiler over HTTP: no other path checks or compiles."""

from typing import Any

from core.services import compiling
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.compiler import schemas
from flask_api.compiler.tested import tested
from flask_api.flows.examples import DEFINITION

TESTS = 'tests:\n  - name: it answers\n    steps:\n      - expect: {say: "*"}\n'


def blueprint(house: House) -> Blueprint:
    """The operations under /compiler."""
    blp = Blueprint("compiler", "Checking, compiling and playing flows, storing nothing")

    @blp.operation(
        "POST",
        "/compiler/check",
        id="checkFlow",
        role="signed-in",
        summary="Check a flow",
        body=schemas.SourceBody,
        out=schemas.CheckedSchema,
        example={"flowDefinition": DEFINITION},
    )
    def check(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """Lines and columns are there when the source is text."""
        done = compiling.compiled(house, who, body)
        return {"ok": done.ok, "diagnostics": [d.as_json() for d in done.diagnostics]}

    @blp.operation(
        "POST",
        "/compiler/compile",
        id="compileFlow",
        role="signed-in",
        summary="Compile a flow",
        body=schemas.SourceBody,
        out=schemas.CompiledSchema,
        example={"flowDefinition": DEFINITION},
    )
    def compile_(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """The program that would run, with its content hash; `bounds` (how much it can say; null = without bound); `window`: for
        each state that sends, whether it is proven to be inside the messaging window, and the seconds since the contact wrote;
        `dataMap`: which answers are asked for, where they are kept, to whom they are given."""
        done = compiling.compiled(house, who, body)
        program = done.program
        return {
            **compiling.analysed(done),
            "ok": done.ok,
            "diagnostics": [d.as_json() for d in done.diagnostics],
            "hash": program.hash if program else None,
            "program": program.as_json() if program else None,
        }

    @blp.operation(
        "POST",
        "/compiler/simulate",
        id="simulateFlow",
        role="signed-in",
        summary="Play a conversation",
        body=schemas.SimulateBody,
        out=schemas.SimulatedSchema,
        errors=(404, 409),
        example={"flowDefinition": DEFINITION, "events": [{"type": "text", "text": "hi"}]},
    )
    def play(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """The real engine with a virtual clock; nothing is sent or stored."""
        account_id = body.pop("instagram_account_id", None)
        return compiling.play(house, who, body, str(account_id) if account_id else None)

    @blp.operation(
        "POST",
        "/compiler/test",
        id="testFlow",
        role="signed-in",
        summary="Play a flow's tests",
        body=schemas.FlowTestBody,
        out=schemas.FlowTestedSchema,
        errors=(404, 409),
        example={"flowDefinition": DEFINITION, "tests": TESTS},
    )
    def test(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """The same files as `instaflow flow test` plays. 400 with lines for tests that cannot be read."""
        account_id = body.pop("instagram_account_id", None)
        tests = body.pop("tests")
        return tested(house, who, body, tests, str(account_id) if account_id else None)

    @blp.operation(
        "POST",
        "/compiler/convert",
        id="convertFlow",
        role="signed-in",
        summary="A flow in another notation",
        body=schemas.ConvertBody,
        out=schemas.ConvertedSchema,
        errors=(404, 409),
        example={"flowDefinition": DEFINITION, "to": "yaml"},
    )
    def convert(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """Nothing of the flow is lost: converting back gives the same document. 409 for a draft that the text language cannot
        say, such as one with two steps of one id."""
        return {"text": compiling.converted(house, who, body, body.pop("to"))}

    return blp
