"""Instagram accounts over HTTP (LLD 4.2, 6.1)."""

from typing import Any

from core.services import account_health, account_posts, account_setup, account_tokens, accounts, oauth
from core.services.actor import Actor
from core.services.house import House
from flask_api.accounts import schemas
from flask_api.api import Blueprint
from flask_api.paged import PAGED, page_of, paged

ONE = "/instagram-accounts/{instagramAccountId}"
EXAMPLE = {
    "instagramPageId": "104000000000101",
    "instagramUserId": "17841400000000101",
    "instagramUsername": "bella.bakery",
    "accessToken": "IGAA…",
    "tokenExpiresAt": "2027-01-20T00:00:00Z",
}
REF = {
    "instagramAccountId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f71",
    "instagramUsername": "bella.bakery",
    "status": "connected",
}


def blueprint(house: House) -> Blueprint:
    """The operations under /instagram-accounts."""
    blp = Blueprint("accounts", "Instagram accounts")
    _connecting(blp)
    _oauth(blp)
    _one(blp)
    _reading(blp)
    return blp


def _connecting(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        "/instagram-accounts",
        id="connectInstagramAccount",
        role="team-admin",
        summary="Connect an Instagram account by its token",
        body=schemas.ConnectBody,
        out=schemas.AccountRef,
        status=201,
        errors=(402, 409),
        example=EXAMPLE,
        answer=REF,
        idempotent=True,
    )
    def connect(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """Stored at once; name, ids and webhooks are read and set afterwards, and `health` tells how that went."""
        new = accounts.Connected(
            ig_id=body["instagram_user_id"],
            username=body["instagram_username"],
            token=body["access_token"],
            expires_at=body["token_expires_at"],
            page_id=body["instagram_page_id"],
            login=body.get("login") or house.settings.meta_login,
        )
        return accounts.connect(house, who, new)

    @blp.operation(
        "GET",
        "/instagram-accounts",
        id="listInstagramAccounts",
        role="agent",
        summary="One's Instagram accounts",
        query=schemas.AccountsQuery,
        out=schemas.AccountSchema(many=True),
        headers=PAGED,
    )
    def list_accounts(house: House, who: Actor, query: dict[str, Any]) -> Any:
        """The oldest first; disconnected ones only with `status=disconnected`."""
        found = accounts.listed(house, who, page_of(query), query.get("status"))
        return paged([account_setup.shown(row) for row in found.rows], found)


def _oauth(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        "/instagram-accounts/oauth/start",
        id="startInstagramLogin",
        role="team-admin",
        summary="Begin a sign-in at Instagram",
        query=schemas.StartQuery,
        out=schemas.StartSchema,
    )
    def start(house: House, who: Actor, query: dict[str, Any]) -> Any:
        """Send the browser to `authorizationUrl`; the state is good once, for ten minutes, for this sign-in."""
        return oauth.start(house, who, query.get("login"))

    @blp.operation(
        "POST",
        "/instagram-accounts/exchange-token",
        id="exchangeInstagramToken",
        role="team-admin",
        summary="Connect an Instagram account by a code or a short-lived token",
        body=schemas.ExchangeBody,
        out=schemas.AccountRef,
        status=201,
        errors=(402, 409),
        example={"code": "AQB…", "state": "…"},
        answer=REF,
        idempotent=True,
    )
    def exchange(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """Exchanges it for a long-lived token, reads the account, stores it and subscribes webhooks."""
        return oauth.exchange(house, who, body)


def _one(blp: Blueprint) -> None:
    @blp.operation(
        "GET", ONE, id="getInstagramAccount", role="agent", summary="One Instagram account", out=schemas.AccountSchema
    )
    def get_account(house: House, who: Actor, instagram_account_id: str) -> Any:
        """Without its token, which never leaves."""
        return account_setup.shown(accounts.read(house, who, instagram_account_id))

    @blp.operation(
        "PATCH",
        ONE,
        id="changeInstagramAccount",
        role="team-admin",
        summary="Change an account's settings",
        body=schemas.AccountPatch,
        out=schemas.AccountSchema,
        example={"settings": {"timezone": "Europe/Madrid", "echoTakeover": True}},
    )
    def change(house: House, who: Actor, body: dict[str, Any], instagram_account_id: str) -> Any:
        """Settings that are not named stay as they are."""
        return account_setup.shown(accounts.change(house, who, instagram_account_id, body["settings"]))

    @blp.operation(
        "DELETE",
        ONE,
        id="disconnectInstagramAccount",
        role="team-admin",
        summary="Disconnect an Instagram account",
        status=204,
    )
    def disconnect(house: House, who: Actor, instagram_account_id: str) -> None:
        """Stops webhooks and wipes the token; flows, contacts and messages stay."""
        accounts.disconnect(house, who, instagram_account_id)


def _reading(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        f"{ONE}/health",
        id="getInstagramAccountHealth",
        role="agent",
        summary="How an account is, and what to do about it",
        out=schemas.HealthSchema,
    )
    def health(house: House, who: Actor, instagram_account_id: str) -> Any:
        """Token, permissions, webhooks, last event, sending."""
        return account_health.health(house, who, instagram_account_id)

    @blp.operation(
        "POST",
        f"{ONE}/refresh-token",
        id="refreshInstagramToken",
        role="team-admin",
        summary="Renew an account's long-lived token",
        out=schemas.AccountSchema,
        errors=(409,),
    )
    def refresh(house: House, who: Actor, instagram_account_id: str) -> Any:
        """Done by itself in time; a token younger than a day cannot be renewed."""
        return account_setup.shown(account_tokens.refresh(house, who, instagram_account_id))

    @blp.operation(
        "GET",
        f"{ONE}/posts",
        id="listInstagramPosts",
        role="editor",
        summary="An account's newest posts",
        query=schemas.PostsQuery,
        out=schemas.PostsSchema,
        errors=(409,),
    )
    def posts(house: House, who: Actor, query: dict[str, Any], instagram_account_id: str) -> Any:
        """For picking the post of a comment trigger."""
        return account_posts.posts(house, who, instagram_account_id, query["limit"], query.get("after"))
