"""What the kinds of properties mean, on small flows: whether one holds, and the conversation that shows that it does not."""

from typing import Any

import pytest

from core.engine.shelf import Shelf
from core.engine.simulate import simulate
from core.host.manager import load
from core.lang import Compilation, Workspace, compile_text
from core.lang.analysis.retold import retold

REGISTRY = load(entry_points=False)
SHOP = """flow shop
  when dm "hi"
  {property}

hello:
  say "Welcome!"
    quick "Offer" -> offer
    quick "Help" -> help
    on timeout 1h -> end

offer:
  if contact.orders >= 3 -> gift
  ask email "Your mail?" into contact.email
    on valid -> sign
    on timeout 1d -> end
    else -> end

sign:
  tag member
  call http.request url="https://crm.example"
    on success -> gift
    on failure -> end

gift:
  say "Your coupon: 10 %"
  end "gift"

help:
  handover "Somebody needs help"
    on return -> end
"""
HOLDS = (
    'never say "*refund*"',
    "never tag member unless contact.email is set",
    'never say "*coupon*" unless tagged member or contact.orders > 2',
    "never say after handover until return",
    "never say after end",
    "always contact.email is set when call http.*",
    "always tag member before call",
    'always step offer before say "Your*"',
    "eventually end or silence",
    "eventually end gift or end end or silence",
    "eventually return or silence after handover",
    'eventually say "*coupon*" or failure or end end after call',
)
BROKEN = {
    'never say "*coupon*" unless tagged member': ("gift", "tap OFFER"),
    "never say": ("hello", "started by dm_keyword"),
    "never tag member if contact.email is set": ("sign", 'tap OFFER; "ana@mail.example"'),
    "never end after tap OFFER": ("gift.end1", "orders: 3"),
    "always tagged member when say": ("hello", "started by dm_keyword"),
    'always tag member before say "*coupon*"': ("gift", "orders: 3"),
    "always reply before say": ("hello", "started by dm_keyword"),
    "eventually end gift": ("help", "tap HELP"),
    "eventually end after handover": ("help", "tap HELP"),
    'eventually say "*coupon*" after tag member': ("sign.call1", "the call: failure"),
}


def compiled(line: str, flow: str = SHOP) -> Compilation:
    return compile_text(flow.replace("{property}", line), REGISTRY, "flow", "shop.flow")


def findings(done: Compilation) -> list[Any]:
    return [d for d in done.diagnostics if d.code in ("IF701", "IF702", "IF703", "IF704")]


@pytest.mark.parametrize("line", HOLDS)
def test_holds(line: str) -> None:
    assert [d.message for d in findings(compiled(line))] == []


@pytest.mark.parametrize("line", BROKEN)
def test_broken(line: str) -> None:
    done = compiled(line)
    (found,) = findings(done)
    node, way = BROKEN[line]
    assert found.code == "IF701" and line in found.message and found.span is not None and found.span.line == 3
    assert way in retold(found.witness) or way in str(found.witness)
    assert found.node == node
    assert done.program is not None and not done.ok
    simulate(Shelf([done.program]), done.program.hash, found.witness)


def test_the_conversation_is_the_shortest() -> None:
    (found,) = findings(compiled('never say "*coupon*"'))
    assert found.witness == {
        "contact": {"orders": 3},
        "events": [
            {"type": "start", "trigger": {"type": "dm_keyword"}},
            {"type": "tap", "payload": "OFFER"},
        ],
    }


def test_what_the_flow_says_and_plays() -> None:
    done = compiled('never say "*coupon*" unless tagged member')
    (found,) = findings(done)
    assert done.program is not None
    told = simulate(Shelf([done.program]), done.program.hash, found.witness)["transcript"]
    assert any("coupon" in t["message"]["text"] for t in told if t["who"] == "flow")


LOOP = """flow loop
  when dm "hi"
  {property}

begin:
  set n = n + 1
  ask text "More?" into answer
    on valid -> begin
    on timeout 1h -> end
"""


def test_a_bound_is_said_and_no_proof_claimed() -> None:
    (found,) = findings(compiled('never say "*coupon*"', LOOP))
    assert found.code == "IF702" and str(found.severity) == "info"
    assert "not everything was tried" in found.message and "are not looked at" in found.hint


def test_what_never_happens_is_told() -> None:
    told = [d.message for d in findings(compiled("never say after tag membr"))]
    assert told == ["'never say after tag membr' counts after tag membr, which never happens in this flow"]
    (step,) = findings(compiled("never step welcome"))
    assert step.code == "IF704" and "'welcome', which does not exist" in step.message


def test_other_errors_come_first() -> None:
    done = compiled("never say", SHOP.replace("-> gift\n    on failure", "-> nowhere\n    on failure"))
    assert [d.code for d in findings(done)] == []


SECRET = 'flow secret\n\nhello:\n  say "The secret"\n  end "told"\n'
OUTER = 'flow outer\n  when dm "hi"\n  {property}\n\nhello:\n  run secret\n    on told -> end\n'


def test_subflows_are_looked_into() -> None:
    secret = compile_text(SECRET, REGISTRY, "flow").program
    assert secret is not None
    source = OUTER.replace("{property}", 'never say "*secret*"')
    known = compile_text(source, REGISTRY, "flow", around=Workspace({"secret": secret}))
    (found,) = [d for d in known.diagnostics if d.code == "IF701"]
    assert "The secret" in found.message
    alone = compile_text(source, REGISTRY, "flow")
    (doubt,) = [d for d in alone.diagnostics if d.code == "IF702"]
    assert "the flow 'secret' is not known here" in doubt.hint


def test_random_splits_fall_both_ways() -> None:
    flow = 'flow s\n  when dm "hi"\n  {property}\n\na:\n  split\n    50%:\n      tag left\n    50%:\n      tag right\n'
    for side in ("left", "right"):
        assert [d.code for d in findings(compiled(f"never tag {side}", flow))] == ["IF701"]


def test_conditions_may_use_the_filters_of_plugins() -> None:
    assert [d.code for d in findings(compiled("never say if contact.x|nothing == 1"))] == ["IF703"]
    assert (
        findings(compiled("never say if contact.firstName|upper == 'ANA' and contact.firstName|lower == 'bob'")) == []
    )
