"""The window proof and the bounds, case by case."""

from itertools import pairwise

import pytest

from core.engine import Shelf, simulate
from core.host.registry import Registry
from core.lang import Workspace, compile_text
from core.lang.analysis import INF, analyse, bounds_of
from core.lang.analysis.retold import retold
from core.model.program import Program

HEAD = "flow: demo\nsettings: {expireSeconds: 604800}\n"
DM = "when: [{dm_keyword: {keyword: a}}]\n"
COMMENT = "when: [{comment_keyword: {keyword: a}}]\n"
LIVE = "when: [{live_comment: {keyword: a}}]\n"
COLD = "when: [{reaction: {}}]\n"
ABOUT = ("IF401", "IF402", "IF403", "IF404", "IF407", "IF410", "IF52")
CASES: list[tuple[str, str, list[str]]] = [
    ("at once", DM + "steps:\n  a: {say: Hi}", []),
    ("a day less five minutes", DM + "steps:\n  w: {wait: 23h55m, next: a}\n  a: {say: Hi}", []),
    ("a little longer", DM + "steps:\n  w: {wait: 23h56m, next: a}\n  a: {say: Hi}", ["IF402 a"]),
    ("two days", DM + "steps:\n  w: {wait: 2d, next: a}\n  a: {say: Hi}", ["IF401 a"]),
    ("two waits", DM + "steps:\n  w: {wait: 13h, next: v}\n  v: {wait: 13h, next: a}\n  a: {say: Hi}", ["IF401 a"]),
    ("until a time", DM + "steps:\n  w: {wait: {until: '09:00'}, next: a}\n  a: {say: Hi}", ["IF402 a"]),
    ("guarded", DM + "steps:\n  w: {wait: 2d, next: g}\n  g: {branch: [{if: window.open, to: a}], else: end}\n  a: {say: Hi}", []),
    ("guarded the other way", DM + "steps:\n  w: {wait: {until: '09:00'}, next: g}\n  g: {branch: [{if: not window.open, to: end}], else: a}\n  a: {say: Hi}", []),
    ("guarded by what is left", DM + "steps:\n  w: {wait: {until: '09:00'}, next: g}\n  g: {branch: [{if: window.left > 10h, to: v}], else: end}\n  v: {wait: 9h, next: a}\n  a: {say: Hi}", []),
    ("guarded by too little", DM + "steps:\n  w: {wait: {until: '09:00'}, next: g}\n  g: {branch: [{if: window.left > 1h, to: v}], else: end}\n  v: {wait: 9h, next: a}\n  a: {say: Hi}", ["IF402 a"]),
    ("an answer opens it", DM + "steps:\n  q:\n    say: Well?\n    quick: [{text: 'Yes', to: w}]\n    else: w\n  w: {wait: 20h, next: a}\n  a: {say: Hi}", []),
    ("a time-out does not", DM + "steps:\n  q:\n    say: Well?\n    quick: [{text: 'Yes', to: a}]\n    routes: [{timeout: 25h, to: a}]\n    else: a\n  a: {say: Hi}", ["IF402 a"]),
    ("a person", DM + "steps:\n  h: {handover: help, next: a}\n  a: {say: Hi}", ["IF402 a"]),
    ("nobody wrote", COLD + "steps:\n  a: {say: Hi}", ["IF403 a"]),
    ("nobody wrote, guarded", COLD + "steps:\n  g: {branch: [{if: window.open, to: a}], else: end}\n  a: {say: Hi}", []),
    ("one private reply", COMMENT + "steps:\n  a: {say: Hi}", []),
    ("two", COMMENT + "steps:\n  a: {say: Hi, next: b}\n  b: {say: Ho}", ["IF404 b"]),
    ("two with an answer", COMMENT + "steps:\n  a:\n    say: Hi?\n    quick: [{text: 'Yes', to: b}]\n    else: b\n  b: {say: Ho}", []),
    ("after a week", COMMENT + "steps:\n  w: {wait: 8d, next: a}\n  a: {say: Hi}", ["IF407 a"]),
    ("an unknown subflow", DM + "steps:\n  s: {run: other, next: a}\n  a: {say: Hi}", ["IF410 a"]),
    ("a loop of waits", DM + "steps:\n  a: {say: Hi, next: w}\n  w: {wait: 1h, next: a}", ["IF402 a", "IF521 a"]),
    ("a guarded loop of waits", DM + "steps:\n  a: {say: Hi, next: w}\n  w: {wait: 1h, next: g}\n  g: {branch: [{if: window.open, to: a}], else: end}", ["IF521 a"]),
    ("written unasked", DM + "steps:\n  w: {wait: 2d, next: g}\n  g: {branch: [{if: window.open, to: v}], else: end}\n  v: {wait: 20h, next: a}\n  a: {say: Hi}", ["IF402 a"]),
    ("always something left", DM + "steps:\n  w: {wait: 2d, next: g}\n  g: {branch: [{if: window.left >= 0, to: end}], else: a}\n  a: {say: Hi}", []),
    ("never more than a day left", DM + "steps:\n  w: {wait: 2d, next: g}\n  g: {branch: [{if: 25h < window.left, to: a}], else: end}\n  a: {say: Hi}", []),
    ("one of two conditions", DM + "steps:\n  w: {wait: 2d, next: g}\n  g: {branch: [{if: window.open or tagged vip, to: a}], else: end}\n  a: {say: Hi}", ["IF401 a"]),
    ("both conditions", DM + "steps:\n  w: {wait: 2d, next: g}\n  g: {branch: [{if: window.open and tagged vip, to: a}], else: end}\n  a: {say: Hi}", []),
    ("nobody wrote, then they did", COLD + "steps:\n  g: {branch: [{if: window.open, to: q}], else: end}\n  q: {ask: Name?, type: text, into: n, next: w}\n  w: {wait: 2d, next: a}\n  a: {say: Hi}", ["IF401 a"]),
    ("a call takes time", DM + "steps:\n  w: {wait: 23h50m, next: c}\n  c: {call: http.request, with: {url: 'https://a.example'}, within: 300s, retries: 2, routes: [{outcome: success, to: a}, {outcome: failure, to: a}]}\n  a: {say: Hi}", ["IF402 a"]),
    ("shop hours", DM + "steps:\n  w: {wait: {hours: {mon-fri: '09:00-17:00'}}, next: a}\n  a: {say: Hi}", ["IF402 a"]),
    ("shop hours each day", DM + "steps:\n  w: {wait: {hours: {mon-sun: '09:00-17:00'}}, next: a}\n  a: {say: Hi}", []),
    ("no answer to the private reply", COMMENT + "steps:\n  a:\n    say: Hi?\n    quick: [{text: 'Yes', to: b}]\n    routes: [{timeout: 2h, to: c}]\n    else: b\n  b: {say: Ho}\n  c: {say: Still there?}", ["IF404 c"]),
    ("no answer, guarded", COMMENT + "steps:\n  a:\n    say: Hi?\n    quick: [{text: 'Yes', to: b}]\n    routes: [{timeout: 2h, to: g}]\n    else: b\n  b: {say: Ho}\n  g: {branch: [{if: window.open, to: c}], else: end}\n  c: {say: Still there?}", []),
    ("a commenter who has written before", COMMENT + "steps:\n  a: {say: Hi, next: g}\n  g: {branch: [{if: window.open, to: w}], else: end}\n  w: {wait: 20h, next: b}\n  b: {say: Ho}", ["IF404 b"]),
    ("a commenter and a person", COMMENT + "steps:\n  h: {handover: help, next: a}\n  a: {say: Hi}", ["IF407 a"]),
    ("live, at once", LIVE + "steps:\n  a: {say: Hi}", []),
    ("live, later", LIVE + "steps:\n  w: {wait: 10m, next: a}\n  a: {say: Hi}", ["IF407 a"]),
    ("it runs itself", DM + "steps:\n  q: {ask: Name?, type: text, into: n, next: s}\n  s: {run: demo, next: a}\n  a: {say: Hi}", ["IF410 a"]),
    ("a loop of calls", DM + "steps:\n  c: {call: http.request, with: {url: 'https://a.example'}, routes: [{outcome: success, to: end}, {outcome: failure, to: c}]}", ["IF521 c"]),
    ("six in a row", DM + "steps:\n" + "".join(f"  s{i}: {{say: x, next: s{i + 1}}}\n" for i in range(5)) + "  s5: {say: x}", ["IF520 s5"]),
    ("eleven in a row", DM + "steps:\n" + "".join(f"  s{i}: {{say: x, next: s{i + 1}}}\n" for i in range(10)) + "  s10: {say: x}", ["IF520 s10"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "flow", "said"), CASES, ids=[c[0] for c in CASES])
def test_cases(name: str, flow: str, said: list[str], box: Registry) -> None:
    done = compile_text(HEAD + flow, box, "yaml")
    assert sorted(f"{d.code} {d.node}" for d in done.diagnostics if d.code.startswith(ABOUT)) == said


def program(box: Registry, text: str) -> Program:
    done = compile_text(text, box, "yaml")
    assert done.program is not None
    return done.program


def said(box: Registry, main: str, **others: str) -> list[str]:
    around = Workspace({name: program(box, f"flow: {name}\nsteps:\n{steps}") for name, steps in others.items()})
    done = compile_text(HEAD + main, box, "yaml", around=around)
    return [f"{d.code} {d.node}" for d in done.diagnostics if d.code.startswith(ABOUT)]


RUNS = DM + "steps:\n  s: {run: other, next: a}\n  a: {say: Hi}\n"
ASKS = "  q: {ask: Name?, type: text, into: n, next: end}\n"
SUBFLOWS = [
    ("it takes an hour", RUNS, {"other": "  w: {wait: 1h, next: end}\n"}, []),
    ("it takes two days", RUNS, {"other": "  w: {wait: 2d, next: end}\n"}, ["IF401 a"]),
    ("it says something too late", RUNS, {"other": "  w: {wait: 2d, next: b}\n  b: {say: Late}\n"}, ["IF401 s", "IF401 a"]),
    ("it asks", RUNS, {"other": "  w: {wait: 20h, next: q}\n" + ASKS}, []),
    ("it falls out of a branch", RUNS, {"other": "  w: {wait: 2d, next: g}\n  g: {branch: [{if: tagged vip, to: q}]}\n" + ASKS}, ["IF401 s", "IF402 a"]),
    ("nothing is connected to its question", DM + "steps:\n  s: {run: other, next: w}\n  w: {wait: 2d, next: a}\n  a: {say: Hi}\n", {"other": "  q: {ask: Name?, type: text, into: n}\n"}, ["IF401 a"]),
    ("two ends", DM + "steps:\n  s:\n    run: other\n    routes: [{outcome: late, to: end}]\n    next: a\n  a: {say: Hi}\n",
     {"other": "  g: {branch: [{if: tagged vip, to: w}], else: end}\n  w: {wait: 2d, next: e}\n  e: {end: late}\n"}, []),
    ("a person takes over", RUNS, {"other": "  h: {handover: help}\n"}, []),
    ("a private reply in it", COMMENT + "steps:\n  s: {run: other, next: a}\n  a: {say: Hi}\n", {"other": "  b: {say: Ho}\n"}, ["IF404 a"]),
    ("a subflow of the subflow", RUNS, {"other": "  s: {run: third, next: end}\n", "third": "  w: {wait: 2d, next: b}\n  b: {say: Late}\n"}, ["IF401 s", "IF401 a"]),
    ("they run each other", RUNS, {"other": "  q: {ask: Name?, type: text, into: n, next: s}\n  s: {run: other, next: end}\n"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "main", "others", "wanted"), SUBFLOWS, ids=[c[0] for c in SUBFLOWS])
def test_a_subflow_is_walked(name: str, main: str, others: dict[str, str], wanted: list[str], box: Registry) -> None:
    """Not a blanket doubt: the time that it takes, what it says, how it ends."""
    assert said(box, main, **others) == wanted


CONSENT = [
    ("a picture", "  b: {say: Look, media: [{type: image, url: 'https://a.example/b.png'}]}\n", {}, ["IF405 b"]),
    ("a picture in a subflow", "  s: {run: other, next: end}\n", {"other": "  b: {say: Look, media: [{type: image, url: 'https://a.example/b.png'}]}\n"}, ["IF405 s"]),
    ("a name", "  b: {say: 'Hi {{contact.firstName}}'}\n", {}, ["IF408 b"]),
    ("a name in a subflow", "  s: {run: other, next: end}\n", {"other": "  b: {say: 'Hi {{contact.firstName}}'}\n"}, ["IF408 s"]),
    ("a condition on the profile", "  g: {branch: [{if: contact.isFollower, to: a}], else: a}\n  a: {say: Hi}\n", {}, ["IF408 g"]),
    ("the name that a comment brings", "  g: {branch: [{if: contact.username is 'ana', to: a}], else: a}\n  a: {say: Hi}\n", {}, []),
    ("after the answer", "  q: {ask: Name?, type: text, into: n, next: g}\n  g: {branch: [{if: contact.isFollower, to: a}], else: a}\n  a: {say: 'Hi {{contact.firstName}}'}\n", {}, []),
    ("after a question that nobody answered", "  q:\n    ask: Name?\n    type: text\n    into: n\n    routes: [{timeout: 2h, to: g}]\n    next: end\n  g: {branch: [{if: contact.followerCount > 9, to: t}], else: end}\n  t: {tag: known}\n", {}, ["IF408 g"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "steps", "others", "wanted"), CONSENT, ids=[c[0] for c in CONSENT])
def test_consent(name: str, steps: str, others: dict[str, str], wanted: list[str], box: Registry) -> None:
    """What somebody who has only commented cannot be shown, and of whom nothing is known."""
    around = Workspace({name: program(box, f"flow: {name}\nsteps:\n{other}") for name, other in others.items()})
    done = compile_text(HEAD + COMMENT + "steps:\n" + steps, box, "yaml", around=around)
    assert [f"{d.code} {d.node}" for d in done.diagnostics if d.code in ("IF405", "IF408")] == wanted


def test_many_ways_are_no_loop(box: Registry) -> None:
    """A step to which twenty ways of different length lead is not taken for a loop that never ends."""
    steps = "".join(
        f"  g{i}: {{branch: [{{if: tagged t{i}, to: a}}], else: w{i}}}\n  w{i}: {{wait: 1h, next: {f'g{i + 1}' if i < 19 else 'a'}}}\n"
        for i in range(20)
    )
    assert said(box, DM + "steps:\n" + steps + "  a: {say: Hi}\n") == []


def test_errors_refuse_activation(box: Registry) -> None:
    late = compile_text(HEAD + DM + "steps:\n  w: {wait: 2d, next: a}\n  a: {say: Hi}", box, "yaml")
    perhaps = compile_text(HEAD + DM + "steps:\n  h: {handover: help, next: a}\n  a: {say: Hi}", box, "yaml")
    assert (late.ok, perhaps.ok) == (False, True)
    assert late.window is not None and late.window.as_json()["colours"] == {"a": "refused"}
    assert perhaps.window is not None and perhaps.window.as_json()["colours"] == {"a": "guarded"}


def test_the_way_and_the_conversation(box: Registry) -> None:
    flow = "steps:\n  a: {say: One, next: w}\n  w: {wait: {until: '09:00'}, next: g}\n  g: {branch: [{if: tagged vip, to: b}], else: end}\n"
    done = compile_text(HEAD + DM + flow + "  b: {say: Two}\n", box, "yaml")
    found = next(d for d in done.diagnostics if d.code == "IF402")
    assert found.path == ("a", "w", "g", "b") and found.span is not None and found.span.line == 8
    assert found.witness is not None and done.program is not None
    assert retold(found.witness) == "started by dm_keyword Saturday at 09:00 by somebody with tags: vip; 1d1h pass"
    played = simulate(Shelf([done.program]), done.program.hash, found.witness)
    refused = [
        before["code"]
        for before, said in pairwise(played["transcript"])
        if said["who"] == "flow" and said["node"] == "b"
    ]
    assert refused == ["window_closed"]


def test_bounds(box: Registry) -> None:
    flow = "steps:\n  a: {say: One, next: b}\n  b: {say: Two, next: c}\n  c: {wait: 1h, next: d}\n  d: {say: Three, next: q}\n"
    flow += "  q:\n    say: Again?\n    quick: [{text: 'Yes', to: a}, {text: 'No', to: end}]\n    else: end\n"
    done = compile_text(HEAD + DM + flow, box, "yaml")
    assert done.bounds is not None and done.program is not None
    assert list(done.bounds.as_json().values()) == [2, 4, None, 0]
    values = analyse(done.program).values["dm_keyword"]
    assert {s: (v.low, v.high) for (s, _), v in values.items()}["d"] == (0, 3600)
    assert max(v.high for v in values.values()) < INF


def test_what_subflows_say_counts(box: Registry) -> None:
    six = "".join(f"  s{i}: {{say: x, next: s{i + 1}}}\n" for i in range(5)) + "  s5: {say: x}\n"
    other, run = {"other": program(box, "flow: other\nsteps:\n" + six)}, program(box, HEAD + RUNS)
    assert (bounds_of(run).per_step, bounds_of(run, other).per_step, bounds_of(run, other).per_run) == (1, 7, 7)
    asks = {"other": program(box, "flow: other\nsteps:\n" + ASKS)}
    assert (bounds_of(run, asks).per_step, bounds_of(run, asks).per_run) == (1, 2)
    itself = program(box, HEAD + DM + "steps:\n  a: {say: Hi, next: s}\n  s: {run: demo, next: end}\n")
    assert bounds_of(itself, {"demo": itself}).per_run is None
    assert said(box, RUNS, other=six) == ["IF520 s"]
