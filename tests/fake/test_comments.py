"""Comments, public replies and private replies (reference 2.3, 2.4)."""

import pytest

from fake.conftest import Graph, Receiver
from instaflow.testing import FakeInstagram

DAY = 24 * 3_600_000


def private(graph: Graph, comment: str, message: object = "Here is the link") -> tuple[int, int]:
    return graph.send(message, {"comment_id": comment}).error


def test_a_private_reply_answers_the_persons_id_and_uses_the_comment_up(fake: FakeInstagram, graph: Graph) -> None:
    comment = fake.comments("ben", "LINK please")
    answer = graph.send("Here is the link", {"comment_id": comment})
    assert answer.data["recipient_id"] == fake.igsid("ben")
    assert private(graph, comment) == (100, 2534025)


def test_it_opens_no_window_and_grants_no_consent(fake: FakeInstagram, graph: Graph) -> None:
    graph.send("Here", {"comment_id": fake.comments("ben", "LINK")})
    igsid = fake.igsid("ben")
    assert graph.send("more", {"id": igsid}).error == (10, 2534022)
    assert graph.call("GET", f"/{igsid}?fields=name").error == (230, 0)
    fake.says("ben", "YES")
    assert graph.send("more", {"id": igsid}).status == 200
    assert graph.call("GET", f"/{igsid}?fields=name").data["name"] == "Ben"


def test_seven_days_to_the_millisecond(fake: FakeInstagram, graph: Graph) -> None:
    first, second = fake.comments("ben", "LINK"), fake.comments("cleo", "LINK")
    fake.advance(ms=7 * DAY)
    assert private(graph, first) == (0, 0)
    fake.advance(ms=1)
    assert private(graph, second) == (100, 2534025)


def test_a_live_comment_can_be_answered_while_it_is_live_only(fake: FakeInstagram, graph: Graph) -> None:
    live = fake.live()
    first, second = fake.comments("ben", "LINK", live), fake.comments("cleo", "LINK", live)
    assert private(graph, first) == (0, 0)
    fake.ends_live(live)
    assert private(graph, second) == (100, 2534025)
    assert graph.call("POST", f"/{first}/replies", {"message": "public"}).error == (100, 0)


def test_not_to_ones_own_comment_nor_to_another_accounts(fake: FakeInstagram, graph: Graph) -> None:
    comment = fake.comments("ben", "LINK")
    own = graph.call("POST", f"/{comment}/replies", {"message": "Sent!"}).data["id"]
    assert private(graph, own) == (100, 2534025)
    other, _ = fake.account("other.shop")
    assert private(graph, fake.comments("ben", "LINK", account=other)) == (100, 2534025)
    assert private(graph, "17900000000000000") == (100, 2534025)


def test_text_only_unless_the_capability_is_on(fake: FakeInstagram, graph: Graph) -> None:
    quick = {"text": "?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "Y"}]}
    comment = fake.comments("ben", "LINK")
    assert private(graph, comment, quick) == (100, 2534015)
    fake.find().private_reply_buttons = True
    assert private(graph, comment, quick) == (0, 0)


def test_a_refused_private_reply_does_not_use_the_comment_up(fake: FakeInstagram, graph: Graph) -> None:
    comment = fake.comments("ben", "LINK")
    assert private(graph, comment, "x" * 1001) == (100, 0)
    assert private(graph, comment) == (0, 0)


def test_a_blocked_commenter_is_not_available(fake: FakeInstagram, graph: Graph) -> None:
    comment = fake.comments("ben", "LINK")
    fake.blocks("ben")
    assert private(graph, comment) == (551, 1545041)


def test_posts_have_an_hourly_rate_and_live_has_one_a_second(fake: FakeInstagram, graph: Graph) -> None:
    fake.stage.rates.limits |= {"private": (1, 3_600_000), "private_live": (1, 1000)}
    live = fake.live()
    assert [private(graph, fake.comments(p, "LINK")) for p in ("a", "b")] == [(0, 0), (613, 2534040)]
    assert [private(graph, fake.comments(p, "LINK", live)) for p in ("c", "d")] == [(0, 0), (613, 2534040)]


def test_a_public_reply_hangs_under_the_top_comment_and_is_told_as_ones_own(
    fake: FakeInstagram, graph: Graph, receiver: Receiver
) -> None:
    top = fake.comments("ben", "LINK")
    below = fake.comments("cleo", "me too", parent=top)
    reply = graph.call("POST", f"/{below}/replies", {"message": "Sent you both a message"}).data["id"]
    fake.settle()
    told = next(i for i in receiver.items("comments") if i["value"]["id"] == reply)["value"]
    assert told["parent_id"] == top
    assert told["from"] == {
        "id": fake.find().ig_id,
        "username": "bella.bakery",
        "self_ig_scoped_id": fake.find().self_igsid,
    }
    assert private(graph, top) == (0, 0)


def test_moderation(fake: FakeInstagram, graph: Graph) -> None:
    comment = fake.comments("ben", "rude")
    media = fake.stage.world.comments[comment].media_id
    assert graph.call("POST", f"/{comment}?hide=true").data == {"success": True}
    assert graph.call("POST", f"/{comment}/replies", {"message": "no"}).error == (100, 0)
    assert graph.call("GET", f"/{comment}?fields=id,text,username,hidden,media{{id}}").data["hidden"] is True
    assert [c["id"] for c in graph.call("GET", f"/{media}/comments?fields=text").data["data"]] == [comment]
    assert graph.call("POST", f"/{media}?comment_enabled=false").data == {"success": True}
    assert graph.call("DELETE", f"/{comment}").data == {"success": True}
    assert graph.call("GET", f"/{comment}").error == (100, 33)


@pytest.mark.parametrize("product", ["FEED", "REELS", "AD", "LIVE"])
def test_the_webhook_names_post_and_person(fake: FakeInstagram, receiver: Receiver, product: str) -> None:
    media = fake.posts("Cakes", product, original_media_id="18050000000000601" if product == "AD" else "")
    comment = fake.comments("ben", "LINK please 🙏", media)
    fake.settle()
    entry = next(e for e in receiver.events if "changes" in e)
    assert entry["time"] < 10**11
    item = entry["changes"][0]
    assert item["field"] == ("live_comments" if product == "LIVE" else "comments")
    value = item["value"]
    assert (value["id"], value["text"]) == (comment, "LINK please 🙏")
    assert value["from"] == {"id": fake.igsid("ben"), "username": "ben"}
    assert (value["media"]["id"], value["media"]["media_product_type"]) == (media, product)
    assert ("original_media_id" in value["media"]) == (product == "AD")
