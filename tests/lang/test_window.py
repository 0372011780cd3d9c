"""The window proof and the bounds, case by case."""

from typing import Any

import pytest

from core.host.registry import Registry
from core.lang import Workspace, compile_text
from core.lang.analysis import INF, analyse, bounds_of

HEAD = "flow: demo\nsettings: {expireSeconds: 604800}\n"
DM = "when: [{dm_keyword: {keyword: a}}]\n"
COMMENT = "when: [{comment_keyword: {keyword: a}}]\n"
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
    ("six in a row", DM + "steps:\n" + "".join(f"  s{i}: {{say: x, next: s{i + 1}}}\n" for i in range(5)) + "  s5: {say: x}", ["IF520 s5"]),
    ("eleven in a row", DM + "steps:\n" + "".join(f"  s{i}: {{say: x, next: s{i + 1}}}\n" for i in range(10)) + "  s10: {say: x}", ["IF520 s10"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "flow", "said"), CASES, ids=[c[0] for c in CASES])
def test_cases(name: str, flow: str, said: list[str], box: Registry) -> None:
    done = compile_text(HEAD + flow, box, "yaml")
    assert sorted(f"{d.code} {d.node}" for d in done.diagnostics if d.code.startswith(ABOUT)) == said


def test_a_subflow_is_walked(box: Registry) -> None:
    """Not a blanket doubt: the time that it takes, and what it says."""
    main = HEAD + DM + "steps:\n  s: {run: other, next: a}\n  a: {say: Hi}\n"
    quick = compile_text("flow: other\nsteps:\n  w: {wait: 1h, next: end}\n", box, "yaml").program
    slow = compile_text(
        "flow: other\nsteps:\n  w: {wait: 2d, next: b}\n  b: {say: Late, next: end}\n", box, "yaml"
    ).program
    asks = compile_text(
        "flow: other\nsteps:\n  w: {wait: 20h, next: q}\n  q: {ask: Name?, type: text, into: n, next: end}\n",
        box,
        "yaml",
    ).program
    assert quick is not None and slow is not None and asks is not None

    def said(other: Any) -> list[str]:
        done = compile_text(main, box, "yaml", around=Workspace({"other": other}))
        return [f"{d.code} {d.node} {d.message[:22]}".strip() for d in done.diagnostics if d.code.startswith(ABOUT)]

    assert said(quick) == [] and said(asks) == []
    assert said(slow) == ["IF401 s in the subflow 'other'", "IF401 a started by a message o"]


def test_bounds(box: Registry) -> None:
    flow = (
        HEAD
        + "steps:\n  a: {say: One, next: b}\n  b: {say: Two, next: c}\n  c: {wait: 1h, next: d}\n  d: {say: Three, next: q}\n"
    )
    flow += "  q:\n    say: Again?\n    quick: [{text: 'Yes', to: a}, {text: 'No', to: end}]\n    else: end\n"
    done = compile_text(flow, box, "yaml")
    assert done.program is not None
    bounds = bounds_of(done.program)
    assert (bounds.per_step, bounds.unanswered, bounds.per_run) == (2, 4, None)
    values = analyse(done.program).values["dm_keyword"]
    assert {s: (v.low, v.high) for (s, _), v in values.items()}["d"] == (0, 3600)
    assert max(v.high for v in values.values()) < INF
