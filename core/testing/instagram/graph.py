"""The Graph API of the fake: path to handler, tokens, faults and usage headers, for ``/ig/…`` and ``/fb/…``."""

import hmac
import json
import re
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from core.testing.instagram import accounts, comments, oauth, reads, routing, sends, uploads
from core.testing.instagram.call import Call, parameters
from core.testing.instagram.errors import GraphError
from core.testing.instagram.faults import Rule
from core.testing.instagram.server import Request, Response, answer
from core.testing.instagram.stage import Record, Stage
from core.testing.instagram.world import Account

_VERSION = re.compile(r"v\d+\.\d+$")
_HTML = b"<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"
Handler = Callable[[Call], dict[str, Any]]

_EDGES: dict[str, tuple[str, Handler]] = {
    "messages": ("POST", sends.send),
    "message_attachments": ("POST", uploads.upload),
    "messenger_profile": ("GET POST DELETE", accounts.messenger_profile),
    "subscribed_apps": ("GET POST DELETE", accounts.subscribed_apps),
    "conversations": ("GET", reads.conversations),
}
_OPEN = {"access_token": oauth.long_lived, "refresh_access_token": oauth.refresh, "debug_token": oauth.debug_token}


def serve(stage: Stage, request: Request) -> Response:
    """One call from beginning to end: scripted faults, the handler under the lock, log, headers, early echo."""
    with stage.lock:
        rule = stage.faults.take(request.method, request.path)
        latency = stage.faults.latency_ms + (rule.ms if rule else 0)
    if latency:
        time.sleep(latency / 1000)
    if rule and rule.kind in ("error", "ok_error", "html", "drop_before"):
        return _log(stage, request, _scripted(stage, rule))
    with stage.lock:
        response, early = _handle(stage, request)
        response = _after(stage, request, rule, response)
    if early is not None:
        stage.hooks.wait_for(early, 1.0)
    stage.touch()
    return response


def _scripted(stage: Stage, rule: Rule) -> Response:
    if rule.kind == "drop_before":
        return Response(drop=True)
    if rule.kind == "html":
        return Response(rule.status or 502, _HTML, "text/html")
    return _failed(stage, GraphError(rule.code, rule.subcode, rule.message, rule.status), rule.kind == "ok_error")


def _failed(stage: Stage, error: GraphError, in_200: bool = False) -> Response:
    in_200 = in_200 or stage.faults.errors_in_200
    return answer(error.body(stage.ids.trace()), 200 if in_200 else error.status)


def _after(stage: Stage, request: Request, rule: Rule | None, response: Response) -> Response:
    """What happens to an answer on its way back."""
    done = request.method == "POST" and response.status == 200 and b'"error"' not in response.body
    if rule and rule.kind == "sent_1357046":
        response = _failed(stage, GraphError(1, 1357046))
    elif (rule and rule.kind == "drop") or (done and stage.chance(stage.faults.drop_rate, f"drop:{stage.calls}")):
        response = Response(drop=True)
    return _log(stage, request, response)


def _log(stage: Stage, request: Request, response: Response) -> Response:
    with stage.lock:
        record = Record(len(stage.log), time.time_ns(), request.method, request.path, response.status)
        if b'"error"' in response.body[:10]:
            error = _error_in(response.body)
            record.code, record.subcode = error.get("code", 0), error.get("error_subcode", 0)
            record.message = error.get("message", "")
        if response.drop:
            record.message = "the connection was closed without an answer"
        stage.log.append(record)
    return response


def _error_in(body: bytes) -> dict[str, Any]:
    error = json.loads(body).get("error")
    return error if isinstance(error, dict) else {}


def _handle(stage: Stage, request: Request) -> tuple[Response, Any]:
    call = None
    try:
        call = _call(stage, request)
        made = _route(call)
        response = made if isinstance(made, Response) else answer(made)
    except GraphError as error:
        response = _failed(stage, error)
    if call is not None and call.token.value:
        account = call.account
        response.headers.update(stage.rates.headers(account.page_id, account.ig_id, stage.faults.usage))
    return response, call.early if call is not None else None


def _call(stage: Stage, request: Request) -> Call:
    login, *parts = [p for p in request.path.split("/") if p]
    if parts and _VERSION.match(parts[0]):
        parts.pop(0)
    if not parts:
        raise GraphError(100, 33)
    return Call(stage, login, request.method, parts, parameters(request), request)


def _route(call: Call) -> dict[str, Any] | Response:
    path = "/".join(call.parts)
    if path in ("oauth/authorize", "dialog/oauth"):
        return oauth.authorize(call)
    if path == "oauth/access_token":
        return oauth.exchange(call) if call.login == "ig" else oauth.facebook(call)
    if path in _OPEN:
        return _OPEN[path](call)
    _authenticate(call)
    if path == "me/accounts" and call.login == "fb":
        return accounts.pages(call)
    if len(call.parts) == 2:
        return _edge(call, call.parts[0], call.parts[1])
    if len(call.parts) == 1:
        return _node(call, call.parts[0])
    raise GraphError(100, 33)


def _authenticate(call: Call) -> None:
    """Token, its login, its account, the optional proof, and the account's call budget."""
    header = call.request.headers.get("authorization", "")
    value = header[7:] if header.startswith("Bearer ") else call.text("access_token")
    call.token = oauth.alive(call, value)
    if call.token.kind.startswith("ig") != (call.login == "ig"):
        raise GraphError(190, 0, "Invalid OAuth access token - Cannot parse access token")
    call.account = call.stage.world.accounts[call.token.ig_id]
    proof = call.text("appsecret_proof")
    if proof and not hmac.compare_digest(
        proof, hmac.new(call.stage.app.secret.encode(), value.encode(), sha256).hexdigest()
    ):
        raise GraphError(100, 0, "Invalid appsecret_proof provided in the API argument")
    within = call.stage.rates.count(call.account.ig_id, "calls", call.stage.clock.now())
    if not within or (call.stage.faults.usage or 0) >= 100:
        raise GraphError(80002)


def _mine(call: Call, name: str) -> Account | None:
    """The token's account, when the path names it as its login does."""
    account = call.account
    own = ("me", account.ig_id) if call.login == "ig" else ("me", account.page_id, account.ig_id)
    return account if name in own else None


def _edge(call: Call, name: str, edge: str) -> dict[str, Any]:
    world, account = call.stage.world, _mine(call, name)
    if account is not None:
        if edge == "media" and call.method == "GET":
            return reads.media_list(call, account)
        if edge in routing.EDGES and call.login == "fb":
            return routing.control(call, edge)
        methods, handler = _EDGES.get(edge, ("", accounts.me))
        if call.method not in methods.split() or (
            call.login == "fb" and (call.token.kind != "page" or name == account.ig_id)
        ):
            raise GraphError(100, 33)
        return handler(call)
    media, comment = world.media.get(name), world.comments.get(name)
    if media and media.ig_id == call.account.ig_id and edge == "comments" and call.method == "GET":
        return comments.of_media(call, media)
    if comment and world.media[comment.media_id].ig_id == call.account.ig_id and edge == "replies":
        return comments.replies(call, comment)
    thread = next((t for t in world.threads.values() if t.id == name and t.ig_id == call.account.ig_id), None)
    if thread and edge == "messages" and call.method == "GET":
        return reads.messages(call, thread)
    raise GraphError(100, 33)


def _node(call: Call, name: str) -> dict[str, Any]:
    world, ig_id = call.stage.world, call.account.ig_id
    if name == "me":
        return accounts.me(call)
    if _mine(call, name):
        return accounts.node(call, call.account)
    if (thread := world.thread_of(name)) and thread.ig_id == ig_id and call.method == "GET":
        return accounts.profile(call, thread)
    if (media := world.media.get(name)) and media.ig_id == ig_id:
        return reads.media(call, media)
    if (comment := world.comments.get(name)) and world.media[comment.media_id].ig_id == ig_id:
        return comments.node(call, comment)
    if (found := world.message(name)) and found[0].ig_id == ig_id and call.method == "GET":
        return reads.message(call, *found)
    thread = next((t for t in world.threads.values() if t.id == name and t.ig_id == ig_id), None)
    if thread is not None:
        return reads.conversation(call, thread)
    raise GraphError(100, 33)
