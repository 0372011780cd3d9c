"""Rows for tests: a tenant with an account, a flow, a contact and what running leaves behind."""

from typing import Any

from core.store.ids import new_id
from core.store.store import Store
from core.store.tables import accounts, contacts, conversations, flows, people, runtime

T0 = 1_767_225_600_000
HASH = "ir1:0123456789abcdef0123456789abcdef"


def tenant(store: Store, email: str = "owner@example.org") -> dict[str, str]:
    """A user, an account, an active flow with its version and program, a contact with a conversation: their ids."""
    ids = {k: new_id() for k in ("user_id", "account_id", "flow_id", "version_id", "contact_id", "conversation_id")}
    u, a, at = ids["user_id"], ids["account_id"], {"created_at": T0, "updated_at": T0}
    definition = {"startNodeId": "start", "nodes": [{"id": "start", "type": "start", "connections": []}]}
    with store.write() as tx:
        tx.execute(people.user.insert().values(user_id=u, email=email, password_hash="-", **at))
        tx.execute(
            accounts.account.insert().values(
                instagram_account_id=a, user_id=u, instagram_user_id=f"17{new_id()[-12:]}", access_token="sealed", **at
            )
        )
        if tx.execute(flows.program.select()).first() is None:
            tx.execute(flows.program.insert().values(hash=HASH, body="{}", created_at=T0))
        tx.execute(
            flows.flow.insert().values(
                flow_id=ids["flow_id"],
                user_id=u,
                instagram_account_id=a,
                slug="hello",
                name="Hello",
                status="active",
                flow_definition=definition,
                published_version_id=ids["version_id"],
                **at,
            )
        )
        tx.execute(
            flows.flow_version.insert().values(
                flow_version_id=ids["version_id"],
                user_id=u,
                flow_id=ids["flow_id"],
                number=1,
                flow_definition=definition,
                program_hash=HASH,
                created_at=T0,
            )
        )
        tx.execute(
            contacts.contact.insert().values(
                contact_id=ids["contact_id"],
                user_id=u,
                instagram_account_id=a,
                first_name="Ada 🙂",
                custom_attributes={"email": "ada@example.org"},
                **at,
            )
        )
        tx.execute(
            conversations.conversation.insert().values(
                conversation_id=ids["conversation_id"],
                user_id=u,
                instagram_account_id=a,
                contact_id=ids["contact_id"],
                started_at=T0,
                **at,
            )
        )
    return ids


def event(store: Store, ids: dict[str, str], key: str, at: int = T0, **more: Any) -> int:
    """An inbox row, done unless ``state`` says otherwise; a pending one has its mailbox row."""
    values = {"state": 1, "done_at": at, "payload": {"kind": "message", "text": key}, **more}
    if values["state"] == 0:
        values["done_at"] = None
    with store.write() as tx:
        row = tx.execute(
            runtime.inbound_event.insert().values(
                user_id=ids["user_id"],
                account_id=ids["account_id"],
                contact_id=ids["contact_id"],
                kind="message",
                dedupe_key=key,
                source_at=at,
                received_at=at,
                **values,
            )
        )
        if values["state"] == 0:
            tx.execute(
                runtime.mailbox.insert().values(
                    contact_id=ids["contact_id"], account_id=ids["account_id"], prio=1, ready_at=at
                )
            )
        assert row.inserted_primary_key is not None
        return int(row.inserted_primary_key[0])


def run(store: Store, ids: dict[str, str], at: int = T0, **more: Any) -> str:
    """A run that waits for a reply, or as ``more`` says."""
    run_id = new_id()
    values = {"status": "waiting", "foreground": True, "wait_kind": "reply", "ended_at": None, "body": {}, **more}
    with store.write() as tx:
        tx.execute(
            runtime.run.insert().values(
                run_id=run_id,
                user_id=ids["user_id"],
                account_id=ids["account_id"],
                contact_id=ids["contact_id"],
                flow_id=ids["flow_id"],
                program_hash=HASH,
                seq=1,
                wait=1,
                started_at=at,
                updated_at=at,
                **values,
            )
        )
    return run_id


def send(
    store: Store, ids: dict[str, str], event_id: int | None, at: int = T0, status: str = "sent", **more: Any
) -> int:
    """A call with its message."""
    log_id = new_id()
    values = {"state": "sent", "automated": True, "done_at": at, **more}
    with store.write() as tx:
        tx.execute(
            conversations.message_log.insert().values(
                message_log_id=log_id,
                user_id=ids["user_id"],
                instagram_account_id=ids["account_id"],
                contact_id=ids["contact_id"],
                conversation_id=ids["conversation_id"],
                direction="outbound",
                type="text",
                content={"text": "hi"},
                timestamp=at,
                is_automated=True,
                status=status,
            )
        )
        row = tx.execute(
            runtime.outbox.insert().values(
                user_id=ids["user_id"],
                account_id=ids["account_id"],
                contact_id=ids["contact_id"],
                event_id=event_id,
                message_log_id=log_id,
                conversation_id=ids["conversation_id"],
                idem=new_id(),
                kind="send",
                epoch=0,
                prio=1,
                next_at=at,
                body={"message": {"text": "hi"}},
                created_at=at,
                **values,
            )
        )
        assert row.inserted_primary_key is not None
        return int(row.inserted_primary_key[0])
