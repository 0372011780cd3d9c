"""What is asked of Instagram beside sending: messages that came without text, profiles, chores that fail."""

from typing import Any

from core.model.ports import Outcome
from core.runtime.chore_kinds import KINDS, profile
from core.runtime.chores import TRIES, Chore, ChoreRunner, schedule
from core.services import chore_rows
from core.store.store import Store
from tests.runtime_in import flows
from tests.runtime_in.conftest import texts
from tests.runtime_in.test_people import LINK, TWO, comment


def test_a_message_that_came_as_an_edit_is_read_from_instagram(stage: Any) -> None:
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    stage.give(stage.event("edit", None, number=0) | {"mid": "x", "key": "mid:x"})
    assert stage.all("SELECT kind, key FROM chore") == [("message", "x")]

    class Desk(ChoreRunner):
        def perform(self, account_id: str, kind: str, body: Any, to: Any) -> Outcome:
            assert (kind, body) == ("message.get", {"id": "x"})
            return Outcome("sent", data={"id": "x", "from": {"id": "p1"}, "message": "price"})

    desk = Desk(stage.db, stage.clock, stage.registry, None, lambda text, row: text, KINDS)  # type: ignore[arg-type]
    assert desk.run_due() == 1
    assert texts(stage.run()) == ["Hello"]
    assert stage.one("SELECT count(*) FROM chore WHERE kind = 'message'") == 0


def test_a_chore_that_fails_comes_back_later_and_is_given_up_in_the_end(stage: Any) -> None:
    tried: list[int] = []

    def work(desk: Any, chore: Any) -> int | None:
        tried.append(chore.attempts)
        raise OSError("no")

    with stage.db.write() as tx:
        schedule(tx, "odd", "k", stage.clock.real(), stage.clock.real())
        schedule(tx, "odd", "k", 0, 0)
    desk = ChoreRunner(stage.db, stage.clock, stage.registry, None, lambda text, row: text, {"odd": work})  # type: ignore[arg-type]
    while stage.one("SELECT count(*) FROM chore"):
        desk.run_due()
        assert desk.run_due() == 0
        stage.clock.move(hours=1)
    assert tried == list(range(1, TRIES + 1))


def test_a_chore_that_is_asked_for_anew_while_it_is_carried_out_is_done_again(stage: Any, store: Store) -> None:
    seen: list[Any] = []

    def work(desk: Any, chore: Any) -> int | None:
        seen.append(dict(chore.args))
        if len(seen) == 1:
            with store.write() as tx:
                chore_rows.add(tx, "odd", "k", stage.clock.real(), args={"n": 2})
        return None

    with stage.db.write() as tx:
        schedule(tx, "odd", "k", stage.clock.real(), stage.clock.real(), args='{"n":1}')
    desk = ChoreRunner(stage.db, stage.clock, stage.registry, None, lambda text, row: text, {"odd": work})  # type: ignore[arg-type]
    assert desk.run_due() == 2
    assert seen == [{"n": 1}, {"n": 2}]
    assert stage.one("SELECT count(*) FROM chore") == 0


NAMED = flows.say("Hello {{contact.firstName|default('you')}}")


def test_who_wrote_before_the_flow_that_reads_their_name_does_not_wait_for_the_later_chore(stage: Any) -> None:
    stage.flow("named", NAMED, flows.KEYWORD)
    stage.says("hi", "p1")
    due = "SELECT due_at - ? FROM chore WHERE kind = 'profile' AND key = ?"
    assert stage.one(due, stage.clock.real(), stage.contact("p1")) == 20_000
    assert stage.says("price", "p1") == []
    assert stage.one(due, stage.clock.real(), stage.contact("p1")) == 0
    stage.give(stage.event(contact="p2", text="hi"), stage.event(contact="p2", text="price"))
    assert stage.run() == []
    assert stage.one(due, stage.clock.real(), stage.contact("p2")) == 0
    assert stage.one("SELECT count(*) FROM dead_letter") == 0


def test_people_who_never_wrote_are_not_asked_about(stage: Any) -> None:
    class Asked:
        db, clock = stage.db, stage.clock

        def perform(self, *_: Any) -> None:
            raise AssertionError("asked without consent")

    stage.give(stage.event(text="hi", is_self=True))
    stage.flow("two", TWO, LINK)
    comment(stage)
    assert stage.all("SELECT consent FROM contact") == [(0,)]
    assert stage.one("SELECT count(*) FROM chore WHERE kind = 'profile'") == 0
    assert profile(Asked(), Chore(1, stage.user, stage.account, "profile", stage.contact(), {}, 1)) is None


def test_the_first_message_of_all_is_consent_enough_to_ask_for_the_name_that_its_flow_reads(stage: Any) -> None:
    class Desk:
        db, clock = stage.db, stage.clock

        def perform(self, *_: Any) -> Outcome:
            return Outcome("sent", data={"firstName": "Mia"})

    stage.flow("named", NAMED, flows.KEYWORD)
    assert stage.says("price", "p1") == []
    profile(Desk(), Chore(1, stage.user, stage.account, "profile", stage.contact("p1"), {}, 1))
    assert [m["message"]["text"] for m in stage.run()] == ["Hello Mia"]
