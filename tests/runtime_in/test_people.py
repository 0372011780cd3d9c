"""What people do beside talking: comments, echoes, stop words, old buttons, edits, reactions, receipts."""

from typing import Any

import orjson

from core.runtime.merge import identify
from tests.runtime_in import flows
from tests.runtime_in.conftest import IG, texts


def comment(
    stage: Any, text: str = "LINK please", contact: str | None = "p1", kind: str = "comment", **more: Any
) -> list[Any]:
    event = stage.event(kind, contact, text=text, comment={"id": f"c{stage.n}", "media_id": "m1", **more})
    event.pop("mid")
    stage.give(event)
    return stage.run()


TWO = flows.chain({"type": "message", "content": {"text": "First"}}, {"type": "message", "content": {"text": "Second"}})
LINK = {"type": "comment_keyword", "keyword": "link"}


def test_a_comment_gets_one_private_reply_and_no_more_before_an_answer(stage: Any) -> None:
    stage.flow("two", TWO, LINK)
    at = stage.clock.now()
    [only] = comment(stage)
    assert only == {"to": {"comment_id": "c0"}, "message": {"text": "First"}}
    assert stage.one("SELECT not_after FROM outbox") == at + 7 * 24 * 3600 * 1000
    assert stage.all("SELECT status, reason FROM message_log WHERE direction = 'outbound' ORDER BY message_log_id") == [
        ("queued", None),
        ("skipped", "no_answer_to_private_reply"),
    ]
    assert stage.all("SELECT last_inbound_at, consent FROM contact") == [(None, 0)]


def test_a_private_reply_shows_its_buttons_as_text(stage: Any) -> None:
    stage.flow("ask", flows.ask(), LINK)
    assert texts(comment(stage)) == ["Yes or no?\nReply: Yes / No"]
    assert texts(stage.says("Yes")) == ["Good"]


def test_own_comments_and_comments_of_nobody(stage: Any) -> None:
    stage.flow("two", TWO, LINK)
    assert comment(stage, contact=IG) == []
    assert stage.one("SELECT count(*) FROM contact") == 0
    [reply] = comment(stage, contact=None)
    assert reply["to"] == {"comment_id": "c1"}
    assert stage.all("SELECT external_id FROM contact_identity") == [("comment:c1",)]


def test_a_provisional_contact_turns_out_to_be_somebody(stage: Any) -> None:
    stage.flow("ask", flows.ask(), LINK)
    comment(stage, contact=None)
    provisional = stage.contact("comment:c0")
    with stage.db.write() as tx:
        assert identify(tx, stage.account, provisional, "p7", stage.clock.now()) == provisional
    assert texts(stage.says("Yes", "p7")) == ["Good"]
    comment(stage, contact=None)
    second = stage.contact("comment:c2")
    with stage.db.write() as tx:
        assert identify(tx, stage.account, second, "p7", stage.clock.now()) == provisional
    assert texts(stage.says("No", "p7")) == ["Bad"]
    assert stage.one("SELECT merged_into FROM contact WHERE contact_id = ?", second) == provisional
    assert stage.one("SELECT count(DISTINCT contact_id) FROM run") == 1


def test_what_is_merged_obeys_the_owner_of_the_other_conversation(stage: Any) -> None:
    stage.flow("ask", flows.ask(), LINK)
    stage.says("hello", "p7")
    stage.post("take_over", "p7", reason="button")
    for n, owner in enumerate(("human", "automation")):
        if owner == "automation":
            stage.post("hand_back", "p7", how="stop")
        comment(stage, contact=None)
        provisional = stage.contact(f"comment:c{stage.n - 1}")
        with stage.db.write() as tx:
            identify(tx, stage.account, provisional, "p7", stage.clock.now())
        stage.run()
        status, reason = stage.all("SELECT status, pause_reason FROM run ORDER BY started_at, run_id")[n]
        assert (status, reason) == (("paused", "takeover") if owner == "human" else ("waiting", None))
    assert stage.all("SELECT epoch FROM outbox ORDER BY id") == [(0,), (2,)]
    assert texts(stage.says("Yes", "p7")) == ["Good"]


def test_what_is_too_old_starts_nothing(stage: Any) -> None:
    stage.flow("two", TWO, LINK, flows.KEYWORD)
    for kind, age in (("message", 25), ("comment", 24 * 7 + 1)):
        event = stage.event(kind, text="price link", comment={"id": "c"})
        event["at"] -= age * 3600 * 1000
        stage.give(event)
    assert stage.run() == []
    assert stage.dispositions() == ["too_old", "too_old"]


def test_stop_words_end_and_start_words_begin_it_again(stage: Any) -> None:
    stage.settings({"languages": ["es"]})
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    stage.says("price")
    for word in ("STOP!", "baja", "please stop now"):
        stage.says(word)
    assert stage.dispositions()[1:] == ["opt_out", "opt_out", "opted_out"]
    assert stage.all("SELECT state FROM outbox") == [("cancelled",)]
    assert stage.all("SELECT status, outcome FROM run") == [("cancelled", "opt_out")]
    assert stage.says("price") == []
    stage.says("start")
    assert texts(stage.says("price")) == ["Yes or no?"]


def test_a_stop_word_counts_also_while_a_person_speaks(stage: Any) -> None:
    stage.says("hi")
    stage.post("take_over", reason="button")
    stage.says("stop")
    assert stage.one("SELECT opted_out_at FROM contact") == stage.clock.now()


def tap(stage: Any, body: Any, place: int = 0, kind: str = "quick_reply") -> list[Any]:
    return stage.taps(
        body["message"]["buttons"][place]["payload"], tap=kind, text="x" if kind == "quick_reply" else None
    )


def test_an_old_quick_reply_puts_the_current_question_again(stage: Any) -> None:
    twice = flows.ask()
    twice["nodes"][2]["connections"] = [{"targetNodeId": "q"}]
    stage.flow("twice", twice, flows.KEYWORD)
    [first] = stage.says("price")
    again = tap(stage, first)
    assert texts(again) == ["Good", "Yes or no?"]
    assert texts(tap(stage, first, 1)) == ["Yes or no?"]
    assert stage.dispositions()[-1] == "stale_repeat"
    assert texts(tap(stage, again[1], 1)) == ["Bad"]
    assert texts(tap(stage, first)) == ["That button is no longer active."]


def test_an_old_button_goes_on_behind_it_or_is_an_entry(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    [first] = stage.says("price")
    assert texts(tap(stage, first)) == ["Good"]
    assert texts(tap(stage, first, 1, "postback")) == ["Bad"]
    assert stage.dispositions()[-1] == "stale_continue"
    stage.flow("entry", flows.say("Entry"), {"type": "menu", "payload": "NO"})
    assert texts(tap(stage, first, 1, "postback")) == ["Entry"]


def test_a_button_of_somebody_else_is_a_raw_payload(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    [first] = stage.says("price")
    stolen = first["message"]["buttons"][0]["payload"]
    assert stage.taps(stolen, "p2", text="Yes") == []
    assert stage.dispositions()[-1] == "unmatched"


def echo(stage: Any, text: str, mid: str, **more: Any) -> str:
    stage.give(stage.event("echo", text=text, **more) | {"mid": mid, "key": f"mid:{mid}"})
    stage.run()
    return str(stage.dispositions()[-1])


def test_echoes_ours_open_foreign_and_of_a_person(stage: Any) -> None:
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    stage.says("price")
    with stage.db.write() as tx:
        tx.run("UPDATE outbox SET state = 'sending', sending_at = ?", (stage.clock.now(),))
    assert echo(stage, "something else", "e1") == "held"
    assert echo(stage, "Hello", "e2") == "settled"
    assert stage.all("SELECT state, provider_id, settled_by FROM outbox") == [("sent", "e2", "echo")]
    assert stage.one("SELECT status FROM message_log WHERE mid = 'e2'") == "sent"
    with stage.db.write() as tx:
        tx.run("UPDATE outbox SET provider_id = 'e3', settled_by = 'response'")
    assert echo(stage, "Hello", "e3") == "confirmed"
    assert echo(stage, "Buy now", "e4", app_id="999") == "other_app"
    assert stage.one("SELECT owner FROM conversation") == "automation"
    assert echo(stage, "Hi, it is Ana", "e5") == "taken_over"
    assert stage.one("SELECT owner FROM conversation") == "human"
    assert stage.one("SELECT count(*) FROM chore WHERE kind = 'echo'") == 1


def test_an_account_that_does_not_want_to_be_taken_over_by_echoes(stage: Any) -> None:
    stage.settings({"echoTakeover": False})
    stage.says("hi")
    assert echo(stage, "Hi, it is Ana", "e5") == "echo"
    assert stage.one("SELECT owner FROM conversation") == "automation"


def test_edits_deletions_reactions_and_receipts(stage: Any) -> None:
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    stage.give(stage.event(text="price") | {"mid": "a", "key": "mid:a"})
    stage.give(stage.event("edit", text="prices", number=1) | {"mid": "a", "key": "edit:a:1"})
    stage.run()
    stage.give(stage.event("edit", text="PRICES", number=2) | {"mid": "a", "key": "edit:a:2"})
    stage.run()
    assert stage.all("SELECT content, edit_count FROM message_log WHERE mid = 'a'")[0][1] == 2
    assert orjson.loads(stage.one("SELECT content FROM message_log WHERE mid = 'a'"))["text"] == "PRICES"
    came = (
        "SELECT count(event) FROM step_trace t JOIN inbound_event e ON e.id = t.event_id WHERE e.dedupe_key = 'mid:a'"
    )
    assert stage.one(came) == 1
    stage.give(stage.event("deleted") | {"mid": "a", "key": "del:a"})
    with stage.db.write() as tx:
        tx.run("UPDATE message_log SET status = 'sent', mid = 'b' WHERE direction = 'outbound'")
    reaction = {"mid": "b", "action": "react", "emoji": "❤", "reaction": "love"}
    stage.give(stage.event("reaction", reaction=reaction) | {"key": "react:1"})
    stage.give(stage.event("read") | {"mid": "b", "key": "read:1"})
    stage.run()
    assert stage.all("SELECT type, content FROM message_log WHERE mid = 'a'") == [("deleted", "{}")]
    assert stage.one("SELECT payload FROM inbound_event WHERE dedupe_key = 'mid:a'") is None
    assert stage.one(came) == 0
    assert stage.all("SELECT status, seen_at FROM message_log WHERE mid = 'b'") == [("seen", stage.clock.now())]
    assert stage.one("SELECT count(*) FROM message_log WHERE type = 'reaction'") == 1
    stage.give(stage.event("reaction", reaction={"mid": "b", "action": "unreact"}) | {"key": "react:2"})
    stage.run()
    assert stage.one("SELECT count(*) FROM message_log WHERE type = 'reaction'") == 0


def test_the_bot_brake_and_the_disclosure(stage: Any) -> None:
    stage.settings({"botBrake": 3, "disclosure": "I am a bot."})
    stage.flow("say", flows.say("Hello"), flows.KEYWORD)
    assert texts(stage.says("price")) == ["I am a bot.\n\nHello"]
    assert [texts(stage.says("price")) for _ in range(4)] == [["Hello"], ["Hello"], [], []]
    assert stage.all("SELECT owner, status FROM conversation") == [("human", "pending_human")]
    assert stage.one("SELECT kind FROM notification") == "bot_brake"
    stage.post("hand_back", how="stop")
    stage.clock.move(hours=1)
    assert texts(stage.says("price")) == ["Hello"]


def test_a_flow_that_reads_the_profile_waits_for_it_two_seconds_at_most(stage: Any) -> None:
    stage.flow("name", flows.say("Hi {{contact.firstName|default('you')}}"), flows.KEYWORD)
    assert stage.says("price") == []
    assert stage.says("and?") == []
    assert stage.all("SELECT kind, key FROM chore") == [("profile", stage.contact())]
    assert stage.woken["chores"] == 1
    stage.clock.move(ms=1999)
    assert stage.run() == []
    stage.clock.move(ms=1)
    assert texts(stage.run()) == ["Hi you"]
    with stage.db.write() as tx:
        tx.run("UPDATE contact SET first_name = 'Ana', profile_at = 1")
    assert texts(stage.says("price")) == ["Hi Ana"]


def test_follows_standby_and_what_nobody_knows(stage: Any) -> None:
    stage.flow("welcome", flows.say("Welcome"), {"type": "welcome_message"})
    follow = stage.event("follow") | {"key": "f1"}
    stage.give(follow)
    assert stage.run() == []
    stage.settings({"experimentalFollow": True})
    stage.give(follow | {"key": "f2"})
    assert texts(stage.run()) == ["Welcome"]
    assert stage.one("SELECT not_after FROM outbox") is None
    assert stage.says("hi", "p2", standby=True) == []
    assert (
        stage.one("SELECT last_inbound_at FROM contact WHERE contact_id = ?", stage.contact("p2")) == stage.clock.now()
    )
    stage.give(stage.event("unknown") | {"key": "u"}, stage.event("story_insights", None) | {"key": "i"})
    assert stage.run() == []
    assert stage.dispositions() == ["stored", "triggered", "standby", "stored", "stored"]


def test_accounts_that_nobody_knows_leave_no_rows(stage: Any) -> None:
    assert stage.give(stage.event() | {"ig_id": "0"}, stage.event()) == 1
    assert stage.intake.counts["unknown_account"] == 1
    with stage.db.write() as tx:
        tx.run("UPDATE instagram_account SET status = 'disconnected'")
    stage.run()
    assert stage.dispositions() == ["disconnected"]


def test_a_name_that_a_flow_sets_wins_over_the_profile(stage: Any) -> None:
    from core.model.ports import Outcome
    from core.runtime.chore_kinds import profile
    from core.runtime.chores import Chore

    class Told:
        db, clock = stage.db, stage.clock
        data = {"name": "Ana Maria Lopez", "firstName": "Ana", "lastName": "Maria Lopez", "username": "ana"}

        def perform(self, *_: Any) -> Outcome:
            return Outcome("sent", data=self.data)

    def fetch() -> None:
        profile(Told(), Chore(1, stage.user, stage.account, "profile", stage.contact(), {}, 1))

    greet = flows.say("{{contact.firstName}}/{{contact.lastName}}/{{contact.name}}/{{contact.username}}")
    stage.flow("greet", greet, {"type": "dm_keyword", "keyword": "who"})
    for name, value in (("firstName", "Anita"), ("name", "Anita L.")):
        node = {"type": "set_attribute", "target": f"contact.{name}", "value": value}
        stage.flow(f"set{name}", flows.chain(node), {"type": "dm_keyword", "keyword": name})
    stage.says("firstName")
    fetch()
    assert texts(stage.says("who")) == ["Anita/Maria Lopez/Ana Maria Lopez/ana"]
    stage.says("name")
    Told.data = {**Told.data, "name": "Ana Gomez", "lastName": "Gomez", "username": "ana.g"}
    fetch()
    assert texts(stage.says("who")) == ["Anita/Gomez/Anita L./ana.g"]
