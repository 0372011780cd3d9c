"""Shapes that the 77 payloads do not show: other carriers, other spellings, missing parts."""

import json
from typing import Any

import pytest

from plugins.instagram.normalise import parse

ME, ANA = "17841400000000101", "836120000000201"
PAIR = {"sender": {"id": ANA}, "recipient": {"id": ME}, "timestamp": 1795392001120}
AT = 1795392001120


def events(*entries: Any) -> list[Any]:
    """What a body with these entries is read as."""
    found = parse(json.dumps({"object": "instagram", "entry": list(entries)}).encode())
    assert found is not None
    return list(found)


def entry(**more: Any) -> dict[str, Any]:
    """An entry of the account, sent in seconds."""
    return {"id": ME, "time": 1795392200, **more}


def change(field: str, value: Any) -> dict[str, Any]:
    """An entry with one change."""
    return entry(changes=[{"field": field, "value": value}])


@pytest.mark.parametrize(
    ("field", "item", "kind"),
    [
        ("messages", {"message": {"mid": "m", "text": "hi"}}, "message"),
        ("messaging_postbacks", {"postback": {"mid": "m", "payload": "P"}}, "postback"),
        ("messaging_seen", {"read": {"mid": "m"}}, "read"),
        ("message_reactions", {"reaction": {"mid": "m", "action": "react"}}, "reaction"),
        ("messaging_referral", {"referral": {"ref": "r"}}, "referral"),
        ("messaging_handover", {"pass_thread_control": {"new_owner_app_id": 990000000000001}}, "control"),
        ("message_edit", {"message_edit": {"mid": "m", "num_edit": "2", "text": "x"}}, "edit"),
        ("standby", {"message": {"mid": "m", "text": "hi"}}, "message"),
        ("message_echoes", {"message": {"mid": "m", "text": "hi", "is_echo": True}}, "echo"),
    ],
)
def test_direct_messages_inside_changes(field: str, item: dict[str, Any], kind: str) -> None:
    (event,) = events(change(field, {**PAIR, **item}))
    (plain,) = events(entry(messaging=[{**PAIR, **item}]))
    assert event["kind"] == kind
    assert event.pop("standby", False) is (field == "standby")
    assert event == plain


def test_lists_that_are_lone_objects() -> None:
    body = {"object": "instagram", "entry": entry(messaging={**PAIR, "message": {"mid": "m", "text": "hi"}})}
    found = parse(json.dumps(body).encode())
    assert found is not None and [e["key"] for e in found] == ["mid:m"]


def test_the_account_is_told_by_the_item_when_the_entry_does_not() -> None:
    inbound, echo, nobody = {**PAIR}, {"sender": {"id": ME}, "recipient": {"id": ANA}}, {"sender": {"id": ANA}}
    found = events(
        {"messaging": [{**inbound, "message": {"mid": "1", "text": "a"}}]},
        {"messaging": [{**echo, "message": {"mid": "2", "text": "b", "is_echo": True}}]},
        {"messaging": [{**nobody, "message": {"mid": "3", "text": "c"}}]},
        {"changes": [{"field": "comments", "value": {"id": "9"}}]},
    )
    assert [(e["ig_id"], e["contact"], e["kind"]) for e in found] == [(ME, ANA, "message"), (ME, ANA, "echo")]


def test_what_the_account_says_is_an_echo_even_when_it_does_not_say_so() -> None:
    (event,) = events(
        entry(messaging=[{"sender": {"id": ME}, "recipient": {"id": ANA}, "message": {"mid": "m", "text": "x"}}])
    )
    assert (event["kind"], event["contact"]) == ("echo", ANA)


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        (AT, AT),
        (str(AT), AT),
        (1795392001, 1795392001000),
        ("1795392001.5", 1795392001500),
        (None, 1795392200000),
        (-1, 1795392200000),
        (True, 1795392200000),
        ([], 1795392200000),
        (10**20, 1795392200000),
    ],
)
def test_times(timestamp: Any, at: int) -> None:
    (event,) = events(entry(messaging=[{**PAIR, "timestamp": timestamp, "message": {"mid": "m", "text": "x"}}]))
    assert event["at"] == at


def test_edits_numbered_0_are_messages() -> None:
    """With text and sender at once; without, the key is the message's, so that it is taken once (decision 36)."""
    full, bare, second = (
        events(entry(messaging=[{**PAIR, "message_edit": edit}]))[0]
        for edit in (
            {"mid": "m", "num_edit": 0, "text": "hi"},
            {"mid": "m", "num_edit": "0"},
            {"mid": "m", "text": "ho"},
        )
    )
    assert (full["kind"], full["key"], full["text"]) == ("message", "mid:m", "hi")
    assert (bare["kind"], bare["key"], bare["number"]) == ("edit", "mid:m", 0)
    assert (second["kind"], second["key"], second["number"]) == ("edit", "edit:m:1", 1)


def test_keys_tell_different_things_apart() -> None:
    """The same thing twice has one key; another contact, time, sign or value has another (reference 1.9)."""

    def keys(*items: dict[str, Any]) -> list[str]:
        return [e["key"] for e in events(entry(messaging=[{**PAIR, **item} for item in items]))]

    love, taken = {"mid": "m", "action": "react", "emoji": "❤"}, {"mid": "m", "action": "unreact"}
    later = {"timestamp": AT + 1}
    for items in (
        [{"reaction": love}, {"reaction": {**love, "emoji": "😮"}}, {"reaction": taken}, {"reaction": love, **later}],
        [{"postback": {"payload": "A"}}, {"postback": {"payload": "B"}}, {"postback": {"payload": "A"}, **later}],
        [{"read": {"mid": "m"}}, {"read": {"mid": "n"}}, {"read": {"mid": "m"}, "sender": {"id": "5"}}],
        [{"message": {"text": "a"}}, {"message": {"text": "b"}}, {"message": {"text": "a"}, **later}],
        [{"aurora": 1}, {"aurora": 2}, {"aurora": 1, **later}],
        [
            {"message": {"mid": "m", "text": "a"}},
            {"message": {"mid": "m", "is_deleted": True}},
            {"message_edit": {"mid": "m"}},
        ],
    ):
        assert len(set(keys(*items))) == len(items)
        assert keys(*items) == keys(*items)


def test_a_comment_and_its_live_twin_are_one() -> None:
    value = {"id": "9", "text": "x", "from": {"id": ANA}, "media": {"id": "7"}}
    first, second = events(change("comments", value), change("live_comments", value))
    assert first["key"] == second["key"] == "cmt:9"


def test_own_comments_by_either_sign() -> None:
    for author in ({"id": ME}, {"id": "55", "self_ig_scoped_id": "55"}):
        (event,) = events(change("comments", {"id": "9", "text": "x", "from": author}))
        assert event["is_self"] is True


@pytest.mark.parametrize(
    "person", [{"from": {"id": ANA}}, {"sender_id": int(ANA)}, {"user": {"id": ANA}}, {"sender": {"id": ANA}}]
)
def test_follow_wherever_the_id_stands(person: dict[str, Any]) -> None:
    (event,) = events(change("follow", person))
    assert (event["kind"], event["contact"]) == ("follow", ANA)


def test_fields_without_values() -> None:
    (event,) = events(entry(changed_fields=["comments"]))
    assert event["kind"] == "unknown" and event["raw"]["changed_fields"] == ["comments"]
