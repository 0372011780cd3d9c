"""Runs that stopped, by cause: summary, retry, move and cancel for all of one cause; what publishing would meet."""

from typing import Any

import orjson

from tests.api.conftest import Person, Shop, asking

DEFAULT = [{"type": "default_reply"}]


def stopped(shop: Shop, people: int = 3, code: str = "http_500") -> str:
    """A flow whose runs have stopped for one cause, by hand (the engine's tests make real ones)."""
    flow = str(shop.flow(asking(), active=True, triggers=DEFAULT)["flowId"])
    for n in range(people):
        shop.hears("hi", f"83612{n:010}")
    with shop.town.store.write() as tx:
        for id_, body in tx.exec_driver_sql(f"SELECT run_id, body FROM run WHERE flow_id = '{flow}'").all():
            found = orjson.loads(body) if isinstance(body, str) else dict(body)
            found |= {"status": "errored", "error": {"code": code, "message": "The shop answered 500", "node": "b"}}
            text = orjson.dumps(found).decode().replace("'", "''")
            tx.exec_driver_sql(
                f"UPDATE run SET status = 'errored', error_code = '{code}', body = '{text}' WHERE run_id = '{id_}'"
            )
    return flow


def statuses(shop: Shop, flow: str) -> list[str]:
    return [r["status"] for r in shop.get(f"/flows/{flow}/runs").get_json()]


def test_causes_are_counted(shop: Shop) -> None:
    flow = stopped(shop)
    found = shop.get(f"/flows/{flow}/runs/causes").get_json()
    assert len(found) == 1
    cause = found[0]
    assert (cause["errorCode"], cause["nodeId"], cause["status"], cause["runs"]) == ("http_500", "b", "errored", 3)
    assert cause["message"] == "The shop answered 500" and cause["since"] <= cause["latest"]
    healthy = shop.flow(asking(), name="Other")["flowId"]
    assert shop.get(f"/flows/{healthy}/runs/causes").get_json() == []


def test_all_runs_of_a_cause_are_cancelled(shop: Shop) -> None:
    flow = stopped(shop)
    path = f"/flows/{flow}/runs/cancel"
    assert shop.post(path, {"errorCode": "other"}).get_json() == {"asked": 0, "left": []}
    assert shop.post(path, {"errorCode": "http_500", "nodeId": "elsewhere"}).get_json()["asked"] == 0
    assert statuses(shop, flow) == ["errored"] * 3
    done = shop.post(path, {"errorCode": "http_500", "nodeId": "b"})
    assert (done.status_code, done.get_json()) == (202, {"asked": 3, "left": []})
    assert statuses(shop, flow) == ["cancelled"] * 3
    assert shop.get(f"/flows/{flow}/runs/causes").get_json() == []
    with shop.town.store.read() as tx:
        sql = f"SELECT action FROM audit_log WHERE object = 'flow:{flow}' AND action = 'runs.cancel'"
        assert list(tx.exec_driver_sql(sql).scalars()) == ["runs.cancel"] * 3


def test_all_runs_of_a_cause_are_retried(shop: Shop) -> None:
    flow = stopped(shop)
    assert shop.post(f"/flows/{flow}/runs/retry", {"errorCode": "http_500"}).get_json()["asked"] == 3
    with shop.town.store.read() as tx:
        sql = f"SELECT disposition FROM inbound_event WHERE account_id = '{shop.account}' AND kind = 'command'"
        assert len(list(tx.exec_driver_sql(sql).scalars())) == 3


def test_those_that_can_move_are_moved(shop: Shop) -> None:
    flow = stopped(shop)
    changed = asking()
    changed["nodes"][2]["content"]["text"] = "Thank you!"
    shop.put(f"/flows/{flow}", {"flowDefinition": changed})
    report = shop.get(f"/flows/{flow}/publish-report").get_json()
    assert report["people"] == 3 and report["movable"] == {"can": 3, "cannot": []}
    shop.post(f"/flows/{flow}/publish", {})
    moved = shop.post(f"/flows/{flow}/runs/move", {"errorCode": "http_500"})
    assert (moved.status_code, moved.get_json()) == (202, {"asked": 3, "left": []})
    assert {r["version"] for r in shop.get(f"/flows/{flow}/runs").get_json()} == {2}


def test_the_report_says_why_others_cannot_move(shop: Shop) -> None:
    flow = stopped(shop)
    other: dict[str, Any] = asking()
    other["nodes"][1]["inputType"] = "phone"
    shop.put(f"/flows/{flow}", {"flowDefinition": other})
    left = shop.get(f"/flows/{flow}/publish-report").get_json()["movable"]
    assert left["can"] == 0 and [(c["nodeId"], c["reason"], c["people"]) for c in left["cannot"]] == [
        ("b", "step_changed", 3)
    ]
    gone = asking()
    gone["nodes"][1]["id"] = "mail"
    gone["nodes"][0]["connections"][0]["targetNodeId"] = "mail"
    shop.put(f"/flows/{flow}", {"flowDefinition": gone})
    left = shop.get(f"/flows/{flow}/publish-report").get_json()["movable"]
    assert left["cannot"][0]["reason"] == "step_missing" and "not in that version" in left["cannot"][0]["message"]
    shop.post(f"/flows/{flow}/publish", {})
    asked = shop.post(f"/flows/{flow}/runs/move", {"errorCode": "http_500"}).get_json()
    assert asked["asked"] == 0 and asked["left"] == left["cannot"]
    assert shop.post(f"/flows/{flow}/runs/move", {"errorCode": "http_500", "version": 9}).status_code == 404
    broken = asking()
    broken["startNodeId"] = "nowhere"
    shop.put(f"/flows/{flow}", {"flowDefinition": broken})
    assert shop.get(f"/flows/{flow}/publish-report").get_json()["movable"] is None


def test_only_ones_own(shop: Shop, other: Person) -> None:
    flow = stopped(shop, people=1)
    assert other.get(f"/flows/{flow}/runs/causes").status_code == 404
    assert other.post(f"/flows/{flow}/runs/cancel", {"errorCode": "http_500"}).status_code == 404
    assert shop.post(f"/flows/{flow}/runs/cancel", {}).status_code == 400
