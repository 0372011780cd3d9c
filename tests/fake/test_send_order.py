"""The decision order of a send: each refusal with its code, and that an earlier one wins over a later one."""

from collections.abc import Callable

import pytest

from core.testing.instagram.world import OUR_APP
from fake.conftest import Graph
from instaflow.testing import FakeInstagram

HOUR = 3_600_000
TOO_LONG = "x" * 1001


def token(fake: FakeInstagram) -> None:
    fake.expire_tokens()


def switched_off(fake: FakeInstagram) -> None:
    fake.find().messaging_allowed = False


def restricted(fake: FakeInstagram) -> None:
    fake.find().restricted = True


def rate(fake: FakeInstagram) -> None:
    fake.stage.rates.limits["text"] = (0, 1000)


def blocked(fake: FakeInstagram) -> None:
    fake.blocks("ana")


def owner(fake: FakeInstagram) -> None:
    fake.thread("ana").owner = "990000000000002"


def window(fake: FakeInstagram) -> None:
    fake.advance(ms=24 * HOUR + 1)


def nothing(fake: FakeInstagram) -> None:
    """The message itself is the fault."""


ORDER = [
    (token, (190, 463), 401),
    (switched_off, (200, 2534041), 403),
    (restricted, (10, 1893063), 400),
    (rate, (613, 2534040), 400),
    (blocked, (551, 1545041), 400),
    (owner, (10, 2018300), 400),
    (window, (10, 2534022), 400),
]


@pytest.mark.parametrize(("fault", "error", "status"), ORDER, ids=[o[0].__name__ for o in ORDER])
def test_each_refusal_has_its_code(
    fake: FakeInstagram, graph: Graph, fault: Callable[..., None], error: tuple[int, int], status: int
) -> None:
    fault(fake)
    answer = graph.send("hello")
    assert (answer.status, answer.error) == (status, error)
    assert answer.data["error"]["type"] == "OAuthException"
    assert answer.data["error"]["fbtrace_id"]
    assert fake.sent() == []


def test_the_first_of_all_faults_wins(fake: FakeInstagram, graph: Graph) -> None:
    for place in range(len(ORDER) - 1, -1, -1):
        ORDER[place][0](fake)
        assert graph.send(TOO_LONG).error == ORDER[place][1], ORDER[place][0].__name__


def test_an_unknown_token_is_190(fake: FakeInstagram) -> None:
    assert Graph(fake, "nonsense").send("hi").error == (190, 0)
    assert Graph(fake, "").send("hi").error == (190, 0)


def test_a_token_of_the_other_login_is_190(fake: FakeInstagram) -> None:
    assert Graph(fake, fake.token(kind="page")).send("hi").error == (190, 0)


@pytest.mark.parametrize("subcode", [458, 460, 463, 467])
def test_dead_tokens_say_why(fake: FakeInstagram, graph: Graph, subcode: int) -> None:
    fake.expire_tokens(subcode=subcode)
    assert graph.send("hi").error == (190, subcode)


def test_an_unknown_recipient_is_2534014(fake: FakeInstagram, graph: Graph) -> None:
    assert graph.send("hi", {"id": "836199999999999"}).error == (100, 2534014)


def test_a_person_of_another_account_is_unknown(fake: FakeInstagram, graph: Graph) -> None:
    other, _ = fake.account("other.shop")
    fake.says("ana", "Hi!", other)
    assert graph.send("hi", {"id": fake.igsid("ana", other)}).error == (100, 2534014)


def test_another_accounts_node_is_not_visible(fake: FakeInstagram, graph: Graph) -> None:
    other, _ = fake.account("other.shop")
    body = {"recipient": {"id": fake.igsid("ana")}, "message": {"text": "hi"}}
    assert graph.call("POST", f"/{other}/messages", body).error == (100, 33)


def test_success_names_recipient_and_message(fake: FakeInstagram, graph: Graph) -> None:
    answer = graph.send("hello")
    assert answer.status == 200
    assert answer.data == {"recipient_id": fake.igsid("ana"), "message_id": fake.sent()[0].mid}


def test_the_window_ends_after_24_hours_to_the_millisecond(fake: FakeInstagram, graph: Graph) -> None:
    fake.advance(hours=24)
    assert graph.send("in time").status == 200
    fake.advance(ms=1)
    assert graph.send("late").error == (10, 2534022)


def test_a_persons_message_opens_the_window_again_and_a_reaction_does_not(fake: FakeInstagram, graph: Graph) -> None:
    graph.send("hello")
    fake.advance(hours=25)
    fake.reacts("ana")
    fake.reads("ana")
    assert graph.send("hi").error == (10, 2534022)
    fake.says("ana", "still there?")
    assert graph.send("hi").status == 200


def test_human_agent_reaches_seven_days(fake: FakeInstagram, graph: Graph) -> None:
    fake.advance(hours=7 * 24)
    assert graph.send("from a person", tag="HUMAN_AGENT").status == 200
    fake.advance(ms=1)
    assert graph.send("too late", tag="HUMAN_AGENT").error == (10, 2534022)


def test_human_agent_needs_the_feature(fake: FakeInstagram, graph: Graph) -> None:
    fake.find().human_agent = False
    assert graph.send("hi", tag="HUMAN_AGENT").error == (10, 0)


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "NONSENSE"])
def test_removed_tags_are_100(graph: Graph, tag: str) -> None:
    assert graph.send("hi", tag=tag).error == (100, 0)


def test_a_message_to_oneself_needs_no_window(fake: FakeInstagram, graph: Graph) -> None:
    assert graph.send("preview", {"id": fake.find().self_igsid}).status == 200


def test_a_thread_that_nobody_or_we_own_takes_sends(fake: FakeInstagram, graph: Graph) -> None:
    for owned_by in ("", OUR_APP):
        fake.thread("ana").owner = owned_by
        assert graph.send("hi").status == 200


def test_rates_are_per_second_of_the_fakes_clock(fake: FakeInstagram, graph: Graph) -> None:
    fake.stage.rates.limits["text"] = (3, 1000)
    assert [graph.send("hi").status for _ in range(4)] == [200, 200, 200, 400]
    fake.advance(ms=1001)
    assert graph.send("hi").status == 200


def test_audio_and_video_have_a_rate_of_their_own(fake: FakeInstagram, graph: Graph) -> None:
    fake.stage.rates.limits["media"] = (1, 1000)
    video = {"attachment": {"type": "video", "payload": {"url": "https://cdn.example.org/a.mp4"}}}
    assert [graph.send(video).error for _ in range(2)] == [(0, 0), (613, 2534040)]
    assert graph.send("text is free").status == 200


def test_both_logins_send(fake: FakeInstagram, facebook: Graph) -> None:
    assert facebook.send("from a page", messaging_type="RESPONSE").status == 200
    form = {"recipient": f'{{"id":"{fake.igsid("ana")}"}}', "message": '{"text":"as a form"}'}
    assert facebook.call("POST", f"/{fake.find().page_id}/messages", form=form).status == 200
    assert [s.body["text"] for s in fake.sent()] == ["from a page", "as a form"]
