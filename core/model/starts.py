"""What a kind of trigger says about the messaging window (platform reference 2.4, 2.5)."""

COMMENTS = frozenset({"comment_keyword", "comment", "live_comment"})
"""A comment opens no window; it allows one private reply."""
COLD = COMMENTS | {"schedule", "webhook", "follow", "reaction", "broadcast"}
"""Nothing that the contact has just written starts these: the window may be closed. So may it for a plugin's triggers."""
WARM = frozenset(
    {
        *("dm_keyword", "welcome_message", "story_mention", "story_reply", "ref", "ice_breaker", "menu", "ad"),
        "default_reply",
    }
)
"""The contact has written a moment ago."""


def opens_window(kind: str) -> bool:
    """True when the contact has written a moment ago; what is not known here does not.

    >>> opens_window("dm_keyword"), opens_window("comment_keyword"), opens_window("acme.paid")
    (True, False, False)
    """
    return kind in WARM
