"""Flows of Typebot: what becomes of each block, that the result compiles and plays, that nothing breaks the importer."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.flow import command
from core.engine import Shelf, simulate
from core.host.manager import load
from core.lang import compile_definition, compile_text
from core.lang.importing import NotReadable, from_typebot

CASES = Path(__file__).parents[1] / "cases" / "lang" / "importing"
REGISTRY = load(entry_points=False)
EXPORT = json.loads((CASES / "typebot-6.json").read_text("utf-8"))


def played(*events: Any, **more: Any) -> list[str]:
    done = compile_definition(from_typebot(EXPORT).envelope, REGISTRY)
    assert done.program
    script = [{"type": "start"}, *({"type": "text", "text": e} if isinstance(e, str) else e for e in events)]
    answer = simulate(Shelf([done.program]), done.program.hash, {"events": script, **more})
    assert answer["run"]["error"] is None
    return [t["message"].get("text", "(media)") for t in answer["transcript"] if t["who"] == "flow"]


def nodes() -> dict[str, dict[str, Any]]:
    return {n["id"]: n for n in from_typebot(EXPORT).envelope["flowDefinition"]["nodes"]}


def test_it_compiles_without_an_error() -> None:
    found = from_typebot(EXPORT)
    assert found.envelope["name"] == "Glaze Finder" and found.envelope["slug"] == "glaze_finder"
    done = compile_definition(found.envelope, REGISTRY)
    assert done.ok, [d.message for d in done.diagnostics]
    assert done.doc and len({n.id for n in done.doc.nodes}) == len(done.doc.nodes)


def test_the_conversation_is_the_same() -> None:
    mocks = {"http.request": {"outcome": "success", "data": {"status": 201, "body": {"coupon": "BLUE"}}}}
    way = ("A mug", "3", "ana@mail.example", "4", {"type": "media"})
    assert played(*way, mocks=mocks) == [
        *("Hello! 👋", "(media)", "What are you looking for?", "How many, ?", "Your e-mail?"),
        *("Your code: BLUE. See the shop (https://shop.example/)", "…", "Here you go:"),
    ]
    assert played("Just looking")[-1] == "Take your time."
    assert played("A bowl", {"type": "tap", "title": "Ink blue"})[-1] == "Your e-mail?"
    assert played("A bowl", "sand", {"type": "advance", "seconds": 2})[-2:] == ["Sand it is.", "Your e-mail?"]


def test_a_bubble_before_a_question_is_the_question_wherever_one_jumps_to() -> None:
    made = nodes()
    assert made["welcome.5"]["content"]["text"] == "What are you looking for?"
    assert made["welcome.5"]["connections"][1]["targetNodeId"] == "bowl", "the edge led to the bubble"
    assert made["mug.2"]["retryMessage"] == "A number, please."


def test_what_has_no_counterpart_is_left_out_and_named() -> None:
    notes = from_typebot(EXPORT).notes
    for words in (
        "welcome.4: a block of type 'Google Analytics' has no counterpart",
        "welcome_2: a block of type 'payment input' has no counterpart",
        "mug.3: a comparison has no counterpart; its exit is never taken",
        "bowl: several answers at once",
        "step_contact.5: the value 'new Date().getFullYear()' is computed by a program",
        "nothing starts the flow yet",
    ):
        assert any(n.startswith(words) for n in notes), words
    assert "welcome.4" not in nodes() and nodes()["welcome.3"]["connections"][0]["targetNodeId"] == "welcome.5"


def test_calls_splits_and_places() -> None:
    made = nodes()
    assert made["step_contact.2"]["arguments"] == {
        "method": "POST",
        "url": "https://shop.example/leads",
        "headers": {"X-Source": "bot"},
        "query": {"score": "{{lead_score}}"},
        "body": '{"mail": "{{e_mail}}"}',
    }
    assert made["step_contact.2.set1"]["value"] == "{{step_contact_answer.body.coupon}}"
    assert [c["condition"]["weight"] for c in made["bowl.4"]["connections"]] == [30, 70]
    assert made["welcome"]["position"] == {"x": 100, "y": 40} and made["welcome.2"]["position"] == {"x": 100, "y": 160}


def test_an_export_of_version_3() -> None:
    found = from_typebot(json.loads((CASES / "typebot-3.json").read_text("utf-8")))
    assert [n["content"]["text"] for n in found.envelope["flowDefinition"]["nodes"]] == ["Hi you", "Bye"]
    assert found.envelope["flowDefinition"]["startNodeId"] == "hi"
    assert compile_definition(found.envelope, REGISTRY).ok


@pytest.mark.parametrize(
    "data", [None, [], {}, {"groups": []}, {"groups": [], "edges": []}, {"groups": {}, "edges": []}]
)
def test_what_is_no_export(data: Any) -> None:
    with pytest.raises(NotReadable):
        from_typebot(data)


@pytest.mark.parametrize("odd", [5, "x", [[]], [{}], {"a": []}, None, True], ids=str)
def test_odd_values_anywhere(odd: Any) -> None:
    def places(at: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        return [path, *(p for k in keys for p in places(at[k], (*path, k)))]

    for place in places(EXPORT)[1:]:
        export = copy.deepcopy(EXPORT)
        at: Any = export
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = odd
        try:
            json.dumps(from_typebot(export).envelope)
        except NotReadable:
            continue


def test_blocks_that_jump_in_a_circle_end_there() -> None:
    groups = [
        {"id": "a", "title": "A", "blocks": [{"id": "t", "type": "text", "content": {}}, {"id": "j", "type": "Jump", "options": {"groupId": "b"}}]},
        {"id": "b", "title": "B", "blocks": [{"id": "k", "type": "Jump", "options": {"groupId": "b"}}]},
    ]  # fmt: skip
    found = from_typebot({"name": "x", "groups": groups, "edges": []})
    assert found.envelope["flowDefinition"]["nodes"][0]["connections"] == [{"targetNodeId": None, "condition": None}]


_VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.builds(list)
    | st.builds(dict)
    | st.builds(lambda: [{}])
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damaged_export_breaks_it(data: st.DataObject) -> None:
    export = copy.deepcopy(EXPORT)
    for _ in range(data.draw(st.integers(1, 4))):
        at: Any = export
        for _ in range(data.draw(st.integers(1, 6))):
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if not isinstance(at[key], dict | list) or data.draw(st.booleans()):
                at[key] = data.draw(_VALUES)
                break
            at = at[key]
    try:
        made = from_typebot(export)
    except NotReadable:
        return
    compile_definition(made.envelope, REGISTRY)
    json.dumps(made.envelope)


def test_the_command(tmp_path: Path) -> None:
    runner, source = CliRunner(), str(CASES / "typebot-6.json")
    done = runner.invoke(command, ["import", source])
    assert done.exit_code == 0
    assert done.stdout.startswith("flow: glaze_finder\n") and "add a trigger" in done.stderr
    assert compile_text(done.stdout, REGISTRY, "yaml").ok
    out = tmp_path / "bot.json"
    assert runner.invoke(command, ["import", source, "-o", str(out)]).exit_code == 0
    assert runner.invoke(command, ["check", str(out)]).exit_code == 0
    again = runner.invoke(command, ["import", source, "-o", str(out)])
    assert again.exit_code == 1 and "exists" in again.stderr
    (tmp_path / "no.json").write_text("[1]")
    refused = runner.invoke(command, ["import", str(tmp_path / "no.json")])
    assert refused.exit_code == 1 and "no export of Typebot" in refused.stderr
