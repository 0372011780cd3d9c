"""The line of a property in every notation: what it means, its one spelling, what is said when it cannot be read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.host.manager import load
from core.lang import compile_text
from core.lang.printing import normal, to_json, to_yaml
from core.lang.properties import PropertyError, read_property, spelled
from core.lang.reading import read
from core.model.properties import BARE, NAMES, TEXTS, Occurrence, Property

REGISTRY = load(entry_points=False)
TEXT = """flow shop
  never  say "*coupon*"   unless tagged customer
  always contact.email is set when call crm.* # ours
  eventually (end)

hello:
  say "Hello!"
"""
SPELLINGS = {
    "never say": "never say",
    "never  say '*it*' or tag vip": 'never say "*it*" or tag vip',
    "never tag vip if contact.score>5 after step hello until end": "never tag vip if contact.score > 5 after step hello until end",
    'never say unless last.text contains "after"': 'never say unless (last.text contains "after")',
    "always window.open when say": "always window.open when say",
    "always comment_reply before say": "always comment_reply before say",
    'eventually end "good" or silence after step "my step"': 'eventually end good or silence after step "my step"',
    "never call mailchimp.*": "never call mailchimp.*",
}
WRONG = {
    "sometimes end": "no kind of property",
    "never": "the line ends too early",
    "never shout": "nothing that happens",
    "never say hello": 'a text stands in quotes: say "*hello*"',
    "never say unless contact.": "the condition cannot be read",
    "never end or": "the line ends too early",
    "never end end2 end3": "unexpected 'end3'",
    "always end": "needs 'when' or 'before'",
    "never set plan": "is followed by an attribute of the contact",
    "never step": "needs the id of a step",
    "never tag x until end": "unexpected 'until'",
    "never say " + "x" * 3000: "2000 characters",
}


@pytest.mark.parametrize("line", SPELLINGS)
def test_spelling(line: str) -> None:
    kind, _, text = line.partition(" ")
    made = read_property(kind, text)
    assert made.text == SPELLINGS[line]
    assert read_property(kind, made.text.partition(" ")[2]) == made


@pytest.mark.parametrize("line", WRONG)
def test_what_cannot_be_read(line: str) -> None:
    kind, _, text = line.partition(" ")
    with pytest.raises(PropertyError) as wrong:
        read_property(kind, text)
    assert WRONG[line] in wrong.value.message


NAME = st.text(min_size=1, max_size=12).filter(lambda s: "\x00" not in s and s.isprintable())
EVENT = st.one_of(
    st.builds(Occurrence, st.sampled_from(sorted(BARE))),
    st.builds(Occurrence, st.sampled_from(sorted(TEXTS | NAMES - {"set", "unset"})), NAME),
)
EVENTS = st.lists(EVENT, min_size=1, max_size=3).map(tuple)
CONDITION = st.sampled_from(
    [["tagged", "after"], ["==", ["var", "contact", "x"], "a until b"], ["var", "window", "open"]]
)
PROPERTY = st.one_of(
    st.builds(lambda e, a, u: Property("never", e, after=a, until=u), EVENTS, EVENTS, EVENTS | st.just(())),
    st.builds(lambda e, c, h: Property("never", e, c, h), EVENTS, CONDITION, st.booleans()),
    st.builds(lambda e, c, a: Property("always", e, c, False, after=a), EVENTS, CONDITION, EVENTS | st.just(())),
    st.builds(lambda e, f: Property("always", e, first=f), EVENTS, EVENTS),
    st.builds(lambda e, a: Property("eventually", e, after=a), EVENTS, EVENTS | st.just(())),
)


@given(PROPERTY)
def test_every_property_reads_as_it_is_spelled(of: Property) -> None:
    back = read_property(of.kind, spelled(of))
    assert (back.events, back.first, back.after, back.until) == (of.events, of.first, of.after, of.until)
    assert (back.condition, back.holds) == (of.condition, of.holds)


@given(st.text(max_size=60), st.sampled_from(["never", "always", "eventually"]))
def test_any_line_is_read_or_refused(text: str, kind: str) -> None:
    try:
        read_property(kind, text)
    except PropertyError as e:
        assert e.message


def test_the_three_notations_are_one() -> None:
    text = TEXT.replace("eventually (end)", "eventually end")
    wanted = normal(read(text, "flow", "shop.flow").data)
    assert wanted["flowDefinition"]["properties"] == [
        {"never": 'say "*coupon*" unless tagged customer'},
        {"always": "contact.email is set when call crm.*"},
        {"eventually": "end"},
    ]
    for printed, form in ((to_yaml(wanted), "yaml"), (to_json(wanted), "json")):
        assert (
            normal(read(printed, form, "shop").data)["flowDefinition"]["properties"]
            == (wanted["flowDefinition"]["properties"])
        )


@pytest.mark.parametrize("form", ["flow", "yaml", "json"])
def test_the_line_is_shown_where_it_stands(form: str) -> None:
    data = read(TEXT, "flow", "shop.flow").data
    sources = {
        "flow": (TEXT, 4),
        "yaml": ("flow: x\nsteps:\n  a: {say: Hi}\nproperties:\n  - eventually: (end)\n", 5),
        "json": (json.dumps(data, indent=1), None),
    }
    source, line = sources[form]
    found = [d for d in compile_text(source, REGISTRY, form).diagnostics if d.code == "IF703"]
    assert [d.message for d in found] == ["'(' is nothing that happens"]
    assert found[0].span is not None and line in (None, found[0].span.line)


def test_a_property_does_not_change_what_the_flow_is() -> None:
    bare = TEXT.partition("  never")[0] + "\nhello:\n" + TEXT.partition("hello:\n")[2]
    hashes = {p.hash for p in (compile_text(t, REGISTRY, "flow").program for t in (TEXT, bare)) if p}
    assert len(hashes) == 1


SHAPES: tuple[Any, ...] = ("never", [3], [{}], [{"never": 3}], [{"never": "end", "always": "end"}], {"never": "end"})


@pytest.mark.parametrize("shape", SHAPES)
def test_odd_shapes_are_named(shape: Any) -> None:
    flow = {"startNodeId": "a", "nodes": [{"id": "a", "type": "start"}], "properties": shape}
    codes = [d.code for d in compile_text(json.dumps(flow), REGISTRY, "json").diagnostics]
    assert codes[0] in ("IF006", "IF703")
