r"""The control interface of the fake: what tests, the demo and the page ask of it, in JSON.

GET  /                        the page on which a person plays the contact
GET  /clock                   {"offsetMs"};  POST /clock {"advanceMs"} or {"offsetMs"}
GET  /fake/state              accounts (with tokens), people, posts, faults, webhook, clock
GET  /fake/thread             ?account&person: messages, buttons, window
GET  /fake/changes            ?after=<version>&wait=<seconds>: waits for something new
GET  /fake/sent               ?person&after=<n>: messages that Instagram accepted
GET  /fake/log                ?errors=1&after=<n>: calls that Instagram answered
GET  /fake/deliveries         webhooks with attempts, answers and times
POST /fake/account            {username, name?, subscribed?, login?}            -> {igId, pageId, token}
POST /fake/flags              {account?, restricted?, messaging_allowed?, …}
POST /fake/person             {person, name?, email?, phone?, public?, …}
POST /fake/say                {person, text, account?, replyTo?}                -> {mid}
POST /fake/tap                {person, what, account?, mid?}                    -> {mid}
POST /fake/attach             {person, kinds: [image …], text?, account?}       -> {mid}
POST /fake/send               {person, body, account?}                          -> {mid}
POST /fake/comment            {person, text, media?, parent?, account?}         -> {id}
POST /fake/mention            {person, account?}                                -> {mid}
POST /fake/story-reply        {person, text, story?, link?, account?}           -> {mid}
POST /fake/react              {person, emoji, mid?, account?}                   "" takes it back
POST /fake/read, /fake/unsend {person, mid?, account?}
POST /fake/edit               {person, text, mid?, account?}
POST /fake/refer              {person, ref, account?}
POST /fake/ad                 {person, text, ref, account?}                     -> {mid}
POST /fake/answer             {person, text, appId?, account?}                  the owner types in the Instagram app
POST /fake/control            {person, verb: pass|take|request, account?}
POST /fake/block, /fake/follow {person, yes?, account?}
POST /fake/post               {caption?, product?, account?}                    -> {id}
POST /fake/live-end           {media}
POST /fake/change             {field, value, account?}
POST /fake/dashboard-test     {field}
POST /fake/script             {person, lines: [{"tap"} | {"say"} | {}]}
POST /fake/expire             {account?, subcode?}                              every token of the account is dead
POST /fake/faults             knobs by name, and "rules": [{path, kind, times, …}];  {"clear": true}
POST /fake/webhook            {url, secret?, verify?}                           verify: true does the handshake first
POST /fake/retry              sends at once what waits for its next try
"""

import importlib.resources
import inspect
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.testing.instagram import graph, views, wire
from core.testing.instagram.hooks import Delivery, loopback
from core.testing.instagram.people import NoSuchButton
from core.testing.instagram.server import Request, Response, answer

if TYPE_CHECKING:
    from core.testing.instagram.fake import FakeInstagram

_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'"
)


def respond(fake: "FakeInstagram", request: Request) -> Response:
    """Graph API, clock, control interface or page, by path."""
    path = request.path
    if path.startswith(("/ig/", "/fb/")):
        return graph.serve(fake.stage, request)
    if _foreign(request):
        return answer({"error": {"message": "another site may not steer the fake Instagram"}}, 403)
    try:
        if path == "/clock":
            return answer(_clock(fake, request))
        if path.startswith("/fake/"):
            return answer(_control(fake, request, path[6:]))
    except (LookupError, ValueError, TypeError) as e:
        return answer(
            {"error": {"message": str(e).strip("'\"")}}, 404 if isinstance(e, NoSuchButton | LookupError) else 400
        )
    if path in _FILES and request.method == "GET":
        name, kind = _FILES[path]
        body = importlib.resources.files("core.testing.instagram.page").joinpath(name).read_bytes()
        return Response(200, body, kind, {"Content-Security-Policy": _CSP, "Cache-Control": "no-store"})
    return answer({"error": {"message": f"there is nothing at {path}"}}, 404)


def _foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and urllib.parse.urlsplit(origin).netloc != request.headers.get("host")


def _clock(fake: "FakeInstagram", request: Request) -> dict[str, int]:
    if request.method == "POST":
        body = _body(request)
        if "offsetMs" in body:
            fake.advance(ms=int(body["offsetMs"]) - fake.stage.clock.offset)
        else:
            fake.advance(ms=int(body["advanceMs"]))
    return {"offsetMs": fake.stage.clock.offset, "now": fake.now()}


def _body(request: Request) -> dict[str, Any]:
    data = request.json()
    if not isinstance(data, dict):
        raise TypeError("the body must be a JSON object")
    return data


def _control(fake: "FakeInstagram", request: Request, name: str) -> Any:
    if request.method == "GET" and name in _GET:
        return _GET[name](fake, request.query)
    if request.method == "POST" and name in _POST:
        made = _called(_POST[name](fake), _body(request))
        return (
            made
            if isinstance(made, dict)
            else {_NAMES.get(name, "mid"): made}
            if isinstance(made, str)
            else {"ok": True}
        )
    raise LookupError(f"there is nothing at {request.method} /fake/{name}")


def _called(action: Callable[..., Any], body: dict[str, Any]) -> Any:
    """Calls with the body's members as keywords; a member that is unknown or missing is a ValueError that names it."""
    named = {_SNAKE.get(k, k): v for k, v in body.items()}
    try:
        bound = inspect.signature(action).bind(**named)
    except TypeError as e:
        raise ValueError(f"the request does not fit: {e}") from None
    return action(*bound.args, **bound.kwargs)


_SNAKE = {"replyTo": "reply_to", "appId": "app_id", "what": "title_or_payload", "otherApp": "other_app"}
_NAMES = {"comment": "id", "post": "id"}

_GET: dict[str, Callable[["FakeInstagram", dict[str, str]], Any]] = {
    "state": lambda fake, query: views.state(fake),
    "thread": lambda fake, query: views.thread(fake, query.get("person", ""), query.get("account", "")),
    "changes": lambda fake, query: views.changes(fake, query),
    "sent": lambda fake, query: views.sent(fake, query),
    "log": lambda fake, query: views.log(fake, query),
    "deliveries": lambda fake, query: {"deliveries": [d.as_json() for d in list(fake.stage.hooks.log)[-500:]]},
}


def _account(fake: "FakeInstagram") -> Callable[..., Any]:
    def make(username: str, name: str = "", login: str = "instagram", subscribed: Any = True, **flags: Any) -> Any:
        ig_id, token = fake.account(username, name, login=login, subscribed=subscribed, **flags)
        return {"igId": ig_id, "pageId": fake.find(ig_id).page_id, "token": token}

    return make


def _flags(fake: "FakeInstagram") -> Callable[..., Any]:
    def change(account: str = "", **flags: Any) -> None:
        found = fake.find(account)
        for name, value in flags.items():
            if not isinstance(getattr(found, name, None), bool) or not isinstance(value, bool):
                raise TypeError(f"an account has no switch '{name}'")
            setattr(found, name, value)

    return change


def _faults(fake: "FakeInstagram") -> Callable[..., Any]:
    def change(clear: bool = False, **knobs: Any) -> Any:
        if clear:
            fake.faults.clear()
        fake.faults.update(knobs)
        return asdict(fake.faults)

    return change


def _webhook(fake: "FakeInstagram") -> Callable[..., Any]:
    def change(url: str | None, secret: str | None = None, verify: bool = False) -> Any:
        options = fake.stage.options
        target = loopback(url)
        if verify and target:
            handshake(target, fake.stage.app.verify_token)
        options.url, options.on = target, True
        options.secret = secret or options.secret
        return {"url": options.url}

    return change


def handshake(url: str, verify_token: str) -> None:
    """Instagram's check of a callback address; ValueError says what was wrong with the answer."""
    challenge = "1158201444"
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(query)}", timeout=5) as answered:
            body = answered.read(1000).decode("utf-8", "replace")
    except urllib.error.HTTPError as e:
        e.close()
        raise ValueError(f"the handshake was answered with {e.code}") from None
    except OSError as e:
        raise ValueError(f"the handshake got no answer: {e}") from None
    if body != challenge:
        raise ValueError("the handshake was not answered with the challenge")


def _dashboard(fake: "FakeInstagram") -> Callable[..., Any]:
    """The Test button of the App Dashboard: entry id "0", a message wrapped in ``changes``."""

    def test(field: str = "messages") -> None:
        text = {"mid": "random_mid", "text": "random_text"}
        value: dict[str, Any] = {"sender": {"id": "12334"}, "recipient": {"id": "23245"}, "timestamp": "1527459824"}
        value |= {"message": text}
        if field == "comments":
            value = {"id": "17865799348089039", "text": "This is an example."}
        item, key = {"field": field, "value": value}, f"test:{field}:{fake.stage.ids.trace()}"
        fake.stage.hooks.push(Delivery(0, 0, "0", "test", wire.CHANGES, item, key, fake.now()), "0", 0)

    return test


def _retry(fake: "FakeInstagram") -> Callable[..., Any]:
    return lambda: {"due": fake.stage.hooks.retry_now()}


_POST: dict[str, Callable[["FakeInstagram"], Callable[..., Any]]] = {
    "account": _account,
    "flags": _flags,
    "person": lambda fake: lambda person, **about: asdict(fake.person(person, **about)),
    "say": lambda fake: fake.says,
    "tap": lambda fake: fake.taps,
    "attach": lambda fake: (
        lambda person, kinds, text="", account="": fake.attaches(person, *kinds, text=text, account=account)
    ),
    "send": lambda fake: fake.sends,
    "comment": lambda fake: fake.comments,
    "mention": lambda fake: fake.mentions,
    "story-reply": lambda fake: fake.replies_to_story,
    "react": lambda fake: fake.reacts,
    "read": lambda fake: fake.reads,
    "unsend": lambda fake: fake.unsends,
    "edit": lambda fake: fake.edits,
    "refer": lambda fake: fake.refers,
    "ad": lambda fake: fake.from_ad,
    "answer": lambda fake: fake.answers_in_app,
    "control": lambda fake: fake.controls,
    "block": lambda fake: fake.blocks,
    "follow": lambda fake: fake.follows,
    "post": lambda fake: fake.posts,
    "live-end": lambda fake: fake.ends_live,
    "change": lambda fake: fake.change,
    "dashboard-test": _dashboard,
    "script": lambda fake: fake.script,
    "expire": lambda fake: fake.expire_tokens,
    "faults": _faults,
    "webhook": _webhook,
    "retry": _retry,
}


def names() -> str:
    """This module's table of addresses, for ``--help``."""
    return (__doc__ or "").partition("\n\n")[2].rstrip()
