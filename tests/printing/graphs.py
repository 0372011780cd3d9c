"""Random documents: cycles, joins, dangling exits, unknown step types and keys, odd texts."""

from typing import Any

from hypothesis import strategies as st

TEXTS = st.sampled_from(
    ["Hi", "Hello {{contact.firstName|default('you')}}!", "yes", "12:30", "1e5", "null", "a: b", "# no comment", "- x", "é🎉", " x ", "two\nlines", "'quoted'", '"', "{a}", "~", "true", "0x1F", "end", "start", "x" * 200]
)  # fmt: skip
IDS = ["a", "b.say1", "end", "start", "start_", "node_1", "on", "yes", "12", "a-b c", "x.2", "a.say2", "layout", "é"]
WORDS = st.sampled_from(["a", "price", "light blue", "ja, klar"])
SCALARS = st.one_of(TEXTS, st.integers(-5, 10**12), st.booleans(), st.none(), st.floats(-10, 10, allow_nan=False))
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2), max_leaves=4
)


def conditions() -> st.SearchStrategy[Any]:
    """Any condition, or none."""
    return st.one_of(
        st.none(),
        st.builds(lambda v: {"type": "button_payload", "value": v}, st.sampled_from(["YES", "NO", "BROWSE_IT"])),
        st.builds(lambda v: {"type": "keyword", "value": v}, st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=3))),
        st.builds(lambda s: {"type": "timeout", "seconds": s}, st.sampled_from([1, 60, 5400, 86400 * 30])),
        st.builds(lambda v: {"type": "input_valid", "value": v}, st.booleans()),
        st.builds(lambda v: {"type": "outcome", "value": v}, st.sampled_from(["success", "failure", "own"])),
        st.just({"type": "media"}),
        st.just({"type": "any_reply"}),
        st.just({"type": "regex", "value": r"/\bx\d+/i"}),
        st.just({"type": "has_tag", "value": "vip"}),
        st.builds(
            lambda v: {"type": "expression", "value": v},
            st.sampled_from(
                ["score > 3 and not tagged vip", " tagged vip ", "contact.plan is 'pro'", "says ['a', 'b, c']", "a ("]
            ),
        ),
        st.builds(
            lambda v: {"type": "attribute_equals", "attribute": "plan", "value": v}, st.sampled_from(["pro", 3, True])
        ),
        st.builds(lambda w: {"type": "random", "weight": w}, st.sampled_from([50, 12.5])),
        st.builds(lambda v: {"type": "acme.mood", "value": v, "more": [1]}, TEXTS),
    )


def buttons() -> st.SearchStrategy[Any]:
    """Buttons of every sort."""
    return st.lists(
        st.one_of(
            st.sampled_from(
                [
                    {"type": "quick_reply", "text": "Yes", "payload": "YES"},
                    {"type": "quick_reply", "text": "No, thanks", "payload": "NO"},
                    {"type": "quick_reply", "contentType": "user_email", "text": "Mine"},
                    {"type": "postback", "text": "Browse it", "payload": "BROWSE_IT"},
                    {"type": "url", "text": "Shop", "url": "https://a.example"},
                    {"type": "postback", "text": "If", "payload": "IF", "condition": "tagged vip"},
                ]
            )
        ),
        max_size=3,
        unique_by=lambda b: b["text"],
    )


def fields() -> st.SearchStrategy[dict[str, Any]]:
    """A step's type with its own fields."""
    return st.one_of(
        st.builds(lambda t, b, m: {"type": "message", "content": {"text": t, "buttons": b, **m}}, TEXTS, buttons(), st.sampled_from([{}, {"media": [{"type": "image", "url": "https://a.example/a.png"}]}, {"odd": 1}])),
        st.builds(lambda t: {"type": "message", "text": t}, TEXTS),
        st.builds(lambda b: {"type": "carousel", "content": {"cards": [{"title": "One", "buttons": b}, {"title": "Two"}]}}, buttons()),
        st.builds(lambda t, s, b: {"type": "get_input", "prompt": t, "inputType": "text", **s, "buttons": b}, TEXTS, st.sampled_from([{}, {"saveToAttribute": "email"}, {"saveToVariable": "n", "retries": 2}, {"saveToAttribute": "a", "saveToVariable": "b"}]), buttons()),
        st.sampled_from([{"type": "wait", "durationSeconds": 5400}, {"type": "wait", "until": "09:00", "timeZone": "account"}, {"type": "wait", "businessHours": {"mon": [["09:00", "17:00"]]}}, {"type": "wait"}]),
        st.sampled_from([{"type": "tag_contact", "tagName": "vip"}, {"type": "tag_contact", "tagNames": ["a", "b"]}, {"type": "untag_contact", "tagName": "x"}, {"type": "tag_contact"}]),
        st.builds(lambda v: {"type": "set_attribute", "target": "contact.plan", "value": v}, JSON),
        st.sampled_from([{"type": "unset_attribute", "target": "n"}, {"type": "human_takeover", "messageToAgent": "help", "team": "shop"}, {"type": "human_takeover"}, {"type": "end", "outcome": "won"}, {"type": "end"}, {"type": "start"}, {"type": "condition"}, {"type": "random_split", "experiment": "x"}, {"type": "comment_reply", "text": "Look!"}]),
        st.builds(lambda a: {"type": "external_api_call", "integration": "http.request", "arguments": {"url": "https://a.example", "x": a}, "timeoutSeconds": 20}, JSON),
        st.builds(lambda a: {"type": "subflow", "flow": "other", "arguments": a, "saveToVariable": "r"}, st.dictionaries(WORDS, JSON, max_size=2)),
        st.builds(lambda a: {"type": "acme.thing", "with": a, "next": 3, "say": "x"}, JSON),
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An envelope or a bare definition."""
    ids = draw(
        st.lists(
            st.sampled_from(IDS),
            min_size=1,
            max_size=9,
            unique=True,
        )
    )
    targets = st.one_of(st.sampled_from(ids), st.none(), st.just("nowhere"))
    nodes = []
    for id_ in ids:
        node = {"id": id_, **draw(fields())}
        node["connections"] = [
            {"targetNodeId": draw(targets), "condition": c, **draw(st.sampled_from([{}, {}, {}, {"label": "why"}]))}
            for c in draw(st.lists(conditions(), max_size=4))
        ]
        node |= draw(
            st.sampled_from(
                [
                    {},
                    {"name": "A step"},
                    {"notes": ["why"]},
                    {"position": {"x": 1, "y": 2.5}},
                    {"x-colour": {"teal": [1]}},
                    {"name": None},
                    {"name": " odd\nname ", "notes": ["# two", "", " lines\nof it"]},
                    {"say": 1, "content.x": "{{contact.plan}}", "position": {"x": "left"}},
                ]
            )
        )
        nodes.append(node)
    inner = {"startNodeId": draw(st.sampled_from([*ids, "nowhere"])), "nodes": nodes}
    inner |= draw(
        st.sampled_from(
            [
                {},
                {"settings": {"expireSeconds": 60}},
                {"params": [{"name": "n", "default": 1}]},
                {"notes": ["x"], "odd": 1},
                {"layout": 1, "flow": "x"},
                {"properties": [{"never": 'say "*coupon*" unless tagged vip'}, {"eventually": "end or silence"}]},
                {"properties": [{"never": "this\nis none"}]},
                {"sections": [ids[-1], "nowhere"], "sectionNotes": {ids[-1]: ["about this part"]}},
                {
                    "sectionNotes": {"nowhere": ["lost"]},
                    "notes": [" two\nlines"],
                    "settings": {"stale": "repeat", "odd": 1},
                },
                {"locales": {"de": {f"{ids[0]}.text": "Hallo! " * 20}}, "params": [{"name": "n", "help": "h"}]},
            ]
        )
    )
    if draw(st.booleans()):
        return inner
    envelope = draw(
        st.sampled_from(
            [
                {},
                {"slug": "shop", "name": "Shop", "status": "draft"},
                {"description": "x: y"},
                {"slug": "a b", "status": "odd", "id": 7},
            ]
        )
    )
    triggers = draw(
        st.sampled_from(
            [
                None,
                [],
                [{"type": "dm_keyword", "keyword": "a, b"}],
                [{"type": "welcome_message"}, {"type": "ref", "ref": "x"}],
                [{"type": "dm_keyword", "keyword": ["a, b", "c"]}, "odd"],
            ]
        )
    )
    return {**envelope, **({} if triggers is None else {"triggers": triggers}), "flowDefinition": inner}


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """Many simple steps, connected anyhow: cycles, joins, parts that nothing reaches."""
    ids = [f"n{i}" for i in range(draw(st.integers(1, 40)))]
    steps = st.sampled_from(
        [
            {"type": "tag_contact", "tagName": "t"},
            {"type": "message", "content": {"text": "Hi"}},
            {"type": "get_input", "prompt": "?", "inputType": "text"},
            {"type": "condition"},
            {"type": "condition"},
            {"type": "external_api_call", "integration": "http.request"},
            {"type": "random_split"},
            {"type": "human_takeover"},
            {"type": "end", "outcome": "x"},
        ]
    )
    guards = st.sampled_from([None, *({"type": "has_tag", "value": v} for v in "abc")])
    target = st.one_of(st.sampled_from(ids), st.sampled_from(ids), st.none())
    way = st.builds(lambda t, c: {"targetNodeId": t, "condition": c}, target, guards)
    nodes = [{"id": i, **draw(steps), "connections": draw(st.lists(way, max_size=3))} for i in ids]
    return {"startNodeId": ids[0], "nodes": nodes}
