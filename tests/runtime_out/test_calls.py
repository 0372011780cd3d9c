"""Calls that are no messages: plain HTTP of a flow, actions, both logins, and a claim that came too late."""

from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from core.runtime.outbox import OutboxRow
from core.runtime.senders import Senders, Views
from tests.runtime_out.conftest import OutHouse
from tests.runtime_out.graph import DROP


def request_row(house: OutHouse, retries: int = 0, **args: Any) -> OutboxRow:
    body = {"args": {"url": house.graph.url + "/api", **args}, "retries": retries, "seconds": 30}
    more: dict[str, Any] = {"message_log_id": None, "run_id": house.user, "wait": 2, "not_after": None}
    return house.row(kind="http.request", body=body, **more)


def results(house: OutHouse) -> list[dict[str, Any]]:
    return [orjson.loads(r[0]) for r in house.all("SELECT payload FROM inbound_event ORDER BY id")]


def here(house: OutHouse) -> dict[str, Any]:
    return {"allow_private_hosts": (urlsplit(house.graph.url).netloc,)}


def test_a_flows_request_comes_back_as_a_result(house: OutHouse) -> None:
    house.put(request_row(house, method="POST", json={"a": 1}))
    house.graph.answer = lambda s: (200, {"price": 89})
    house.dispatcher(**here(house)).once()
    assert house.states() == ["sent"] and house.graph.seen[0].json == {"a": 1}
    result = results(house)[0]
    assert (
        result["outcome"] == "success" and result["data"]["body"] == {"price": 89} and result["data"]["status"] == 200
    )


def test_a_private_address_is_refused_and_the_flow_hears_it(house: OutHouse) -> None:
    house.put(request_row(house))
    house.dispatcher().once()
    assert house.graph.seen == [] and house.states() == ["failed"]
    assert results(house)[0] == {"run": house.user, "wait": 2, "outcome": "failure", "data": None, "error": "not_sent"}


def test_a_post_whose_answer_is_lost_is_never_repeated(house: OutHouse) -> None:
    house.put(request_row(house, 3, method="POST"))
    house.graph.answer = lambda s: DROP
    dispatcher = house.dispatcher(**here(house))
    dispatcher.once()
    house.clock.move(hours=1)
    dispatcher.once()
    assert len(house.graph.seen) == 1 and house.states() == ["failed"] and results(house)[0]["error"] == "no_answer"


def test_a_get_is_repeated_as_often_as_the_flow_says(house: OutHouse) -> None:
    house.put(request_row(house, 2))
    house.graph.answer = lambda s: (500, {})
    dispatcher = house.dispatcher(**here(house))
    for _ in range(5):
        dispatcher.once()
        house.clock.move(hours=1)
    assert len(house.graph.seen) == 3 and house.states() == ["failed"] and len(results(house)) == 1
    assert house.all("SELECT id FROM dead_letter") == [] and house.all("SELECT * FROM lane WHERE failures > 0") == []


def test_a_request_that_a_crash_interrupted_fails_for_its_flow(house: OutHouse) -> None:
    house.put(request_row(house, method="POST"))
    house.run("UPDATE outbox SET state = 'sending', attempt = 1, lease_until = ?, sending_at = 0", house.clock.real())
    house.clock.move(seconds=61)
    house.dispatcher(**here(house)).once()
    assert house.graph.seen == [] and house.states() == ["failed"] and results(house)[0]["outcome"] == "failure"


def test_actions_and_public_answers(house: OutHouse) -> None:
    house.put(
        house.row(kind="sender_action", body={"to": {"id": "1"}, "action": "typing_on"}, message_log_id=None),
        house.row(kind="comment_reply", body={"to": {"comment_id": "17"}, "text": "Thanks"}, message_log_id=None),
    )
    house.dispatcher().once()
    assert [s.path for s in house.graph.seen] == ["/v26.0/me/messages", "/v26.0/17/replies"]
    assert house.states() == ["sent", "sent"]


def test_facebook_login_goes_to_its_own_address(house: OutHouse) -> None:
    page = house.new_account("17841400000000103", token="EAApage", login="facebook")
    house.put(house.row(contact=house.new_contact("836120000000444", page), account=page))
    house.dispatcher().once()
    sent = house.graph.sends()[0]
    assert sent.path == "/fb/v26.0/me/messages" and sent.headers["authorization"] == "Bearer EAApage"
    assert sent.json["messaging_type"] == "RESPONSE"


def test_a_call_that_comes_too_late_in_its_lease_is_not_begun(house: OutHouse) -> None:
    from core.runtime.claim import Sending

    senders = Senders(house.registry, house.settings(), 10.0)
    row = house.one(
        "SELECT instagram_user_id, instagram_page_id, login, access_token, instagram_username, settings FROM instagram_account"
    )
    view = Views(house.sealer).view(house.account, row)
    assert view is not None and view.token == "IGAAtoken"
    late = Sending(
        1,
        house.user,
        house.account,
        house.contact,
        None,
        None,
        None,
        "i",
        "send",
        True,
        1,
        None,
        None,
        {},
        claimed=-1e9,
    )
    ended = senders.start(late, view, 0)
    assert ended is not None and (ended.status, ended.code) == ("retry", "abandoned")
    assert house.graph.seen == []
    senders.close()


@pytest.mark.parametrize("plugins", [("plugins.instagram",)])
def test_without_the_graph_transport_calls_fail_as_rows_not_as_crashes(
    house: OutHouse, plugins: tuple[str, ...]
) -> None:
    from core.host.manager import load

    house.registry = load(plugins, entry_points=False)
    house.put(house.row())
    house.dispatcher().once()
    assert house.one("SELECT state, error_code FROM outbox") == ("failed", "handler_error")
