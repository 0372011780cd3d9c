"""A flow's ETag: its revision. ``If-Match`` on a change asks that nobody saved in between."""

from typing import Any

from flask import request

from core.model.errors import ServiceError

ETAG = {"ETag": "The flow's revision; send it as If-Match when you change the flow"}


def tagged(flow: dict[str, Any], status: int = 200) -> Any:
    """The flow with its ETag."""
    return flow, status, {"ETag": f'"r{flow["revision"]}"'}


def expected() -> int | None:
    """The revision that If-Match names; None without the header or with ``*``."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    tags = request.if_match.as_set(include_weak=True)
    tags |= {t.removeprefix('W/"').removesuffix('"') for t in tags}
    numbers = [int(t[1:]) for t in tags if t[:1] == "r" and t[1:].isdigit() and len(t) < 12]
    if not numbers:
        raise ServiceError(412, "precondition_failed", "Somebody has changed the flow since you read it")
    return numbers[0]
