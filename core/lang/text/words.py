"""The words of the text language, where each stands, and which lines each step takes in its block."""

STEPS = (
    *("say", "ask", "wait", "if", "tag", "call", "goto", "end", "carousel", "split", "untag", "set", "unset"),
    *("handover", "comment_reply", "run", "do", "start", "pass", "elif", "else"),
)
PROPERTIES = ("never", "always", "eventually")
HEADER = (
    *("describe", "status", "entry", "when", "param", "expire", "interrupt", "stale", "setting", "prop"),
    "envelope",
    *PROPERTIES,
)
OPTIONS = (
    *("quick", "button", "link", "image", "video", "audio", "file", "on", "else", "card", "url", "options"),
    *("retry", "reprompt", "within", "matching", "interrupt", "zone", "with", "prop"),
)
MEDIA = ("image", "video", "audio", "file")

_SHOWN = {*MEDIA, "quick", "button", "link", "on", "else", "reprompt", "interrupt", "prop"}
_CALLED = {"on", "else", "with", "prop"}

ALLOWED: dict[str, frozenset[str]] = {
    "say": frozenset(_SHOWN),
    "carousel": frozenset({"card", "quick", "button", "link", "on", "else", "reprompt", "interrupt", "prop"}),
    "ask": frozenset(_SHOWN | {"retry", "matching", "options"}),
    "wait": frozenset({"zone", "on", "else", "prop"}),
    "split": frozenset({"%", "on", "else", "prop"}),
    "handover": frozenset({"on", "else", "prop"}),
    "call": frozenset(_CALLED | {"retry", "within"}),
    "run": frozenset(_CALLED),
    "do": frozenset(_CALLED | {"quick", "button", "link"}),
    "card": frozenset({"image", "url", "button", "link"}),
    **dict.fromkeys(
        ("start", "tag", "untag", "set", "unset", "comment_reply", "end"), frozenset({"on", "else", "prop"})
    ),
}
"""Step -> the first words of the lines that may stand under it; ``%`` = a share such as 50%."""

TRIGGERS = {"dm": "dm_keyword", "comment": "comment_keyword", "welcome": "welcome_message"}
"""Short words behind ``when`` -> trigger types."""

ARGUMENTS = {"post": "postPermalink"}
"""Short words for fields of triggers."""

FIRST = {"ref": "ref", "ice_breaker": "payload", "menu": "payload", "ad": "adId", "reaction": "emoji"}
"""Trigger type -> what a text behind it is, where it is no keyword."""

STATUS = ("active", "inactive", "draft")
"""What stands behind ``status``."""
