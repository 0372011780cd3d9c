"""A trigger as an author writes it, checked by its type, as the columns of its row."""

from collections.abc import Mapping
from typing import Any

from core.model.errors import ServiceError
from core.services.house import House

OUTER = frozenset({"type", "keyword", "postPermalink", "status", "options"})


def columns(house: House, given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a trigger. ``given``: type, keyword, postPermalink, status, and the type's own fields, flat or under
    ``options``. Raises ServiceError 400 with field -> messages for an unknown type, a wrong value or an unknown field."""
    type_ = house.registry.trigger_types.get(str(given.get("type")))
    if type_ is None:
        known = ", ".join(sorted(house.registry.trigger_types))
        raise _invalid({"type": [f"Unknown trigger type; known: {known}."]})
    problems: dict[str, list[str]] = {}
    for problem in type_.problems(given):
        place = ".".join(map(str, problem.place))
        problems.setdefault(place, []).append("Unknown field." if problem.code == "IF007" else problem.message)
    if problems:
        raise _invalid(problems)
    options = {**(given.get("options") or {}), **{k: v for k, v in given.items() if k not in OUTER}}
    permalink = given.get("postPermalink") or options.pop("postPermalink", None)
    keyword = given.get("keyword") or options.pop("keyword", None) or ""
    if permalink and "scope" in _fields(type_):
        options.setdefault("scope", "post")
    found = {"type": type_.name, "keyword": keyword, "post_permalink": permalink, "options": options}
    return {**found, "status": given.get("status") or "active"}


def _fields(type_: Any) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = type_.json_schema().get("properties", {})
    return fields


def _invalid(details: Mapping[str, Any]) -> ServiceError:
    return ServiceError(400, "validation_failed", "The trigger is not valid; details name the fields", details)
