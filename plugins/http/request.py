"""``http.request``: a plain HTTP call that a flow's ``external_api_call`` makes to an address its author wrote."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from instaflow import Call, HttpRequest, HttpResponse, HttpTransport, NotSent, Outcome, OutcomeUnknown

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REPEATABLE = ("GET", "HEAD", "PUT", "DELETE")
KEPT = 64 * 1024
"""Bytes of an answer that a flow may see: it is stored with the result."""
OWN_HEADERS = ("host", "content-length", "transfer-encoding", "connection")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}").fullmatch

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "method": {"type": "string", "enum": list(METHODS), "default": "GET"},
        "url": {"type": "string"},
        "query": {"type": "object"},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "json": {},
        "body": {"type": "string"},
        "seconds": {"type": "number", "minimum": 1, "maximum": 30},
    },
}


class HttpCall:
    """``body`` = {"args": SCHEMA} → {"status", "body" (JSON or text), "headers"}; success is a 2xx answer."""

    kind = "http.request"
    transport = "guarded"

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """Does it once. A POST whose outcome is not known is never repeated; an Idempotency-Key goes with it."""
        made = request(call)
        if isinstance(made, Outcome):
            return made
        try:
            return _read(made.method, http.send(made))
        except NotSent as e:
            return Outcome("retry", code="not_sent", message=str(e))
        except OutcomeUnknown as e:
            status = "retry" if made.method in REPEATABLE else "unknown"
            return Outcome(status, code="no_answer", message=str(e))


def request(call: Call) -> HttpRequest | Outcome:
    """The request that the arguments describe, or a refusal that names the argument."""
    args = call.body.get("args")
    args = args if isinstance(args, Mapping) else call.body
    method = str(args.get("method") or "GET").upper()
    url = args.get("url")
    headers = args.get("headers") or {}
    if method not in METHODS:
        return _refused(f"method '{method[:20]}' is not one of {', '.join(METHODS)}")
    if not isinstance(url, str) or not url:
        return _refused("url is missing")
    if not isinstance(headers, Mapping):
        return _refused("headers must be an object")
    sent: dict[str, str] = {}
    for name, value in headers.items():
        shown = str(value)
        if not _NAME(str(name)) or any(c in shown for c in "\r\n\0") or not shown.isascii():
            return _refused(f"header '{str(name)[:40]}' cannot be sent")
        if str(name).lower() not in OWN_HEADERS:
            sent[str(name)] = shown
    body = _body(args, sent)
    if method == "POST":
        sent.setdefault("Idempotency-Key", call.idem)
    query = args.get("query")
    if isinstance(query, Mapping) and query:
        url += ("&" if "?" in url else "?") + urlencode({str(k): str(v) for k, v in query.items()})
    return HttpRequest(method, url, sent, body, _seconds(args.get("seconds")))


def _body(args: Mapping[str, Any], headers: dict[str, str]) -> bytes:
    types = {name.lower() for name in headers}
    if args.get("json") is not None:
        if "content-type" not in types:
            headers["Content-Type"] = "application/json"
        return orjson.dumps(args["json"], option=orjson.OPT_NON_STR_KEYS)
    text = args.get("body")
    if text is None or text == "":
        return b""
    if not isinstance(text, str):
        if "content-type" not in types:
            headers["Content-Type"] = "application/json"
        return orjson.dumps(text)
    return text.encode("utf-8", "replace")


def _seconds(value: Any) -> float:
    return min(max(float(value), 1.0), 30.0) if isinstance(value, (int, float)) else 10.0


def _refused(why: str) -> Outcome:
    return Outcome("failed", code="bad_request", message=why)


def _read(method: str, answer: HttpResponse) -> Outcome:
    data = {"status": answer.status, "body": _shown(answer), "headers": _few(answer.headers)}
    if 200 <= answer.status < 300:
        return Outcome("sent", data=data)
    code, told = f"http_{answer.status}", f"the server answered {answer.status}"
    if answer.status in (429, 503) or (answer.status >= 500 and method in REPEATABLE):
        return Outcome("retry", code=code, message=told, data=data, after=_after(answer.headers))
    return Outcome("failed", code=code, message=told, data=data)


def _shown(answer: HttpResponse) -> Any:
    if len(answer.body) > KEPT:
        return answer.body[:KEPT].decode("utf-8", "ignore")
    try:
        return orjson.loads(answer.body)
    except ValueError:
        return answer.body.decode("utf-8", "replace")


def _few(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value[:500] for name, value in list(headers.items())[:50] if name != "set-cookie"}


def _after(headers: Mapping[str, str]) -> int:
    text = headers.get("retry-after", "")
    return min(int(text), 3600) * 1000 if text.isascii() and text.isdigit() else 0


HANDLERS = (HttpCall(),)
