"""Runs that were had, over HTTP: as data, as a test, on other versions, and beside a diff of versions."""

from typing import Any

from core.testing.flowtest import read_suite
from tests.api.conftest import Person, Shop, Town, asking

MAIL = [{"type": "dm_keyword", "keyword": "mail"}]


def answered(shop: Shop) -> tuple[dict[str, Any], str]:
    """A flow that somebody has gone through, and the run's id."""
    flow = shop.flow(asking(), active=True, triggers=MAIL)
    shop.hears("mail please, I am Berta@real.org")
    shop.town.offset += 10_000
    shop.hears("nonsense")
    shop.town.offset += 10_000
    shop.hears("berta@real.org")
    return flow, shop.get(f"/flows/{flow['flowId']}/runs").get_json()[0]["runId"]


def test_a_run_becomes_a_test_that_passes(shop: Shop, other: Person) -> None:
    flow, run = answered(shop)
    recording = shop.get(f"/runs/{run}/recording").get_json()
    kinds = [e["event"]["kind"] for e in recording["events"]]
    assert kinds == ["started", "replied", "replied"] and recording["program"].startswith("ir1:")
    text = shop.get(f"/runs/{run}/test?file=mail.yaml&name=ours").get_json()["text"]
    assert "real.org" not in text and read_suite(text).file == "mail.yaml"
    played = shop.post("/compiler/test", {"flowId": flow["flowId"], "tests": text}).get_json()
    assert played["passed"] and [t["name"] for t in played["tests"]] == ["ours"]
    for path in ("recording", "test"):
        assert other.get(f"/runs/{run}/{path}").status_code == 404
    assert other.post(f"/runs/{run}/replay", {}).status_code == 404


def test_a_run_is_played_on_another_version(shop: Shop) -> None:
    flow, run = answered(shop)
    same = shop.post(f"/runs/{run}/replay", {}).get_json()
    assert (same["version"], same["same"], same["difference"], same["leftAt"]) == (1, True, None, None)
    assert same["transcript"][-1]["lines"][0] == "Sets the contact's email to “berta@real.org”."
    sent = len(shop.get(f"/flows/{flow['flowId']}/runs").get_json())
    changed = asking()
    changed["nodes"][2]["content"]["text"] = "Thank you!"
    shop.put(f"/flows/{flow['flowId']}", {"flowDefinition": changed})
    draft = shop.post(f"/runs/{run}/replay", {"version": 0}).get_json()
    assert draft["difference"]["old"][0] == "Sends “Thanks!”."
    assert draft["difference"]["new"][0] == "Sends “Thank you!”." and draft["difference"]["event"] == 2
    assert len(shop.get(f"/flows/{flow['flowId']}/runs").get_json()) == sent
    assert shop.post(f"/runs/{run}/replay", {"version": 9}).status_code == 404


def test_the_diff_of_versions_counts_conversations(shop: Shop) -> None:
    flow, run = answered(shop)
    changed = asking()
    changed["nodes"][2]["content"]["text"] = "Thank you!"
    shop.put(f"/flows/{flow['flowId']}", {"flowDefinition": changed})
    told = shop.get(f"/flows/{flow['flowId']}/versions/1/diff/0").get_json()["conversations"]
    assert (told["lookedAt"], told["differ"], told["first"]["runId"]) == (1, 1, run)
    assert told["first"]["difference"]["new"][0] == "Sends “Thank you!”."
    same = shop.get(f"/flows/{flow['flowId']}/versions/1/diff/1").get_json()["conversations"]
    assert same == {"lookedAt": 1, "differ": 0, "first": None}


def test_what_was_taken_back_is_not_recorded(shop: Shop, town: Town) -> None:
    flow = shop.flow(asking(), active=True, triggers=MAIL)
    shop.hears("mail")
    shop.hears("berta@real.org", mid="m_taken_back", key=f"mid:m_taken_back_{flow['flowId']}")
    run = shop.get(f"/flows/{flow['flowId']}/runs").get_json()[0]["runId"]
    assert shop.get(f"/runs/{run}/recording").status_code == 200
    with town.store.db.write() as tx:
        tx.run("UPDATE step_trace SET event = NULL WHERE run_id = ? AND seq = 2", (run,))
    gone = shop.get(f"/runs/{run}/recording")
    assert (gone.status_code, gone.get_json()["code"]) == (409, "run_not_recorded")
    told = shop.get(f"/flows/{flow['flowId']}/versions/1/diff/0").get_json()["conversations"]
    assert told["lookedAt"] == 0
