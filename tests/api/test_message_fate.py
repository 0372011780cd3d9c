"""Messages that failed or whose fate is unknown: a person sends again, or settles them."""

import uuid
from typing import Any

from tests.api.conftest import Person, Shop, Town
from tests.api.test_inbox import code, talk


def said(shop: Shop, status: str, state: str, automated: bool = False) -> tuple[str, str, str]:
    """A message of a person (or of a flow) with this status; conversation, message and the person's name."""
    name = f"p{uuid.uuid4().hex[:8]}"
    conversation = talk(shop, name=name)
    sent = shop.post(f"/conversations/{conversation}/messages", {"text": "Are you there?"})
    id_ = str(sent.get_json()["messageLogId"])
    with shop.town.store.write() as tx:
        flag = "TRUE" if automated else "FALSE"
        tx.exec_driver_sql(
            f"UPDATE message_log SET status = '{status}', is_automated = {flag} WHERE message_log_id = '{id_}'"
        )
        tx.exec_driver_sql(
            f"UPDATE outbox SET state = '{state}', provider_id = NULL, done_at = 1 WHERE message_log_id = '{id_}'"
        )
    return conversation, id_, name


def audited(shop: Shop, id_: str) -> list[str]:
    with shop.town.store.read() as tx:
        return list(tx.exec_driver_sql(f"SELECT action FROM audit_log WHERE object = 'message:{id_}'").scalars())


def texts(town: Town, name: str) -> list[Any]:
    return [m.body["text"] for m in town.instagram.sent(name)]


def test_a_failed_message_is_sent_again_once(town: Town, shop: Shop) -> None:
    conversation, id_, name = said(shop, "failed", "failed")
    again = shop.post(f"/messages/{id_}/retry")
    assert again.status_code == 200, again.get_json()
    assert again.get_json() == {"messageLogId": id_, "status": "sent", "reason": None}
    assert texts(town, name) == ["Are you there?"] * 2
    assert code(shop.post(f"/messages/{id_}/retry")) == (409, "message_not_failed")
    assert texts(town, name) == ["Are you there?"] * 2
    found = shop.get(f"/conversations/{conversation}/messages").get_json()
    assert [m["status"] for m in found if m["messageLogId"] == id_] == ["sent"], "one row of the log, as before"
    assert audited(shop, id_) == ["message.retry"]


def test_what_a_flow_said_is_not_repeated_by_hand(town: Town, shop: Shop) -> None:
    _, id_, name = said(shop, "failed", "failed", automated=True)
    refused = shop.post(f"/messages/{id_}/retry")
    assert code(refused) == (409, "message_automated") and "run" in refused.get_json()["message"]
    assert len(texts(town, name)) == 1 and audited(shop, id_) == []


def test_the_window_holds_for_a_retry_too(town: Town, shop: Shop) -> None:
    _, id_, _ = said(shop, "failed", "failed")
    town.offset += 8 * 24 * 3600 * 1000
    try:
        assert code(shop.post(f"/messages/{id_}/retry")) == (409, "window_closed")
    finally:
        town.offset = 0


def test_a_message_under_review_is_settled_as_sent(town: Town, shop: Shop) -> None:
    _, id_, name = said(shop, "needs_review", "review")
    assert code(shop.post(f"/messages/{id_}/retry")) == (409, "message_not_failed")
    assert code(shop.post(f"/messages/{id_}/settle", {"sent": "yes"})) == (400, "validation_failed")
    done = shop.post(f"/messages/{id_}/settle", {"sent": True})
    assert (done.status_code, done.get_json()["status"]) == (200, "sent")
    assert len(texts(town, name)) == 1, "nothing is sent again"
    with town.store.read() as tx:
        row = tx.exec_driver_sql(f"SELECT state, settled_by FROM outbox WHERE message_log_id = '{id_}'").one()
    assert tuple(row) == ("sent", "person")
    assert code(shop.post(f"/messages/{id_}/settle", {"sent": False})) == (409, "message_not_settled")
    assert audited(shop, id_) == ["message.settle"]


def test_a_message_under_review_is_sent_again(town: Town, shop: Shop) -> None:
    _, id_, name = said(shop, "needs_review", "review")
    done = shop.post(f"/messages/{id_}/settle", {"sent": False})
    assert (done.status_code, done.get_json()["status"]) == (200, "sent"), done.get_json()
    assert texts(town, name) == ["Are you there?"] * 2
    assert audited(shop, id_) == ["message.settle"]


def test_other_peoples_messages_do_not_exist(shop: Shop, other: Person) -> None:
    _, id_, _ = said(shop, "failed", "failed")
    assert code(other.post(f"/messages/{id_}/retry")) == (404, "not_found")
    assert code(other.post(f"/messages/{id_}/settle", {"sent": True})) == (404, "not_found")
