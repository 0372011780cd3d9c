"""Bodies and answers about Instagram accounts."""

import marshmallow as ma
from marshmallow import fields

from core.store.tables.accounts import ACCOUNT_STATUS
from flask_api.fields import Dictionary, Instant, PageQuery, Schema, identifier, one_of, string

LOGIN = "instagram (no Page needed) or facebook; the installation's setting is the default"


class ConnectBody(Schema):
    """A connection whose long-lived token is known already."""

    instagram_page_id = string(64, 1, load_default=None, allow_none=True)
    instagram_user_id = string(64, 1, required=True)
    instagram_username = string(100, load_default="")
    access_token = string(4000, 1, required=True)
    token_expires_at = Instant(load_default=None, allow_none=True)
    login = one_of("instagram", "facebook", metadata={"description": LOGIN})


class ExchangeBody(Schema):
    """What came back from Instagram's sign-in: a code, or a short-lived token."""

    code = string(2000, 1)
    instagram_page_id = string(64, 1)
    access_token = string(4000, 1)
    state = string(200, 1)
    login = one_of("instagram", "facebook", metadata={"description": LOGIN})

    @ma.validates_schema
    def one_way(self, data: dict[str, object], **kwargs: object) -> None:
        """Either a code with its state, or a token."""
        if ("code" in data) == ("access_token" in data):
            raise ma.ValidationError("Send either code or accessToken.", "code")
        if "code" in data and "state" not in data:
            raise ma.ValidationError("A code comes with its state.", "state")


class AccountRef(Schema):
    """A connection just made."""

    instagram_account_id = identifier(required=True)
    instagram_username = fields.String(required=True)
    status = fields.String(required=True)


class AccountSchema(Schema):
    """An Instagram account (LLD 3.2, without the token)."""

    instagram_account_id = identifier(required=True)
    user_id = identifier(required=True)
    instagram_page_id = fields.String(required=True, allow_none=True)
    instagram_user_id = fields.String(required=True)
    instagram_username = fields.String(required=True)
    token_expires_at = Instant(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"enum": list(ACCOUNT_STATUS)})
    status_reason = fields.String(allow_none=True)
    login = fields.String(required=True)
    claim = fields.String(
        required=True, metadata={"description": "provisional until Instagram itself named the account"}
    )
    scopes = fields.List(fields.String(), required=True)
    subscribed_fields = fields.List(fields.String(), required=True)
    settings = Dictionary(
        required=True, metadata={"description": "As they hold now, with the defaults of those not set"}
    )
    last_event_at = Instant(allow_none=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class AccountsQuery(PageQuery):
    """Which accounts."""

    status = one_of(*ACCOUNT_STATUS)


class AccountPatch(Schema):
    """Settings to change; null takes one back to its default."""

    settings = Dictionary(required=True)


class StartQuery(Schema):
    """Which login."""

    login = one_of("instagram", "facebook", metadata={"description": LOGIN})


class StartSchema(Schema):
    """Where to send the browser."""

    authorization_url = fields.String(required=True)
    state = fields.String(required=True)
    login = fields.String(required=True)
    expires_at = Instant(required=True)


class FindingSchema(Schema):
    """One finding."""

    check = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["ok", "warning", "error", "unknown"]})
    message = fields.String(required=True)
    cure = fields.String(required=True, metadata={"description": "What to do about it"})


class HealthSchema(Schema):
    """How an account is."""

    instagram_account_id = identifier(required=True)
    status = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "The worst of the findings"})
    checks = fields.List(fields.Nested(FindingSchema), required=True)


class PostsQuery(Schema):
    """Which part of the posts."""

    limit = fields.Integer(load_default=25, validate=ma.validate.Range(1, 100))
    after = string(500, 1)


class PostSchema(Schema):
    """One post."""

    media_id = fields.String(required=True)
    caption = fields.String(required=True)
    type = fields.String(required=True)
    permalink = fields.String(required=True)
    thumbnail_url = fields.String(required=True, allow_none=True)
    timestamp = Instant(required=True, allow_none=True)


class PostsSchema(Schema):
    """Posts, the newest first."""

    posts = fields.List(fields.Nested(PostSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Send it as after for more"})
