"""An echo and the dispatcher's own answer race (READ COMMITTED): whoever comes first, automation's message stays its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core.store.driver import Db, Tx
from core.testing.clock import FixedClock
from tests.runtime_in import flows
from tests.runtime_in.test_people import LINK, TWO, comment


class Between:
    """A database on which something is committed just before the ``nth`` statement of a write transaction that concerns
    sends and the message log (the reads of an echo)."""

    def __init__(self, db: Db, nth: int, act: Callable[[Tx], None]) -> None:
        self._db, self.left, self._act = db, nth, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    @contextmanager
    def write(self) -> Iterator[Any]:
        with self._db.write() as tx:
            yield _Watched(tx, self)

    def comes(self, tx: Tx, sql: str) -> None:
        if sql.startswith(("SELECT", "UPDATE outbox")) and (
            "FROM outbox" in sql or "message_log" in sql or "UPDATE outbox" in sql
        ):
            self.left -= 1
            if self.left == 0:
                self._act(tx)


class _Watched:
    def __init__(self, tx: Tx, between: Between) -> None:
        self._tx, self._between = tx, between

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._tx, name)
        if name not in ("all", "one", "run"):
            return real

        def watched(sql: str, params: Any = ()) -> Any:
            self._between.comes(self._tx, sql)
            return real(sql, params)

        return watched


def settle(mid: str) -> Callable[[Tx], None]:
    """What the dispatcher writes when Instagram's answer is there."""

    def act(tx: Tx) -> None:
        tx.run(
            "UPDATE outbox SET state = 'sent', provider_id = ?, settled_by = 'response' WHERE state = 'sending'", (mid,)
        )
        tx.run("UPDATE message_log SET status = 'sent', mid = ? WHERE status = 'queued'", (mid,))

    return act


def test_an_echo_is_never_a_persons_whenever_its_send_is_settled(stage: Any) -> None:
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    plain, seen = stage.db, []
    for nth in range(1, 8):
        stage.says("price")
        with plain.write() as tx:
            tx.run("UPDATE outbox SET state = 'sending', sending_at = ? WHERE state = 'queued'", (stage.clock.now(),))
        between = Between(plain, nth, settle(f"e{nth}"))
        stage.db = between
        stage.drainer = stage.new_drainer()
        stage.give(stage.event("echo", text="Hello") | {"mid": f"e{nth}", "key": f"echo:{nth}"})
        while stage.drainer.drain():
            pass
        stage.db = plain
        seen.append(stage.dispositions()[-1])
        assert stage.one("SELECT owner FROM conversation") == "automation", (nth, seen)
    assert set(seen) <= {"confirmed", "settled", "held"} and {"confirmed", "settled"} <= set(seen)


def test_the_late_echo_of_a_try_that_seemed_lost_stops_the_next_try(stage: Any) -> None:
    """The look-up did not find the message yet, so it is queued again; then its echo comes: it is ours, and not said twice."""
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    stage.says("price")
    with stage.db.write() as tx:
        tx.run(
            "UPDATE outbox SET attempt = 1, sending_at = ?, next_at = ?", (stage.clock.now(), stage.clock.real() + 9)
        )
    stage.give(stage.event("echo", text="Something else") | {"mid": "x", "key": "echo:x", "app_id": "1"})
    stage.give(stage.event("echo", text="Hello") | {"mid": "e", "key": "echo:e"})
    stage.run()
    assert stage.dispositions()[-2:] == ["other_app", "settled"]
    assert stage.all("SELECT state, provider_id, settled_by FROM outbox") == [("sent", "e", "echo")]
    assert stage.one("SELECT status FROM message_log WHERE mid = 'e'") == "sent"
    assert stage.one("SELECT owner FROM conversation") == "automation"


def test_the_echo_of_a_private_reply_to_an_unnamed_comment_waits_for_the_answer(stage: Any) -> None:
    stage.flow("two", TWO, LINK)
    comment(stage, contact=None)
    with stage.db.write() as tx:
        tx.run("UPDATE outbox SET state = 'sending', sending_at = ? WHERE state = 'queued'", (stage.clock.now(),))
    stage.give(stage.event("echo", "p9", text="First") | {"mid": "e1", "key": "echo:1"})
    stage.run()
    assert stage.dispositions()[-1] == "held"
    assert [o for (o,) in stage.all("SELECT DISTINCT owner FROM conversation")] == ["automation"]


class Ahead(FixedClock):
    """Business time an hour before real time, as in a demo whose clock was moved."""

    def now(self) -> int:
        return self.at + 3_600_000


def test_what_is_held_comes_back_by_real_time_whatever_the_business_clock_says(stage: Any) -> None:
    stage.clock = Ahead(stage.clock.at)
    stage.drainer = stage.new_drainer()
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    stage.says("price")
    with stage.db.write() as tx:
        tx.run("UPDATE outbox SET state = 'sending', sending_at = ? WHERE state = 'queued'", (stage.clock.now(),))
    stage.give(stage.event("echo", text="else") | {"mid": "e1", "key": "echo:1"})
    stage.run()
    due = dict(stage.all("SELECT kind, due_at FROM chore"))
    assert due == {"echo": stage.clock.real() + 1000, "profile": stage.clock.real() + 20_000}
