"""What the runtime asks beside steps: interest, modes, stale buttons, moving to a new version."""

import pytest

from core.engine import interrupt_mode, move, reply_interest, revive, stale_mode, step
from core.model.event import Replied, Retried, Started, TimerFired
from core.model.run import RunStatus
from tests.engine.conftest import NOW, edge, program, say, state


def menu(settings=None, **wait):
    tables = {"kind": "reply", "payload": {"A": 0, "B": 1}, "title": {"a": 0, "b": 1}, "default": 2, **wait}
    edges = [edge("m", "payload:A", "a"), edge("m", "payload:B", "b"), edge("m", "else", "a")]
    ask = {
        "kind": "reply",
        "input": {"type": "email", "save": ["flow", "x"], "retries": 1, "valid": 0},
        "edges": [edge("q", "valid", None)],
    }
    return program(
        {
            "m": state("m", do=[["set", "flow", "seen", 1], say("?", "A", "B")], wait={**tables, "edges": edges}),
            "a": state("a", do=[["tag", "a"]], to="q"),
            "b": state("b", do=[say("b is ", "B")], outcome="b"),
            "q": state("q", do=[say("Mail?")], wait=ask),
        },
        settings=settings or {},
    )


@pytest.fixture
def asked(play):
    p = play(menu({"stale": "continue"}, interrupt="always"))
    p(Started(p.first, {"type": "ref"}))
    return p


@pytest.mark.parametrize(
    ("reply", "interest"),
    [
        (Replied("x", "A"), "explicit"),
        (Replied("a"), "explicit"),
        (Replied("zzz"), "none"),
        (Replied("x", "OTHER"), "none"),
        (Replied("a", received=NOW - 1), "none"),
        (Replied("x", "A", received=NOW - 1), "explicit"),
    ],
)
def test_interest_in_buttons_and_titles(asked, reply, interest):
    assert reply_interest(asked.shelf, asked.run, reply) == interest


def test_interest_in_inputs(asked):
    asked(Replied("a"))
    assert reply_interest(asked.shelf, asked.run, Replied("a@b.example")) == "input"
    assert reply_interest(asked.shelf, asked.run, Replied("nope")) == "none"


def test_interest_agrees_with_the_step(asked):
    for reply in (
        Replied("x", "A"),
        Replied("a"),
        Replied("zzz"),
        Replied("", "A@B"),
        Replied(media=({"type": "image"},)),
    ):
        wanted = reply_interest(asked.shelf, asked.run, reply) != "none"
        assert wanted == (step(asked.shelf, asked.run, reply, asked.context).disposition == "handled")


def test_modes(asked):
    assert interrupt_mode(asked.shelf, asked.run) == "always"
    assert stale_mode(asked.shelf, asked.run) == "continue"
    asked(Replied("b"))
    assert asked.run.status is RunStatus.DONE
    assert interrupt_mode(asked.shelf, asked.run) == "keywords"
    assert reply_interest(asked.shelf, asked.run, Replied("x", "A")) == "none"


def test_a_stale_button_finds_the_way_behind_it(asked, play):
    asked(Replied("a"))
    event = revive(asked.shelf, asked.run, 1, "B")
    assert event == Started(asked.first, {"type": "ref"}, {"seen": 1}, ("m", 1))
    again = play(asked.shelf.linked(asked.first).program)
    again(event)
    assert (again.run.outcome, again.run.frames[0].vars) == ("b", {"seen": 1})
    assert revive(asked.shelf, asked.run, 1, "NOPE") is None
    assert revive(asked.shelf, asked.run, 9, "B") is None


def test_only_the_newest_questions_are_remembered(play):
    wait = {"kind": "reply", "payload": {"A": 0}, "edges": [edge("m", "payload:A", "m")]}
    p = play(program({"m": state("m", wait=wait)}))
    p(Started(p.first))
    for _ in range(20):
        p(Replied("a", "A"))
    assert [a[0] for a in p.run.asked] == list(range(14, 22))


def test_a_run_moves_when_its_place_means_the_same(asked, play):
    asked(Replied("a"))
    new = menu({"stale": "repeat"})
    both = play(asked.shelf.linked(asked.first).program, new)
    moved = move(both.shelf, asked.run, new.hash)
    assert (moved.frames[0].program, moved.frames[0].vars, moved.seq) == (new.hash, {"seen": 1}, asked.run.seq + 1)
    assert moved.asked[0][2] == new.hash
    assert step(both.shelf, moved, Replied("a@b.example"), asked.context).run.status is RunStatus.DONE


def test_a_run_stays_when_its_place_is_gone_or_waits_for_something_else(play):
    def waiting(**wait):
        return program({"w": state("w", wait={**wait, "edges": [edge("w", "next", None)]})})

    old = waiting(kind="timer", seconds=5)
    others = [waiting(kind="human", outcome={"*": 0}), program({"x": state("x")})]
    p = play(old, *others)
    p(Started(p.first))
    assert [move(p.shelf, p.run, o.hash) for o in others] == [None, None]
    with pytest.raises(KeyError):
        move(p.shelf, p.run, "ir1:unknown")


def test_an_errored_start_is_tried_again_on_the_new_version(play):
    old, new = program({"a": state("a", to="nowhere")}), program({"a": state("a", outcome="fine")})
    p = play(old, new)
    p(Started(old.hash, {}, {"x": 1}))
    p.run = move(p.shelf, p.run, new.hash)
    p(Retried())
    assert (p.run.outcome, p.run.frames[0].program, p.run.frames[0].vars) == ("fine", new.hash, {"x": 1})
    assert p(TimerFired(1)).disposition == "stale"
