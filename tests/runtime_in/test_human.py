"""Take-over and hand-back (decision 18): the epoch fences, runs pause, what came meanwhile is kept."""

import threading
from typing import Any

from core.store.ids import new_id
from tests.runtime_in import flows
from tests.runtime_in.conftest import texts, waits

LATER = flows.chain({"type": "wait", "durationSeconds": 3600}, {"type": "message", "content": {"text": "Later"}})
HANDOVER = flows.chain(
    {"type": "message", "content": {"text": "A person comes"}},
    {"type": "human_takeover", "messageToAgent": "Wants help"},
)


def fire(stage: Any) -> list[str]:
    from core.runtime.timers import fire_due

    while fire_due(stage.db, stage.clock)[0]:
        pass
    return texts(stage.run())


def test_taking_over_cancels_what_is_queued_and_pauses_the_run(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    stage.post("take_over", reason="message", by=stage.user)
    assert stage.all("SELECT state, error_code FROM outbox") == [("cancelled", "message")]
    assert stage.all("SELECT status, reason FROM message_log WHERE direction = 'outbound'") == [("skipped", "message")]
    assert stage.all("SELECT owner, epoch, status FROM conversation") == [("human", 1, "open")]
    assert stage.all("SELECT status, pause_reason FROM run") == [("paused", "takeover")]
    assert stage.says("yes") == [] and stage.says("price") == []
    assert stage.dispositions()[-2:] == ["human", "human"]
    stage.post("hand_back", how="resume", by=stage.user)
    assert texts(stage.says("yes")) == ["Good"]
    assert stage.one("SELECT epoch FROM outbox ORDER BY id DESC LIMIT 1") == 2


def test_what_a_dispatcher_claims_while_a_person_takes_over_is_not_told_as_skipped(stage: Any) -> None:
    """READ COMMITTED: the take-over finds the row queued, the claim commits, the cancelling then does not touch it."""
    if stage.db.kind == "sqlite":
        return  # one writer at a time
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    claim = threading.Event()

    def drain() -> None:
        claim.wait(10)
        stage.post("take_over", reason="message", by=stage.user)
        stage.db.close()

    other = threading.Thread(target=drain)
    other.start()
    with stage.db.write() as tx:
        tx.run("UPDATE outbox SET state = 'sending', attempt = 1, lease_owner = 'x', lease_until = 0")
        claim.set()
        while not waits(stage.db.dsn):
            pass
    other.join(10)
    assert stage.all("SELECT state FROM outbox") == [("sending",)]
    assert stage.all("SELECT status FROM message_log WHERE direction = 'outbound'") == [("queued",)]
    assert stage.all("SELECT owner, epoch FROM conversation") == [("human", 1)]


def test_a_timer_of_a_paused_run_fires_when_it_goes_on(stage: Any) -> None:
    stage.flow("later", LATER, flows.KEYWORD)
    stage.says("price")
    stage.post("take_over", reason="button", by=stage.user)
    stage.clock.move(hours=1)
    assert fire(stage) == []
    assert stage.dispositions()[-1] == "held"
    assert texts(stage.post("hand_back", how="resume")) == ["Later"]


def test_stop_ends_the_runs_and_restart_begins_them_anew(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    stage.post("take_over", reason="button")
    assert texts(stage.post("hand_back", how="restart")) == ["Yes or no?"]
    stage.post("take_over", reason="button")
    assert stage.post("hand_back", how="stop") == []
    assert stage.all("SELECT status FROM run") == [("cancelled",), ("cancelled",)]


def test_a_flow_that_hands_over_says_its_farewell(stage: Any) -> None:
    stage.flow("help", HANDOVER, {"type": "dm_keyword", "keyword": "help"})
    assert texts(stage.says("help")) == ["A person comes"]
    assert stage.all("SELECT owner, status FROM conversation") == [("human", "pending_human")]
    assert stage.all(
        "SELECT o.state FROM outbox o JOIN conversation c ON c.contact_id = o.contact_id AND c.epoch = o.epoch"
    ) == [("queued",)]
    assert stage.one("SELECT text FROM conversation_note") == "Wants help"
    assert stage.one("SELECT kind FROM notification") == "handover"
    assert stage.says("anybody?") == []


def test_a_disconnected_accounts_runs_expire_and_its_conversations_are_handed_back(stage: Any) -> None:
    from core.runtime.sweep import sweep

    stage.flow("ask", flows.ask(settings={"expireSeconds": 7200}), flows.KEYWORD)
    stage.says("price")
    stage.says("price", "p2")
    stage.post("take_over", "p2", reason="button")
    with stage.db.write() as tx:
        tx.run("UPDATE instagram_account SET status = 'disconnected'")
    stage.clock.move(hours=24)
    found = sweep(stage.db, stage.clock)
    assert (found.expired, found.timeouts) == (2, 1)
    stage.run()
    assert stage.all("SELECT status FROM run") == [("cancelled",), ("cancelled",)]
    assert stage.one("SELECT count(*) FROM conversation WHERE owner = 'human'") == 0
    found = sweep(stage.db, stage.clock)
    assert (found.expired, found.timeouts) == (0, 0)


def test_conversations_that_may_rest_longer_do_not_stand_before_the_others(stage: Any) -> None:
    from core.runtime.sweep import BATCH, sweep

    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    stage.post("take_over", reason="button")
    stage.settings({"humanTimeoutHours": 1})
    now, other = stage.clock.now() - 60_000, new_id()
    people = [new_id() for _ in range(BATCH)]
    of = ("user_id", "instagram_account_id", "created_at", "updated_at")
    row = (stage.user, other, now, now)
    with stage.db.write() as tx:
        tx.insert("instagram_account", (*of, "instagram_user_id"), [(*row, "17841400000000999")])
        tx.insert("contact", (*of, "contact_id"), [(*row, p) for p in people])
        columns = (*of, "conversation_id", "contact_id", "started_at", "owner", "human_at")
        tx.insert("conversation", columns, [(*row, new_id(), p, now, "human", now) for p in people])
    stage.clock.move(hours=1)
    assert sweep(stage.db, stage.clock).timeouts == 1


def test_a_time_out_that_was_found_before_the_person_wrote_again_is_stale(stage: Any) -> None:
    from core.runtime.sweep import sweep

    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    stage.post("take_over", reason="button")
    stage.clock.move(hours=24)
    assert sweep(stage.db, stage.clock).timeouts == 1
    with stage.db.write() as tx:  # as a person's message does, in one transaction with its command
        tx.run("UPDATE conversation SET human_at = ?", (stage.clock.now(),))
    stage.run()
    assert stage.dispositions()[-1] == "stale"
    assert stage.one("SELECT owner FROM conversation") == "human"


def test_an_expired_run_and_a_forgotten_conversation(stage: Any) -> None:
    from core.runtime.sweep import sweep

    stage.flow("ask", flows.ask(settings={"expireSeconds": 7200}), flows.KEYWORD)
    stage.says("price")
    stage.clock.move(hours=2)
    assert sweep(stage.db, stage.clock).expired == 1
    stage.run()
    assert stage.all("SELECT status, outcome FROM run") == [("cancelled", "expired")]
    stage.post("take_over", reason="button")
    stage.clock.move(hours=23)
    assert sweep(stage.db, stage.clock).timeouts == 0
    stage.clock.move(hours=1)
    assert sweep(stage.db, stage.clock).timeouts == 1
    stage.run()
    assert stage.one("SELECT owner FROM conversation") == "automation"


def test_other_commands(stage: Any) -> None:
    flow = stage.flow("ask", flows.ask())
    stage.says("hi")
    assert texts(stage.post("start", flowId=flow)) == ["Yes or no?"]
    run = stage.one("SELECT run_id FROM run")
    stage.post("cancel", runId=run)
    assert stage.all("SELECT status, outcome FROM run") == [("cancelled", "stopped")]
    for do in ("retry", "cancel", "move"):
        stage.post(do, runId=run)
    stage.post("start", flowId="nowhere")
    stage.post("dance")
    assert stage.dispositions()[-5:] == ["stale", "stale", "stale", "flow_inactive", "unknown_command"]
    stage.post("start", flowId=flow)
    stage.post("reset")
    assert stage.one("SELECT count(*) FROM run WHERE ended_at IS NULL") == 0


def test_a_forgotten_conversation_stays_in_the_queue_and_only_triggers_start_again(stage: Any) -> None:
    from core.runtime.sweep import sweep

    stage.flow("help", HANDOVER, {"type": "dm_keyword", "keyword": "help"})
    stage.flow("later", LATER, flows.KEYWORD)
    stage.flow("ask", flows.ask(), {"type": "dm_keyword", "keyword": "ask"})
    stage.says("price")
    stage.says("ask")
    stage.says("help", "p1")
    assert stage.all("SELECT owner, status FROM conversation") == [("human", "pending_human")]
    stage.clock.move(hours=24)
    assert sweep(stage.db, stage.clock).timeouts == 1
    assert stage.run() == [] and fire(stage) == []
    assert stage.all("SELECT owner, status FROM conversation") == [("automation", "pending_human")]
    assert stage.one("SELECT count(*) FROM run WHERE ended_at IS NULL") == 0
    assert stage.one("SELECT count(*) FROM timer") == 0
    assert sweep(stage.db, stage.clock).timeouts == 0
    assert texts(stage.says("ask")) == ["Yes or no?"]
    stage.post("take_over", reason="message", by=stage.user)
    stage.post("hand_back", how="stop", by=stage.user)
    assert stage.all("SELECT owner, status FROM conversation") == [("automation", "open")]
