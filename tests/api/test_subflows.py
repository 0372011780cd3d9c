"""Flows that run other flows: those must be there and active (IF309)."""

from typing import Any

from tests.api.conftest import Shop, hello


def calling(name: str) -> dict[str, Any]:
    """A flow that runs another one."""
    start = {"id": "a", "type": "start", "connections": [{"targetNodeId": "b", "condition": None}]}
    return {"startNodeId": "a", "nodes": [start, {"id": "b", "type": "subflow", "flow": name, "connections": []}]}


def found(flow: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(d["severity"], d["node"], d["message"], d["hint"]) for d in flow["diagnostics"] if d["code"] == "IF309"]


def test_a_draft_is_warned_and_activation_refused(shop: Shop) -> None:
    flow = shop.flow(calling("ask-phone"), name="Order")
    severity, node, message, _ = found(flow)[0]
    assert (severity, node, message) == ("warning", "b", "this account has no flow 'ask-phone'")
    path = f"/flows/{flow['flowId']}"
    for refused in (shop.put(path, {"status": "active"}), shop.post(f"{path}/activate")):
        assert (refused.status_code, refused.get_json()["code"]) == (409, "flow_has_errors")
        said = refused.get_json()["details"]["diagnostics"]
        assert ("IF309", "error") in {(d["code"], d["severity"]) for d in said}
    assert shop.get(path).get_json()["status"] == "draft"
    assert shop.post(f"{path}/publish", {}).status_code == 200, "a version may be made; nobody meets it yet"


def test_the_other_flow_must_be_active(shop: Shop) -> None:
    other = shop.flow(hello(), name="Ask phone")
    flow = shop.flow(calling("ask-phone"), name="Order")
    assert found(flow) == [("warning", "b", "the flow 'ask-phone' is not active", "activate it first")]
    assert shop.post(f"/flows/{flow['flowId']}/activate").status_code == 409
    assert shop.post(f"/flows/{other['flowId']}/activate").status_code == 200
    done = shop.post(f"/flows/{flow['flowId']}/activate")
    assert done.status_code == 200 and found(done.get_json()) == []
    by_id = shop.put(f"/flows/{flow['flowId']}", {"flowDefinition": calling(other["flowId"]), "status": "active"})
    assert by_id.status_code == 200, by_id.get_json()
    shop.put(f"/flows/{flow['flowId']}", {"flowDefinition": calling("ask-fone")})
    refused = shop.post(f"/flows/{flow['flowId']}/publish", {})
    assert refused.status_code == 409, "an active flow's new version would be met at once"
    assert "did you mean 'ask-phone'?" in {d["hint"] for d in refused.get_json()["details"]["diagnostics"]}


def test_a_flow_may_run_itself(shop: Shop) -> None:
    flow = shop.flow(calling("again"), name="Again")
    assert found(flow) == []
    assert shop.post(f"/flows/{flow['flowId']}/activate").status_code == 200


def test_what_the_other_flow_does_counts(shop: Shop) -> None:
    """A subflow that takes two days: what comes after it would be refused, and so is going live. The witness can be played."""
    wait = {
        "id": "a",
        "type": "wait",
        "durationSeconds": 172_800,
        "connections": [{"targetNodeId": None, "condition": None}],
    }
    other = shop.flow({"startNodeId": "a", "nodes": [wait]}, name="Two days")
    assert shop.post(f"/flows/{other['flowId']}/activate").status_code == 200
    late = calling("two-days")
    late["nodes"][1]["connections"] = [{"targetNodeId": "c", "condition": None}]
    late["nodes"].append({"id": "c", "type": "message", "text": "Still there?", "connections": []})
    flow = shop.flow(late, name="Order")
    refused = shop.post(f"/flows/{flow['flowId']}/activate")
    assert refused.status_code == 409
    found = next(d for d in refused.get_json()["details"]["diagnostics"] if d["code"] == "IF401")
    assert found["node"] == "c" and found["path"] == ["a", "b", "c"]
    script = {**found["witness"], "flowDefinition": late, "instagramAccountId": flow["instagramAccountId"]}
    played = shop.post("/compiler/simulate", script).get_json()
    assert "window_closed" in {t.get("code") for t in played["transcript"]}
    told = shop.post("/compiler/compile", {"flowId": flow["flowId"]}).get_json()
    assert told["window"]["colours"]["c"] == "refused" and told["bounds"]["messagesPerRun"] == 1
