"""Who takes an event (decision 10) and what whenBusy does (decision 11): the tables as they are in the code, and their effect."""

from typing import Any

import pytest

from core.runtime.decide import PRECEDENCE, STAGES
from core.runtime.entry import SITUATIONS, WHEN_BUSY
from tests.runtime_in import flows
from tests.runtime_in.conftest import texts

WAITING = {
    "background": flows.chain(
        {"type": "wait", "durationSeconds": 3600}, {"type": "message", "content": {"text": "Later"}}
    )
}


def test_the_order_of_decision_10() -> None:
    assert PRECEDENCE["reply"] == (
        *("standby", "words", "opted_out", "too_old", "human"),
        *("foreground", "entry", "stale", "final", "late"),
    )
    assert {name for stages in PRECEDENCE.values() for name in stages} == set(STAGES)


def test_the_table_of_when_busy() -> None:
    assert {k: tuple(v[s] for s in SITUATIONS) for k, v in WHEN_BUSY.items()} == {
        "interrupt": ("start", "start", "interrupt", "interrupt"),
        "ignore": ("start", "refuse", "refuse", "refuse"),
        "restart": ("start", "start", "start", "start"),
        "queue": ("start", "start", "queue", "queue"),
    }


def test_the_answer_that_the_flow_expects_never_goes_elsewhere(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.flow("other", flows.say("Other"), {"type": "dm_keyword", "keyword": "yes"})
    stage.says("price")
    assert texts(stage.says("yes")) == ["Good"]
    assert texts(stage.says("yes")) == ["Other"]


def test_a_keyword_comes_before_the_flows_last_word_and_cancels_it(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.flow("other", flows.say("Other"), {"type": "dm_keyword", "keyword": "help"})
    stage.says("price")
    assert texts(stage.says("help me")) == ["Other"]
    assert stage.all("SELECT status, outcome FROM run ORDER BY started_at, run_id") == [
        ("cancelled", "interrupted"),
        ("done", "end"),
    ]


def test_welcome_greets_once_and_the_default_reply_takes_the_rest(stage: Any) -> None:
    stage.flow("welcome", flows.say("Welcome"), {"type": "welcome_message"})
    stage.flow("default", flows.say("Pardon?"), {"type": "default_reply"})
    stage.flow("price", flows.say("10"), flows.KEYWORD)
    assert texts(stage.says("price")) == ["10"]
    assert texts(stage.says("hello", "p2")) == ["Welcome"]
    assert texts(stage.says("hello", "p2")) == ["Pardon?"]


def test_a_flow_that_is_never_interrupted_keeps_its_contact(stage: Any) -> None:
    stage.flow("ask", flows.ask(settings={"interrupt": "never"}), flows.KEYWORD)
    stage.flow("other", flows.say("Other"), {"type": "dm_keyword", "keyword": "help"})
    stage.says("price")
    assert texts(stage.says("help")) == []
    assert stage.one("SELECT status FROM run") == "waiting"


@pytest.mark.parametrize("busy", list(WHEN_BUSY))
@pytest.mark.parametrize("situation", SITUATIONS)
def test_when_busy(stage: Any, busy: str, situation: str) -> None:
    trigger = {"type": "dm_keyword", "keyword": "go", "whenBusy": busy}
    same = stage.flow("same", flows.ask("Same?"), trigger)
    stage.flow("background", WAITING["background"], {"type": "dm_keyword", "keyword": "later"})
    stage.flow("foreground", flows.ask("Foreground?"), flows.KEYWORD)
    before = {"free": None, "background": "later", "foreground": "price", "same": "go"}[situation]
    if before:
        stage.says(before)
    said = texts(stage.says("go"))
    runs = stage.all("SELECT flow_id, status, wait_kind, outcome FROM run ORDER BY started_at, run_id")
    action = WHEN_BUSY[busy][situation]
    if action == "refuse":
        assert said == [] and len(runs) == 1
    elif action == "queue":
        assert said == [] and runs[-1][1:3] == ("waiting", "turn")
        assert texts(stage.says("yes")) == ["Good", "Same?"]
    elif situation == "foreground" and action == "start":
        assert said == [] and runs[-1] == (same, "waiting", "turn", None)
        assert texts(stage.says("yes")) == ["Good", "Same?"]
    else:
        assert said == ["Same?"]
        ended = [r[3] for r in runs[:-1] if r[1] == "cancelled"]
        assert ended == {"free": [], "background": [], "foreground": ["interrupted"]}.get(
            situation, ["interrupted" if action == "interrupt" else "restarted"]
        )


def test_once_per_contact_cooldown_and_the_five_seconds(stage: Any) -> None:
    stage.settings({"sameTriggerSeconds": 5})
    stage.flow("once", flows.say("Once"), {"type": "dm_keyword", "keyword": "once", "oncePerContact": True})
    stage.flow("cool", flows.say("Cool"), {"type": "dm_keyword", "keyword": "cool", "cooldownSeconds": 60})
    stage.flow("price", flows.say("10"), flows.KEYWORD)
    assert [texts(stage.says(t)) for t in ("once", "cool", "price")] == [["Once"], ["Cool"], ["10"]]
    assert [texts(stage.says(t)) for t in ("once", "cool", "price")] == [[], [], []]
    stage.clock.move(seconds=5)
    assert [texts(stage.says(t)) for t in ("once", "cool", "price")] == [[], [], ["10"]]
    stage.clock.move(seconds=60)
    assert [texts(stage.says(t)) for t in ("once", "cool")] == [[], ["Cool"]]
    assert texts(stage.says("once", "p2")) == ["Once"]
