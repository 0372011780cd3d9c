"""Any option under any step, with values of any kind: compiled or refused, never raised."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.host.registry import Registry
from core.lang import compile_text

SIGNS: dict[str, tuple[str, ...]] = {
    "V": (
        '"x"',
        "1",
        "-2.5",
        "true",
        "null",
        '[1, "a"]',
        "{a: 1}",
        "name",
        "a|upper",
        "2h",
        '"{{x}}"',
        '"""\n  a\n  """',
    ),
    "K": (
        *("text", "content", "content.text", "content.buttons", "content.cards", "content.media", "buttons", "media"),
        *("cards", "arguments", "arguments.a", "name", "position", "reprompt", "interrupt", "retries", '"odd key"'),
    ),
    "G": ("", " -> a", " -> end", " -> ???", " -> b", ":\n      tag inner"),
    "R": ("{}", "{type: 3}", '{type: "media"}', '{type: "button_payload", value: [1]}', '{type: "outcome", value: {}}'),
    "T": ("message", "carousel", "get_input", "condition", "random_split", "wait", "acme.sloppy", "start", "end"),
    "I": ("", "", " @a", " @c"),
}
"""Letter in a shape -> what may stand there: value, key, way on, raw condition, type, id."""

OPTIONS = (
    *(
        "prop K = V",
        'quick "A"G',
        'quick "B"G',
        "quick email",
        'button "A"G',
        'link "x" to "https://x.example"',
        "elseG",
    ),
    *('image "https://x.example/a"', "with a=V", "with buttons=V", 'on keyword "a"G', "on timeout 2hG", "on raw RG"),
    *(
        "on xG",
        "on validG",
        "on if tagged xG",
        'retry 2 "x"',
        "reprompt 1",
        "within 2s",
        "matching /x/",
        "interrupt never",
    ),
    *('zone "x"', "50%G", "30%G", 'card "x"', 'options "a"', 'url "x"'),
)
STEPS = (
    *(
        'say "x"I',
        "sayI",
        "carouselI",
        'ask email "x" into contact.aI',
        "wait 1hI",
        'split "x"I',
        "tag xI",
        "set x = VI",
    ),
    *('handover "x"I', "call http.request a=VI", "run x a=VI", "do T content=VI", "do T a=V buttons=VI", 'end "x"I'),
    *('comment_reply "x"I', "startI", "goto b", "pass", "if x -> b", "goto ???"),
)
HEADER = (
    "prop colour = V",
    "prop params = V",
    "param a = V",
    "setting x = V",
    "setting expireSeconds = V",
    'when dm "x" match=V',
)
PLACES = (
    "a 1 2",
    "a {K: V}".replace("K", "colour"),
    "b 1 -2 {connections: V}",
    "c {position: V}",
    "start 0 0 {name: V}",
)


def shaped(shapes: tuple[str, ...]) -> st.SearchStrategy[str]:
    """One of the shapes, its letters filled in."""

    def filled(shape: str) -> st.SearchStrategy[str]:
        return st.tuples(*(st.sampled_from(SIGNS[c]) if c in SIGNS else st.just(c) for c in shape)).map("".join)

    return st.sampled_from(shapes).flatmap(filled)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A flow of two sections."""
    out = ["flow x", *(f"  {line}" for line in draw(st.lists(shaped(HEADER), max_size=2)))]
    for label in "ab":
        out.append(f"{label}:")
        for step in draw(st.lists(shaped(STEPS), min_size=1, max_size=3)):
            out.append(f"  {step}")
            out += [f"    {option}" for option in draw(st.lists(shaped(OPTIONS), max_size=3))]
    if places := draw(st.lists(shaped(PLACES), max_size=2)):
        out += ["layout", *(f"  {place}" for place in places)]
    return "\n".join(out) + "\n"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(texts())
def test_any_shape_is_compiled_or_refused(acme: Registry, text: str) -> None:
    done = compile_text(text, acme, "flow")
    assert done.ok or done.diagnostics
    for d in done.diagnostics:
        json.dumps(d.as_json())
        assert d.span is None or d.span.line <= text.count("\n") + 1
    again = compile_text(text, acme, "flow").program
    assert (again and again.hash) == (done.program and done.program.hash)
