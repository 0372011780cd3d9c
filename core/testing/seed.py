"""Fills an installation for benches and chaos: schema, accounts by Instagram id, one flow with a keyword trigger each."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from core.host.manager import load as load_plugins
from core.lang import compile_definition
from core.model.codec import canonical
from core.settings import Settings
from core.store.ids import new_id
from core.store.migrate import upgrade
from core.store.sealing import Sealer
from core.store.store import Store
from core.store.tables import accounts, flows, people, triggers

QUIET = {"sameTriggerSeconds": 0, "burstSeconds": 0, "botBrake": 0, "disclosure": ""}
"""Account settings of a bench: the guards against loops would stop the load."""

REPLY = "Thanks for asking! The jacket is 89 EUR, here is the link: https://shop.example/blue-jacket"

KEYWORD_FLOW = {
    "startNodeId": "start",
    "nodes": [
        {"id": "start", "type": "start", "connections": [{"targetNodeId": "reply", "condition": None}]},
        {
            "id": "reply",
            "type": "message",
            "content": {"text": REPLY},
            "connections": [{"targetNodeId": None, "condition": None}],
        },
    ],
}
"""A new run per message: it starts, replies and ends."""

ASKING_FLOW = {
    "startNodeId": "start",
    "nodes": [
        {"id": "start", "type": "start", "connections": [{"targetNodeId": "reply", "condition": None}]},
        {
            "id": "reply",
            "type": "message",
            "content": {"text": REPLY},
            "connections": [{"targetNodeId": "reply", "condition": {"type": "any_reply"}}],
        },
    ],
}
"""A run that waits for an answer and resumes with every message of the same person."""


def prepare(settings: Settings, tokens: Mapping[str, str], flow: Mapping[str, Any], now: int) -> list[str]:
    """Migrates and fills an empty database; ``tokens`` = Instagram id → access token. Answers the accounts' ids."""
    upgrade(settings.database_url)
    store = Store(settings.database_url)
    compiled = compile_definition(flow, load_plugins(entry_points=False))
    if not compiled.ok or compiled.program is None:
        raise ValueError([d.as_json() for d in compiled.diagnostics])
    program = compiled.program
    sealer = Sealer(settings.encryption_keys)
    owner = new_id()
    when = {"created_at": now, "updated_at": now}
    ids: list[str] = []
    with store.write() as tx:
        tx.execute(people.user.insert().values(user_id=owner, email="bench@example.org", password_hash="-", **when))
        tx.execute(
            flows.program.insert().values(hash=program.hash, body=canonical(program.as_json()).decode(), created_at=now)
        )
        for ig_id, token in tokens.items():
            ids.append(_account(tx, sealer, (owner, ig_id, token), flow, program.hash, now))
    return ids


def _account(
    tx: Connection, sealer: Sealer, who: tuple[str, str, str], flow: Mapping[str, Any], program_hash: str, now: int
) -> str:
    owner = who[0]
    account, flow_id, version = new_id(), new_id(), new_id()
    when = {"created_at": now, "updated_at": now}
    _row(tx, sealer, who, account, when)
    _flow(tx, (owner, account, flow_id, version), flow, program_hash, now)
    return account


def _flow(tx: Connection, ids: tuple[str, str, str, str], flow: Mapping[str, Any], program_hash: str, now: int) -> None:
    owner, account, flow_id, version = ids
    when = {"created_at": now, "updated_at": now}
    tx.execute(
        flows.flow.insert().values(
            flow_id=flow_id,
            user_id=owner,
            instagram_account_id=account,
            slug="price",
            name="Price",
            flow_definition=flow,
            status="active",
            published_version_id=version,
            draft_hash=program_hash,
            **when,
        )
    )
    tx.execute(
        flows.flow_version.insert().values(
            flow_version_id=version,
            user_id=owner,
            flow_id=flow_id,
            number=1,
            flow_definition=flow,
            program_hash=program_hash,
            created_at=now,
        )
    )
    tx.execute(
        triggers.trigger.insert().values(
            trigger_id=new_id(),
            user_id=owner,
            flow_id=flow_id,
            instagram_account_id=account,
            type="dm_keyword",
            keyword="price",
            **when,
        )
    )


def _row(tx: Connection, sealer: Sealer, who: tuple[str, str, str], account: str, when: Mapping[str, int]) -> None:
    owner, ig_id, token = who
    now = when["created_at"]
    tx.execute(
        accounts.account.insert().values(
            instagram_account_id=account,
            user_id=owner,
            instagram_user_id=ig_id,
            instagram_username=f"bench{ig_id[-4:]}",
            access_token=sealer.seal(token, account),
            token_issued_at=now,
            token_expires_at=now + 5_000_000_000,
            claim="proven",
            settings=QUIET,
            triggers_version=1,
            **when,
        )
    )
    tx.execute(accounts.lane.insert().values(account_id=account, user_id=owner))
