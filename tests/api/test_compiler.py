"""The compiler, the catalogue and the system's own addresses over HTTP."""

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from core.store.tables.system import heartbeat
from tests.api.conftest import Person, Shop, Town, asking, hello

SOURCE = (Path(__file__).parent.parent / "cases" / "lang" / "requirements.jsonc").read_text()


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_checking_text_names_lines(person: Person) -> None:
    found = person.post("/compiler/check", {"text": SOURCE, "format": "json"}).get_json()
    wrong = [d for d in found["diagnostics"] if d["severity"] == "error"]
    assert not found["ok"] and [d["code"] for d in wrong] == ["IF102", "IF102"]
    assert all(d["node"] == "node_6" and d["span"]["line"] > 50 for d in wrong)
    assert person.post("/compiler/check", {"flowDefinition": hello()}).get_json()["ok"]
    for bad in ({}, {"text": "x", "flowDefinition": {}}, {"format": "json"}):
        assert code(person.post("/compiler/check", bad)) == (400, "validation_failed")


def test_fixes_are_edits_of_a_text_and_changes_of_a_document(person: Person) -> None:
    text = "flow: x\nsteps:\n  a: {say: Hi, next: en}\n  end_: {say: Bye, next: end}\n"
    (one,) = person.post("/compiler/check", {"text": text.replace("en}", "ned_}"), "format": "yaml"}).get_json()[
        "diagnostics"
    ][:1]
    assert one["fix"]["edits"][0]["text"] == "end_" and one["fix"]["edits"][0]["span"]["line"] == 3
    definition = hello() | {"startNodeId": "aa"}
    (one,) = person.post("/compiler/check", {"flowDefinition": definition}).get_json()["diagnostics"][:1]
    assert one["code"] == "IF101" and one["fix"]["edits"] == []
    assert one["fix"]["changes"] == [{"op": "replace", "path": "/flowDefinition/startNodeId", "value": "a"}]
    twice = hello()
    twice["nodes"].append(twice["nodes"][0])
    found = person.post("/compiler/check", {"flowDefinition": twice}).get_json()["diagnostics"]
    assert next(d for d in found if d["code"] == "IF104")["related"][0]["message"] == "the first step with this id"


def test_compiling_answers_the_program(person: Person) -> None:
    found = person.post("/compiler/compile", {"flowDefinition": hello()}).get_json()
    assert found["hash"].startswith("ir1:") and found["program"]["entry"] == "a"
    yaml = "flow: hello\nstart: b\nsteps:\n  b: {say: Hello!}\n"
    assert person.post("/compiler/compile", {"text": yaml, "format": "yaml"}).get_json()["ok"]
    broken = person.post("/compiler/compile", {"text": "{", "format": "json"}).get_json()
    assert (broken["ok"], broken["program"]) == (False, None)


def test_playing_a_conversation(person: Person, shop: Shop) -> None:
    events = [{"type": "start"}, {"type": "text", "text": "nonsense"}, {"type": "text", "text": "ana@example.org"}]
    played = person.post("/compiler/simulate", {"flowDefinition": asking(), "events": events}).get_json()
    said = [t["message"]["text"] for t in played["transcript"] if t["who"] == "flow"]
    assert said[0] == "Your e-mail?" and said[-1] == "Thanks!" and len(said) == 3
    assert played["run"]["status"] == "done"
    stored = shop.flow(asking())
    again = shop.post("/compiler/simulate", {"flowId": stored["flowId"], "events": events}).get_json()
    assert again["transcript"] == played["transcript"]
    assert code(person.post("/compiler/simulate", {"flowId": stored["flowId"], "events": []})) == (404, "not_found")
    bad = person.post("/compiler/simulate", {"flowDefinition": asking(), "events": [{"type": "nope"}]})
    assert code(bad) == (400, "validation_failed")


def test_the_window_and_the_bounds_are_told(person: Person) -> None:
    told = person.post("/compiler/compile", {"flowDefinition": hello()}).get_json()
    assert told["bounds"]["messagesPerRun"] == 1
    assert told["window"]["colours"] == {"b": "proven"}
    assert told["window"]["sinceLastMessage"]["dm_keyword"]["b"] == [0, 0]


def test_a_flows_tests_are_played(shop: Shop) -> None:
    tests = (
        "tests:\n  - name: hello\n    steps:\n      - expect: [{say: Hello!}, end]\n  - steps: [{expect: nothing}]\n"
    )
    told = shop.post("/compiler/test", {"flowDefinition": hello(), "tests": tests}).get_json()
    assert [(t["name"], t["passed"]) for t in told["tests"]] == [("hello", True), ("test 2", False)]
    assert told["tests"][1]["problem"]["span"]["line"] == 5 and not told["passed"]
    assert told["coverage"]["share"] == 1.0
    flow = shop.flow(asking())
    stored = {"flowId": flow["flowId"], "tests": "tests: [{steps: [{expect: {say: Your*}}]}]"}
    assert shop.post("/compiler/test", stored).get_json()["passed"]
    bad = shop.post("/compiler/test", {**stored, "tests": "tests: [{stps: 1}]"})
    assert code(bad) == (400, "validation_failed")
    assert bad.get_json()["details"]["problems"][0]["span"]["line"] == 1


def test_a_flow_in_another_notation(shop: Shop) -> None:
    text = shop.post("/compiler/convert", {"flowDefinition": hello(), "to": "yaml"}).get_json()["text"]
    assert text == "steps:\n  a: {begin: null, next: b}\n  b: {say: Hello!}\n"
    back = shop.post("/compiler/convert", {"text": text, "format": "yaml", "to": "json"}).get_json()["text"]
    assert '"startNodeId": "a"' in back
    written = 'flow hi\n\nhello:\n  say "Hi!"\n'
    assert "say: Hi!" in shop.post("/compiler/convert", {"text": written, "to": "yaml"}).get_json()["text"]
    assert code(shop.post("/compiler/convert", {"text": "{", "to": "yaml"})) == (400, "flow_unreadable")
    said = shop.post("/compiler/convert", {"flowDefinition": hello(), "to": "flow"}).get_json()["text"]
    assert said == 'flow ???\n\na:\n  start\n  say "Hello!" @b\n'
    twice = {"startNodeId": "a", "nodes": [{"id": "a", "type": "end"}, {"id": "a", "type": "end"}]}
    refused = shop.post("/compiler/convert", {"flowDefinition": twice, "to": "flow"})
    assert code(refused) == (409, "flow_unsayable")
    assert refused.get_json()["details"] == {"place": ["nodes", 1]}


def test_the_catalogue(person: Person) -> None:
    nodes = {n["name"]: n for n in person.get("/node-types").get_json()}
    assert {
        "start",
        "message",
        "carousel",
        "wait",
        "condition",
        "get_input",
        "human_takeover",
        "external_api_call",
    } <= set(nodes)
    assert nodes["get_input"]["schema"]["properties"] and "valid" in " ".join(nodes["get_input"]["exits"])
    triggers = [t["name"] for t in person.get("/trigger-types").get_json()]
    assert {"welcome_message", "dm_keyword", "comment_keyword", "story_mention"} <= set(triggers)
    assert all(p["problem"] == "" for p in person.get("/plugins").get_json())


def test_the_flows_schema_accepts_flows(person: Person) -> None:
    import jsonschema

    schema = person.get("/schemas/flow.json").get_json()
    validator = jsonschema.Draft7Validator(schema)
    validator.check_schema(schema)
    assert validator.is_valid({"flow": "x", "steps": {"a": {"say": "Hi", "next": "end"}}})
    assert validator.is_valid(hello()) and validator.is_valid({"name": "x", "flowDefinition": asking()})
    assert not validator.is_valid({"startNodeId": "a", "nodes": [{"id": "a", "type": "nope"}]})


def test_health_and_readiness(town: Town, client: FlaskClient, monkeypatch: Any) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200, ready.get_json()
    assert ready.get_json()["ready"] and "outbox_age" in ready.get_json()["figures"]
    monkeypatch.setenv("_INSTAFLOW_PARENT", "1")
    assert client.get("/readyz").status_code == 200, "somebody's child, but no worker was promised"
    monkeypatch.setenv("_INSTAFLOW_WORKER_BESIDE", "1")
    late = client.get("/readyz")
    assert late.status_code == 503 and late.get_json()["checks"]["worker"] == "no fresh heartbeat"
    with town.store.write() as tx:
        tx.execute(heartbeat.insert().values(process="w1", kind="worker", at=town.clock.real()))
    assert client.get("/readyz").status_code == 200


def test_metrics_have_their_names(client: FlaskClient) -> None:
    client.get("/healthz")
    text = client.get("/metrics").text
    for name in ("inbox_age_seconds", "outbox_age_seconds", "ambiguous_sends", "dead_letters", "sweeper_age_seconds"):
        assert f"instaflow_{name} " in text
    assert (
        "instaflow_send_errors" in text and 'instaflow_http_requests_total{method="GET",operation="getHealth"' in text
    )


def test_a_broken_property_comes_with_a_conversation_that_can_be_played(person: Person) -> None:
    flow = {**hello(), "properties": [{"never": "say unless tagged vip"}]}
    checked = person.post("/compiler/check", {"flowDefinition": flow}).get_json()
    (found,) = [d for d in checked["diagnostics"] if d["code"] == "IF701"]
    played = person.post("/compiler/simulate", {**found["witness"], "flowDefinition": flow})
    assert not checked["ok"] and played.status_code == 200
    assert [t["who"] for t in played.get_json()["transcript"]][:1] == ["flow"]
    assert person.get("/schemas/flow.json").get_json()["$defs"]["definition"]["properties"]["properties"]
