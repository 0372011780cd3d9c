"""What stands before every operation: who asks, whether the role is enough, and the Idempotency-Key."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import current_app, request

from core.model.errors import ServiceError
from core.services import audit
from core.services.actor import Actor
from core.services.house import House
from flask_api import idempotency, security
from flask_api.parser import strict

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


def here() -> House:
    """The installation that this app serves."""
    return cast(House, current_app.extensions["instaflow"])


def guarded(view: Callable[..., Any], id: str, role: str, has_body: bool, idempotent: bool) -> Callable[..., Any]:
    """``view`` behind sign-in and role. Path values are handed on as text (or int) under their snake_case names."""

    @wraps(view)
    def operation(**path: Any) -> Any:
        house = here()
        who = None if role == "public" else _permitted(house, role)
        values = {_HUMP.sub("_", k).lower(): v if isinstance(v, int) else str(v) for k, v in path.items()}
        if not has_body:
            _refuse_body()
        try:
            if idempotent and who is not None and who.key:
                return idempotency.once(house, who, lambda: view(house, who, **values))
            return view(house, who, **values)
        finally:
            if who is not None and who.foreign:
                audit.reached(house, who, id, request.path)

    return operation


def _permitted(house: House, role: str) -> Actor:
    who = security.identify(house)
    if not who.may(role):
        raise ServiceError(403, "forbidden", "Your role does not allow this", {"needs": role})
    return who


def _refuse_body() -> None:
    """An operation without a body takes at most an empty object."""
    if (
        request.content_length
        and request.mimetype == "application/json"
        and strict(request.get_data()) not in ({}, None)
    ):
        raise ServiceError(400, "validation_failed", "This operation takes no body", {"_schema": ["Unexpected body."]})
