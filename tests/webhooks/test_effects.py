"""The reference's 77 payloads through receiver, inbox and drain: what is logged, what answers, what opens the window."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from werkzeug.test import Client

from core.host.manager import load
from core.lang import compile_definition
from core.model.program import Program
from core.store.ids import new_id
from core.store.store import Store
from core.testing.clock import FixedClock
from flask_api.webhooks.counts import Counts
from flask_api.webhooks.receiver import PATH, Receiver, compose
from plugins.instagram.signature import sign
from tests.runtime_in.conftest import Stage, texts
from tests.runtime_in.flows import say
from tests.webhooks.conftest import BY_NAME, NEWEST, PAYLOADS, SECRET, SHOP, refuse_rest, shifted

EFFECTS: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "effects.yaml").read_text())
REGISTRY = load(entry_points=False)
TRIGGERS: dict[str, dict[str, Any]] = {
    "welcome": {"type": "welcome_message"},
    "default": {"type": "default_reply"},
    "keyword": {"type": "dm_keyword", "keyword": "sundays, cafe, كعكة, price, second, both, menu, are you there"},
    "story reply": {"type": "story_reply"},
    "sticker": {"type": "story_reply", "linkStickerUrl": "shop.example.org"},
    "mention": {"type": "story_mention"},
    "comment": {"type": "comment_keyword", "keyword": "link", "mediaId": "18050000000000601"},
    "any comment": {"type": "comment_keyword"},
    "live": {"type": "live_comment"},
    "ref": {"type": "ref"},
    "hours": {"type": "ice_breaker", "payload": "ICE_HOURS"},
    "guide": {"type": "ice_breaker", "payload": "ICE_GUIDE"},
    "agent": {"type": "menu", "payload": "MENU_AGENT"},
    "ad": {"type": "ad", "adId": "120210000000000407"},
    "reaction": {"type": "reaction"},
}


def _program(text: str) -> Program:
    found = compile_definition(say(text), REGISTRY).program
    assert found is not None
    return found


PROGRAMS = {name: _program(name) for name in TRIGGERS}


@pytest.fixture
def stage(store: Store, clock: FixedClock) -> Iterator[Stage]:
    """An account with a flow for every way to begin, made in one transaction; the second account of the batch has none."""
    made = Stage(store, clock, REGISTRY)
    with made.db.write() as tx:
        _publish(tx, made)
        columns = ("instagram_account_id", "user_id", "instagram_user_id", "created_at", "updated_at")
        tx.insert("instagram_account", columns, [(new_id(), made.user, SHOP, 0, 0)])
    yield made
    made.intake.close()


def _publish(tx: Any, stage: Stage) -> None:
    flows: list[Any] = []
    versions: list[Any] = []
    triggers: list[Any] = []
    for name, trigger in TRIGGERS.items():
        flow_id, version_id, slug = new_id(), new_id(), name.replace(" ", "-")
        flows.append((flow_id, stage.user, stage.account, slug, name, "{}", "active", version_id, 0, 0))
        versions.append((version_id, stage.user, flow_id, 1, "{}", PROGRAMS[name].hash, 0))
        options = json.dumps({k: v for k, v in trigger.items() if k not in ("type", "keyword")})
        row = (new_id(), stage.user, flow_id, stage.account, trigger["type"], trigger.get("keyword", ""), options, 0, 0)
        triggers.append(row)
    bodies = {p.hash: (p.hash, orjson.dumps(p.as_json()).decode(), 0) for p in PROGRAMS.values()}
    tx.insert("program", ("hash", "body", "created_at"), list(bodies.values()))
    of = ("user_id", "instagram_account_id", "slug", "name", "flow_definition", "status")
    tx.insert("flow", ("flow_id", *of, "published_version_id", "created_at", "updated_at"), flows)
    of = ("user_id", "flow_id", "number", "flow_definition", "program_hash")
    tx.insert("flow_version", ("flow_version_id", *of, "created_at"), versions)
    of = ("user_id", "flow_id", "instagram_account_id", "type", "keyword", "options")
    tx.insert("trigger", ("trigger_id", *of, "created_at", "updated_at"), triggers)


def deliver(stage: Stage, payload: Any) -> None:
    """Over HTTP, signed, shifted to now."""
    client = Client(
        compose(Receiver(stage.intake, REGISTRY.webhooks["instagram"], (SECRET,), stage.clock, Counts()), refuse_rest)
    )
    delta = stage.clock.now() - NEWEST
    body = json.dumps(shifted(payload, delta - delta % 1000)).encode()
    assert client.post(PATH, data=body, headers={"X-Hub-Signature-256": sign(body, SECRET).decode()}).status_code == 200


def effects(stage: Stage) -> dict[str, Any]:
    """What an outsider can see: what answers, what stands in the log, which contacts have an open window, who owns."""
    sent = texts(stage.run())
    log = [
        f"{direction} {type_}{'' if status == 'received' else ' ' + status}"
        for direction, type_, status in stage.all(
            "SELECT direction, type, status FROM message_log WHERE is_automated = false ORDER BY timestamp, message_log_id"
        )
    ]
    found: dict[str, Any] = {"answers": sent, "log": log, "done": stage.dispositions()}
    found["window"] = stage.one("SELECT count(*) FROM contact WHERE last_inbound_at IS NOT NULL")
    found["human"] = stage.one("SELECT count(*) FROM conversation WHERE owner = 'human'")
    return {k: v for k, v in found.items() if v}


def test_every_payload_has_its_effects() -> None:
    assert list(EFFECTS) == [p["name"] for p in PAYLOADS]


@pytest.mark.parametrize("name", [p["name"] for p in PAYLOADS])
def test_effects(stage: Stage, name: str) -> None:
    deliver(stage, BY_NAME[name]["payload"])
    assert effects(stage) == (EFFECTS[name] or {})
    assert stage.one("SELECT count(*) FROM mailbox") == 0, "everything is handled"
    assert stage.one("SELECT count(*) FROM dead_letter") == 0


def test_redelivery_answers_once(stage: Stage) -> None:
    for name in ("text_dm", "redelivery_of_text_dm_later"):
        deliver(stage, BY_NAME[name]["payload"])
    assert effects(stage)["answers"] == ["keyword"]


def test_deletion_blanks_what_was_stored(stage: Stage) -> None:
    deliver(stage, BY_NAME["text_dm"]["payload"])
    stage.run()
    deliver(stage, BY_NAME["message_deleted"]["payload"])
    assert stage.run() == []
    (content, type_) = stage.all("SELECT content, type FROM message_log WHERE direction = 'inbound'")[0]
    assert "Sundays" not in str(content) and type_ == "deleted"
    assert "Sundays" not in str(stage.all("SELECT payload FROM inbound_event"))


def test_edit_updates_the_text_and_starts_nothing(stage: Stage) -> None:
    deliver(stage, BY_NAME["text_dm_emoji_combining"]["payload"])
    stage.run()
    deliver(stage, BY_NAME["message_edit"]["payload"])
    assert stage.run() == []
    (content, edits) = stage.all("SELECT content, edit_count FROM message_log WHERE direction = 'inbound'")[0]
    assert "Precio de la tarta?" in str(content) and edits == 1


def test_texts_are_stored_as_they_came(stage: Stage) -> None:
    for name in ("text_dm_emoji_combining", "text_dm_rtl_bidi", "text_dm_4000_chars"):
        deliver(stage, BY_NAME[name]["payload"])
    stage.run()
    stored = [
        json.loads(c)["text"] for (c,) in stage.all("SELECT content FROM message_log WHERE direction = 'inbound'")
    ]
    sent = [p["payload"]["entry"][0]["messaging"][0]["message"]["text"] for p in PAYLOADS[1:4]]
    assert sorted(stored) == sorted(sent)


def test_a_late_older_message_does_not_move_the_window_back(stage: Stage) -> None:
    deliver(stage, BY_NAME["out_of_order_older_after_newer"]["payload"])
    stage.run()
    newest = stage.one("SELECT max(source_at) FROM inbound_event")
    assert stage.one("SELECT last_inbound_at FROM contact") == newest


def test_an_attribution_stays_on_the_contact(stage: Stage) -> None:
    deliver(stage, BY_NAME["message_from_ad"]["payload"])
    stage.run()
    assert json.loads(stage.one("SELECT source FROM contact"))["ad_id"] == "120210000000000407"


def test_events_older_than_a_week_are_stored_and_start_nothing(stage: Stage) -> None:
    stage.clock.move(days=8)
    for name in ("text_dm", "comment_changes"):
        old = shifted(BY_NAME[name]["payload"], -8 * 24 * 3600 * 1000)
        deliver(stage, old)
    assert stage.run() == []
    assert stage.dispositions() == ["too_old", "too_old"]
