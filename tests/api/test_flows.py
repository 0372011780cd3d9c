"""Flows over HTTP: LLD rows, drafts with diagnostics, publishing, versions, conflicts, runs."""

import json
import re
from pathlib import Path
from typing import Any

from tests.api.conftest import Person, Shop, Town, asking, hello

SOURCE = (Path(__file__).parent.parent / "cases" / "lang" / "requirements.jsonc").read_text()
PRINTED = json.loads(re.sub(r"//.*", "", SOURCE))
"""The requirements' flow with its two comments taken out, as the API takes it."""


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def errors(found: Any) -> list[str]:
    return [d["code"] for d in found if d["severity"] == "error"]


def test_the_requirements_flow_is_a_draft_with_two_errors(shop: Shop) -> None:
    body = {"name": "As printed", "description": "d", "flowDefinition": PRINTED}
    made = shop.post(f"/instagram-accounts/{shop.account}/flows", body)
    assert made.status_code == 201
    flow = made.get_json()
    assert {"flowId", "name", "status"} <= set(flow) and flow["status"] == "draft"
    assert errors(flow["diagnostics"]) == ["IF102", "IF102"]
    refused = shop.put(f"/flows/{flow['flowId']}", {"status": "active"})
    assert code(refused) == (409, "flow_has_errors")
    assert errors(refused.get_json()["details"]["diagnostics"]) == ["IF102", "IF102"]
    assert shop.get(f"/flows/{flow['flowId']}").get_json()["status"] == "draft"
    assert code(shop.post(f"/flows/{flow['flowId']}/activate")) == (409, "flow_has_errors")
    assert code(shop.post(f"/flows/{flow['flowId']}/publish", {})) == (409, "flow_has_errors")


def test_reading_listing_deleting(shop: Shop) -> None:
    one, two = shop.flow(name="Price list"), shop.flow(name="Opening hours")
    got = shop.get(f"/flows/{one['flowId']}").get_json()
    assert {"flowId", "name", "description", "flowDefinition", "status", "instagramAccountId", "createdAt"} <= set(got)
    assert got["flowDefinition"] == hello()
    path = f"/instagram-accounts/{shop.account}/flows"
    listed = shop.get(path)
    assert [f["flowId"] for f in listed.get_json()] == [two["flowId"], one["flowId"]]
    assert json.loads(listed.headers["X-Pagination"])["total"] == 2
    assert [f["name"] for f in shop.get(f"{path}?text=PRICE").get_json()] == ["Price list"]
    assert [f["name"] for f in shop.get(f"{path}?limit=1&page=2").get_json()] == ["Price list"]
    assert shop.get(f"{path}?status=active").get_json() == []
    gone = shop.delete(f"/flows/{one['flowId']}")
    assert (gone.status_code, gone.data) == (204, b"")
    assert shop.get(f"/flows/{one['flowId']}").status_code == 404
    assert len(shop.get(path).get_json()) == 1


def test_put_changes_only_what_is_named(shop: Shop) -> None:
    flow = shop.flow()
    changed = shop.put(f"/flows/{flow['flowId']}", {"name": "Other"}).get_json()
    assert (changed["name"], changed["flowDefinition"], changed["status"]) == ("Other", hello(), "draft")
    assert code(shop.put(f"/flows/{flow['flowId']}", {})) == (400, "validation_failed")
    assert code(shop.put(f"/flows/{flow['flowId']}", {"userId": "x"})) == (400, "validation_failed")


def test_if_match_tells_that_somebody_saved_in_between(shop: Shop) -> None:
    flow = shop.get(f"/flows/{shop.flow()['flowId']}")
    path, tag = f"/flows/{flow.get_json()['flowId']}", flow.headers["ETag"]
    assert shop.put(path, {"name": "First"}, headers={"If-Match": tag}).status_code == 200
    late = shop.put(path, {"name": "Second"}, headers={"If-Match": tag})
    assert code(late) == (412, "precondition_failed")
    assert shop.get(path).get_json()["name"] == "First"
    assert shop.put(path, {"name": "Third"}, headers={"If-Match": "*"}).status_code == 200


def test_publishing_makes_immutable_versions(shop: Shop) -> None:
    flow = shop.flow(active=True)
    path = f"/flows/{flow['flowId']}"
    assert (flow["status"], flow["publishedVersion"], flow["changed"]) == ("active", 1, False)
    drafted = shop.put(path, {"flowDefinition": hello("Other")}).get_json()
    assert (drafted["publishedVersion"], drafted["changed"]) == (1, True), "the live version does not change"
    published = shop.post(f"{path}/publish", {"note": "softer"})
    assert (published.status_code, published.get_json()["number"]) == (200, 2)
    assert shop.post(f"{path}/publish", {}).get_json()["number"] == 2, "nothing changed: no new version"
    assert shop.put(path, {"status": "active"}).get_json()["publishedVersion"] == 2
    versions = shop.get(f"{path}/versions").get_json()
    assert [(v["number"], v["live"], v["note"]) for v in versions] == [(2, True, "softer"), (1, False, "")]
    assert shop.get(f"{path}/versions/1").get_json()["flowDefinition"] == hello()
    assert shop.get(f"{path}/versions/9").status_code == 404
    restored = shop.post(f"{path}/versions/1/restore").get_json()
    assert (restored["flowDefinition"], restored["publishedVersion"], restored["changed"]) == (hello(), 2, True)


def test_switching_off_and_on(shop: Shop) -> None:
    flow = shop.flow(active=True)
    path = f"/flows/{flow['flowId']}"
    assert shop.post(f"{path}/deactivate").get_json()["status"] == "inactive"
    assert shop.put(path, {"status": "active"}).get_json()["status"] == "active"
    assert shop.put(path, {"status": "inactive"}).get_json()["status"] == "inactive"
    assert shop.post(f"{path}/activate").get_json()["status"] == "active"
    assert code(shop.put(path, {"status": "gone"})) == (400, "validation_failed")


def test_slugs_are_unique_in_an_account(shop: Shop) -> None:
    one, two = shop.flow(), shop.flow()
    assert (one["slug"], two["slug"]) == ("welcome", "welcome-2")
    assert code(shop.put(f"/flows/{two['flowId']}", {"slug": "welcome"})) == (409, "slug_taken")
    copy = shop.post(f"/flows/{one['flowId']}/duplicate", {})
    assert (copy.status_code, copy.get_json()["name"], copy.get_json()["status"]) == (201, "Copy of Welcome", "draft")


def test_the_envelopes_triggers_become_rows_and_keep_their_ids(shop: Shop) -> None:
    flow = shop.flow(triggers=[{"type": "dm_keyword", "keyword": "Price, cost"}])
    path = f"/flows/{flow['flowId']}/triggers"
    first = shop.get(path).get_json()
    assert [(t["type"], t["keyword"]) for t in first] == [("dm_keyword", "Price, cost")]
    written = [{"type": "dm_keyword", "keyword": "COST, price", "match": "exact"}, {"type": "story_mention"}]
    assert shop.put(f"/flows/{flow['flowId']}", {"triggers": written}).status_code == 200
    second = shop.get(path).get_json()
    assert [t["type"] for t in second] == ["dm_keyword", "story_mention"]
    assert (second[0]["triggerId"], second[0]["options"]) == (first[0]["triggerId"], {"match": "exact"})
    bad = shop.put(f"/flows/{flow['flowId']}", {"triggers": [{"type": "dm_keyword", "keyword": ""}]})
    assert code(bad) == (400, "validation_failed") and "triggers.0.keyword" in bad.get_json()["details"]


def test_runs_are_listed_traced_and_ended(town: Town, shop: Shop) -> None:
    flow = shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    shop.contact(text="mail")
    runs = shop.get(f"/flows/{flow['flowId']}/runs?status=waiting").get_json()
    assert [(r["nodeId"], r["version"], r["waitKind"]) for r in runs] == [("b", 1, "reply")]
    report = shop.get(f"/flows/{flow['flowId']}/publish-report").get_json()
    assert (report["people"], report["underWay"][0]["nodeId"], report["changed"]) == (1, "b", False)
    trace = shop.get(f"/runs/{runs[0]['runId']}/trace").get_json()
    assert trace["steps"] and trace["steps"][0]["path"][0][0] == "a"
    asked = shop.post(f"/runs/{runs[0]['runId']}/cancel")
    assert asked.status_code == 202
    after = shop.get(f"/flows/{flow['flowId']}/runs").get_json()
    assert [(r["status"], r["endedAt"] is not None) for r in after] == [("cancelled", True)]
    assert code(shop.post(f"/runs/{runs[0]['runId']}/retry")) == (409, "run_not_live")


def test_a_run_moves_to_the_live_version(shop: Shop) -> None:
    flow = shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    shop.contact(text="mail")
    changed = asking()
    changed["nodes"][2]["content"]["text"] = "Thank you!"
    shop.put(f"/flows/{flow['flowId']}", {"flowDefinition": changed, "status": "active"})
    run = shop.get(f"/flows/{flow['flowId']}/runs").get_json()[0]
    assert run["version"] == 1
    assert code(shop.post(f"/runs/{run['runId']}/move", {"version": 7})) == (404, "not_found")
    assert shop.post(f"/runs/{run['runId']}/move", {}).status_code == 202
    assert shop.get(f"/flows/{flow['flowId']}/runs").get_json()[0]["version"] == 2


def test_a_run_moves_exactly_when_the_report_counts_it(shop: Shop) -> None:
    flow = shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    path = f"/flows/{flow['flowId']}"
    shop.contact(text="mail")
    run = shop.get(f"{path}/runs").get_json()[0]
    late = [
        *asking()["nodes"][1]["connections"],
        {"targetNodeId": None, "condition": {"type": "timeout", "seconds": 60}},
    ]
    others = ({"inputType": "phone"}, {"saveToAttribute": "mail"}, {"connections": late})
    for change, can in [*((c, 0) for c in others), ({"prompt": "Your address, please?"}, 1)]:
        other = asking()
        other["nodes"][1] |= change
        shop.put(path, {"flowDefinition": other})
        assert shop.get(f"{path}/publish-report").get_json()["movable"]["can"] == can, change
        published = shop.post(f"{path}/publish", {}).get_json()
        assert shop.post(f"/runs/{run['runId']}/move", {}).status_code == 202
        now = shop.get(f"{path}/runs").get_json()[0]
        assert (now["version"], now["status"]) == (published["number"] if can else 1, "waiting"), change
    shop.hears("ana@mail.example")
    assert shop.get(f"{path}/runs").get_json()[0]["status"] == "done"


def test_deleting_a_flow_cancels_its_runs(shop: Shop) -> None:
    flow = shop.flow(asking(), active=True, triggers=[{"type": "dm_keyword", "keyword": "mail"}])
    contact = shop.contact(text="mail")
    assert shop.get(f"/contacts/{contact['contactId']}").get_json()["flowStatus"] == "waiting"
    assert shop.delete(f"/flows/{flow['flowId']}").status_code == 204
    assert shop.get(f"/contacts/{contact['contactId']}").get_json()["flowStatus"] == "none"


def test_a_key_makes_one_flow_only(shop: Shop) -> None:
    body, headers = {"name": "Once", "flowDefinition": hello()}, {"Idempotency-Key": "f"}
    path = f"/instagram-accounts/{shop.account}/flows"
    first, again = (shop.post(path, body, headers=headers) for _ in range(2))
    assert first.get_json() == again.get_json() and first.headers["ETag"] == again.headers["ETag"]
    assert len(shop.get(path).get_json()) == 1


def test_odd_definitions_are_drafts_not_crashes(shop: Shop) -> None:
    for odd in ({}, {"nodes": None}, {"startNodeId": [], "nodes": [1, None, {}]}, {"nodes": {"a": 1}}):
        made = shop.post(f"/instagram-accounts/{shop.account}/flows", {"name": "Odd", "flowDefinition": odd})
        assert made.status_code == 201 and errors(made.get_json()["diagnostics"]), odd
        assert made.get_json()["flowDefinition"] == odd
    for bad in ([], "x", None, 7):
        made = shop.post(f"/instagram-accounts/{shop.account}/flows", {"name": "Odd", "flowDefinition": bad})
        assert code(made) == (400, "validation_failed"), bad


def test_another_tenants_flow_does_not_exist(shop: Shop, other: Person) -> None:
    flow = shop.flow()
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/publish", {}),
        ("GET", "/runs", None),
    ):
        assert code(other.call(method, f"/flows/{flow['flowId']}{path}", body)) == (404, "not_found")


def test_a_weak_tag_from_a_proxy_is_understood(shop: Shop) -> None:
    flow = shop.get(f"/flows/{shop.flow()['flowId']}")
    path, tag = f"/flows/{flow.get_json()['flowId']}", f"W/{flow.headers['ETag']}"
    assert shop.put(path, {"name": "First"}, headers={"If-Match": tag}).status_code == 200
    assert code(shop.put(path, {"name": "Second"}, headers={"If-Match": tag})) == (412, "precondition_failed")


def test_saves_at_the_same_time_are_told_apart(town: Town, shop: Shop) -> None:
    from concurrent.futures import ThreadPoolExecutor

    flow = shop.get(f"/flows/{shop.flow()['flowId']}")
    path, tag = f"/api/v1/flows/{flow.get_json()['flowId']}", flow.headers["ETag"]
    headers = {"Authorization": f"Bearer {shop.token}", "If-Match": tag}

    def save(n: int) -> int:
        return town.app.test_client().put(path, json={"name": f"Save {n}"}, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(save, range(6)))
    assert answers == [200, 412, 412, 412, 412, 412]


def test_what_another_version_does_differently(shop: Shop) -> None:
    flow = shop.flow(hello(), active=True)
    path = f"/flows/{flow['flowId']}"
    assert shop.put(path, {"flowDefinition": hello("Good morning!")}).status_code == 200
    told = shop.get(f"{path}/versions/1/diff/0").get_json()
    new = {"old": ['say "Hello!"', "end"], "new": ['say "Good morning!"', "end"], "ways": 1}
    assert not told["same"] and told["differences"][0] == {"after": ["the start"], **new}
    shop.post(f"{path}/publish")
    same = shop.get(f"{path}/versions/2/diff/0").get_json()
    assert (same["same"], same["differences"], same["conversations"]["lookedAt"]) == (True, [], 0)
    assert code(shop.get(f"{path}/versions/1/diff/9")) == (404, "not_found")
