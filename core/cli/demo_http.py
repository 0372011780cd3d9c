"""A small JSON client for the demo: it uses InstaFlow and the fake Instagram over HTTP, as a user's own program would."""

import http.client
import json
import time
import urllib.parse
from typing import Any


class Refused(Exception):
    """An answer that is not 2xx; ``status`` and the decoded ``data``."""

    def __init__(self, status: int, data: Any, what: str) -> None:
        super().__init__(f"{what} was answered with {status}: {data}")
        self.status, self.data = status, data


class Client:
    """Calls one address. ``token`` is sent as Bearer when it is set."""

    def __init__(self, base: str, timeout: float = 30) -> None:
        self.base, self.timeout, self.token = base, timeout, ""

    def get(self, path: str, **query: Any) -> Any:
        """The decoded answer. Raises Refused, OSError."""
        return self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))[0]

    def post(self, path: str, body: Any) -> Any:
        """The decoded answer. Raises Refused, OSError."""
        return self.call("POST", path, body)[0]

    def put(self, path: str, body: Any) -> Any:
        """The decoded answer. Raises Refused, OSError."""
        return self.call("PUT", path, body)[0]

    def call(self, method: str, path: str, body: Any = None) -> tuple[Any, dict[str, str]]:
        """The decoded answer and its headers; a redirect is an answer. Raises Refused, OSError."""
        parts = urllib.parse.urlsplit(path if path.startswith("http") else self.base + path)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection(parts.netloc, timeout=self.timeout)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            raw, named = response.read(), {k.lower(): v for k, v in response.getheaders()}
        except http.client.HTTPException as e:
            raise ConnectionError(repr(e)) from e
        finally:
            connection.close()
        data = _decoded(raw)
        if response.status >= 400:
            raise Refused(response.status, data, f"{method} {parts.path}")
        return data, named


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw[:200].decode("utf-8", "replace")


def until(condition: Any, seconds: float, pause: float = 0.05) -> Any:
    """The first true answer of ``condition()``; its last answer when time is up. Refusals and dead addresses count as no."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = condition()
        except (OSError, Refused):
            found = None
        if found or time.monotonic() >= end:
            return found
        time.sleep(pause)
