"""Answers: precedence, two phases, asking again, bursts."""

import pytest

from core.model.event import Repeated, Replied, Started, TimerFired
from core.model.run import RunStatus
from tests.engine.conftest import NOW, edge, program, say, state

EXITS = ["payload", "title", "keyword", "regex", "media", "any", "else", "timeout"]


def asking(**tables):
    """A question with an exit for each table that is given, to a final state of that name."""
    edges, wait = [], {"kind": "reply", "edges": []}
    for name, value in tables.items():
        if name in ("reprompt", "interrupt"):
            wait[name] = value
            continue
        place = len(edges)
        edges.append(edge("ask", name, name))
        if name in ("payload", "title"):
            wait[name] = {value: place}
        elif name == "keyword":
            wait["keyword"] = [[value, place]]
        elif name == "regex":
            wait["regex"] = [[value, place]]
        elif name == "timeout":
            wait["timeout"] = [value, place]
        else:
            wait["default" if name == "default" else name] = place
    wait["edges"] = edges
    ends = {e["to"]: state(e["to"], outcome=e["to"]) for e in edges}
    return program({"ask": state("ask", do=[say("Well?", "Yes")], wait=wait), **ends})


def started(play, p, **context):
    p = play(p)
    p(Started(p.first), **context)
    return p


ALL = {
    "payload": "YES",
    "title": "yes",
    "keyword": ["sure", "of course"],
    "regex": "(?i)^o+k",
    "media": 1,
    "default": 1,
}


@pytest.mark.parametrize(
    ("reply", "exit"),
    [
        (Replied("whatever", "YES"), "payload"),
        (Replied(" Yes! "), "title"),
        (Replied("yes of course"), "keyword"),
        (Replied("I am SURE about it"), "keyword"),
        (Replied("ooOK"), "regex"),
        (Replied(media=({"type": "image"},)), "media"),
        (Replied("measured", final=True), "default"),
        (Replied("course", final=True), "default"),
        (Replied("?", "OTHER", final=True), "default"),
    ],
)
def test_one_exit_by_precedence(play, reply, exit):
    p = started(play, asking(**ALL))
    assert p(reply).disposition == "handled"
    assert p.run.outcome == exit


def test_keyword_order_decides_between_two_branches(play):
    wait = {
        "kind": "reply",
        "keyword": [[["two"], 0], [["one"], 1]],
        "edges": [edge("a", "k", "x"), edge("a", "l", "y")],
    }
    p = started(play, program({"a": state("a", wait=wait), "x": state("x", outcome="x"), "y": state("y", outcome="y")}))
    p(Replied("one two"))
    assert p.run.outcome == "x"


def test_a_keyword_without_letters_is_found_inside_a_text(play):
    p = started(play, asking(keyword=["❤"]))
    p(Replied("I ❤️ it"))
    assert p.run.outcome == "keyword"


def test_an_unexpected_answer_is_offered_to_triggers_first_and_leaves_no_trace(play):
    p = started(play, asking(payload="YES", default=1))
    before = p.run
    result = p(Replied("hm"))
    assert (result.disposition, result.effects, result.run) == ("unmatched", [], before)


def test_never_keeps_the_answer_from_triggers(play):
    p = started(play, asking(payload="YES", default=1, interrupt="never"))
    p(Replied("hm"))
    assert p.run.outcome == "default"


def test_any_takes_every_message_but_a_foreign_tap_only_when_no_trigger_wants_it(play):
    p = started(play, asking(any=1))
    assert p(Replied("Menu", "MENU")).disposition == "unmatched"
    p(Replied("Menu", "MENU", final=True))
    assert p.run.outcome == "any"


def test_an_answer_that_nobody_wants_is_ignored_and_waits_on(play):
    p = started(play, asking(payload="YES"))
    result = p(Replied("hm", final=True))
    assert (result.disposition, p.run.wait, p.run.seq) == ("ignored", 1, 1)


def test_asking_again_keeps_the_wait_and_shows_the_quick_replies(play):
    p = started(play, asking(payload="YES", default=1, reprompt={"times": 2, "text": "Please tap."}, timeout=60))
    for attempt in (1, 2):
        result = p(Replied("hm", final=True))
        assert result.disposition == "reprompted"
        message = result.effects[0].data["message"]
        assert (message["text"], message["buttons"][0]["text"]) == ("Please tap.", "Yes")
        assert (p.run.wait, p.run.attempts, p.run.seq) == (1, attempt, 1 + attempt)
    result = p(Replied("hm", final=True))
    assert [e.kind for e in result.effects] == ["timer.stop", "run.ended"]
    assert p.run.outcome == "default"


def test_asking_again_without_a_text_puts_the_question_itself(play):
    p = started(play, asking(payload="YES", reprompt={"times": 1}))
    assert p(Replied("hm", final=True)).effects[0].data["message"]["text"] == "Well?"


def test_no_answer_in_time_is_measured_from_entry(play):
    p = started(play, asking(payload="YES", reprompt={"times": 1}, timeout=60))
    assert [(e.kind, e.data) for e in p.last.effects][1] == ("timer.start", {"wait": 1, "seconds": 60})
    again = p(Replied("hm", final=True), now=NOW + 30_000)
    assert [e.kind for e in again.effects] == ["send"]
    p(TimerFired(1), now=NOW + 60_000)
    assert p.run.outcome == "timeout"


def test_the_current_question_can_be_shown_again(play):
    p = started(play, asking(payload="YES"))
    result = p(Repeated())
    assert (result.disposition, p.run.wait, p.run.attempts) == ("reprompted", 1, 0)
    assert result.effects[0].data["message"]["text"] == "Well?"


def question(retries=1, **spec):
    wait = {
        "kind": "reply",
        "input": {"type": "text", "save": ["flow", "name"], "retries": retries, "valid": 0, **spec},
        "edges": [edge("ask", "valid", "end"), edge("ask", "invalid", "bad")],
    }
    return program(
        {
            "ask": state("ask", do=[say("Name?")], wait=wait),
            "end": state("end", outcome="end"),
            "bad": state("bad", outcome="bad"),
        }
    )


def test_lines_written_before_the_question_are_not_its_answer(play):
    p = started(play, question())
    for line in ("are you there", "hello?"):
        reply = Replied(line, received=NOW - 1)
        assert p(reply).disposition == "unmatched"
        result = p(Replied(line, received=NOW - 1, final=True))
        assert (result.disposition, result.effects) == ("early", [])
    assert p.run.seq == 1
    p(Replied("Ana", received=NOW))
    assert p.run.frames[-1].vars == {"name": "Ana"}


def test_a_tap_proves_that_the_question_was_seen(play):
    p = started(play, asking(payload="YES"))
    p(Replied("Yes", "YES", received=NOW - 5000))
    assert p.run.outcome == "payload"


def test_a_burst_of_wrong_answers_is_asked_about_once(play):
    p = started(play, question(retries=2, type="number", message="A number, please."), burst_ms=3000)
    dispositions = [
        p(Replied(line, received=NOW + at, final=True), now=NOW + at).disposition
        for line, at in (("well", 4000), ("let me see", 5000), ("hm", 6500), ("no", 9000))
    ]
    assert dispositions == ["reprompted", "early", "early", "reprompted"]


def test_answers_that_fit_are_taken_at_once_also_in_a_burst(play):
    p = started(play, question(type="number"), burst_ms=3000)
    p(Replied("I am 25", received=NOW + 500))
    assert p.run.frames[-1].vars == {"name": 25}


def test_without_a_known_time_nothing_is_early(play):
    p = started(play, question(), burst_ms=3000)
    p(Replied("Ana"))
    assert p.run.status is RunStatus.DONE


def test_an_invalid_answer_is_asked_again_then_takes_its_exit(play):
    p = started(play, question(type="email", invalid=1, message="An address, please."))
    assert p(Replied("nope")).disposition == "unmatched"
    again = p(Replied("nope", final=True))
    assert (again.disposition, again.effects[0].data["message"]) == ("reprompted", {"text": "An address, please."})
    p(Replied("nope", final=True))
    assert p.run.outcome == "bad"


def test_an_invalid_answer_without_an_exit_is_ignored_in_the_end(play):
    p = started(play, question(retries=0, type="email"))
    assert p(Replied("nope", final=True)).disposition == "ignored"
    assert p(Replied("a@b.example")).disposition == "handled"


def test_a_prefilled_quick_reply_is_the_value(play):
    p = started(play, question(type="email"))
    p(Replied("", "Ana@b.example"))
    assert p.run.frames[-1].vars == {"name": "ana@b.example"}


def test_a_foreign_tap_is_no_free_text(play):
    p = started(play, question())
    assert p(Replied("Main menu", "MENU")).disposition == "unmatched"


def test_a_reply_while_the_flow_waits_for_something_else(play):
    p = started(
        play, program({"w": state("w", wait={"kind": "timer", "seconds": 5, "edges": [edge("w", "next", None)]})})
    )
    assert p(Replied("hi")).disposition == "unmatched"
    assert p(Replied("hi", final=True)).disposition == "ignored"
