"""Graph errors as data: what each code and subcode means, and what to do about it (platform reference 2.7)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


class Rule(NamedTuple):
    """``status`` as in ``Outcome``; ``name`` is our word for it; ``after`` = milliseconds of pause or suppression;
    ``scope`` "app" pauses every account; ``tries`` = how often at most (0 = the usual)."""

    status: str
    name: str
    after: int = 0
    scope: str = "account"
    tries: int = 0


ANY = None
"""Any subcode of the code, or any code of the subcode."""

RULES: Mapping[tuple[int | None, int | None], Rule] = {
    (1, ANY): Rule("retry", "unknown_error", tries=3),
    (1, 99): Rule("retry", "unknown_error", tries=3),
    (1, 1357046): Rule("unknown", "sent_but_answer_lost"),
    (2, ANY): Rule("retry", "service_error", tries=5),
    (2, 1545133): Rule("retry", "temporarily_unavailable", tries=5),
    (4, ANY): Rule("throttled", "app_limit", MINUTE, "app"),
    (9, ANY): Rule("throttled", "too_many_actions", 5 * MINUTE),
    (10, ANY): Rule("account", "permission_missing"),
    (10, 1893063): Rule("account", "account_restricted"),
    (10, 2018108): Rule("contact", "cannot_receive_now", DAY),
    (10, 2018278): Rule("window", "window_closed"),
    (10, 2534022): Rule("window", "window_closed"),
    (10, 2534077): Rule("account", "link_or_two_factor_problem"),
    (17, ANY): Rule("throttled", "user_limit", MINUTE),
    (32, ANY): Rule("throttled", "page_limit", MINUTE),
    (100, ANY): Rule("failed", "bad_parameter"),
    (100, 33): Rule("failed", "object_unknown"),
    (100, 2018001): Rule("contact", "no_such_person", DAY),
    (100, 2018008): Rule("failed", "media_not_fetched", tries=2),
    (100, 2018014): Rule("failed", "message_with_action"),
    (100, 2018047): Rule("failed", "media_type"),
    (100, 2018074): Rule("failed", "media_id"),
    (100, 2018109): Rule("failed", "media_size"),
    (100, 2018294): Rule("failed", "media_video"),
    (100, 2018300): Rule("failed", "not_thread_owner"),
    (100, 2534013): Rule("account", "page_not_linked"),
    (100, 2534014): Rule("contact", "no_such_person", DAY),
    (100, 2534015): Rule("failed", "message_not_allowed"),
    (100, 2534025): Rule("sent", "comment_already_answered"),
    (100, 2534029): Rule("account", "account_blocked"),
    (100, 2534037): Rule("failed", "not_thread_owner"),
    (100, 2534068): Rule("failed", "several_images_not_allowed"),
    (102, ANY): Rule("account", "token_dead"),
    (190, ANY): Rule("account", "token_dead"),
    (190, 458): Rule("account", "app_removed"),
    (190, 459): Rule("account", "checkpoint"),
    (190, 460): Rule("account", "password_changed"),
    (190, 463): Rule("account", "token_expired"),
    (190, 464): Rule("account", "account_unconfirmed"),
    (190, 467): Rule("account", "token_invalid"),
    (190, 492): Rule("account", "role_lost"),
    (200, ANY): Rule("account", "app_not_approved"),
    (200, 1545041): Rule("contact", "not_available", DAY),
    (200, 2018028): Rule("account", "app_not_approved"),
    (200, 2534041): Rule("account", "message_access_off"),
    (230, ANY): Rule("contact", "consent_missing"),
    (341, ANY): Rule("throttled", "app_limit", MINUTE, "app"),
    (368, ANY): Rule("account", "policy_block"),
    (551, ANY): Rule("contact", "not_available", DAY),
    (551, 1545041): Rule("contact", "not_available", DAY),
    (613, ANY): Rule("throttled", "rate_limit", MINUTE),
    (613, 1996): Rule("throttled", "erratic_volume", 5 * MINUTE),
    (613, 2534040): Rule("throttled", "rate_limit", MINUTE),
    (1200, ANY): Rule("retry", "service_error", tries=5),
    (2022, ANY): Rule("account", "commerce_messages_off"),
    (36000, ANY): Rule("failed", "image_too_large"),
    (36103, ANY): Rule("account", "account_not_eligible"),
    (80001, ANY): Rule("throttled", "business_limit", 5 * MINUTE),
    (80002, ANY): Rule("throttled", "business_limit", 5 * MINUTE),
    (80006, ANY): Rule("throttled", "business_limit", 5 * MINUTE),
    (9000001, ANY): Rule("failed", "message_deleted"),
    (ANY, 2018300): Rule("failed", "not_thread_owner"),
    (ANY, 2534001): Rule("failed", "thread_closed"),
    (ANY, 2534037): Rule("failed", "not_thread_owner"),
    (9, 2018352): Rule("throttled", "too_many_actions", 5 * MINUTE),
    (36000, 2207004): Rule("failed", "image_too_large"),
}
"""A row for each line of the reference's table."""

OTHER = Rule("failed", "refused")


def rule(code: int, subcode: int) -> Rule:
    """The rule for an error: code and subcode, else the subcode, else the code.

    >>> rule(10, 2534022).status, rule(100, 2534001).name, rule(4242, 0).status
    ('window', 'thread_closed', 'failed')
    """
    for key in ((code, subcode), (ANY, subcode), (code, ANY)):
        if key in RULES:
            return RULES[key]
    return OTHER


def code_text(error: Mapping[str, Any]) -> str:
    """``code`` or ``code/subcode`` as it is stored.

    >>> code_text({"code": 190, "error_subcode": 463})
    '190/463'
    """
    code, subcode = number(error.get("code")), number(error.get("error_subcode"))
    return f"{code}/{subcode}" if subcode else str(code)


def number(value: Any) -> int:
    """An error code, whatever JSON type it came as; 0 when it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
