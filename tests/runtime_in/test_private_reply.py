"""The one private reply to a comment, beside the messages of somebody who has answered."""

from typing import Any

from core.runtime.timers import fire_due
from tests.runtime_in import flows
from tests.runtime_in.test_people import LINK, TWO, comment, tap

LATE = flows.chain({"type": "wait", "durationSeconds": 8 * 24 * 3600}, {"type": "message", "content": {"text": "Late"}})


def later(stage: Any) -> list[Any]:
    fire_due(stage.db, stage.clock)
    return list(stage.run())


def test_who_has_answered_since_the_comment_is_written_to_however_old_it_is(stage: Any) -> None:
    stage.flow("late", LATE, LINK)
    comment(stage)
    stage.clock.move(days=7, hours=20)
    stage.says("are you there?")
    stage.clock.move(hours=4)
    assert later(stage) == [{"to": {"id": "p1"}, "message": {"text": "Late"}}]


def test_nobody_is_written_to_who_has_not_answered_an_old_comment(stage: Any) -> None:
    stage.flow("late", LATE, LINK)
    stage.says("hello")
    comment(stage)
    stage.clock.move(days=8)
    assert later(stage) == []
    assert stage.one("SELECT reason FROM message_log WHERE direction = 'outbound'") == "comment_too_old"


def test_an_old_button_does_not_use_the_comment_again(stage: Any) -> None:
    stage.settings({"privateReplyButtons": True})
    stage.flow("ask", flows.ask(), LINK)
    [first] = comment(stage)
    assert first["to"] == {"comment_id": "c0"}
    assert [b["to"] for b in tap(stage, first)] == [{"id": "p1"}]
    stage.clock.move(hours=1)
    [again] = tap(stage, first, 1, "postback")
    assert stage.dispositions()[-1] == "stale_continue"
    assert (again["to"], again["message"]["text"]) == ({"id": "p1"}, "Bad")


def test_who_wrote_before_gets_the_rest_as_messages(stage: Any) -> None:
    stage.flow("two", TWO, LINK)
    stage.says("hello")
    assert [b["to"] for b in comment(stage)] == [{"comment_id": "c1"}, {"id": "p1"}]
