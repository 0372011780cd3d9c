"""What a hostile or broken body may do: never a 500, and one bad update never loses the others."""

import io
import json
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model.limits import WEBHOOK_BYTES
from plugins.instagram.normalise import parse
from plugins.instagram.signature import sign
from tests.webhooks.conftest import BAKERY, PAYLOADS, Door


def envelope(*items: Any, **entry: Any) -> bytes:
    """A body with these items in ``messaging``."""
    return json.dumps(
        {"object": "instagram", "entry": [{"id": BAKERY, "time": 1, "messaging": list(items), **entry}]}
    ).encode()


def message(mid: str = "m1", text: Any = "hi", **more: Any) -> dict[str, Any]:
    """An item with a text."""
    return {"sender": {"id": "8361"}, "recipient": {"id": BAKERY}, "message": {"mid": mid, "text": text, **more}}


@pytest.mark.parametrize(
    "signature", [b"", b"sha256=", b"sha256=\xff\xfe", b"sha1=0", b"x" * 10_000, b"sha256=" + b"0" * 64]
)
def test_wrong_signature(door: Door, signature: bytes) -> None:
    answer = door.post(envelope(message()), signature)
    assert answer.status_code == 400
    assert answer.json == {
        "code": "invalid_signature",
        "message": "The webhook's signature is missing or wrong",
        "details": {},
    }
    assert door.rows() == [] and door.counts.invalid_signature == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"3", b'"a"', b"null", b"[1]", b'[{}, "a"]', b"[" * 100_000, b'{"a":' * 3000, b"\xff"]
)
def test_no_object(door: Door, body: bytes) -> None:
    answer = door.post(body)
    assert (answer.status_code, answer.json["code"]) == (400, "invalid_payload")  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"[{}]",
        b'{"object":3}',
        b'{"object":"instagram","entry":7}',
        b'{"object":"instagram","entry":[3,[],{}]}',
    ],
)
def test_nothing_inside(door: Door, body: bytes) -> None:
    assert door.post(body).status_code == 200
    assert door.rows() == []


def test_surrounding_array(door: Door) -> None:
    assert door.post(b"[" + envelope(message("a")) + b"," + envelope(message("b")) + b"]").status_code == 200
    assert [r["key"] for r in door.rows()] == ["mid:a", "mid:b"]


def test_one_bad_update_loses_no_other(door: Door) -> None:
    odd: list[Any] = [
        None,
        7,
        [],
        {},
        {"message": 5},
        {"sender": [], "message": {"mid": {}, "text": {}}},
        {
            "sender": {"id": {"a": 1}},
            "message": {"mid": "odd", "attachments": {"type": 3}, "reply_to": [], "quick_reply": 1},
        },
        {"sender": {"id": "8361"}, "message_edit": {"mid": None, "num_edit": "x"}},
        {"sender": {"id": "8361"}, "reaction": {"emoji": 5}, "timestamp": "soon"},
    ]
    assert door.post(envelope(message("first"), *odd, message("last"), time="never")).status_code == 200
    keys = [row["key"] for row in door.rows()]
    assert keys[0] == "mid:first" and keys[-1] == "mid:last" and "mid:odd" in keys


def test_characters_that_postgresql_refuses(door: Door) -> None:
    body = envelope(
        message(
            "nul\x00mid", "a\x00b", attachments=[{"type": "image", "payload": {"url": "x\x00", "k\x00": "\ud800"}}]
        ),
        message("lone", "half \ud83d of a smiley"),
    )
    assert b"\\u0000" in body and b"\\ud800" in body
    assert door.post(body).status_code == 200
    texts = [row["payload"]["text"] for row in door.rows()]
    assert texts == ["ab", "half � of a smiley"]


def test_bytes_that_are_no_utf8(door: Door) -> None:
    body = b'\xef\xbb\xbf{"object":"instagram","entry":[{"id":"%s","messaging":[{"sender":{"id":"1"},"message":{"mid":"m","text":"\xff\x01"}}]}]}'
    assert door.post(body % BAKERY.encode()).status_code == 200
    assert [row["payload"]["text"] for row in door.rows()] == ["�\x01"]


def test_numbers_keep_their_digits(door: Door) -> None:
    body = (
        '{"object":"instagram","entry":[{"id":%s,"time":1,"messaging":[{"sender":{"id":836120000000000000201},'
        '"message":{"mid":"m","attachments":[{"type":"ig_reel","payload":{"reel_video_id":180500000000000000109,"n":9007199254740993}}]}}]}]}'
    )
    assert door.post((body % BAKERY).encode()).status_code == 200
    (row,) = door.rows()
    assert row["contact"] == "836120000000000000201"
    assert row["payload"]["attachments"] == [
        {"reel_video_id": "180500000000000000109", "n": "9007199254740993", "type": "ig_reel"}
    ]


def test_endless_values(door: Door) -> None:
    """Ids that no column takes, texts as long as the body, nesting that no database takes."""
    deep: Any = "bottom"
    for _ in range(200):
        deep = {"a": [deep]}
    body = envelope(
        message("m" * 5000, "t" * 100_000),
        message("😀" * 900),
        message("deep", attachments=[{"type": "template", "payload": deep}]),
        {"sender": {"id": "9" * 300}, "message": {"mid": "long sender", "text": "x"}},
        {"aurora": deep, "sender": {"id": "8361"}},
    )
    assert door.post(body).status_code == 200
    rows = door.rows()
    assert [row["kind"] for row in rows] == ["message"] * 4 + ["unknown"]
    assert rows[3]["contact"] is None


def test_4_mib_with_1000_updates(door: Door) -> None:
    body = envelope(*(message(f"m{i}", "x" * 4000) for i in range(1000)))
    body += b" " * (WEBHOOK_BYTES - len(body))
    assert len(body) == WEBHOOK_BYTES
    assert door.post(body).status_code == 200
    assert [row["key"] for row in door.rows()] == [f"mid:m{i}" for i in range(1000)]
    answer = door.post(body + b" ")
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")  # type: ignore[index]


def test_a_body_without_length_is_read_to_its_end(door: Door) -> None:
    body = envelope(message("chunked"))
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    headers = {"X-Hub-Signature-256": sign(body, "instaflow-test-app-secret").decode(), "Transfer-Encoding": "chunked"}
    answer = door.client.post(
        "/api/v1/webhooks/instagram", input_stream=io.BytesIO(body), environ_overrides=environ, headers=headers
    )
    assert answer.status_code == 200 and len(door.rows()) == 1


def test_times_that_are_none(door: Door) -> None:
    """No time at all and a time in the next century count as now; seconds count as seconds."""
    now = door.clock.now()
    items = [message("none"), {**message("far"), "timestamp": 10**14}, {**message("old"), "timestamp": 1_500_000_000}]
    assert door.post(envelope(*items, time=None)).status_code == 200
    assert [row["at"] for row in door.rows()] == [now, now, 1_500_000_000_000]


_leaf = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(),
    st.sampled_from([BAKERY, "8361", "0"]),
)
_words = st.sampled_from(
    [
        "object",
        "entry",
        "id",
        "time",
        "messaging",
        "standby",
        "changes",
        "field",
        "value",
        "sender",
        "recipient",
        "timestamp",
        "message",
        "mid",
        "text",
        "attachments",
        "type",
        "payload",
        "url",
        "quick_reply",
        "reply_to",
        "story",
        "referral",
        "ref",
        "ad_id",
        "product",
        "is_echo",
        "is_deleted",
        "is_self",
        "is_unsupported",
        "reaction",
        "emoji",
        "action",
        "postback",
        "title",
        "read",
        "message_edit",
        "num_edit",
        "optin",
        "pass_thread_control",
        "metadata",
        "app_id",
        "from",
        "username",
        "media",
        "comments",
        "live_comments",
        "mentions",
        "follow",
        "story_insights",
        "comment_id",
        "original_media_id",
        "changed_fields",
    ]
)
_json = st.recursive(
    _leaf,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_words, inner, max_size=6)),
    max_leaves=25,
)


@given(_json)
@settings(max_examples=300, deadline=None)
def test_any_json_gives_events_that_can_be_stored(value: Any) -> None:
    body = json.dumps(
        {"object": "instagram", "entry": [{"id": BAKERY, "messaging": [value], "changes": value}, value]}
    ).encode()
    events = parse(body)
    assert events is not None
    for event in events:
        assert {"kind", "ig_id", "contact", "at", "key"} <= event.keys() and event["key"]
        assert b"\\u0000" not in orjson.dumps(event)


@given(st.sampled_from(PAYLOADS), st.data())
@settings(max_examples=200, deadline=None)
def test_payloads_with_one_wrong_leaf(payload: dict[str, Any], data: st.DataObject) -> None:
    value = json.loads(json.dumps(payload["payload"]))
    places = list(_places(value))
    if places:
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(_json)
    assert parse(json.dumps(value).encode()) is not None


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_parsed_or_refused(body: bytes) -> None:
    assert parse(body) in (None, [])


@given(value=_json)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_over_the_door_is_200(door: Door, value: Any) -> None:
    assert door.post(envelope(value, message("kept"), changes=[value])).status_code == 200
    assert any(row["key"] == "mid:kept" for row in door.rows())


def _places(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
