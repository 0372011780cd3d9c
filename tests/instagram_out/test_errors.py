"""Every row of the reference's table of errors, and every other way in which an answer can be odd."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from instaflow import HttpResponse, NotSent, Outcome, OutcomeUnknown
from plugins.instagram.errors import RULES, rule
from tests.instagram_out.conftest import Script

Do = Callable[..., Outcome]
SEND = ({"id": "1"}, {"message": {"text": "Hi"}})


def refused(code: Any, subcode: Any = None, status: int = 400, message: str = "no", **headers: str) -> HttpResponse:
    error = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "x"}
    return HttpResponse(status, orjson.dumps({"error": error}), headers)


TABLE = [
    # the reference's rows (2.7), by class
    *[(c, s, "unknown") for c, s in [(1, 1357046)]],
    *[(c, s, "retry") for c, s in [(1, None), (1, 99), (2, None), (2, 1545133), (1200, None), (100, 2018008)]],
    *[
        (c, s, "throttled")
        for c, s in [(4, None), (17, None), (32, None), (341, None), (613, None), (613, 2534040), (613, 1996)]
    ],
    *[(c, s, "throttled") for c, s in [(80001, None), (80002, None), (80006, None), (9, None), (9, 2018352)]],
    *[(c, s, "window") for c, s in [(10, 2534022), (10, 2018278)]],
    *[
        (c, s, "account")
        for c, s in [(10, 2534077), (10, 1893063), (10, None), (100, 2534013), (100, 2534029), (102, None)]
    ],
    *[(190, s, "account") for s in (None, 458, 459, 460, 463, 464, 467, 492)],
    *[
        (c, s, "account")
        for c, s in [(200, None), (200, 2018028), (200, 2534041), (368, None), (2022, None), (36103, None)]
    ],
    *[
        (c, s, "contact")
        for c, s in [(10, 2018108), (100, 2534014), (100, 2018001), (200, 1545041), (551, None), (551, 1545041)]
    ],
    (230, None, "contact"),
    *[
        (100, s, "failed")
        for s in (None, 33, 2534015, 2534037, 2018300, 2534068, 2018047, 2018074, 2018109, 2018294, 2018014)
    ],
    *[
        (c, s, "failed")
        for c, s in [(10, 2534001), (10, 2018300), (36000, None), (36000, 2207004), (9000001, None), (4711, 1)]
    ],
    (100, 2534025, "sent"),
]


@pytest.mark.parametrize(("code", "subcode", "status"), TABLE)
def test_a_row_of_the_table(do: Do, code: int, subcode: int | None, status: str) -> None:
    for http_status in (400, 403, 500, 200):
        out = do("send", Script(refused(code, subcode, http_status)), *SEND)
        assert out.status == status
        assert out.code == (f"{code}/{subcode}" if subcode else str(code))


def test_every_rule_is_in_the_table() -> None:
    known = {(c, s) for c, s, _ in TABLE}
    missing = [key for key in RULES if key[0] is not None and key not in known]
    assert not missing
    assert rule(4242, 2534037).name == "not_thread_owner"


def test_some_are_tried_a_few_times_only(do: Do) -> None:
    assert do("send", Script(refused(2)), *SEND, attempt=4).status == "retry"
    assert do("send", Script(refused(2)), *SEND, attempt=5).status == "failed"
    assert do("send", Script(refused(100, 2018008)), *SEND, attempt=2).status == "failed"


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (HttpResponse(502, b"<html>bad gateway"), "unknown", "http_502"),
        (HttpResponse(200, b"<html>"), "unknown", "http_200"),
        (HttpResponse(200, b"[]"), "unknown", "http_200"),
        (HttpResponse(200, b"{}"), "unknown", "no_message_id"),
        (HttpResponse(404, b""), "failed", "http_404"),
        (HttpResponse(429, b"slow", {"retry-after": "9"}), "throttled", "http_429"),
        (HttpResponse(301, b""), "unknown", "http_301"),
        (NotSent("x"), "retry", "not_sent"),
        (OutcomeUnknown("x"), "unknown", "no_answer"),
        (refused("190", "463"), "account", "190/463"),
        (refused(None), "failed", "0"),
        (refused([1]), "failed", "0"),
    ],
)
def test_odd_answers(do: Do, answer: Any, status: str, code: str) -> None:
    out = do("send", Script(answer), *SEND)
    assert (out.status, out.code) == (status, code)


def test_throttling_waits_as_long_as_meta_says(do: Do) -> None:
    usage = {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":19}]}'}
    assert do("send", Script(refused(80002, **usage)), *SEND).after == 19 * 60_000
    assert do("send", Script(refused(613)), *SEND).after == 60_000
    assert do("send", Script(HttpResponse(429, b"", {"retry-after": "9"})), *SEND).after == 9_000


def test_usage_is_told_and_odd_headers_are_passed_over(do: Do) -> None:
    def used(**headers: str) -> Outcome:
        return do("send", Script(HttpResponse(200, b'{"message_id":"m","recipient_id":"1"}', headers)), *SEND)

    assert used(**{"x-app-usage": '{"call_count":85}'}).usage == 85
    full = used(**{"x-app-usage": '{"total_time":100}'})
    assert (full.status, full.provider_id, full.usage, full.after) == ("sent", "m", 100, 60_000)
    for odd in ("", "{", "[]", '{"call_count":"x"}', '{"call_count":null}'):
        assert used(**{"x-app-usage": odd, "x-business-use-case-usage": odd}).status == "sent"


def test_no_token_in_a_message(do: Do) -> None:
    out = do("send", Script(refused(190, message="The token IGAAtoken is bad")), *SEND)
    assert "IGAAtoken" not in out.message
