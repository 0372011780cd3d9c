"""Triggers over HTTP: LLD rows, fields by type, posts, the check against the live version, why."""

from typing import Any

import orjson
import pytest

from tests.api.conftest import Person, Shop, Town, hello


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_the_rows_of_the_lld(shop: Shop) -> None:
    path = f"/flows/{shop.flow()['flowId']}/triggers"
    made = shop.post(path, {"type": "dm_keyword", "keyword": "price"})
    assert made.status_code == 201
    assert {"triggerId", "type", "status"} <= set(made.get_json()) and made.get_json()["status"] == "active"
    listed = shop.get(path)
    assert {"triggerId", "type", "keyword", "status", "flowId", "postPermalink", "createdAt"} <= set(
        listed.get_json()[0]
    )
    one = f"/triggers/{made.get_json()['triggerId']}"
    changed = shop.put(one, {"status": "inactive", "keyword": "cost"})
    assert (changed.status_code, changed.get_json()["status"], changed.get_json()["keyword"]) == (
        200,
        "inactive",
        "cost",
    )
    gone = shop.delete(one)
    assert (gone.status_code, gone.data) == (204, b"")
    assert shop.get(path).get_json() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "nope"}, "type"),
        ({}, "type"),
        ({"type": "dm_keyword"}, "keyword"),
        ({"type": "dm_keyword", "keyword": "a", "match": "fuzzy"}, "match"),
        ({"type": "dm_keyword", "keyword": "(", "match": "regex"}, "keyword"),
        ({"type": "dm_keyword", "keyword": "a", "colour": "red"}, "colour"),
        ({"type": "dm_keyword", "keyword": "a", "userId": "x"}, "userId"),
        ({"type": "dm_keyword", "keyword": "a", "options": {"colour": "red"}}, "options.colour"),
        ({"type": "comment_keyword", "scope": "post"}, "postPermalink"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_wrong_fields_are_named(shop: Shop, body: dict[str, Any], field: str) -> None:
    refused = shop.post(f"/flows/{shop.flow()['flowId']}/triggers", body)
    assert code(refused) == (400, "validation_failed")
    assert field in refused.get_json()["details"]


def test_a_post_is_found_by_its_link(town: Town, shop: Shop) -> None:
    media = town.instagram.posts("Giveaway!", account=shop.username)
    link = shop.get(f"/instagram-accounts/{shop.account}/posts").get_json()["posts"][0]["permalink"]
    path = f"/flows/{shop.flow()['flowId']}/triggers"
    made = shop.post(path, {"type": "comment_keyword", "keyword": "win", "postPermalink": f"{link}?igsh=1"}).get_json()
    assert (made["postStatus"], made["mediaId"], made["options"]["scope"]) == ("resolved", media, "post")
    missing = shop.post(path, {"type": "comment_keyword", "postPermalink": "https://www.instagram.com/p/NOSUCH/"})
    assert code(missing) == (400, "validation_failed") and "postPermalink" in missing.get_json()["details"]


def test_a_post_is_looked_for_again_when_instagram_did_not_answer(town: Town, shop: Shop) -> None:
    media = town.instagram.posts("Later", account=shop.username)
    link = shop.get(f"/instagram-accounts/{shop.account}/posts").get_json()["posts"][0]["permalink"]
    town.instagram.faults.next("/media", "html")
    body = {"type": "comment_keyword", "keyword": "win", "postPermalink": link}
    made = shop.post(f"/flows/{shop.flow()['flowId']}/triggers", body)
    assert (made.status_code, made.get_json()["postStatus"]) == (201, "pending")
    with town.store.write() as tx:
        tx.exec_driver_sql("UPDATE chore SET due_at = 0 WHERE kind = 'trigger.post'")
    town.chores()
    found = shop.get(f"/triggers/{made.get_json()['triggerId']}").get_json()
    assert (found["postStatus"], found["mediaId"]) == ("resolved", media)


def test_a_trigger_that_does_not_fit_the_live_version_is_refused(shop: Shop) -> None:
    flow = shop.flow(hello("Hello! " * 150), active=True, triggers=[{"type": "dm_keyword", "keyword": "hi"}])
    refused = shop.post(f"/flows/{flow['flowId']}/triggers", {"type": "comment_keyword", "keyword": "win"})
    assert code(refused) == (409, "trigger_has_errors")
    assert refused.get_json()["details"]["diagnostics"][0]["code"] == "IF503"
    assert len(shop.get(f"/flows/{flow['flowId']}/triggers").get_json()) == 1, "nothing was stored"


def test_switching_a_trigger_on_is_checked_too(shop: Shop) -> None:
    flow = shop.flow(hello("Hello! " * 150), active=True, triggers=[{"type": "dm_keyword", "keyword": "hi"}])
    off = {"type": "comment_keyword", "keyword": "win", "status": "inactive"}
    made = shop.post(f"/flows/{flow['flowId']}/triggers", off)
    assert made.status_code == 201, "one that is off starts nothing"
    path = f"/triggers/{made.get_json()['triggerId']}"
    assert code(shop.put(path, {"status": "active"})) == (409, "trigger_has_errors")
    assert shop.get(path).get_json()["status"] == "inactive"
    shop.post(f"/flows/{flow['flowId']}/deactivate")
    assert shop.put(path, {"status": "active"}).status_code == 200, "an inactive flow may have it"
    refused = shop.post(f"/flows/{flow['flowId']}/activate")
    assert code(refused) == (409, "flow_has_errors")
    assert "IF503" in {d["code"] for d in refused.get_json()["details"]["diagnostics"]}


def test_null_takes_a_field_away_and_the_type_stays(shop: Shop) -> None:
    path = f"/flows/{shop.flow()['flowId']}/triggers"
    made = shop.post(path, {"type": "dm_keyword", "keyword": "a", "match": "exact", "cooldownSeconds": 60}).get_json()
    assert made["options"] == {"match": "exact", "cooldownSeconds": 60}
    changed = shop.put(f"/triggers/{made['triggerId']}", {"match": None}).get_json()
    assert changed["options"] == {"cooldownSeconds": 60}
    assert code(shop.put(f"/triggers/{made['triggerId']}", {"type": "ref"})) == (400, "validation_failed")


def test_why_tells_the_first_reason_against_every_other_trigger(shop: Shop) -> None:
    on = shop.flow(active=True, triggers=[{"type": "dm_keyword", "keyword": "price"}, {"type": "default_reply"}])
    off = shop.flow(name="Off", triggers=[{"type": "dm_keyword", "keyword": "price"}])
    path = f"/instagram-accounts/{shop.account}/triggers/test"
    found = shop.post(path, {"text": "What is the PRICE?"}).get_json()
    by = {(t["flowId"], t["type"]): t for t in found["triggers"]}
    assert by[on["flowId"], "dm_keyword"]["fires"] and by[on["flowId"], "dm_keyword"]["reason"] is None
    assert found["fires"] == by[on["flowId"], "dm_keyword"]["triggerId"]
    assert by[on["flowId"], "default_reply"]["reason"] == "another trigger comes first"
    assert by[off["flowId"], "dm_keyword"]["reason"] == "its flow is not active"
    assert found["triggers"][0]["fires"]


def test_another_tenants_trigger_does_not_exist(shop: Shop, other: Person) -> None:
    made = shop.post(f"/flows/{shop.flow()['flowId']}/triggers", {"type": "story_mention"}).get_json()
    for method, body in (("GET", None), ("PUT", {"status": "inactive"}), ("DELETE", None)):
        assert code(other.call(method, f"/triggers/{made['triggerId']}", body)) == (404, "not_found")


def aged(town: Town, media: str, seconds: int) -> str:
    """Instagram prints whole seconds: posts of a test lie a minute apart."""
    found = town.instagram.stage.world.media[media]
    found.at -= seconds * 1000
    return media


def comment(shop: Shop, text: str, media: str) -> None:
    shop.hears(text, kind="comment", comment={"id": f"c{media}{text}"[:40], "media_id": media})


def private_replies(shop: Shop) -> list[str]:
    with shop.town.store.read() as tx:
        rows = tx.exec_driver_sql(f"SELECT body FROM outbox WHERE account_id = '{shop.account}' ORDER BY id").all()
    bodies = [orjson.loads(body) if isinstance(body, str) else body for (body,) in rows]
    return [body["message"]["text"] for body in bodies]


def make_due(town: Town) -> None:
    with town.store.write() as tx:
        tx.exec_driver_sql("UPDATE chore SET due_at = 0 WHERE kind IN ('trigger.post', 'trigger.comment')")
    town.chores()
    town.drain()


def test_the_next_post_is_found_when_its_first_comment_comes(town: Town, shop: Shop) -> None:
    old = aged(town, town.instagram.posts("Before", account=shop.username), 120)
    flow = shop.flow(active=True)
    made = shop.post(
        f"/flows/{flow['flowId']}/triggers", {"type": "comment_keyword", "keyword": "win", "scope": "next"}
    )
    id_ = made.get_json()["triggerId"]
    assert (made.status_code, made.get_json()["postStatus"], made.get_json()["mediaId"]) == (201, "pending", None)
    with town.store.write() as tx:
        tx.exec_driver_sql(f"UPDATE trigger SET created_at = created_at - 60000 WHERE trigger_id = '{id_}'")
    comment(shop, "win too early", old)
    comment(shop, "nice", old)
    make_due(town)
    assert private_replies(shop) == []
    assert shop.get(f"/triggers/{id_}").get_json()["postStatus"] == "pending"
    first = aged(town, town.instagram.posts("The one", account=shop.username), 30)
    town.instagram.posts("Another", account=shop.username)
    comment(shop, "win", first)
    assert private_replies(shop) == []
    make_due(town)
    assert private_replies(shop) == ["Hello!"]
    found = shop.get(f"/triggers/{id_}").get_json()
    assert (found["postStatus"], found["mediaId"]) == ("resolved", first)
    log = shop.get(f"/instagram-accounts/{shop.account}/conversations").get_json()["conversations"][0]
    said = shop.get(f"/conversations/{log['conversationId']}/messages").get_json()
    assert [m["content"]["text"] for m in said if m["direction"] == "inbound"] == ["win too early", "nice", "win"]


def test_a_comment_whose_post_instagram_does_not_know_goes_on_after_some_looks(town: Town, shop: Shop) -> None:
    flow = shop.flow(active=True)
    path = f"/flows/{flow['flowId']}/triggers"
    assert shop.post(path, {"type": "comment_keyword", "keyword": "win", "scope": "next"}).status_code == 201
    assert shop.post(path, {"type": "comment_keyword", "keyword": "win", "scope": "all"}).status_code == 201
    comment(shop, "win", "179999999999")
    assert private_replies(shop) == []
    for _ in range(4):
        make_due(town)
    assert private_replies(shop) == ["Hello!"]


def test_a_link_in_a_saved_definition_is_looked_for(town: Town, shop: Shop) -> None:
    media = town.instagram.posts("Giveaway", account=shop.username)
    link = shop.get(f"/instagram-accounts/{shop.account}/posts").get_json()["posts"][0]["permalink"]
    flow = shop.flow(triggers=[{"type": "comment_keyword", "keyword": "win", "postPermalink": link}])
    [made] = shop.get(f"/flows/{flow['flowId']}/triggers").get_json()
    assert made["postStatus"] == "pending"
    make_due(town)
    found = shop.get(f"/triggers/{made['triggerId']}").get_json()
    assert (found["postStatus"], found["mediaId"]) == ("resolved", media)


def test_triggers_that_want_the_same_words(shop: Shop) -> None:
    def keyword(words: str, **more: Any) -> str:
        flow = shop.flow(hello(), active=True, name=words, triggers=[{"type": "dm_keyword", "keyword": words, **more}])
        return str(flow["flowId"])

    price, sale = keyword("price, cost"), keyword("big sale")
    short, again = keyword("sale"), keyword("PRICE", match="contains")
    keyword("unrelated")
    found = shop.get(f"/instagram-accounts/{shop.account}/triggers/overlaps").get_json()
    told = {(o["winner"]["flowId"], o["loser"]["flowId"]): (o["example"], o["shadowed"]) for o in found}
    assert told == {(price, again): ("PRICE", True), (sale, short): ("big sale", False)}
    assert found[0]["shadowed"] and found[0]["loser"]["flowName"] == "PRICE"
    shop.post(f"/flows/{sale}/deactivate")
    left = shop.get(f"/instagram-accounts/{shop.account}/triggers/overlaps").get_json()
    assert [o["winner"]["flowId"] for o in left] == [price]
