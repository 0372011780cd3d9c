"""Random folders of flows that compile: messages, questions, branches, waits, loops over answers, subflows, names, notes, places."""

from typing import Any

from hypothesis import strategies as st

TEXTS = st.sampled_from(
    ["Hi", "Hello {{contact.firstName|default('you')}}!", "é🎉", "two\nlines", "a: b", "12:30", "'x'", "null"]
)
SLUGS = ["welcome", "faq", "ask_phone", "order-status", "a"]
NAMES = st.sampled_from(["Welcome", "Fragen & Antworten", "12", "true", "x" * 200])
PLACES = st.builds(lambda x, y: {"x": x, "y": y}, st.integers(-500, 500), st.floats(-99, 99, allow_nan=False))
LOOSE = {"name": NAMES, "notes": st.lists(TEXTS, min_size=1, max_size=2), "position": PLACES}
TRIGGERS = st.sampled_from(
    [
        {"type": "dm_keyword", "keyword": "hi, hello"},
        {"type": "dm_keyword", "keyword": "HELLO,hi", "match": "exact"},
        {"type": "dm_keyword", "keyword": "price"},
        {"type": "default_reply"},
        {"type": "story_mention", "cooldownSeconds": 60},
        {"type": "ref", "ref": "flyer"},
        {"type": "dm_keyword", "keyword": "off", "status": "inactive"},
    ]
)


def to(target: str | None, condition: Any = None) -> dict[str, Any]:
    """A connection."""
    return {"targetNodeId": target, "condition": condition}


def payload(word: str, target: str | None) -> dict[str, Any]:
    """The way of a button."""
    return to(target, {"type": "button_payload", "value": word})


@st.composite
def step(draw: st.DrawFn, id_: str, later: list[str], earlier: list[str], slugs: list[str]) -> dict[str, Any]:
    """A step that leads to later ones, or back over an answer."""
    onward = st.sampled_from([*later, None]) if later else st.none()
    kind = draw(st.sampled_from(["message", "question", "get_input", "wait", "tag_contact", "condition", "subflow"]))
    if kind == "question":
        back = draw(st.sampled_from([*earlier, id_]))
        buttons = [{"type": "quick_reply", "text": w.title(), "payload": w} for w in ("YES", "NO")]
        ways = [payload("YES", draw(onward)), payload("NO", back), to(draw(onward))]
        made: dict[str, Any] = {
            "type": "message",
            "content": {"text": draw(TEXTS), "buttons": buttons},
            "connections": ways,
        }
    elif kind == "get_input":
        ways = [to(draw(onward), {"type": "input_valid", "value": v}) for v in (True, False)]
        made = {
            "type": kind,
            "prompt": "Your e-mail?",
            "inputType": "email",
            "saveToAttribute": "email",
            "connections": ways,
        }
    elif kind == "condition":
        tagged = {"type": "has_tag", "value": draw(st.sampled_from(["vip", "new"]))}
        made = {"type": kind, "connections": [to(draw(onward), tagged), to(draw(onward))]}
    else:
        own: dict[str, Any] = {
            "message": {"content": {"text": draw(TEXTS)}},
            "wait": {"durationSeconds": draw(st.sampled_from([60, 3600]))},
            "tag_contact": {"tagName": draw(st.sampled_from(["vip", "new"]))},
            "subflow": {"flow": draw(st.sampled_from(slugs))} if slugs else {"content": {"text": "alone"}},
        }[kind]
        made = {"type": kind if kind != "subflow" or slugs else "message", **own, "connections": [to(draw(onward))]}
    loose = draw(st.fixed_dictionaries({}, optional=LOOSE))
    return {"id": id_, **made, **loose}


@st.composite
def definition(draw: st.DrawFn, slugs: list[str]) -> dict[str, Any]:
    """A flow whose subflows are among ``slugs``."""
    ids = draw(
        st.lists(st.sampled_from(["b", "c", "node_1", "é", "x.2", "a-b c"]), min_size=1, max_size=5, unique=True)
    )
    nodes = [draw(step(id_, ids[i + 1 :], ids[:i], slugs)) for i, id_ in enumerate(ids)]
    start = {"id": "a", "type": "start", "connections": [to(ids[0])]}
    settings = draw(st.sampled_from([{}, {"settings": {"expireSeconds": 86400}}]))
    return {"startNodeId": "a", "nodes": [start, *nodes], **settings}


@st.composite
def folder(draw: st.DrawFn, least: int = 0) -> list[dict[str, Any]]:
    """At least so many flows of a folder; a flow runs only those before it, and only what is active runs by itself."""
    slugs = draw(st.lists(st.sampled_from(SLUGS), min_size=least, max_size=4, unique=True))
    rows = []
    for i, slug in enumerate(slugs):
        said = draw(st.fixed_dictionaries({}, optional={"name": NAMES, "description": TEXTS}))
        triggers = draw(st.lists(TRIGGERS, max_size=3))
        row = {"slug": slug, "file": f"flows/{slug}.yaml", "flowDefinition": draw(definition(slugs[:i])), **said}
        status = draw(st.sampled_from([None, "active", "inactive", "draft"]))
        rows.append({**row, **({"status": status} if status else {}), **({"triggers": triggers} if triggers else {})})
    return rows
