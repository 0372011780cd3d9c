"""The inbox over HTTP: LLD rows, a person's answer, taking over and handing back, notes."""

import threading
import uuid
from typing import Any

from core.services import takeover
from core.store.tables.conversations import conversation as table
from tests.api.conftest import Person, Shop, Town, asking, hello

MESSAGE = {
    *("messageLogId", "instagramAccountId", "contactId", "direction", "type", "content", "timestamp", "isAutomated"),
    "flowId",
}
CONVERSATION = {
    *("conversationId", "instagramAccountId", "contactId", "status", "assignedAgentId", "lastMessageId", "startedAt"),
    *("closedAt", "createdAt", "updatedAt", "instagramUsername", "lastMessageContent", "lastMessageTimestamp"),
}


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def talk(shop: Shop, text: str = "hi", name: str = "") -> str:
    """A conversation with a person that the fake Instagram knows too."""
    name = name or f"p{uuid.uuid4().hex[:8]}"
    shop.town.instagram.says(name, text, account=shop.username)
    contact = shop.contact(shop.town.instagram.igsid(name, shop.username), text)
    return str(contact["conversationId"])


def test_the_list_of_the_lld(shop: Shop) -> None:
    conversation = talk(shop, "What is the price?")
    listed = shop.get(f"/instagram-accounts/{shop.account}/conversations")
    assert set(listed.get_json()) == {"conversations", "total"} and listed.get_json()["total"] == 1
    found = listed.get_json()["conversations"][0]
    assert set(found) >= CONVERSATION
    assert (found["conversationId"], found["lastMessageContent"], found["status"], found["unread"]) == (
        *(conversation, "What is the price?", "open"),
        1,
    )
    path = f"/instagram-accounts/{shop.account}/conversations"
    assert shop.get(f"{path}?status=pending_human").get_json() == {"conversations": [], "total": 0}
    assert code(shop.get(f"{path}?status=nope")) == (400, "validation_failed")


def test_messages_of_the_lld(shop: Shop) -> None:
    shop.flow(active=True, triggers=[{"type": "default_reply"}])
    conversation = talk(shop)
    listed = shop.get(f"/conversations/{conversation}/messages")
    assert listed.status_code == 200 and isinstance(listed.get_json(), list)
    said = [(m["direction"], m["content"].get("text"), m["isAutomated"]) for m in listed.get_json()]
    assert said == [("inbound", "hi", False), ("outbound", "Hello!", True)]
    assert all(set(m) >= MESSAGE for m in listed.get_json())


def test_payloads_are_shown_as_their_authors_wrote_them(shop: Shop) -> None:
    choosing = asking()
    choosing["nodes"][1] |= {"inputType": "choice", "options": ["Yes", "No"]}
    shop.flow(choosing, active=True, triggers=[{"type": "default_reply"}])
    asked = shop.get(f"/conversations/{talk(shop)}/messages").get_json()[-1]
    assert [b["text"] for b in asked["content"]["buttons"]] == ["Yes", "No"] and "ifl1." not in str(asked)


def test_a_persons_answer_is_sent_and_takes_over(town: Town, shop: Shop) -> None:
    shop.flow(asking(), active=True, triggers=[{"type": "default_reply"}])
    name = f"p{uuid.uuid4().hex[:8]}"
    conversation = talk(shop, name=name)
    contact = shop.get(f"/conversations/{conversation}").get_json()["contactId"]
    assert shop.get(f"/contacts/{contact}").get_json()["flowStatus"] == "waiting"
    sent = shop.post(f"/conversations/{conversation}/messages", {"text": "Hello, this is Ana."})
    assert sent.status_code == 201, sent.get_json()
    assert sent.get_json()["status"] == "sent" and {"messageLogId", "status"} <= set(sent.get_json())
    assert town.instagram.sent(name)[-1].body["text"] == "Hello, this is Ana."
    after = shop.get(f"/conversations/{conversation}").get_json()
    assert (after["owner"], after["status"], after["lastMessageContent"]) == ("human", "open", "Hello, this is Ana.")
    assert after["assignedAgentId"] == shop.id
    left = shop.get(f"/contacts/{contact}").get_json()
    assert (left["currentFlowId"], left["currentFlowStepNodeId"], left["flowStatus"]) == (None, None, "human")
    shop.hears("anybody there?", left["instagramUserId"])
    messages = shop.get(f"/conversations/{conversation}/messages").get_json()
    assert messages[-1]["direction"] == "inbound", "automation stays silent"
    own = next(m for m in messages if m["messageLogId"] == sent.get_json()["messageLogId"])
    assert (own["isAutomated"], own["authorId"], own["status"]) == (False, shop.id, "sent")


def test_handing_back_resumes_the_run(shop: Shop) -> None:
    shop.flow(asking(), active=True, triggers=[{"type": "default_reply"}])
    conversation = talk(shop)
    taken = shop.post(f"/conversations/{conversation}/take-over").get_json()
    assert (taken["owner"], taken["assignedAgentId"]) == ("human", shop.id)
    contact = taken["contactId"]
    assert shop.get(f"/contacts/{contact}").get_json()["flowStatus"] == "human"
    back = shop.post(f"/conversations/{conversation}/resume-automation", {"how": "resume"}).get_json()
    assert back["owner"] == "automation"
    found = shop.get(f"/contacts/{contact}").get_json()
    assert found["flowStatus"] == "waiting"
    shop.hears("ana@example.org", found["instagramUserId"])
    assert shop.get(f"/contacts/{contact}").get_json()["customAttributes"]["email"] == "ana@example.org"


def test_nothing_queued_leaves_after_a_take_over(town: Town, shop: Shop) -> None:
    shop.flow(hello("Automated"), active=True, triggers=[{"type": "dm_keyword", "keyword": "go"}])
    name = f"p{uuid.uuid4().hex[:8]}"
    conversation = talk(shop, name=name)
    contact = shop.get(f"/conversations/{conversation}").get_json()["contactId"]
    person = shop.get(f"/contacts/{contact}").get_json()["instagramUserId"]
    shop.hears("go", person)
    shop.post(f"/conversations/{conversation}/take-over")
    town.dispatch()
    assert town.instagram.sent(name) == []
    last = shop.get(f"/conversations/{conversation}/messages").get_json()[-1]
    assert (last["status"], last["reason"]) == ("skipped", "take_over")


def test_status_rows_of_the_lld(shop: Shop) -> None:
    conversation = talk(shop)
    path = f"/conversations/{conversation}/status"
    pending = shop.put(path, {"status": "pending_human"})
    assert pending.status_code == 200
    assert {"conversationId", "status"} <= set(pending.get_json()) and pending.get_json()["status"] == "pending_human"
    assert pending.get_json()["owner"] == "human"
    closed = shop.put(path, {"status": "closed"}).get_json()
    assert closed["status"] == "closed" and closed["closedAt"]
    assert shop.get(f"/conversations/{conversation}").get_json()["owner"] == "automation", "closing hands back"
    assert shop.put(path, {"status": "open"}).get_json()["closedAt"] is None
    assert code(shop.put(path, {"status": "mark_pending_human"})) == (400, "validation_failed")


def test_who_waits_for_a_person_has_none_yet(shop: Shop) -> None:
    path = f"/conversations/{talk(shop)}"
    shop.put(f"{path}/status", {"status": "pending_human"})
    waiting = shop.get(path).get_json()
    assert (waiting["owner"], waiting["assignedAgentId"]) == ("human", None)
    shop.post(f"{path}/take-over")
    shop.put(f"{path}/status", {"status": "pending_human"})
    again = shop.get(path).get_json()
    assert (again["owner"], again["status"], again["assignedAgentId"]) == ("human", "pending_human", shop.id)


def test_closing_while_somebody_takes_over_leaves_nobody_silent(town: Town, shop: Shop) -> None:
    """The take-over is not committed when the other connection closes: it is seen, and handed back."""
    conversation = talk(shop)
    with town.store.read() as tx:
        row = tx.execute(table.select().where(table.c.conversation_id == conversation)).mappings().one()
    answers: list[Any] = []
    closing = threading.Thread(
        target=lambda: answers.append(shop.put(f"/conversations/{conversation}/status", {"status": "closed"}))
    )
    with town.store.db.write() as other:
        takeover.take_over(town.house, other, row, shop.id, "take_over")
        closing.start()
        closing.join(1)
        assert closing.is_alive(), "it waits for the mailbox"
    closing.join(30)
    assert answers[0].get_json()["status"] == "closed"
    after = shop.get(f"/conversations/{conversation}").get_json()
    assert (after["status"], after["owner"]) == ("closed", "automation")


def test_what_cannot_be_sent(town: Town, shop: Shop) -> None:
    conversation = talk(shop)
    path = f"/conversations/{conversation}/messages"
    assert code(shop.post(path, {})) == (400, "validation_failed")
    assert code(shop.post(path, {"text": "  "})) == (400, "validation_failed")
    assert code(shop.post(path, {"mediaUrl": "ftp://x/y.png"})) == (400, "validation_failed")
    assert code(shop.post(path, {"text": "é" * 501})) == (400, "text_too_long")
    assert shop.get(f"/conversations/{conversation}").get_json()["owner"] == "automation", (
        "a refusal takes nothing over"
    )
    town.offset += 8 * 24 * 3600 * 1000
    try:
        assert code(shop.post(path, {"text": "late"})) == (409, "window_closed")
    finally:
        town.offset = 0
    shop.delete(f"/instagram-accounts/{shop.account}")
    assert code(shop.post(path, {"text": "hello"})) == (409, "account_not_connected")


def test_one_key_sends_one_message(town: Town, shop: Shop) -> None:
    name = f"p{uuid.uuid4().hex[:8]}"
    path = f"/conversations/{talk(shop, name=name)}/messages"
    headers = {"Idempotency-Key": "answer-1"}
    first, again = (shop.post(path, {"text": "Once"}, headers=headers) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert len(town.instagram.sent(name)) == 1


def test_notes_and_reading(shop: Shop) -> None:
    conversation = talk(shop)
    path = f"/conversations/{conversation}/notes"
    made = shop.post(path, {"text": "Prefers the evening"})
    assert made.status_code == 201 and made.get_json()["authorId"] == shop.id
    assert [n["text"] for n in shop.get(path).get_json()] == ["Prefers the evening"]
    assert shop.post(f"/conversations/{conversation}/read").get_json()["unread"] == 0


def test_another_tenants_conversation_does_not_exist(shop: Shop, other: Person) -> None:
    conversation = talk(shop)
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/messages", None),
        ("POST", "/messages", {"text": "x"}),
        ("PUT", "/status", {"status": "closed"}),
        ("POST", "/take-over", None),
        ("POST", "/notes", {"text": "x"}),
    ):
        assert code(other.call(method, f"/conversations/{conversation}{path}", body)) == (404, "not_found")
