"""One call to the Graph API, taken apart: login, node, edge, parameters from query, form or JSON, and whose token it is."""

import json
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from core.testing.instagram.errors import GraphError
from core.testing.instagram.hooks import Delivery
from core.testing.instagram.server import Request
from core.testing.instagram.stage import Stage
from core.testing.instagram.world import Account, Token


@dataclass
class Call:
    """``params``: JSON body, form and query as one; ``early``: an echo that must arrive before the answer."""

    stage: Stage
    login: str
    method: str
    parts: list[str]
    params: dict[str, Any]
    request: Request
    token: Token = field(default_factory=lambda: Token("", "", "", 0))
    account: Account = field(default_factory=lambda: Account("", "", "", "", "", ""))
    early: Delivery | None = None

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.params.get(name, default)
        return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)

    def json(self, name: str) -> Any:
        """A parameter that is JSON, whether it came in a JSON body or as text in a form."""
        value = self.params.get(name)
        if isinstance(value, str) and name != "text":
            try:
                return json.loads(value)
            except ValueError:
                raise GraphError(100, 0, f"Param {name} must be an object") from None
        return value


def parameters(request: Request) -> dict[str, Any]:
    """Query, form or JSON body; error 100 when a JSON body is not an object."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    params: dict[str, Any] = dict(request.query)
    if not request.body or kind == "multipart/form-data":
        return params
    if kind == "application/x-www-form-urlencoded":
        return {**params, **_form(request.body)}
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise GraphError(100, 0, "The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise GraphError(100, 0, "The request body must be a JSON object")
    return {**params, **body}


def _form(body: bytes) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
