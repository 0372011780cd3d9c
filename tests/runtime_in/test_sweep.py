"""What the sweep asked for and a dead letter swallowed is asked for again, later and not before others."""

from typing import Any

import pytest

from core.runtime import drain as drain_module
from core.runtime.sweep import AGAIN_MS, Found, sweep
from tests.runtime_in import flows

ASK = flows.ask(settings={"expireSeconds": 7200})


def look(stage: Any) -> Found:
    return sweep(stage.db, stage.clock)


def die(stage: Any) -> None:
    """The workers that had the waiting event in hand died: it goes to the dead letters."""
    with stage.db.write() as tx:
        tx.run("UPDATE mailbox SET crash_count = ?", (drain_module.CRASHES,))
    stage.run()
    assert stage.dispositions()[-1] == "dead"


@pytest.mark.parametrize("deaths", [1, 3])
def test_a_run_expires_though_its_expiry_was_a_dead_letter(stage: Any, deaths: int) -> None:
    stage.flow("ask", ASK, flows.KEYWORD)
    stage.says("price")
    stage.clock.move(hours=2)
    for _ in range(deaths):
        assert look(stage).expired == 1
        assert look(stage).expired == 0, "asked already"
        die(stage)
        stage.clock.move(ms=AGAIN_MS - 1)
        assert look(stage).expired == 0, "it does not stand before the others meanwhile"
        stage.clock.move(ms=1)
    assert look(stage).expired == 1
    stage.run()
    assert stage.all("SELECT status, outcome FROM run") == [("cancelled", "expired")]
    stage.clock.move(days=30)
    assert look(stage).expired == 0


def test_a_forgotten_conversation_is_handed_back_though_that_was_a_dead_letter(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    stage.post("take_over", reason="button")
    stage.clock.move(hours=24)
    assert (look(stage).timeouts, look(stage).timeouts) == (1, 0)
    die(stage)
    assert look(stage).timeouts == 0
    stage.clock.move(ms=AGAIN_MS)
    assert look(stage).timeouts == 1
    stage.run()
    assert stage.one("SELECT owner FROM conversation") == "automation"
