"""Durability: order, exclusion, the READ COMMITTED trap, poison, timers, dead workers (durability 3.2, 3.6, 3.8)."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.runtime import drain as drain_module
from core.runtime import load
from core.runtime.marker import Marker, leftovers
from core.runtime.sweep import sweep
from core.runtime.timers import fire_due
from core.store.store import Store
from tests.runtime_in import flows
from tests.runtime_in.conftest import texts, waits

COUNT = flows.chain({"type": "message", "content": {"text": "{{trigger.text}}"}})


def test_two_drainers_keep_each_contacts_order(stage: Any) -> None:
    stage.settings({"botBrake": 0})
    stage.flow("echo", COUNT, {"type": "dm_keyword", "keyword": "n", "match": "contains"})
    people = [f"p{i}" for i in range(8)]
    for n in range(10):
        stage.give(*(stage.event("message", p, text=f"n{n}") for p in people))
    faults: list[BaseException] = []

    def work(drainer: Any) -> None:
        try:
            while drainer.drain(limit=2):
                pass
        except BaseException as e:
            faults.append(e)
        finally:
            stage.db.close()

    threads = [threading.Thread(target=work, args=(stage.new_drainer(),)) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not faults
    stage.run()
    for p in people:
        rows = stage.all("SELECT body FROM outbox WHERE contact_id = ? ORDER BY id", stage.contact(p))
        assert texts([orjson.loads(b) for (b,) in rows]) == [f"n{n}" for n in range(10)]
    assert stage.one("SELECT count(*) FROM mailbox") == 0


def test_an_event_committed_while_the_mailbox_is_being_locked_is_not_lost(pg_url: str, make_stage: Any) -> None:
    """The trap of durability 3.2, made certain: the second event is committed after the lock was asked for and before it
    is given. A read in the locking statement would not see it, and an unconditional delete would lose its wake-up.
    SQLite has one writer and no such moment."""
    stage = make_stage(Store(pg_url))
    stage.flow("echo", COUNT, {"type": "dm_keyword", "keyword": "n", "match": "contains"})
    stage.give(stage.event(text="n1"))
    asked, committed, seen = threading.Event(), threading.Event(), []

    def drain() -> None:
        with stage.db.write() as tx:
            tx.one("SELECT count(*) FROM inbound_event")  # a statement with an older snapshot
            asked.set()
            committed.wait(20)
            claimed = load.claim(tx, stage.db.kind, 10, stage.clock.now())
            seen.extend(load.read(tx, stage.db.kind, [c for c, _, _ in claimed])[claimed[0][0]].events)
        stage.db.close()

    thread = threading.Thread(target=drain)
    thread.start()
    asked.wait(20)
    stage.give(stage.event(text="n2"))
    committed.set()
    thread.join(20)
    assert len(seen) == 2
    assert texts(stage.run()) == ["n1", "n2"]
    assert stage.one("SELECT count(*) FROM mailbox") == 0
    stage.intake.close()


def test_an_event_that_arrives_during_a_drain_keeps_its_mailbox(stage: Any) -> None:
    stage.flow("echo", COUNT, {"type": "dm_keyword", "keyword": "n", "match": "contains"})
    stage.give(*(stage.event(text=f"n{i}") for i in range(load.EVENTS + 3)))
    stage.settings({"botBrake": 0})
    assert stage.drainer.drain() == load.EVENTS
    assert stage.one("SELECT count(*) FROM mailbox") == 1
    assert stage.drainer.drain() == 3
    assert stage.one("SELECT count(*) FROM mailbox") == 0


def break_flow(stage: Any, flow_id: str) -> None:
    """The program's row is damaged: whoever loads it raises."""
    with stage.db.write() as tx:
        tx.run(
            "UPDATE program SET body = 'x' WHERE hash IN (SELECT program_hash FROM flow_version WHERE flow_id = ?)",
            (flow_id,),
        )


def test_a_poisoned_event_is_put_aside_and_the_others_go_on(stage: Any) -> None:
    broken = stage.flow("bad", flows.say("Bad"), {"type": "dm_keyword", "keyword": "bad"})
    break_flow(stage, broken)
    stage.flow("good", flows.say("Good"), {"type": "dm_keyword", "keyword": "good"})
    stage.give(
        stage.event("message", "p1", text="good"),
        stage.event("message", "p1", text="bad"),
        stage.event("message", "p1", text="good"),
        stage.event("message", "p2", text="good"),
    )
    assert texts(stage.run()) == ["Good", "Good", "Good"]
    assert stage.dispositions() == ["triggered", "dead", "triggered", "triggered"]
    assert stage.all("SELECT source, resolved_at FROM dead_letter") == [("inbound", None)]
    assert stage.all("SELECT kind, count FROM notification") == [("dead_letter", 1)]
    assert stage.one("SELECT count(*) FROM mailbox") == 0


def test_a_contact_in_hand_of_two_dead_workers_goes_to_the_dead_letters(stage: Any, tmp_path: Path) -> None:
    stage.flow("good", flows.say("Good"), {"type": "default_reply"})
    stage.give(stage.event("message", "p1", text="boom"), stage.event("message", "p2", text="hi"))
    victim = stage.contact("p1")
    code = (
        "import os, sys; from pathlib import Path; from core.runtime.marker import Marker\n"
        f"with Marker(Path({str(tmp_path)!r}), 'x').holding([{victim!r}]): os.kill(os.getpid(), 9)"
    )
    for n in range(drain_module.CRASHES):
        assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd()).returncode == -9
        assert stage.new_drainer(folder=tmp_path).recover() == 1
        assert stage.one("SELECT crash_count FROM mailbox WHERE contact_id = ?", victim) == n + 1
    assert texts(stage.run()) == ["Good"]
    assert sorted(stage.dispositions()) == ["dead", "triggered"]
    assert not list(tmp_path.glob("*.inhand"))


def test_the_mark_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    marker = Marker(tmp_path, "a")
    with marker.holding(["c" * 36]):
        assert leftovers(tmp_path) == []
        assert len(list(tmp_path.glob(f"{os.getpid()}.*"))) == 1
    marker.close()


LATER = flows.chain({"type": "wait", "durationSeconds": 60}, {"type": "message", "content": {"text": "Later"}})


def test_timers_are_never_early_and_never_lost(stage: Any) -> None:
    stage.flow("later", LATER, flows.KEYWORD)
    stage.says("price")
    due = stage.clock.now() + 60_000
    assert fire_due(stage.db, stage.clock) == (0, due)
    stage.clock.move(ms=59_999)
    assert fire_due(stage.db, stage.clock)[0] == 0
    stage.clock.move(ms=1)
    assert fire_due(stage.db, stage.clock)[0] == 1
    assert fire_due(stage.db, stage.clock) == (0, None)
    assert texts(stage.run()) == ["Later"]
    assert stage.all("SELECT prio FROM outbox") == [(5,)]


def test_many_timers_due_at_once_come_in_chunks(stage: Any) -> None:
    stage.flow("later", LATER, flows.KEYWORD)
    people = 60
    stage.give(*(stage.event("message", f"p{i}", text="price") for i in range(people)))
    stage.run()
    stage.clock.move(minutes=1)
    fired = []
    while n := fire_due(stage.db, stage.clock, limit=25)[0]:
        fired.append(n)
    assert fired == [25, 25, 10]
    assert texts(stage.run()) == ["Later"] * people


def test_a_timer_that_a_drain_stops_just_now_does_not_fire_and_nobody_deadlocks(stage: Any) -> None:
    stage.flow("later", LATER, flows.KEYWORD)
    stage.says("price")
    stage.clock.move(minutes=1)
    fired: list[Any] = []

    def fire() -> None:
        fired.append(fire_due(stage.db, stage.clock))
        stage.db.close()

    other = threading.Thread(target=fire)
    with stage.db.write() as tx:
        row = tx.one("SELECT contact_id, account_id FROM timer")
        tx.insert("mailbox", ("contact_id", "account_id", "prio", "ready_at"), [(*row, 1, 0)])
        other.start()
        while stage.db.kind == "postgresql" and not waits(stage.db.dsn):
            pass
        tx.run("DELETE FROM timer")
    other.join(10)
    assert len(fired) == 1
    assert stage.one("SELECT count(*) FROM inbound_event WHERE kind = 'timer'") == 0


def test_what_a_person_changes_while_a_contact_is_in_hand_is_not_undone(stage: Any) -> None:
    """READ COMMITTED: the drain has read the contact, the API writes, the drain writes all columns back."""
    stage.flow("say", flows.say("Hi"), {"type": "default_reply"})
    stage.says("hi")
    stage.give(stage.event("message", "p1", text="again"))
    began, opted = threading.Event(), 1_700_000_000_000

    def change() -> None:
        began.wait(10)
        with stage.db.write() as tx:
            tx.run("UPDATE contact SET opted_out_at = ?, custom_attributes = ?", (opted, '{"vip":true}'))
            tx.run("UPDATE conversation SET status = 'closed'")
        stage.db.close()

    other = threading.Thread(target=change)
    other.start()

    drainer = stage.new_drainer()
    handle = drainer._handle

    def slowly(*args: Any) -> Any:
        began.set()
        if stage.db.kind == "postgresql":
            while other.is_alive() and not waits(stage.db.dsn):
                pass
        return handle(*args)

    drainer._handle = slowly
    assert drainer.drain() == 1
    other.join(10)
    assert stage.one("SELECT opted_out_at FROM contact") == opted
    assert orjson.loads(stage.one("SELECT custom_attributes FROM contact")) == {"vip": True}
    assert stage.one("SELECT status FROM conversation") == "closed"


def test_a_late_timer_changes_nothing(stage: Any) -> None:
    stage.flow("later", LATER, flows.KEYWORD)
    stage.says("price")
    with stage.db.write() as tx:
        row = tx.one("SELECT run_id, wait, user_id, account_id, contact_id FROM timer")
    stage.post("stop")
    assert stage.one("SELECT count(*) FROM timer") == 0
    from core.runtime.post import post

    with stage.db.write() as tx:
        post(
            tx,
            user_id=row[2],
            account_id=row[3],
            contact_id=row[4],
            kind="timer",
            key="timer:late",
            payload={"run": row[0], "wait": row[1]},
            now=stage.clock.now(),
        )
    assert stage.run() == []
    assert stage.dispositions()[-1] == "stale"


def test_an_orphan_gets_its_mailbox_back(stage: Any, caplog: pytest.LogCaptureFixture) -> None:
    stage.flow("good", flows.say("Good"), {"type": "default_reply"})
    stage.give(stage.event(text="hi"))
    with stage.db.write() as tx:
        tx.run("DELETE FROM mailbox")
    stage.clock.move(seconds=2)
    assert sweep(stage.db, stage.clock).orphans == 1
    assert texts(stage.run()) == ["Good"]


def test_contacts_that_are_gone_or_merged(stage: Any, store: Store) -> None:
    stage.flow("good", flows.say("Good"), {"type": "default_reply"})
    stage.says("hi")
    old = stage.contact()
    with stage.db.write() as tx:
        tx.run("DELETE FROM contact WHERE contact_id = ?", (old,))
    assert texts(stage.says("I am back")) == ["Good"]
    assert stage.contact() != old
