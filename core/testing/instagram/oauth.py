"""Connecting an account: the consent page, code exchange, long-lived tokens and their refresh, for both logins (reference 4)."""

import html
import urllib.parse
from typing import Any

from core.testing.instagram.call import Call
from core.testing.instagram.errors import GraphError
from core.testing.instagram.payloads import refuse
from core.testing.instagram.server import Response, answer
from core.testing.instagram.world import Account, Code, Token

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LONG_MS = 60 * DAY_MS
_PERMISSIONS = "instagram_business_basic,instagram_business_manage_messages,instagram_business_manage_comments"


def issue(call: Call, kind: str, ig_id: str, life_ms: int) -> Token:
    """A new token."""
    now = call.stage.clock.tokens()
    token = Token(call.stage.ids.token(kind), kind, ig_id, now, now + life_ms if life_ms else 0)
    call.stage.world.tokens[token.value] = token
    return token


def authorize(call: Call) -> Response:
    """The consent page; with one account, or with ``account=<user name>``, it agrees at once; ``deny=1`` refuses."""
    target = call.text("redirect_uri")
    if urllib.parse.urlsplit(target).scheme not in ("http", "https") or call.text("client_id") != call.stage.app.id:
        raise refuse("Invalid redirect_uri or client_id")
    if call.text("deny"):
        denied = {"error": "access_denied", "error_reason": "user_denied", "error_description": "The user denied it"}
        return _redirect(target, {**denied, "state": call.text("state")})
    accounts = list(call.stage.world.accounts.values())
    chosen = next((a for a in accounts if a.username == call.text("account")), None)
    if chosen is None and len(accounts) == 1:
        chosen = accounts[0]
    if chosen is None:
        return _page(call, accounts)
    code = Code(call.stage.ids.code(), chosen.ig_id, target, call.stage.clock.tokens())
    call.stage.world.codes[code.value] = code
    return _redirect(target, {"code": code.value, "state": call.text("state")}, "#_" if call.login == "ig" else "")


def _redirect(target: str, values: dict[str, str], end: str = "") -> Response:
    joint = "&" if urllib.parse.urlsplit(target).query else "?"
    return Response(
        302,
        type="text/plain; charset=utf-8",
        headers={"Location": target + joint + urllib.parse.urlencode(values) + end},
    )


def _page(call: Call, accounts: list[Account]) -> Response:
    def link(name: str, **more: str) -> str:
        query = urllib.parse.urlencode({**{k: str(v) for k, v in call.params.items()}, **more})
        return f'<p><a href="?{html.escape(query)}">{html.escape(name)}</a></p>'

    links = "".join(link(f"Allow for @{a.username}", account=a.username) for a in accounts)
    body = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Fake Instagram: allow access</title><main>'
    body += f"<h1>Allow InstaFlow to manage messages and comments?</h1>{links}{link('Deny', deny='1')}</main></html>"
    return Response(200, body.encode(), "text/html; charset=utf-8")


def exchange(call: Call) -> Response:
    """``POST oauth/access_token`` of Instagram Login: a form, a code that is fresh and unused → a token for one hour."""
    if call.method != "POST" or not call.request.headers.get("content-type", "").startswith(
        "application/x-www-form-urlenc"
    ):
        return _refused("The request must be a form sent by POST")
    if call.text("client_id") != call.stage.app.id or call.text("client_secret") != call.stage.app.secret:
        return _refused("Invalid platform app")
    if call.text("grant_type") != "authorization_code":
        return _refused("Invalid grant_type")
    code = _code(call)
    if code is None:
        return _refused("Matching code was not found or was already used")
    account = call.stage.world.accounts[code.ig_id]
    token = issue(call, "ig_short", code.ig_id, HOUR_MS)
    got = {"access_token": token.value, "user_id": int(account.user_id), "permissions": _PERMISSIONS}
    if call.stage.faults.flat_token_answer:
        return answer({**got, "permissions": _PERMISSIONS.split(",")})
    return answer({"data": [{**got, "user_id": account.user_id}]})


def _refused(words: str) -> Response:
    return answer({"error_type": "OAuthException", "code": 400, "error_message": words}, 400)


def _code(call: Call) -> Code | None:
    """The code, used up; None when it is unknown, used, older than an hour, or made for another address."""
    code = call.stage.world.codes.get(call.text("code").removesuffix("#_"))
    if code is None or code.used or call.stage.clock.tokens() - code.at > HOUR_MS:
        return None
    if code.redirect_uri != call.text("redirect_uri"):
        return None
    code.used = True
    return code


def long_lived(call: Call) -> dict[str, Any]:
    """``GET access_token`` (ig_exchange_token): a short token → one for 60 days."""
    if call.text("grant_type") != "ig_exchange_token" or call.text("client_secret") != call.stage.app.secret:
        raise refuse("Error validating client secret or grant_type")
    short = alive(call, call.text("access_token"))
    if short.kind != "ig_short":
        raise refuse("Only a short-lived token can be exchanged")
    return _bearer(call, issue(call, "ig_long", short.ig_id, LONG_MS))


def refresh(call: Call) -> dict[str, Any]:
    """``GET refresh_access_token``: a long token of at least 24 hours that has not expired lives 60 days again."""
    if call.text("grant_type") != "ig_refresh_token":
        raise refuse("Param grant_type must be ig_refresh_token")
    token = alive(call, call.text("access_token"))
    if token.kind != "ig_long" or call.stage.clock.tokens() - token.issued_at < DAY_MS:
        raise refuse("The token must be long-lived and at least 24 hours old")
    token.expires_at = call.stage.clock.tokens() + LONG_MS
    token.issued_at = call.stage.clock.tokens()
    return {**_bearer(call, token), "permissions": _PERMISSIONS}


def _bearer(call: Call, token: Token) -> dict[str, Any]:
    left = (token.expires_at - call.stage.clock.tokens()) // 1000
    return {"access_token": token.value, "token_type": "bearer", "expires_in": left}


def facebook(call: Call) -> dict[str, Any]:
    """``GET oauth/access_token`` of Facebook Login: a code or a short user token → a user token."""
    if call.text("client_id") != call.stage.app.id or call.text("client_secret") != call.stage.app.secret:
        raise GraphError(101, 0, "Error validating client secret.", 400)
    if call.text("grant_type") == "fb_exchange_token":
        short = alive(call, call.text("fb_exchange_token"))
        return _bearer(call, issue(call, "user_long", short.ig_id, LONG_MS))
    code = _code(call)
    if code is None:
        raise refuse("This authorization code has been used or is not valid.")
    return _bearer(call, issue(call, "user_short", code.ig_id, HOUR_MS))


def alive(call: Call, value: str) -> Token:
    """The token when it works; error 190 with the subcode that says why not."""
    token = call.stage.world.tokens.get(value)
    if token is None:
        raise GraphError(190, 0, "Invalid OAuth access token - Cannot parse access token" if value else "")
    if token.dead:
        raise GraphError(190, token.dead)
    if token.expires_at and call.stage.clock.tokens() >= token.expires_at:
        raise GraphError(190, 463)
    return token


def debug_token(call: Call) -> dict[str, Any]:
    """``GET debug_token`` with ``<app id>|<app secret>`` (Facebook Login)."""
    if call.text("access_token") != f"{call.stage.app.id}|{call.stage.app.secret}":
        raise GraphError(190)
    token = call.stage.world.tokens.get(call.text("input_token"))
    now = call.stage.clock.tokens()
    valid = token is not None and not token.dead and (not token.expires_at or now < token.expires_at)
    expires = token.expires_at // 1000 if token else 0
    return {"data": {"app_id": call.stage.app.id, "is_valid": valid, "expires_at": expires}}
