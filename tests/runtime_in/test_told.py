"""What the log says of contacts: normal work at debug only, each trouble once, never a word of theirs (decisions 19 and 38)."""

import logging
from typing import Any

import pytest

from tests.runtime_in import flows
from tests.runtime_in.test_rows import break_flow


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "core")
    return caplog


def test_normal_work_is_a_debug_line_for_each_event(stage: Any, told: pytest.LogCaptureFixture) -> None:
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    stage.give(stage.event("message", "p1", text="price"), stage.event("message", "p1", text="a secret wish"))
    stage.run()
    lines = [vars(r) for r in told.records]
    assert [(x["message"], x["disposition"]) for x in lines] == [
        ("event handled", "triggered"),
        ("event handled", "unmatched"),
    ]
    assert {x["trace"] for x in lines} == {f"trace{stage.n}"} and lines[0]["run"] and lines[1]["run"] is None
    assert "secret wish" not in str(lines)


def test_a_poisoned_event_is_told_once_with_its_ids(stage: Any, told: pytest.LogCaptureFixture) -> None:
    break_flow(stage, stage.flow("bad", flows.say("Bad"), flows.KEYWORD))
    stage.give(stage.event("message", "p1", text="price"), stage.event("message", "p2", text="price"))
    stage.run()
    dead = [vars(r) for r in told.records if r.message == "an event is a dead letter"]
    assert len(dead) == 2 and len({d["contact"] for d in dead}) == 2
    assert all(d["levelname"] == "WARNING" and d["trace"] and d["account"] == stage.account for d in dead)
    assert all(d["error"] and ":" not in d["error"] for d in dead)


def test_take_over_and_hand_back_are_told(stage: Any, told: pytest.LogCaptureFixture) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    stage.give(stage.event("echo", "p1", text="I am here myself", message_id="x"))
    stage.run()
    stage.clock.move(hours=25)
    from core.runtime.sweep import sweep

    sweep(stage.db, stage.clock)
    stage.run()
    words = [r.message for r in told.records if r.levelno == logging.INFO]
    assert words == ["a conversation was taken over", "a conversation was handed back"]
