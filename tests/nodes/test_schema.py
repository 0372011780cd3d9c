"""NodeSchema: one marshmallow schema is check, JSON Schema and example."""

from typing import Any

import pytest

from core.model.flowdoc import NodeDoc
from instaflow import NodeSchema
from instaflow.fields import Arguments, Choice, Flag, Group, Items, Number, Template, Text, Whole
from plugins.nodes.shown import Button
from plugins.nodes.wait import hours


class Gift(NodeSchema):
    """Gives something.

    Example::

        {"id": "a", "type": "gift", "what": "a mug"}
    """

    name = "gift"
    title = "Gift"

    what = Template(required=True, title="What")
    size = Choice("s", "m", title="Size", default="m")
    count = Whole(1, 5)
    price = Number()
    wrapped = Flag()
    to = Items(Text(), least=1)
    more = Arguments()
    button = Group(Button)


def said(**data: Any) -> list[str]:
    return [p.message for p in Gift().problems(NodeDoc("a", "gift", data=data))]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "what is missing"),
    ({"what": None}, "what is missing"),
    ({"what": ""}, "what must not be empty"),
    ({"what": 3}, "what must be a text"),
    ({"what": "x", "size": "xl"}, "size must be one of: s, m"),
    ({"what": "x", "count": True}, "count must be a whole number"),
    ({"what": "x", "count": 2.5}, "count must be a whole number"),
    ({"what": "x", "count": "2"}, "count must be a whole number"),
    ({"what": "x", "count": 6}, "count must be between 1 and 5"),
    ({"what": "x", "price": "2"}, "price must be a number"),
    ({"what": "x", "wrapped": 1}, "wrapped must be true or false"),
    ({"what": "x", "to": []}, "to must have at least 1"),
    ({"what": "x", "to": [None]}, "to[0] is missing"),
    ({"what": "x", "more": []}, "more must be an object"),
    ({"what": "x", "button": 3}, "button must be an object"),
    ({"what": "x", "button": {"type": "wink"}}, "button.type must be one of: quick_reply, postback, url"),
    ({"what": "x", "button": {"type": "url", "size": 1}}, "button.size is not a field of gift"),
]


@pytest.mark.parametrize(("data", "message"), WRONG, ids=lambda v: str(v)[:40])
def test_wrong(data: dict[str, Any], message: str) -> None:
    assert said(**data) == [message]


def test_null_is_absent() -> None:
    assert said(what="x", size=None, count=None, to=None, more=None, button=None, wrapped=None, price=None) == []


def test_unknown_keys_are_warnings() -> None:
    (problem,) = Gift().problems(NodeDoc("a", "gift", data={"what": "x"}, extra={"wat": 1}))
    assert (problem.code, problem.severity, problem.place) == ("IF007", "warning", ("wat",))


def test_json_schema() -> None:
    schema = Gift().json_schema()
    assert schema["description"] == "Gives something." and schema["required"] == ["what"]
    assert schema["properties"]["size"] == {"type": "string", "enum": ["s", "m"], "title": "Size", "default": "m"}
    assert schema["properties"]["count"] == {"type": "integer", "minimum": 1, "maximum": 5}
    assert schema["properties"]["what"]["format"] == "template"
    assert schema["properties"]["to"] == {"type": "array", "items": {"type": "string"}, "minLength": 1}
    assert schema["properties"]["button"]["required"] == ["type"]
    assert Gift.example == {"id": "a", "type": "gift", "what": "a mug"}


def test_hours() -> None:
    assert hours({"fri-mon": "22:00-23:00"}) == {d: [["22:00", "23:00"]] for d in ("mon", "fri", "sat", "sun")}
    assert hours({"mon": ["09:00", "17:00"]}) == {"mon": [["09:00", "17:00"]]}
    assert hours({"fri": "22:00-02:00"}) == {"fri": [["22:00", "02:00"]]}
    for bad in (None, [], {"mon": "09:00-09:00"}, {"mon": "9-17"}, {"mon": []}, {"x": "09:00-17:00"}, {"mon": 3}):
        assert hours(bad) == {}
