"""Bodies and answers of auth."""

from marshmallow import fields

from flask_api.fields import Schema, identifier, one_of, string

EMAIL, PASSWORD = 320, 1024
REFRESH = "'body' hands the refresh token out in the answer, for clients without cookies"


class RegisterBody(Schema):
    """Who registers."""

    email = string(EMAIL, 3, required=True)
    password = string(PASSWORD, 1, required=True, metadata={"description": "At least 12 characters"})
    first_name = string(100, load_default="")
    last_name = string(100, load_default="")
    refresh = one_of("cookie", "body", load_default="cookie", metadata={"description": REFRESH})


class LoginBody(Schema):
    """Who signs in."""

    email = string(EMAIL, 1, required=True)
    password = string(PASSWORD, 1, required=True)
    refresh = one_of("cookie", "body", load_default="cookie", metadata={"description": REFRESH})


class SignedIn(Schema):
    """A sign-in: ``token`` is the access token, good for 15 minutes."""

    user_id = identifier(required=True)
    email = fields.String(required=True)
    token = fields.String(required=True)
    refresh_token = fields.String(metadata={"description": "Only when asked for with refresh: body"})


class RefreshBody(Schema):
    """The refresh token, by clients that keep it themselves; browsers send the cookie."""

    refresh_token = string(200, 1)


class ForgotBody(Schema):
    """Whose password is forgotten."""

    email = string(EMAIL, 1, required=True)


class ResetBody(Schema):
    """A new password by the token of the mailed link."""

    token = string(200, 1, required=True)
    password = string(PASSWORD, 1, required=True)


class ChangeBody(Schema):
    """A new password by the present one."""

    current_password = string(PASSWORD, 1, required=True)
    password = string(PASSWORD, 1, required=True)


class VerifyBody(Schema):
    """The token of the mailed link."""

    token = string(200, 1, required=True)
