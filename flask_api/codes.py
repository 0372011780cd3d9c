"""Every error code that the API answers, with its status and what it means: one enumerated, documented list."""

BY_STATUS: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The request is not valid; details name the fields"),
    401: ("unauthorized", "Sign in first: send a valid access token as 'Authorization: Bearer …'"),
    403: ("forbidden", "Your role does not allow this"),
    404: ("not_found", "There is no such resource"),
    405: ("method_not_allowed", "This address does not take that method; the header Allow names those it takes"),
    406: ("not_acceptable", "The answer cannot be given in that form"),
    409: ("conflict", "The request contradicts the present state"),
    411: ("length_required", "Send a Content-Length"),
    412: ("precondition_failed", "Somebody has changed it since you read it"),
    413: ("body_too_large", "The body is larger than 4 MiB"),
    414: ("address_too_long", "The address is too long"),
    415: ("unsupported_media_type", "Send the body as application/json"),
    429: ("too_many_requests", "Too many requests; the header Retry-After says when to come back"),
    500: ("internal_error", "Something went wrong on our side; it has been logged with the request's id"),
    503: ("unavailable", "This cannot be served at the moment; try again"),
}
"""What an error is called that nobody named otherwise."""

NAMED: dict[str, tuple[int, str]] = {
    "validation_failed": (400, "Fields are wrong or unknown; details = field -> list of messages"),
    "malformed_json": (400, "The body is not JSON"),
    "invalid_signature": (400, "The webhook's signature is missing or wrong"),
    "invalid_payload": (400, "The webhook's body is not of the right outer shape"),
    "insecure_origin": (400, "A browser cannot keep a sign-in safe over http; use https or a loopback address"),
    "invalid_token": (400, "The link is wrong, used or too old"),
    "invalid_state": (400, "The sign-in at Instagram was not begun here, or is older than ten minutes"),
    "instagram_refused": (400, "Instagram refused the code or the token"),
    "text_too_long": (400, "A message may have 1000 bytes"),
    "invalid_credentials": (401, "E-mail or password is wrong"),
    "token_expired": (401, "The access token has expired: refresh it"),
    "refresh_reused": (401, "The refresh token was used before: all sessions of that sign-in are ended"),
    "invalid_refresh": (401, "The refresh token is wrong, expired or revoked"),
    "plan_limit_reached": (402, "The plan's limit is reached; details say what and how much"),
    "registration_closed": (403, "This installation takes no new registrations"),
    "account_suspended": (403, "This user is suspended"),
    "origin_refused": (403, "The request comes from another origin"),
    "email_taken": (409, "Somebody has registered with this e-mail already"),
    "account_taken": (409, "Another workspace has proven that this Instagram account is theirs"),
    "account_not_connected": (409, "The Instagram account is not connected; reconnect it first"),
    "instagram_unreachable": (503, "Instagram does not answer; try again"),
    "flow_has_errors": (409, "The flow has errors; details.diagnostics names them"),
    "flow_not_published": (409, "The flow has no published version"),
    "trigger_has_errors": (409, "The trigger does not fit the live version; details.diagnostics says why"),
    "run_not_live": (409, "The run has ended"),
    "run_not_recorded": (409, "What came to the run is not kept any more, or cannot be played again"),
    "slug_taken": (409, "Another flow of this account has that slug"),
    "window_closed": (409, "More than seven days since the contact wrote: Instagram takes no message"),
    "contact_opted_out": (409, "The contact does not want messages"),
    "store_unavailable": (503, "The database cannot serve (down, full or locked): nothing was changed; try again"),
    "start_failed": (503, "The application could not start; its log says why"),
    "unknown_user": (503, "No account of this person is recorded (yet)"),
    "idempotency_conflict": (409, "The Idempotency-Key was used with another body or address"),
    "idempotency_in_progress": (409, "The first request with this Idempotency-Key is not finished"),
    "media_too_large": (413, "The file is larger than Instagram takes"),
    "media_unsupported": (415, "The file is of a sort that Instagram does not take"),
    "media_unavailable": (503, "This installation has no folder for media"),
    "flow_unreadable": (400, "The text is no flow; details.diagnostics says where and why"),
    "flow_unsayable": (409, "The text language has no words for the flow; details.place says for what of it"),
    "media_in_use": (409, "A live flow sends the medium; details.flows names it"),
    "plan_blocked": (409, "The plan cannot be applied; details.blocked says why"),
    "plan_stale": (412, "A flow is not as the plan saw it; details.changed says which and why"),
    "message_not_failed": (409, "Only a message that failed can be sent again"),
    "message_automated": (409, "A flow said the message: retry its run instead"),
    "message_not_settled": (409, "The message is not one whose fate is unknown"),
}
"""Codes of single use cases: code -> (status, meaning)."""


def table() -> str:
    """All codes as a Markdown table, for the OpenAPI document's description."""
    rows = sorted([(s, c, m) for s, (c, m) in BY_STATUS.items()] + [(s, c, m) for c, (s, m) in NAMED.items()])
    return "\n".join(
        ["| status | code | meaning |", "| --- | --- | --- |", *(f"| {s} | `{c}` | {m} |" for s, c, m in rows)]
    )
