"""Connecting accounts: codes, tokens, who am I, which Pages (platform reference 4.1 and 4.2).

``body`` of these calls holds what the account's row does not: {"clientId", "clientSecret", "redirectUri", "code"}. Secrets travel
in a form's body or, where Meta documents nothing else, in the query of an address that is never logged.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from instaflow import Call, HttpRequest, HttpTransport, Outcome
from plugins.instagram.graph import FORM, Edge, ask, get, login, outcome, text

ME = "id,user_id,username,name,account_type,profile_picture_url,followers_count,media_count"
ME_FACEBOOK = "username,name,profile_picture_url,followers_count"


def _words(call: Call, *names: str) -> dict[str, str]:
    return {name: str(call.body.get(name) or "") for name in names}


def _plain(base: str, path: str, query: Mapping[str, str]) -> HttpRequest:
    return HttpRequest("GET", f"{base}:{path}?{urlencode(query)}")


def _exchange_code(call: Call) -> HttpRequest:
    given = _words(call, "clientId", "clientSecret", "redirectUri", "code")
    fields = {
        "client_id": given["clientId"],
        "client_secret": given["clientSecret"],
        "redirect_uri": given["redirectUri"],
        "code": given["code"].removesuffix("#_"),
    }
    if login(call.account).base == "facebook":
        return _plain("facebook", "/oauth/access_token", fields)
    form = urlencode({**fields, "grant_type": "authorization_code"}).encode()
    return HttpRequest("POST", "instagram-oauth:/oauth/access_token", FORM, form)


def _long_lived(call: Call) -> HttpRequest:
    secret = _words(call, "clientId", "clientSecret")
    short = str(call.body.get("token") or call.account.token)
    if login(call.account).base == "facebook":
        query = {
            "grant_type": "fb_exchange_token",
            "client_id": secret["clientId"],
            "client_secret": secret["clientSecret"],
            "fb_exchange_token": short,
        }
        return _plain("facebook", "/oauth/access_token", query)
    query = {"grant_type": "ig_exchange_token", "client_secret": secret["clientSecret"], "access_token": short}
    return _plain("instagram-plain", "/access_token", query)


def _refresh(call: Call) -> HttpRequest | Outcome:
    if login(call.account).base == "facebook":
        return Outcome("failed", code="no_refresh", message="Page tokens have no date of expiry")
    query = {"grant_type": "ig_refresh_token", "access_token": call.account.token}
    return _plain("instagram-plain", "/refresh_access_token", query)


def _token(call: Call, data: Mapping[str, Any]) -> Outcome:
    """Both shapes of the answer: flat, or the first of ``data``; ids may be numbers, permissions text or a list."""
    listed = data.get("data")
    flat = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else data
    token = text(flat.get("access_token"))
    if not token:
        return Outcome("failed", code="no_token", message="the answer holds no token")
    granted = flat.get("permissions") or []
    names = granted.split(",") if isinstance(granted, str) else [text(g) for g in granted]
    seconds = flat.get("expires_in")
    return Outcome(
        "sent",
        data={
            "token": token,
            "appScopedId": text(flat.get("user_id")) or None,
            "permissions": [n.strip() for n in names if n.strip()],
            "expiresIn": seconds if isinstance(seconds, int) else None,
        },
    )


class Me:
    """``account.me`` → {"igId", "appScopedId", "username", "name", "accountType", "pictureUrl", "followers", "pageId"}."""

    kind = "account.me"
    transport = "graph"

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """One call with Instagram Login; with Facebook Login the Page first, then its Instagram account."""
        if login(call.account).base == "instagram":
            return outcome(call, ask(http, get(call.account, "/me", fields=ME)), _me)
        page = outcome(call, ask(http, get(call.account, "/me", fields="id,name,instagram_business_account")), _page_of)
        if page.status != "sent":
            return page
        found = outcome(call, ask(http, get(call.account, "/" + page.data["igId"], fields=ME_FACEBOOK)), _me)
        return Outcome("sent", data={**found.data, **page.data}) if found.status == "sent" else found


def _me(call: Call, data: Mapping[str, Any]) -> Outcome:
    followers = data.get("followers_count")
    return Outcome(
        "sent",
        data={
            "igId": text(data.get("user_id")) or text(data.get("id")),
            "appScopedId": text(data.get("id")) if data.get("user_id") else None,
            "username": text(data.get("username")),
            "name": text(data.get("name")),
            "accountType": text(data.get("account_type")),
            "pictureUrl": text(data.get("profile_picture_url")) or None,
            "followers": followers if isinstance(followers, int) else None,
            "pageId": None,
        },
    )


def _page_of(call: Call, data: Mapping[str, Any]) -> Outcome:
    linked = data.get("instagram_business_account")
    ig_id = text(linked.get("id")) if isinstance(linked, dict) else ""
    if not ig_id.isalnum():
        return Outcome("account", code="page_not_linked", message="the Page has no Instagram account")
    return Outcome("sent", data={"igId": ig_id, "pageId": text(data.get("id"))})


def _pages(call: Call) -> HttpRequest:
    return get(
        call.account, "/me/accounts", fields="id,name,access_token,tasks,instagram_business_account", limit="100"
    )


def _listed_pages(call: Call, data: Mapping[str, Any]) -> Outcome:
    pages = []
    for page in data.get("data") or ():
        linked = page.get("instagram_business_account") if isinstance(page, dict) else None
        if isinstance(linked, dict):
            pages.append(
                {
                    "pageId": text(page.get("id")),
                    "name": text(page.get("name")),
                    "token": text(page.get("access_token")),
                    "igId": text(linked.get("id")),
                }
            )
    return Outcome("sent", data={"pages": pages})


HANDLERS = (
    Edge("account.exchange_code", _exchange_code, _token),
    Edge("account.long_lived", _long_lived, _token),
    Edge("account.refresh", _refresh, _token, repeatable=True),
    Edge("account.pages", _pages, _listed_pages, repeatable=True),
    Me(),
)
"""Answers: a token call {"token", "appScopedId", "permissions", "expiresIn"}; pages {"pages": [{pageId, name, token, igId}]}."""
