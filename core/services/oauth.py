"""Signing in at Instagram: where to send the browser, and what the code that comes back is worth (LLD 6.1)."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import RowMapping, delete, insert, update

from core.model.errors import ServiceError
from core.model.ports import AccountView
from core.services import accounts, graph, sessions
from core.services.accounts import Connected
from core.services.actor import Actor
from core.services.house import House
from core.settings import GRAPH, GRAPH_FACEBOOK
from core.store.ids import new_id
from core.store.tables.people import mail_token

STATE_MS = 10 * 60 * 1000
SCOPES = {
    "instagram": (
        "instagram_business_basic",
        "instagram_business_manage_messages",
        "instagram_business_manage_comments",
    ),
    "facebook": (
        "instagram_basic",
        "instagram_manage_messages",
        "instagram_manage_comments",
        "pages_show_list",
        "pages_manage_metadata",
        "pages_read_engagement",
        "pages_messaging",
        "business_management",
    ),
}


def redirect_uri(house: House) -> str:
    """Where Instagram sends the browser back to: register it with the Meta app."""
    return f"{house.settings.public_url}/accounts/connect"


def start(house: House, who: Actor, login: str | None) -> dict[str, Any]:
    """The address to send the browser to, with a fresh state: bound to this sign-in, good once, for ten minutes."""
    login = login or house.settings.meta_login
    state, now = secrets.token_urlsafe(32), house.clock.real()
    with house.store.write() as tx:
        tx.execute(delete(mail_token).where(mail_token.c.kind == "oauth", mail_token.c.expires_at < now))
        tx.execute(
            insert(mail_token).values(
                mail_token_id=new_id(),
                user_id=who.user_id,
                kind="oauth",
                token_hash=_bound(state, who),
                expires_at=now + STATE_MS,
                created_at=now,
            )
        )
    query = {
        "client_id": house.settings.meta_app_id,
        "redirect_uri": redirect_uri(house),
        "response_type": "code",
        "scope": ",".join(SCOPES[login]),
        "state": state,
    }
    address = f"{_dialog(house, login)}?{urlencode(query)}"
    return {"authorization_url": address, "state": state, "login": login, "expires_at": now + STATE_MS}


def _bound(state: str, who: Actor) -> str:
    return sessions.digest(f"{state}:{who.session}")


def _dialog(house: House, login: str) -> str:
    s = house.settings
    if login == "facebook":
        host = "https://www.facebook.com" if s.graph_url_facebook == GRAPH_FACEBOOK else s.graph_url_facebook
        return f"{host}/{s.graph_version}/dialog/oauth"
    host = "https://www.instagram.com" if s.graph_url == GRAPH else s.graph_url
    return f"{host}/oauth/authorize"


def _check_state(house: House, who: Actor, state: str) -> None:
    live = (
        (mail_token.c.token_hash == _bound(state, who))
        & (mail_token.c.kind == "oauth")
        & mail_token.c.used_at.is_(None)
        & (mail_token.c.expires_at > house.clock.real())
    )
    with house.store.write() as tx:
        if tx.execute(update(mail_token).where(live).values(used_at=house.clock.real())).rowcount != 1:
            message = "The sign-in at Instagram was not begun here, or is older than ten minutes: begin again"
            raise ServiceError(400, "invalid_state", message)


def exchange(house: House, who: Actor, body: Mapping[str, Any]) -> RowMapping:
    """Connects an account by a code, or by a short-lived token (with the Page's id at Facebook Login).

    Raises ServiceError 400 invalid_state or instagram_refused, 409 account_taken, 503 instagram_unreachable.
    """
    if body.get("code") or body.get("state"):
        _check_state(house, who, body.get("state") or "")
    page_id = body.get("instagram_page_id")
    login = body.get("login") or ("facebook" if page_id else house.settings.meta_login)
    short: str | None = body.get("access_token")
    scopes: tuple[str, ...] = ()
    scoped: str | None = None
    if body.get("code"):
        args = {**_client(house), "code": body["code"], "redirectUri": redirect_uri(house)}
        data = graph.demand(graph.call(house, "account.exchange_code", graph.nobody(login), args), "the code")
        short, scopes, scoped = data.get("token"), tuple(data.get("permissions") or ()), data.get("appScopedId")
    return accounts.connect(house, who, _known(house, login, short or "", page_id, scopes, scoped))


def _known(
    house: House, login: str, short: str, page_id: str | None, scopes: tuple[str, ...], scoped: str | None
) -> Connected:
    data = graph.demand(
        graph.call(house, "account.long_lived", graph.nobody(login, short), _client(house)), "the token"
    )
    token, life = data.get("token") or short, data.get("expiresIn")
    expires = house.clock.real() + int(life) * 1000 if life else None
    view = graph.nobody(login, token, page_id)
    if login == "facebook":
        view, expires = _page(house, view), None
    me = graph.demand(graph.call(house, "account.me", view), "whose token it is")
    ig_id = str(me.get("igId") or view.ig_id)
    return Connected(
        ig_id=ig_id,
        username=str(me.get("username") or ""),
        token=view.token,
        expires_at=expires,
        page_id=view.page_id,
        login=login,
        app_scoped_id=me.get("appScopedId") or scoped,
        scopes=scopes,
        proven=bool(ig_id),
    )


def _page(house: House, view: AccountView) -> AccountView:
    """The Page's own token and its Instagram account, among the Pages that the person manages."""
    data = graph.demand(graph.call(house, "account.pages", view), "the list of Pages")
    for page in data.get("pages") or ():
        if page["igId"] and view.page_id in (None, page["pageId"]):
            return graph.nobody("facebook", page["token"] or view.token, page["pageId"], page["igId"])
    raise ServiceError(400, "instagram_refused", "None of the Pages is linked to a professional Instagram account")


def _client(house: House) -> dict[str, str]:
    """The Meta app's id and secret."""
    secrets_ = house.settings.meta_app_secrets
    return {"clientId": house.settings.meta_app_id, "clientSecret": secrets_[0] if secrets_ else ""}
