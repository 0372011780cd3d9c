"""The reference's 77 payloads over the receiver: what each leaves in the inbox."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.model.inbound import WINDOW_OPENING
from tests.webhooks.conftest import BY_NAME, PAYLOADS, Door

EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "expected.yaml").read_text())


def test_every_payload_has_its_expectation() -> None:
    assert len(PAYLOADS) == 77
    assert list(EXPECTED) == [p["name"] for p in PAYLOADS]


@pytest.mark.parametrize("name", [p["name"] for p in PAYLOADS])
def test_payload(door: Door, name: str) -> None:
    answer = door.deliver(BY_NAME[name]["payload"])
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    rows = door.rows()
    assert [picture(row) for row in rows] == EXPECTED[name]
    assert all(abs(row["at"] - door.clock.now()) < 2 * 3600 * 1000 for row in rows), "seconds and milliseconds"
    assert door.counts.stored == len(rows) == door.counts.events or name == "account_not_connected"
    contacts = {(row["account"], row["contact"]) for row in rows if row["contact"]}
    assert door.count("contact") == door.count("conversation") == len(contacts)
    assert len(door.woken) == (1 if contacts else 0)


def picture(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says, without what all rows say alike."""
    payload = {k: v for k, v in row["payload"].items() if k not in ("kind", "ig_id", "contact", "at", "key")}
    payload.get("raw", {}).pop("timestamp", None)
    key = re.sub(r":[0-9a-f]{32}$", ":*", row["key"])
    return {"kind": row["kind"], "key": key, "contact": row["contact"], **payload}


def test_window_opening_kinds() -> None:
    """The kinds that open the window are those of reference 2.5: a comment, a reaction, a receipt, an echo do not."""
    opening = {n for n, rows in EXPECTED.items() for r in rows if r["kind"] in WINDOW_OPENING and not r.get("standby")}
    assert "text_dm" in opening and "postback_persistent_menu" in opening and "referral_existing_thread" in opening
    assert not opening & {
        "comment_changes",
        "reaction_react",
        "seen",
        "message_edit",
        "message_deleted",
        "echo_of_api_send",
    }


def test_redelivery_changes_nothing(door: Door) -> None:
    door.deliver(BY_NAME["text_dm"]["payload"])
    before = door.rows()
    answer = door.deliver(BY_NAME["redelivery_of_text_dm_later"]["payload"])
    assert answer.status_code == 200 and door.rows() == before
    assert (door.counts.events, door.counts.stored, door.counts.repeated) == (2, 1, 1)


def test_unknown_accounts_are_counted_and_leave_nothing(door: Door) -> None:
    assert door.deliver(BY_NAME["account_not_connected"]["payload"]).status_code == 200
    assert door.rows() == [] and door.count("contact") == 0
    assert (door.counts.events, door.counts.unknown_account, door.counts.repeated) == (1, 1, 0)


def test_deletion_is_no_repetition(door: Door) -> None:
    for name in ("text_dm", "message_deleted"):
        door.deliver(BY_NAME[name]["payload"])
    assert [row["kind"] for row in door.rows()] == ["message", "deleted"]


def test_all_in_one_go(door: Door) -> None:
    """Every payload one after the other: as many rows as there are different keys."""
    for payload in PAYLOADS:
        assert door.deliver(payload["payload"]).status_code == 200
    events = [r["key"] for rows in EXPECTED.values() for r in rows]
    named = {key for key in events if not key.endswith("*")}
    assert len(door.rows()) == len(named) + sum(key.endswith("*") for key in events)
    assert door.counts.tests == 2 and door.counts.ignored == 7
