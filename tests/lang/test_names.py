"""Variables, conditions and the names around a flow: what is told, and what is not told without reason."""

import pytest

from core.host.registry import Registry
from core.lang import Workspace, compile_text

HEAD = "flow: demo\nsettings: {expireSeconds: 86400}\nsteps:\n"
ABOUT = ("IF205", "IF206", "IF30", "IF310", "IF107")
ASK = "  q:\n    ask: Name?\n    type: text\n    into: n\n    routes:\n      - {answer: valid, to: s}\n      - {timeout: 1h, to: %s}\n"
SAY = '  s: {say: "Hi {{n}}", next: end}\n'
CASES: list[tuple[str, str, list[str]]] = [
    ("set before", "  a: {set: {n: 1}, next: s}\n" + SAY, []),
    ("never set", SAY, ["warning IF302 s"]),
    ("a parameter", "  s: {say: '{{n}}', next: end}\nparams: [{name: n}]\n", []),
    ("answered or not", ASK % "s" + SAY, ["warning IF301 s"]),
    ("only answered", ASK % "end" + SAY, []),
    ("a default", ASK % "s" + SAY.replace("{{n}}", "{{n|default('you')}}"), []),
    ("asked first", ASK % "g" + "  g: {branch: [{if: n is set, to: s}], else: end}\n" + SAY, []),
    ("compared first", ASK % "g" + "  g: {branch: [{if: n == 'x', to: s}], else: end}\n" + SAY, []),
    ("unset again", "  a: {set: {n: 1}, next: b}\n  b: {unset: n, next: s}\n" + SAY, []),
    ("set and not read", "  a: {set: {n: 1}, next: end}\n", ["info IF304 a"]),
    ("the result", "  a: {set: {result: 1}, next: end}\n", []),
    ("a gap", "  s: {say: 'Hi {{contact.firstName}}', next: end}\n", ["info IF303 s"]),
    ("an attribute that was just asked", ASK.replace("into: n", "into: contact.city") % "end" + "  s: {say: '{{contact.city}}', next: end}\n", []),
    ("in a condition only", "  g: {branch: [{if: contact.plan == 'pro', to: end}], else: end}\n", []),
    ("a constant", "  g: {branch: [{if: 1 < 2, to: end}], else: end}\n", ["warning IF205 g"]),
    ("not a constant", "  g: {branch: [{if: window.open, to: end}], else: end}\n", []),
    ("words", "  s:\n    say: x\n    routes: [{keyword: [blue], to: a}, {keyword: [light blue], to: b}]\n    else: a\n  a: {say: a}\n  b: {say: b}\n", ["warning IF206 s"]),
    ("words the other way", "  s:\n    say: x\n    routes: [{keyword: [light blue], to: a}, {keyword: [blue], to: b}]\n    else: a\n  a: {say: a}\n  b: {say: b}\n", []),
    ("a title", "  s:\n    say: x\n    quick: [{text: Blue, to: a}]\n    routes: [{keyword: [blue], to: b}]\n    else: a\n  a: {say: a}\n  b: {say: b}\n", ["info IF206 s"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "flow", "said"), CASES, ids=[c[0] for c in CASES])
def test_cases(name: str, flow: str, said: list[str], box: Registry) -> None:
    found = compile_text(HEAD + flow, box, "yaml").diagnostics
    assert [f"{d.severity} {d.code} {d.node}" for d in found if d.code.startswith(ABOUT)] == said


def test_the_way_on_which_it_is_not_set(box: Registry) -> None:
    flow = (
        HEAD
        + "  a: {branch: [{tagged: vip, to: b}], else: c}\n  b: {set: {n: 1}, next: c}\n  c: {tag: x, next: s}\n"
        + SAY
    )
    (found,) = (d for d in compile_text(flow, box, "yaml").diagnostics if d.code == "IF301")
    assert found.path == ("a", "c", "s") and found.span is not None and found.span.line == 7


AROUND = Workspace(
    tags=frozenset({"vip"}), attributes={"email": "email", "plan": "text"}, segments=frozenset({"buyers"})
)
NAMES = [
    ("  a: {tag: vpi, next: end}\n", "IF306", "did you mean 'vip'?"),
    ("  a: {set: {contact.plann: 1}, next: end}\n", "IF305", "did you mean 'plan'?"),
    ("  a: {branch: [{if: in_segment(\"byers\"), to: end}], else: end}\n", "IF307", "did you mean 'buyers'?"),
    (ASK.replace("into: n", "into: contact.email") % "end" + "  s: {say: x, next: end}\n", "IF310", "ask for the type email"),
]  # fmt: skip


@pytest.mark.parametrize(("flow", "code", "hint"), NAMES, ids=[n[1] for n in NAMES])
def test_names_around(flow: str, code: str, hint: str, box: Registry) -> None:
    found = [d for d in compile_text(HEAD + flow, box, "yaml", around=AROUND).diagnostics if d.code.startswith(ABOUT)]
    assert [(d.code, d.hint) for d in found] == [(code, hint)]
    alone = compile_text(HEAD + flow, box, "yaml").diagnostics
    assert not [d for d in alone if d.code.startswith(ABOUT)], "nothing is said of what is not known"


def test_flows_that_run_each_other(box: Registry) -> None:
    one = compile_text(HEAD + "  a: {tag: x, next: r}\n  r: {run: two, next: end}\n", box, "yaml")
    two = compile_text(HEAD + "  a: {run: one, next: end}\n", box, "yaml")
    slow = compile_text(HEAD + "  w: {wait: 1h, next: a}\n  a: {run: one, next: end}\n", box, "yaml")
    assert one.program is not None and two.program is not None and slow.program is not None

    def codes(other: Workspace) -> list[str]:
        text = HEAD + "  a: {tag: x, next: r}\n  r: {run: two, next: end}\n"
        return [d.code for d in compile_text(text, box, "yaml", around=other).diagnostics if d.code == "IF107"]

    assert codes(Workspace({"one": one.program, "two": two.program})) == ["IF107"]
    assert codes(Workspace({"one": one.program, "two": slow.program})) == []
