"""The Graph API behind one profile for both logins: how a request is made, and how every answer is read."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import orjson

from instaflow import (
    AccountView,
    Answer,
    Call,
    HttpRequest,
    HttpResponse,
    HttpTransport,
    NotSent,
    Outcome,
    OutcomeUnknown,
)
from plugins.instagram.errors import MINUTE, code_text, number, rule
from plugins.instagram.limits import FULL, retry_after, usage

log = logging.getLogger(__name__)

QUIET_SECONDS = 1.0
"""Of odd answers one is told in so many seconds: in an outage every call has one."""
_told = [0.0]
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Login:
    """What differs between the two logins. ``typed`` = sends carry a messaging_type; ``platform`` = reads name Instagram."""

    base: str
    typed: bool
    platform: str = ""


LOGINS: Mapping[str, Login] = {"instagram": Login("instagram", False), "facebook": Login("facebook", True, "instagram")}


def login(account: AccountView) -> Login:
    """The account's login; an unknown word counts as Instagram Login."""
    return LOGINS.get(account.login, LOGINS["instagram"])


def get(account: AccountView, path: str, timeout: float = 10.0, /, **query: str) -> HttpRequest:
    """A GET on the account's host, with its token in a header."""
    return _request("GET", account, path, query, b"", timeout, {})


def post(account: AccountView, path: str, data: Any = None, timeout: float = 10.0, /, **query: str) -> HttpRequest:
    """A POST of JSON on the account's host, with its token in a header."""
    return _request("POST", account, path, query, orjson.dumps(data if data is not None else {}), timeout, JSON)


def delete(account: AccountView, path: str, **query: str) -> HttpRequest:
    """A DELETE on the account's host."""
    return _request("DELETE", account, path, query, b"", 10.0, {})


def _request(
    method: str,
    account: AccountView,
    path: str,
    query: Mapping[str, str],
    body: bytes,
    timeout: float,
    headers: Mapping[str, str],
) -> HttpRequest:
    end = "?" + urlencode(query) if query else ""
    auth = {"Authorization": "Bearer " + account.token, **headers}
    return HttpRequest(method, f"{login(account).base}:{path}{end}", auth, body, timeout)


Read = Callable[[Call, Mapping[str, Any]], Outcome]
Make = Callable[[Call], HttpRequest | Outcome]


@dataclass(frozen=True, slots=True)
class Edge:
    """One call of the Graph API as an effect handler: ``make`` the request, ``read`` the good answer's JSON object."""

    kind: str
    make: Make
    read: Read
    transport: str = "graph"
    settle: bool = False
    repeatable: bool = False

    def request(self, call: Call) -> HttpRequest | Outcome:
        """The request, or at once how the call ended."""
        return self.make(call)

    def outcome(self, call: Call, answer: Answer) -> Outcome:
        """What the answer means."""
        return outcome(call, answer, self.read)

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """Both, with waiting in between."""
        request = self.make(call)
        if isinstance(request, Outcome):
            return request
        return outcome(call, ask(http, request), self.read)


def ask(http: HttpTransport, request: HttpRequest) -> Answer:
    """The request's answer, refusals of the network included."""
    try:
        return http.send(request)
    except (NotSent, OutcomeUnknown) as e:
        return e


def outcome(call: Call, answer: Answer, read: Read) -> Outcome:
    """An answer as an Outcome. Errors are told by code and subcode, never by their text (platform reference 2.7)."""
    if not isinstance(answer, HttpResponse):
        status = "retry" if isinstance(answer, NotSent) else "unknown"
        return Outcome(status, code="not_sent" if status == "retry" else "no_answer", message=str(answer))
    try:
        data = orjson.loads(answer.body)
    except ValueError:
        data = None
    spent, wait = usage(answer.headers)
    if isinstance(data, dict) and 200 <= answer.status < 300 and "error" not in data:
        try:
            good = read(call, data)
        except (AttributeError, KeyError, TypeError, ValueError) as e:  # a shape that nobody thought of
            return _odd(call, answer, spent, type(e).__name__)
        return _with_usage(good, spent, wait) if spent >= 80 else good
    if isinstance(data, dict) and "error_type" in data and "error" not in data:
        data = {"error": {"code": data.get("code"), "message": data.get("error_message")}}
    if isinstance(data, dict) and isinstance(data.get("error"), dict):
        return _refused(call, answer, data["error"], spent, wait)
    return _odd(call, answer, spent)


def _refused(call: Call, answer: HttpResponse, error: Mapping[str, Any], spent: int, wait: int) -> Outcome:
    found = rule(number(error.get("code")), number(error.get("error_subcode")))
    status = found.status
    if found.tries and status == "retry" and call.attempt >= found.tries:
        status = "failed"
    elif found.tries and status == "failed" and call.attempt < found.tries:
        status = "retry"
    after = found.after
    if status == "throttled":
        after = wait or retry_after(answer.headers) or found.after
    message = str(error.get("message") or found.name)[:500]
    if call.account.token and call.account.token in message:
        message = message.replace(call.account.token, "…")
    data = {"reason": found.name, "scope": found.scope}
    return Outcome(status, code=code_text(error), message=message, after=after, usage=spent, data=data)


def _odd(call: Call, answer: HttpResponse, spent: int, error: str = "") -> Outcome:
    """No JSON object with an error in it, or one of another shape: who knows what happened, but for a plain refusal."""
    code = f"http_{answer.status}"
    if monotonic() - _told[0] >= QUIET_SECONDS:
        _told[0] = monotonic()
        found = {"kind": call.kind, "status": answer.status, "bytes": len(answer.body), "error": error}
        log.warning("an answer is not the Graph API's", extra={**found, "account": call.account.id})
    if answer.status == 429:
        after = retry_after(answer.headers) or MINUTE
        return Outcome("throttled", code=code, message="too many requests", after=after, usage=spent)
    if 400 <= answer.status < 500:
        return Outcome("failed", code=code, message="refused without a reason", usage=spent)
    return Outcome("unknown", code=code, message="an answer that is not the Graph API's", usage=spent)


def _with_usage(good: Outcome, spent: int, wait: int) -> Outcome:
    pause = (wait or MINUTE) if spent >= FULL else 0
    return Outcome(good.status, good.provider_id, good.recipient_id, good.code, good.message, pause, spent, good.data)


def text(value: Any) -> str:
    """An id or a word as text, whether JSON had a string or a number; nothing else."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and value is not True else ""
